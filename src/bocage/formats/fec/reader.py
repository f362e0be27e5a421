"""Which reader a file calls for, and the staged result: text, parts of a text, XML, workbook."""

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bocage.formats.base import FileSource, head
from bocage.formats.containers import container_code
from bocage.formats.fec import workbook, xml_file
from bocage.formats.fec.bytescan import ByteScan, scan, wide_codec
from bocage.formats.fec.columns import ColumnMap, Regime
from bocage.formats.fec.container import Item, kind_of
from bocage.formats.fec.flat import FlatFile, judge_bytes, open_flat, stage_flat
from bocage.formats.fec.header import judge_header, regime_of
from bocage.formats.fec.names import FecName
from bocage.formats.fec.native import SOFTWARE, native_export
from bocage.formats.fec.odd_values import settle
from bocage.formats.fec.reading import Layout, Reading
from bocage.formats.fec.sink import Sink
from bocage.formats.fec.staging import count_rows, define_rows
from bocage.formats.fec.typed import Asked

_XML_START = re.compile(rb"\s*(?:<\?xml|<!--|<(?:\w+:)?comptabilite)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NotRead:
    """A file that gave no table. The sink says why."""

    kind: str
    layout: Layout | None = None


def read_item(
    item: Item, name: FecName, con: duckdb.DuckDBPyConnection, work_dir: Path, sink: Sink, asked: Asked
) -> Reading | NotRead:
    """Stage one FEC. Never raises for content."""
    if len(item.files) > 1:
        return _read_parts(item, name, con, work_dir, sink, asked)
    source = item.files[0]
    start = head(source)
    code = container_code(start, source)
    if code == "xlsx":
        return _settled(workbook.read(source, name, con, work_dir, sink, asked), sink)
    if not start or code is not None:
        sink.add("FILE-01")
        return NotRead(kind_of(start, source))
    if looks_like_xml(start):
        return _settled(xml_file.read(source, name, con, work_dir, sink, asked), sink)
    return _read_flat(source, name, con, work_dir, sink, asked, start)


def looks_like_xml(start: bytes) -> bool:
    """Whether the first bytes are those of an XML document, in any encoding."""
    wide = wide_codec(start)
    if wide is not None:
        start = start[: len(start) // 2 * 2].decode(wide[0], "replace").encode("utf-8")
    return _XML_START.match(start.removeprefix(b"\xef\xbb\xbf")) is not None


def _read_flat(
    source: FileSource,
    name: FecName,
    con: duckdb.DuckDBPyConnection,
    work_dir: Path,
    sink: Sink,
    asked: Asked,
    start: bytes,
) -> Reading | NotRead:
    native = native_export(start)
    if native is not None:
        sink.add("FILE-07", params={"logiciel": SOFTWARE[native]})
        return NotRead(native)
    scanned = scan(source)
    flat = open_flat(source, scanned)
    if flat is None:
        unreadable = scanned.binary or not start.strip(b" \t\r\n\0\x1a")
        sink.add("FILE-01" if unreadable else "HDR-01")
        return NotRead("empty" if not start.strip(b" \t\r\n\0\x1a") else "unknown")
    regime = regime_of(flat.header.columns, asked.regime)
    judge_bytes(scanned, sink)
    judge_header(flat.header, regime, sink, codec=scanned.codec)
    if "HDR-10" in sink:
        return NotRead("fec", flat.layout)
    regular = stage_flat(con, flat, work_dir, sink)
    return _finish(con, flat, name, regime, sink, sources=(source,), scans=(scanned,), regular=regular)


def _finish(
    con: duckdb.DuckDBPyConnection,
    flat: FlatFile,
    name: FecName,
    regime: Regime,
    sink: Sink,
    *,
    sources: tuple[FileSource, ...],
    scans: tuple[ByteScan, ...],
    regular: bool,
) -> Reading | NotRead:
    columns: ColumnMap = flat.header.columns
    lines = count_rows(con)
    if not lines:
        if not sink.blocking():
            sink.add("FILE-06")
        return NotRead("fec", flat.layout)
    if columns.trailing and "ROW-01" not in sink:
        sink.add("ROW-06")
    odd_dates, odd_amounts = settle(con, columns, sink)
    return Reading(
        con=con,
        name=name,
        kind="fec",
        layout=flat.layout,
        columns=columns,
        regime=regime,
        sink=sink,
        lines=lines,
        regular=regular,
        sources=sources,
        scans=scans,
        header=flat.header,
        odd_dates=odd_dates,
        odd_amounts=odd_amounts,
    )


def _settled(reading: Reading | None, sink: Sink) -> Reading | NotRead:
    if reading is None:
        return NotRead("xlsx" if "HDR-01" in sink else "fec")
    if not reading.lines:
        if not sink.blocking():
            sink.add("FILE-06")
        return NotRead("fec", reading.layout)
    reading.odd_dates, reading.odd_amounts = settle(reading.con, reading.columns, sink)
    return reading


def _read_parts(
    item: Item, name: FecName, con: duckdb.DuckDBPyConnection, work_dir: Path, sink: Sink, asked: Asked
) -> Reading | NotRead:
    """Parts of one text, in order: staged one after the other, then judged as one file."""
    first: FlatFile | None = None
    scans: list[ByteScan] = []
    regime = Regime.BIC
    for rank, source in enumerate(item.files, start=1):
        scanned = scan(source)
        scans.append(scanned)
        flat = open_flat(source, scanned)
        if flat is None:
            sink.add("HDR-01")
            return NotRead("unknown")
        judge_bytes(scanned, sink)
        if first is None or flat.header.columns != first.header.columns:
            regime = regime_of(flat.header.columns, asked.regime)
            judge_header(flat.header, regime, sink, codec=scanned.codec)
        first = first or flat
        if "HDR-10" in sink:
            return NotRead("fec", flat.layout)
        stage_flat(con, flat, work_dir, sink)
        _append_part(con, rank)
    assert first is not None
    con.execute("DROP VIEW IF EXISTS rows")
    con.execute("DROP TABLE IF EXISTS staged")
    con.execute("ALTER TABLE gathered RENAME TO staged")
    define_rows(con, numbered=True, first_line=0, parts=True)
    return _finish(con, first, name, regime, sink, sources=item.files, scans=tuple(scans), regular=False)


def _append_part(con: duckdb.DuckDBPyConnection, rank: int) -> None:
    ghost = (
        "EXCLUDE (r, ghost)"
        if con.execute("SELECT 1 FROM (DESCRIBE staged) WHERE column_name = 'ghost'").fetchone()
        else "EXCLUDE (r)"
    )
    picked = f"SELECT * {ghost} REPLACE ({rank} AS part) FROM rows ORDER BY r"
    if rank == 1:
        con.execute(f"CREATE TABLE gathered AS {picked}")
    else:
        con.execute(f"INSERT INTO gathered BY NAME {picked}")
