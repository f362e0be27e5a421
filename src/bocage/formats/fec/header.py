"""Finding the header, and what its names are worth: HDR-01 to HDR-11, ROW-04, SEP-01."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bocage.findings import MAX_PLACES, Place
from bocage.formats.fec import tester
from bocage.formats.fec.columns import BY_ID, ColumnMap, Regime, detect_regime, known_id, legal_columns, map_columns
from bocage.formats.fec.sink import Sink

SEPARATORS = {"\t": "tab", "|": "pipe", ";": "semicolon", ",": "comma"}
FIRST_LINES = 20
FEWEST_NAMES = 6
_LONGEST_HEADER = 1 << 20
_QUOTED_SHARE = 0.95
_ROWS_SAMPLED = 2000
_ANY_SEPARATOR = 2012
"""Until this closing year the tester takes commas and semicolons."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header is and what it says."""

    line: int
    separator: str
    cells: tuple[str, ...]
    """Cells as cut, spaces kept."""
    columns: ColumnMap
    quoted: bool = False
    """Every name stands between double quotes: fields are read without theirs."""
    rows_quoted: bool = False
    """So do the fields of the rows (ROW-04)."""


def split_row(text: str, separator: str, *, quoted: bool) -> list[str]:
    """Fields of one line; quotes are data unless ``quoted``."""
    if not quoted or '"' not in text:
        return text.split(separator)
    try:
        return next(csv.reader([text], delimiter=separator), [])
    except csv.Error:
        return text.split(separator)


def known_names(cells: Iterable[str]) -> int:
    """How many fields of the norm these cells name."""
    return len({known_id(cell) for cell in cells} - {None})


def find_header(lines: Sequence[str]) -> Header | None:
    """The best pair of line and separator among the first lines: six known names at least."""
    best: tuple[int, int, str] | None = None
    for index, line in enumerate(lines[:FIRST_LINES]):
        if len(line) > _LONGEST_HEADER:
            continue
        for separator in SEPARATORS:
            found = known_names(line.split(separator))
            if found >= FEWEST_NAMES and (best is None or found > best[0]):
                best = (found, index, separator)
    if best is None:
        return None
    _, index, separator = best
    cells = lines[index].split(separator)
    named, marked = _quoted_cells(lines[index], separator)
    quoted = named > 1 and marked == named
    if quoted:
        cells = split_row(lines[index].strip(), separator, quoted=True)
    rows_quoted = quoted and _rows_quoted(lines[index + 1 : index + 1 + _ROWS_SAMPLED], separator)
    return Header(index + 1, separator, tuple(cells), map_columns(cells), quoted, rows_quoted)


def _quoted_cells(line: str, separator: str) -> tuple[int, int]:
    """Cells of a line that hold something, and those of them between quotes."""
    filled = [cell.strip() for cell in line.split(separator) if cell.strip()]
    return len(filled), sum(1 for cell in filled if len(cell) > 1 and cell[0] == cell[-1] == '"')


def _rows_quoted(lines: Sequence[str], separator: str) -> bool:
    filled = marked = 0
    for line in lines:
        held, quoted = _quoted_cells(line, separator)
        filled, marked = filled + held, marked + quoted
    return marked >= _QUOTED_SHARE * filled


def regime_of(header: ColumnMap, told: Regime | None) -> Regime:
    """What the user says, else what the columns tell."""
    return told or detect_regime(header.positions)


def judge_header(
    header: Header, regime: Regime, sink: Sink, *, codec: str, year: int | None = None, flat: bool = True
) -> None:
    """Raise the findings of the header. ``year``: the closing year of the name; ``flat`` is False for a workbook: there
    is no separator to judge."""
    columns, line = header.columns, header.line
    if header.line > 1:
        sink.at("HDR-11", line)
    _judge_missing(columns, regime, sink, line)
    _judge_order(columns, regime, sink, line)
    _judge_names(header, sink, codec)
    if regime is not Regime.BIC or columns.signed:
        words = regime.value + (" (Montant et Sens)" if columns.signed else "")
        sink.add("HDR-08", places=(Place(line),), params={"regime": words})
    if flat and header.separator not in "\t|" and (year is None or year > _ANY_SEPARATOR):
        sink.add("SEP-01", params={"separator": header.separator})


def _judge_missing(columns: ColumnMap, regime: Regime, sink: Sink, line: int) -> None:
    wanted = legal_columns(regime, signed=columns.signed)
    missing = [BY_ID[name].legal for name in wanted if name not in columns.positions]
    if missing:
        places = [Place(line, name) for name in missing]
        sink.add("HDR-02", count=len(missing), places=places, params={"nom": ", ".join(missing)})
    lacking = []
    if "account" not in columns.positions:
        lacking.append("CompteNum")
    if not columns.positions.keys() & {"entry_date", "piece_date"}:
        lacking += ["EcritureDate", "PieceDate"]
    if not columns.signed:
        lacking += [BY_ID[name].legal for name in ("debit", "credit") if name not in columns.positions]
    if lacking:
        places = [Place(line, name) for name in lacking]
        sink.add("HDR-10", count=len(lacking), places=places, params={"colonnes": ", ".join(lacking)})


def _judge_order(columns: ColumnMap, regime: Regime, sink: Sink, line: int) -> None:
    wanted = [name for name in legal_columns(regime, signed=columns.signed) if name in columns.positions]
    read = [columns.positions[name] for name in wanted]
    moved = [
        Place(line, columns.names[position])
        for position, ordered in zip(read, sorted(read), strict=True)
        if position != ordered
    ]
    if moved:
        sink.add("HDR-03", count=len(moved), places=moved)
    last = max(read, default=-1)
    duplicates = set(columns.duplicates)
    extra = [index for index in columns.supplementary(regime) if index not in duplicates]
    after = [index for index in extra if index > last]
    among = [index for index in extra if index < last]
    if after:
        names = [columns.names[index] for index in after]
        sink.add("HDR-06", count=len(after), places=[Place(line, n) for n in names], params={"liste": _listed(names)})
    if among:
        rank = sum(1 for position in read if position < among[0]) + 1
        places = [Place(line, columns.names[index]) for index in among]
        sink.add("HDR-07", count=len(among), places=places, params={"rang": str(rank)})


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:MAX_PLACES]) + ("…" if len(names) > MAX_PLACES else "")


def _judge_names(header: Header, sink: Sink, codec: str) -> None:
    columns, line = header.columns, header.line
    doubled = _doubled(header, codec)
    if doubled:
        words = _listed([name or "(sans nom)" for name in doubled])
        sink.add("HDR-05", count=len(doubled), places=[Place(line, n) for n in doubled], params={"nom": words})
    if header.rows_quoted:
        return
    for name, position in columns.positions.items():
        legal, read = BY_ID[name].legal, columns.names[position]
        cell = f'"{header.cells[position]}"' if header.quoted else header.cells[position]
        understood = tester.field_of(encoded(cell, codec), first=position == 0)
        target = {"amount": "debit", "sens": "credit"}.get(name, name)
        if understood != target:
            sink.add("HDR-09", places=(Place(line, read),), params={"lu": read, "nom": legal})
        elif read != legal:
            sink.at("HDR-04", line, read)


def _doubled(header: Header, codec: str) -> list[str]:
    """The names met before, as the tester compares them, and blank ones: it takes neither."""
    columns = header.columns
    doubled = [columns.names[index] for index in columns.duplicates]
    seen: set[str] = set()
    for index in columns.supplementary():
        key = tester.compared_name(encoded(columns.names[index], codec))
        if index not in columns.duplicates and (key in seen or not key):
            doubled.append(columns.names[index])
        seen.add(key)
    return doubled


def encoded(text: str, codec: str) -> bytes:
    """The bytes that the tester sees for a text of the file; a 16-bit file is taken as UTF-8."""
    return text.encode("utf-8" if codec.startswith("utf-16") else codec, "replace")
