"""A FEC written again without the faults that can be mended safely: how it is written, never what it says.

Amounts, dates, labels and accounts keep their text; a decimal point becomes a comma, which changes no amount. Lines
keep their number: a blank line or a total stays where it was.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from bocage.formats.base import Source
from bocage.formats.fec import repair
from bocage.formats.fec.bytescan import ByteScan, scan
from bocage.formats.fec.columns import BY_ID, detect_regime, legal_columns
from bocage.formats.fec.header import FIRST_LINES, SEPARATORS, Header, find_header, split_row
from bocage.formats.fec.lines import LONGEST_LINE, batches
from bocage.formats.fec.names import parse_name

MENDED = frozenset(
    (
        *("FILE-02", "FILE-09", "ENC-01", "ENC-03", "SEP-01", "EOL-01", "EOL-02", "HDR-03", "HDR-04", "HDR-07"),
        *("HDR-09", "NUM-02", "ROW-01", "ROW-04", "ROW-06"),
    )
)
"""Findings that a correction may take away. ROW-01: only what comes of separators at the end of rows."""
_LEGAL_ENCODINGS = ("ascii", "utf-8", "iso8859-15")
_ENDS = {"crlf": "\r\n", "lf": "\n", "cr": "\r"}
_POINT = re.compile(r"[ \u00a0]*[+-]?[0-9]*\.[0-9]*[+-]?[ \u00a0]*", re.ASCII)


class NotCorrectable(Exception):
    """The file cannot be written again safely. ``code`` is a word of ``fec_corrections.toml``."""

    def __init__(self, code: str, line: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.line = line


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was changed: a code of ``fec_corrections.toml``, how often, and its words."""

    code: str
    count: int = 1
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Correction:
    """What a corrected file is called, and what was changed in it. Nothing to correct: no change."""

    name: str
    changes: tuple[Change, ...]


def is_mendable(codes: Iterable[str]) -> bool:
    """Whether a report with these findings speaks of something that a correction may take away."""
    return not MENDED.isdisjoint(codes)


def correct(
    source: Source, out: BinaryIO | None = None, *, siren: str | None = None, closing: date | None = None
) -> Correction:
    """Write the corrected file to ``out``, or only say what it would change.

    ``siren`` and ``closing`` (a date) name the file when its own name does not. The source is read twice, by its bytes
    then by its lines, and once more to be written: memory does not grow with it. Raises NotCorrectable,
    SourceUnreadable.
    """
    scanned = scan(source)
    header = _header(source, scanned)
    plan = _plan(source, scanned, header)
    name = _name(source.name, siren, closing)
    if out is not None:
        codec = plan.codec
        for batch in _lines(source, scanned):
            out.write("".join(plan.written(number, text) + plan.end for number, text in batch).encode(codec))
    return Correction(name or source.name, tuple(_changes(plan, source.name, name)))


def _lines(source: Source, scanned: ByteScan) -> Iterator[list[tuple[int, str]]]:
    for batch in batches(source, scanned):
        yield [(batch.first + at, text) for at, text in enumerate(batch.lines)]


def _header(source: Source, scanned: ByteScan) -> Header:
    first: list[str] = []
    for batch in batches(source, scanned):
        first += batch.lines[:2000]
        if len(first) >= FIRST_LINES:
            break
    header = None if scanned.encoding == "unknown" or scanned.binary else find_header(first)
    if header is None:
        raise NotCorrectable("no_header")
    return header


@dataclass(slots=True)
class _Plan:
    """How each line is written again."""

    scanned: ByteScan
    header: Header
    separator: str
    order: tuple[int, ...]
    """Positions of the columns as they are read, in the order in which they are written."""
    names: tuple[str, ...]
    amounts: tuple[int, ...]
    codec: str
    end: str
    rows: repair.RowPlan
    points: bool = False
    """Points stand for decimals in the whole file: none beside a comma, none twice in an amount. Told by the survey."""
    pointed: int = 0
    ambiguous: bool = False
    surplus: int = 0

    @property
    def width(self) -> int:
        return len(self.header.columns.names)

    @property
    def plain(self) -> bool:
        """Rows of the right width are written as they are."""
        return (
            self.separator == self.header.separator
            and self.order == tuple(range(self.width))
            and not self.points
            and not self.header.quoted
        )

    def fields(self, number: int, text: str) -> list[str] | None:
        """The fields of a row, blank surplus ones dropped; None for a line that is no row. Raises NotCorrectable."""
        cells = split_row(text, self.header.separator, quoted=self.header.quoted)
        kept, over = cells[: self.width], cells[self.width :]
        open_quotes = self.header.quoted and text.count('"') % 2 == 1
        if len(cells) == self.rows.width and not any(cell.strip(" \u00a0") for cell in over) and not open_quotes:
            return kept
        if repair.nature(cells, self.rows) != "row":
            if self._may_be_read(number, text, cells):
                raise NotCorrectable("wrong_width", number)
            return None
        # What the reader makes of it must be the row itself, less blank fields at its end.
        mended = None if open_quotes or any(cell.strip() for cell in over) else repair.mend(cells, self.rows)
        if mended is None or len(cells) < self.width or mended[: self.width] != kept:
            raise NotCorrectable("wrong_width", number)
        return kept

    def _may_be_read(self, number: int, text: str, cells: Sequence[str]) -> bool:
        """Whether the reader may join to a row, or take for a cut one, a line that is none by itself."""
        filled = sum(1 for cell in cells if cell.strip(" \u00a0\0"))
        last = not self.scanned.final_end and number == self.scanned.physical_ends + 1
        return filled > (0 if last else 1) and len(cells) != self.rows.width and not repair.is_footer(text)

    def survey(self, number: int, text: str) -> None:
        """Count what one line calls for. Raises NotCorrectable."""
        if number <= self.header.line:
            return
        dotted = "." in text
        if self.plain_row(text) and not dotted:
            return
        cells = self.fields(number, text)
        if cells is None:
            return
        surplus = text.count(self.header.separator) >= self.width and not self.header.quoted
        self.surplus += surplus
        if any(self.separator in cell for cell in cells):
            raise NotCorrectable("separator_inside", number)
        for cell in [cells[at] for at in self.amounts] if dotted else ():
            if "." in cell:
                self.pointed += 1
                self.ambiguous |= _POINT.fullmatch(cell) is None

    def plain_row(self, text: str) -> bool:
        """Whether a row can be taken as it is: its fields in order, none too many."""
        return self.plain and self.width == self.rows.width and text.count(self.separator) == self.width - 1

    def written(self, number: int, text: str) -> str:
        """A line as it is written again."""
        if number == self.header.line:
            return self.separator.join(self.names)
        if number < self.header.line or self.plain_row(text):
            return text
        cells = self.fields(number, text)
        if cells is None:
            return text
        if self.points:
            for at in self.amounts:
                if _POINT.fullmatch(cells[at]):
                    cells[at] = cells[at].replace(".", ",")
        return self.separator.join([cells[at] for at in self.order])


def _plan(source: Source, scanned: ByteScan, header: Header) -> _Plan:
    columns = header.columns
    legal = legal_columns(detect_regime(columns.positions), signed=columns.signed)
    wanted = [columns.positions[name] for name in legal if name in columns.positions]
    order = (*wanted, *(at for at in range(len(columns.names)) if at not in wanted))
    spelled = {at: BY_ID[name].legal for name, at in columns.positions.items()}
    amounts = tuple(
        columns.positions[name]
        for name in ("debit", "credit", "amount", "currency_amount")
        if name in columns.positions
    )
    kinds = [kind for kind, _ in scanned.ends]
    plan = _Plan(
        scanned=scanned,
        header=header,
        separator=_separator(scanned, header),
        order=order,
        names=tuple(spelled.get(at, columns.names[at]) for at in order),
        amounts=amounts,
        codec=scanned.codec if scanned.encoding in _LEGAL_ENCODINGS else "utf-8",
        end=_ENDS.get(kinds[0] if len(kinds) == 1 else "", "\r\n"),
        rows=repair.plan_rows(columns, header.separator),
    )
    for batch in _lines(source, scanned):
        for number, text in batch:
            if "\ufffd" in text or len(text) >= LONGEST_LINE:
                raise NotCorrectable("altered", number)
            plan.survey(number, text)
    plan.points = plan.pointed > 0 and not plan.ambiguous
    return plan


def _separator(scanned: ByteScan, header: Header) -> str:
    if header.separator in scanned.marks:
        return header.separator
    free = [mark for mark, count in scanned.marks.items() if not count]
    if not free:
        raise NotCorrectable("separator_inside")
    return free[0]


def _name(name: str, siren: str | None, closing: date | None) -> str | None:
    """The name of the norm, when it differs from the file's own and both its parts are known."""
    read = parse_name(name)
    number, day = read.siren or siren, read.closing or closing
    if number is None or day is None or (read.accepted and not read.decorated and read.siren):
        return None
    return f"{number}FEC{day:%Y%m%d}.txt"


def _changes(plan: _Plan, old: str, new: str | None) -> Iterator[Change]:
    header, scanned, columns = plan.header, plan.scanned, plan.header.columns
    if new is not None:
        yield Change("file_name", params={"from": old, "to": new})
    if scanned.skip and scanned.encoding == "utf-8-bom":
        yield Change("mark")
    elif scanned.encoding not in _LEGAL_ENCODINGS:
        yield Change("encoding", params={"from": scanned.encoding})
    if len(scanned.ends) > 1 or any(kind not in _ENDS for kind, _ in scanned.ends):
        yield Change("line_ends", scanned.physical_ends)
    if plan.separator != header.separator:
        yield Change("separator", params={"from": SEPARATORS[header.separator], "to": SEPARATORS[plan.separator]})
    if header.quoted:
        yield Change("quotes")
    if plan.surplus or columns.trailing:
        yield Change("trailing", plan.surplus + columns.trailing)
    if plan.order != tuple(range(plan.width)):
        yield Change("order")
    read = [header.cells[at] for at in plan.order]
    renamed = [(was, now) for was, now in zip(read, plan.names, strict=True) if was != now]
    if renamed:
        yield Change("names", len(renamed), {"list": ", ".join(f"{was.strip()} → {now}" for was, now in renamed)})
    if plan.points:
        yield Change("decimal_comma", plan.pointed)
