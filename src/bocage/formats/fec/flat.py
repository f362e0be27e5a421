"""Reading a flat file: straight into DuckDB when it is clean, through a repairing pass when it is not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import duckdb

from bocage.findings import MAX_PLACES, Place
from bocage.formats.base import BytesSource, FileSource, Source
from bocage.formats.fec import repair
from bocage.formats.fec.bytescan import ByteScan, scan
from bocage.formats.fec.columns import WIDEST, Regime, narrowed
from bocage.formats.fec.header import FIRST_LINES, SEPARATORS, Header, find_header, split_row
from bocage.formats.fec.lines import Batch, batches, line_ends, raw_lines
from bocage.formats.fec.profile import is_padded
from bocage.formats.fec.reading import Layout
from bocage.formats.fec.sink import Sink
from bocage.formats.fec.staging import (
    UNIT,
    Numbering,
    Relation,
    absent_columns,
    count_rows,
    define_rows,
    drop_rows,
    stage,
)

_ALTERED = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ufffd]|Å“|[ÃÂ][\\u0080-\\u00bf]|Ã[€-™ŠšŽžŒœŸ‚ƒ„…†‡ˆ‰‹›‘’“”•–—˜¡-¿]|â€"
)
_WINDOWS = re.compile("[\\u0080-\\u009f€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
_UNWANTED = re.compile("[\\x00\\x1f\\r\\n]")
_UNUSABLE_SHARE = 0.05
_LINES_SAMPLED = 2000
_LONGEST_CODE = 12
"""A first cell that is longer, and three times longer than that of a row, begins a remark."""
_NO_ENTRY = (
    "entry_date IS NULL AND entry_date_raw IS NULL AND NOT coalesce(account[1] BETWEEN '0' AND '9', false) AND "
    f"(entry_number IS NULL OR regexp_matches(entry_number, '^{repair.FOOTER_WORDS}', 'i'))"
)


@dataclass(slots=True)
class FlatFile:
    """A text on its way to the staged table."""

    source: FileSource
    scan: ByteScan
    header: Header
    first: int
    """Lines before the first row, header included."""

    def layout(self, regime: Regime) -> Layout:
        """In the words of the contract."""
        columns = self.header.columns
        return Layout(
            encoding=self.scan.encoding,
            separator=SEPARATORS[self.header.separator],
            line_ending=self.scan.line_ending,
            header_line=self.header.line,
            amounts="montant_sens" if columns.signed else "debit_credit",
            columns=columns.names,
            extra_columns=tuple(columns.names[index] for index in columns.supplementary(regime)),
        )


def open_flat(source: FileSource, scanned: ByteScan) -> FlatFile | None:
    """Find the header among the first lines; None when there is none."""
    first: list[str] = []
    for batch in batches(source, scanned):
        first += batch.lines[: _LINES_SAMPLED - len(first)]
        if len(first) >= FIRST_LINES:
            break
    header = find_header(first)
    return FlatFile(source, scanned, header, header.line) if header else None


def judge_bytes(source: Source, scanned: ByteScan, sink: Sink) -> None:
    """Encoding and line ends: ENC-01 (as a whole), ENC-03, EOL-01, EOL-02, EOL-03."""
    if scanned.encoding in {"utf-16", "unknown"}:
        sink.add("ENC-01", params={"jeu": scanned.encoding})
    if scanned.encoding == "utf-8-bom":
        sink.add("ENC-03")
    kinds = dict(scanned.ends)
    if "cr" in kinds and scanned.cut == "\r":
        sink.add("EOL-03")
    usual = scanned.ends[0][0] if scanned.ends else ""
    doubled = kinds.get("crcrlf", 0) + kinds.get("lfcr", 0)
    mixed = scanned.physical_ends - kinds.get(usual, 0) + scanned.lone_cr
    if not doubled and not mixed:
        return
    twice, odd = _odd_ends(source, scanned, usual, wanted=(doubled, mixed))
    if doubled:
        sink.add("EOL-01", count=doubled, places=twice)
    if mixed:
        sink.add("EOL-02", count=mixed, places=odd)


def _odd_ends(
    source: Source, scanned: ByteScan, usual: str, *, wanted: tuple[int, int]
) -> tuple[list[Place], list[Place]]:
    """The first lines whose end is doubled, and the first ones that differ from the usual or hold a lone CR."""
    most = [min(count, MAX_PLACES) for count in wanted]
    twice: list[Place] = []
    odd: list[Place] = []
    for number, kind, lone in line_ends(source, scanned):
        if kind in {"crcrlf", "lfcr"} and len(twice) < most[0]:
            twice.append(Place(number))
        if (lone or kind not in {usual, None}) and len(odd) < most[1]:
            odd.append(Place(number))
        if len(twice) >= most[0] and len(odd) >= most[1]:
            break
    return twice, odd


def stage_ahead(
    con: duckdb.DuckDBPyConnection, source: FileSource, start: bytes, work_dir: Path
) -> tuple[Relation, bool] | None:
    """Stage a file on the word of its first bytes, while its bytes are still being counted; None when it cannot be.

    What was read, and whether texts were trimmed: the result serves only if the whole file turns out to call for the
    same.
    """
    whole_lines = start[: start.rfind(b"\n") + 1]
    guess = open_flat(source, scan(BytesSource(source.name, whole_lines)))
    if guess is None or not _clean(guess):
        return None
    relation, padded = _relation(guess, work_dir), _looks_padded(guess)
    try:
        stage(con, relation, guess.header.columns, padded=padded)
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        return None
    return relation, padded


def stage_flat(
    con: duckdb.DuckDBPyConnection,
    flat: FlatFile,
    work_dir: Path,
    sink: Sink,
    ahead: tuple[Relation, bool] | None = None,
) -> tuple[Numbering, bool]:
    """Fill ``staged`` and ``rows``; how rows are numbered, and whether every record was regular."""
    absent = absent_columns(flat.header.columns)
    numbering, regular = Numbering(numbered=False, absent=absent, first_line=2), True
    straight = _clean(flat) and _stage_straight(con, flat, work_dir, ahead)
    if not straight:
        numbering, regular = Numbering(numbered=True, absent=absent), _stage_repaired(con, flat, work_dir, sink)
    define_rows(con, numbering)
    if _foreign_rows(con, sink):
        return drop_rows(con, _NO_ENTRY, numbering), False
    return numbering, regular


def _clean(flat: FlatFile) -> bool:
    scanned = flat.scan
    readable = scanned.encoding in {"ascii", "utf-8", "utf-8-bom"} or scanned.latin_1
    kinds = [kind for kind, _ in scanned.ends]
    return (
        readable
        and flat.header.separator in "\t|"
        and kinds in (["crlf"], ["lf"])
        and not (scanned.altered or scanned.lone_cr or flat.header.quoted)
        and flat.header.columns.width <= WIDEST
        and flat.header.line == 1
    )


def _relation(flat: FlatFile, work_dir: Path) -> Relation:
    return Relation(
        path=flat.source.path,
        separator=flat.header.separator,
        new_line="\\r\\n" if flat.scan.ends[0][0] == "crlf" else "\\n",
        skip=1,
        width=flat.header.columns.width,
        numbered=False,
        latin_1_to=work_dir if flat.scan.latin_1 else None,
    )


def _stage_straight(
    con: duckdb.DuckDBPyConnection, flat: FlatFile, work_dir: Path, ahead: tuple[Relation, bool] | None
) -> bool:
    """Let DuckDB read the file itself; False when a row is not what the header announces."""
    scanned, columns = flat.scan, flat.header.columns
    relation = _relation(flat, work_dir)
    padded = ahead[1] if ahead else _looks_padded(flat)
    expected = scanned.physical_ends + (not scanned.final_end) - 1
    try:
        if ahead is None or ahead[0] != relation:
            stage(con, relation, columns, padded=padded)
        if count_rows(con) != expected:
            return False
        if not _separators_right(flat, expected) or (columns.trailing and _ghost_filled(con)):
            return False
        if not padded and is_padded(con, no_break_spaces=scanned.no_break_spaces):
            stage(con, relation, columns, padded=True)
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        return False
    return True


def _separators_right(flat: FlatFile, rows: int) -> bool:
    """Whether the file holds exactly the separators of its rows: DuckDB takes a row with one blank field too many."""
    mark = flat.header.separator
    if mark not in flat.scan.marks:
        return True
    return flat.scan.marks[mark] == (rows + 1) * (flat.header.columns.width - 1)


def _ghost_filled(con: duckdb.DuckDBPyConnection) -> bool:
    row = con.execute("SELECT count(ghost) FROM store.staged").fetchone()
    return bool(row and row[0])


def _looks_padded(flat: FlatFile) -> bool:
    mark = flat.header.separator
    sample = raw_lines(flat.source, range(2, 40), scanned=flat.scan).values()
    return any(f" {mark}" in line or f"{mark} " in line or line.endswith(" ") for line in sample)


def _stage_repaired(con: duckdb.DuckDBPyConnection, flat: FlatFile, work_dir: Path, sink: Sink) -> bool:
    path = work_dir / "cleaned.txt"
    mender = _Mender(flat, sink)
    with path.open("w", encoding="utf-8", errors="replace", newline="\n") as out:
        mender.run(out)
    columns = narrowed(flat.header.columns)
    stage(con, Relation(path, UNIT, "\\n", 0, columns.width, numbered=True), columns, padded=True)
    path.unlink()
    return mender.regular and flat.header.separator in "\t|" and flat.header.line == 1


def _foreign_rows(con: duckdb.DuckDBPyConnection, sink: Sink) -> bool:
    """ROW-02, ROW-03: whole rows that hold no entry. Whether there are any."""
    found = con.execute(
        f"SELECT line, ({_ALL_BLANK}) AS blank, count(*) OVER (PARTITION BY ({_ALL_BLANK})) FROM rows WHERE "
        f"{_NO_ENTRY} "
        "QUALIFY row_number() OVER (PARTITION BY blank ORDER BY r) <= 20"
    ).fetchall()
    for blank in (True, False):
        lines = [(line, count) for line, is_blank, count in found if bool(is_blank) is blank]
        if lines:
            sink.add("ROW-02" if blank else "ROW-03", count=lines[0][1], places=[Place(line) for line, _ in lines])
    return bool(found)


_ALL_BLANK = " AND ".join(
    f"{name} IS NULL"
    for name in (
        "journal_code", "journal_label", "account", "account_label", "aux", "aux_label", "piece_ref", "piece_date",
        "piece_date_raw", "label", "debit", "debit_raw", "credit", "credit_raw", "lettering", "valid_date",
        "valid_date_raw", "currency_amount", "currency_amount_raw", "currency",
    )
)  # fmt: skip


@dataclass(slots=True)
class _Pending:
    """A row too short, waiting for the lines that may complete it."""

    number: int
    parts: list[list[str]]
    texts: list[str] = field(default_factory=list)


class _Mender:
    """Writes a cleaned copy of a file: one row a line, the physical line number first."""

    def __init__(self, flat: FlatFile, sink: Sink) -> None:
        self.flat, self.sink = flat, sink
        self.plan = repair.plan_rows(flat.header.columns, flat.header.separator)
        wide = flat.header.columns.width > WIDEST
        self._kept = sorted(flat.header.columns.positions.values()) if wide else None
        self._others = sorted(set(range(flat.header.columns.width)) - set(self._kept or ()))
        self.regular = len(flat.scan.ends) <= 1 and not flat.scan.lone_cr and flat.scan.encoding != "utf-16"
        self.regular = self.regular and not dict(flat.scan.ends).keys() & {"crcrlf", "lfcr"} and not flat.header.quoted
        self.rows = self.unusable = 0
        self._pending: _Pending | None = None
        ends = flat.scan.physical_ends
        self._cut_line = None if flat.scan.final_end else ends + 1
        """The last line, when the file does not end with a line end: it may be cut."""
        self._samples: dict[int, list[str]] = {}
        """A mended row by its number of fields as it was read."""
        self._last: str | list[str] = ""
        self._out: list[str] = []

    def run(self, out: TextIO) -> None:
        """The whole file."""
        for batch in batches(self.flat.source, self.flat.scan):
            self._watch_characters(batch)
            for number, text in self._rows_of(batch):
                self._line(number, text)
            out.writelines(self._out)
            self._out.clear()
        self._finish()
        out.writelines(self._out)
        lines = self.rows + self.unusable
        if self.unusable and self.unusable > _UNUSABLE_SHARE * lines:
            self.sink.add("ROW-07", count=self.unusable)
        if self.flat.header.rows_quoted:
            self.sink.add("ROW-04")

    def _rows_of(self, batch: Batch) -> Iterator[tuple[int, str]]:
        skip = max(0, self.flat.first - batch.first + 1)
        for offset in range(skip, len(batch.lines)):
            yield batch.first + offset, batch.lines[offset]

    def _watch_characters(self, batch: Batch) -> None:
        scanned = self.flat.scan
        if scanned.altered:
            for offset, text in enumerate(batch.lines):
                if _ALTERED.search(text) and text.strip(" \t\x1a"):
                    self.sink.at("ENC-02", batch.first + offset)
        if scanned.encoding in {"cp1252", "cp850", "mac-roman"}:
            for offset, text in enumerate(batch.lines):
                if not text.isascii() and (scanned.encoding != "cp1252" or _WINDOWS.search(text)):
                    self.sink.add("ENC-01", places=(Place(batch.first + offset),), params={"jeu": scanned.encoding})

    def _line(self, number: int, text: str) -> None:
        plan = self.plan
        if text.count(plan.separator) == plan.width - 1 and not self.flat.header.quoted:
            self._flush()
            self._emit_text(number, text)
            return
        fields = split_row(text, plan.separator, quoted=self.flat.header.quoted)
        if len(fields) == plan.width:
            self._flush()
            self._emit(number, fields)
            return
        self.regular = False
        nature = repair.nature(fields, plan)
        if nature == "blank" and self._pending is None:
            self.sink.at("ROW-03" if "\x1a" in text else "ROW-02", number)
        elif nature == "foreign" and self._pending is None and not self._starts_row(number, fields):
            self._foreign(number, text)
        else:
            self._odd_row(number, text, fields)

    def _starts_row(self, number: int, fields: list[str]) -> bool:
        """Several filled fields and no word of a footer, or the end of the file: a row cut rather than a total."""
        filled = sum(1 for field in fields if field.strip())
        remark = len(fields[0].strip()) > max(_LONGEST_CODE, 3 * len(self._last_row()[0]))
        return (filled >= 2 or number == self._cut_line) and not remark and not repair.is_footer(fields[0])

    def _last_row(self) -> list[str]:
        """The last row written."""
        last = self._last
        return last.split(self.plan.separator) if isinstance(last, str) else last

    def _foreign(self, number: int, text: str) -> None:
        self.sink.at("ROW-03", number, None, text if not text.startswith("\x1a") else None)

    def _odd_row(self, number: int, text: str, fields: list[str]) -> None:
        waiting = self._pending
        mended: list[str] | None = None
        if waiting is not None:
            joined = self._joined(waiting, fields, text)
            if joined is not None:
                for at, raw in enumerate([*waiting.texts, text]):
                    self._irregular(waiting.number + at, raw)
                self._pending = None
                self._emit(waiting.number, joined)
                return
            mended = self._mend(number, text, fields)
            if mended is None and len(waiting.parts) < 8:
                waiting.parts.append(fields)
                waiting.texts.append(text)
                return
            self._flush()
        else:
            mended = self._mend(number, text, fields)
        if mended is None:
            self._pending = _Pending(number, [fields], [text])
            return
        self._irregular(number, text)
        self._emit(number, mended)

    def _joined(self, waiting: _Pending, fields: list[str], text: str) -> list[str] | None:
        """The row that the waiting lines and this one make. A break between quotes leaves them open until its end."""
        if self.flat.header.quoted:
            whole = split_row(" ".join([*waiting.texts, text]), self.plan.separator, quoted=True)
            if len(whole) == self.plan.width and repair.in_place(whole, self.plan):
                return whole
        return repair.join_lines([*waiting.parts, fields], self.plan)

    def _mend(self, number: int, text: str, fields: list[str]) -> list[str] | None:
        """The row repaired. None for the last one when it is cut, and for one whose quotes are open."""
        if number == self._cut_line and self._cut(fields):
            return None
        if self.flat.header.quoted and text.count('"') % 2:
            return None
        mended = repair.mend(fields, self.plan)
        if mended is not None and len(fields) < self.plan.width:
            self._samples[len(fields)] = mended
        return mended

    def _cut(self, fields: list[str]) -> bool:
        return repair.is_cut(fields, self._samples.get(len(fields)) or self._last_row(), self.plan)

    def _irregular(self, number: int, text: str) -> None:
        found, wanted = text.count(self.plan.separator) + 1, self.plan.width
        self.sink.add("ROW-01", places=(Place(number, None, text),), params={"n": str(found), "m": str(wanted)})

    def _flush(self) -> None:
        """The pending lines could not be completed: each is blank, foreign, or an unusable row."""
        waiting, self._pending = self._pending, None
        if waiting is None:
            return
        for offset, (fields, text) in enumerate(zip(waiting.parts, waiting.texts, strict=True)):
            number, nature = waiting.number + offset, repair.nature(fields, self.plan)
            if nature == "blank":
                self.sink.at("ROW-02", number)
            elif nature == "foreign" and (
                repair.is_footer(text) or (len(waiting.parts) == 1 and number != self._cut_line)
            ):
                self._foreign(number, text)
            else:
                self._irregular(number, text)
                self.unusable += 1

    def _finish(self) -> None:
        waiting = self._pending
        if waiting is not None and self._cut_line is not None:
            fields, nature = waiting.parts[-1], repair.nature(waiting.parts[-1], self.plan)
            remark = nature == "blank" or (nature == "foreign" and repair.is_footer(waiting.texts[-1]))
            if len(fields) < self.plan.width and not remark:
                self.sink.at("FILE-13", self._cut_line)
        self._flush()

    def _emit_text(self, number: int, text: str) -> None:
        self._last = text
        if self._kept is not None:
            self._emit(number, text.split(self.plan.separator))
            return
        if _UNWANTED.search(text):
            text = _UNWANTED.sub(" ", text)
        self._out.append(f"{number}{UNIT}{text.replace(self.plan.separator, UNIT)}\n")
        self.rows += 1

    def _emit(self, number: int, fields: list[str]) -> None:
        self._last = fields
        if self._kept is not None:
            fields = [*(fields[at] for at in self._kept), str(hash(tuple(fields[at] for at in self._others)))]
        row = UNIT.join(_UNWANTED.sub(" ", value) for value in fields)
        self._out.append(f"{number}{UNIT}{row}\n")
        self.rows += 1
