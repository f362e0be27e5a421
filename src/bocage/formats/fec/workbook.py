"""Reading a FEC kept in a workbook (FILE-16): the first sheet, row by row, like any other file."""

import re
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from xml.parsers import expat

import duckdb

from bocage.formats.base import FileSource
from bocage.formats.fec.columns import BY_ID, ColumnMap, map_columns
from bocage.formats.fec.container import MAX_MEMBER, MAX_MEMBERS, MAX_UNPACKED, UNREADABLE, is_wild_offset
from bocage.formats.fec.header import FEWEST_NAMES, FIRST_LINES, Header, judge_header, known_names, regime_of
from bocage.formats.fec.names import FecName
from bocage.formats.fec.reading import Layout, Reading
from bocage.formats.fec.sheet_xml import Row, Sheet, first_sheet
from bocage.formats.fec.sink import Sink
from bocage.formats.fec.staging import UNIT, Numbering, Relation, absent_columns, count_rows, define_rows, stage
from bocage.formats.fec.tester import Outcome
from bocage.formats.fec.typed import Asked

_UNWANTED = re.compile(r"[\x00-\x1f]")


def read(
    source: FileSource, name: FecName, con: duckdb.DuckDBPyConnection, work_dir: Path, sink: Sink, asked: Asked
) -> Reading | None:
    """Stage a workbook; None when it cannot be read or has no FEC names (the sink says which)."""
    try:
        with zipfile.ZipFile(source.path) as book:
            if _beyond_limits(book):
                sink.add("FILE-14")
                return None
            return _read_sheet(first_sheet(book), name, con, work_dir, sink, asked)
    except (*UNREADABLE, RuntimeError, expat.ExpatError):
        sink.add("FILE-01")
        return None
    except OSError as error:
        if not is_wild_offset(error):
            raise
        sink.add("FILE-01")
        return None


def _beyond_limits(book: zipfile.ZipFile) -> bool:
    members = book.infolist()
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
        return True
    return any(member.file_size > MAX_MEMBER for member in members)


def _read_sheet(
    sheet: Sheet, name: FecName, con: duckdb.DuckDBPyConnection, work_dir: Path, sink: Sink, asked: Asked
) -> Reading | None:
    rows = sheet.rows()
    first = list(islice(rows, FIRST_LINES))
    header = _find_header(first)
    if header is None:
        sink.add("HDR-01")
        return None
    columns = header.columns
    regime = regime_of(columns, asked.regime)
    sink.add("FILE-16")
    judge_header(header, regime, sink, codec="utf-8", flat=False)
    layout = Layout(
        encoding="utf-8",
        separator="xlsx",
        line_ending=None,
        header_line=header.line,
        amounts="montant_sens" if columns.signed else "debit_credit",
        columns=columns.names,
        extra_columns=tuple(columns.names[index] for index in columns.supplementary(regime)),
    )
    path = work_dir / "sheet.txt"
    with path.open("w", encoding="utf-8", errors="replace", newline="\n") as out:
        if "HDR-10" not in sink:
            after = [row for row in first if row.number > header.line]
            for row in _chained(after, rows):
                out.write(_record(row, columns))
    stage(con, Relation(path, UNIT, "\\n", 0, len(columns.names), numbered=True), columns, padded=True)
    path.unlink()
    numbering = define_rows(con, Numbering(numbered=True, absent=absent_columns(columns)))
    stop = "T02" if not name.accepted else "crash" if name.crashes else "T06"
    return Reading(
        con=con,
        name=name,
        kind="fec",
        layout=layout,
        columns=columns,
        regime=regime,
        sink=sink,
        numbering=numbering,
        lines=count_rows(con),
        official=Outcome(stop=stop, checks={stop}),
    )


def _chained(first: list[Row], rest: Iterator[Row]) -> Iterator[Row]:
    yield from first
    yield from rest


def _find_header(rows: list[Row]) -> Header | None:
    best: tuple[int, Row] | None = None
    for row in rows:
        found = known_names(cell.value for cell in row.cells.values())
        if found >= FEWEST_NAMES and (best is None or found > best[0]):
            best = (found, row)
    if best is None:
        return None
    row = best[1]
    cells = [row.cells[index].value if index in row.cells else "" for index in range(max(row.cells) + 1)]
    return Header(row.number, "\t", tuple(cells), map_columns(cells))


def _record(row: Row, columns: ColumnMap) -> str:
    """A row as a line of the cleaned file. A blank amount beside a typed one is nil: nothing was left to write."""
    values = [row.cells[index].value if index in row.cells else "" for index in range(len(columns.names))]
    sides = [columns.positions[side] for side in ("debit", "credit") if side in columns.positions]
    typed = any(side in row.cells and row.cells[side].typed for side in sides)
    for side in sides:
        if typed and side not in row.cells:
            values[side] = "0"
    for identity, at in columns.positions.items():
        if BY_ID[identity].kind == "text" and at in row.cells and row.cells[at].typed:
            values[at] = values[at].replace(",", ".")
    return f"{row.number}{UNIT}{UNIT.join(_UNWANTED.sub(' ', value) for value in values)}\n"
