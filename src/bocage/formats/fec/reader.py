"""Which reader a file calls for, and the staged result: text, parts of a text, XML, workbook."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from bocage.formats.base import FileSource, head
from bocage.formats.containers import container_code
from bocage.formats.fec import workbook, xml_file
from bocage.formats.fec.bytescan import ByteScan, scan
from bocage.formats.fec.columns import ColumnMap, Regime
from bocage.formats.fec.container import Item, kind_of
from bocage.formats.fec.flat import FlatFile, judge_bytes, open_flat, stage_ahead, stage_flat
from bocage.formats.fec.header import judge_header, regime_of
from bocage.formats.fec.names import FecName
from bocage.formats.fec.native import SOFTWARE, native_export
from bocage.formats.fec.odd_values import settle
from bocage.formats.fec.profile import take_profile
from bocage.formats.fec.reading import Layout, Reading
from bocage.formats.fec.sink import Sink
from bocage.formats.fec.sniffing import looks_like_xml
from bocage.formats.fec.staging import Numbering, absent_columns, count_rows, define_rows
from bocage.formats.fec.typed import Asked

_WORTH_A_THREAD = 1 << 22


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
        return _settled(workbook.read(source, name, con, work_dir, sink, asked), sink, otherwise="xlsx")
    if not start or code is not None:
        sink.add("FILE-01")
        return NotRead(kind_of(start, source))
    if looks_like_xml(start):
        return _settled(xml_file.read(source, name, con, work_dir, sink, asked), sink, otherwise="unknown")
    return _read_flat(source, name, con, work_dir, sink, asked, start)


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
    ahead = None
    with ThreadPoolExecutor(1) as pool:
        counting = pool.submit(scan, source)
        if source.size > _WORTH_A_THREAD:
            ahead = stage_ahead(con, source, start, work_dir)
        scanned = counting.result()
    flat = open_flat(source, scanned)
    if flat is None:
        unreadable = scanned.binary or not start.strip(b" \t\r\n\0\x1a")
        sink.add("FILE-01" if unreadable else "HDR-01")
        return NotRead("empty" if not start.strip(b" \t\r\n\0\x1a") else "unknown")
    regime = regime_of(flat.header.columns, asked.regime)
    judge_bytes(source, scanned, sink)
    judge_header(flat.header, regime, sink, codec=scanned.codec, year=name.closing_year)
    if "HDR-10" in sink:
        return NotRead("fec", flat.layout(regime))
    numbering, regular = stage_flat(con, flat, work_dir, sink, ahead)
    return _finish(con, flat, name, regime, sink, numbering, sources=(source,), scans=(scanned,), regular=regular)


def _finish(
    con: duckdb.DuckDBPyConnection,
    flat: FlatFile,
    name: FecName,
    regime: Regime,
    sink: Sink,
    numbering: Numbering,
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
        return NotRead("fec", flat.layout(regime))
    if columns.trailing and sink.count("ROW-01") < lines:
        sink.add("ROW-06")
    profile = settle(con, columns, sink, profile=take_profile(con))
    return Reading(
        con=con,
        name=name,
        kind="fec",
        layout=flat.layout(regime),
        columns=columns,
        regime=regime,
        sink=sink,
        numbering=numbering,
        lines=lines,
        regular=regular,
        sources=sources,
        scans=scans,
        header=flat.header,
        profile=profile,
    )


def _settled(reading: Reading | None, sink: Sink, *, otherwise: str) -> Reading | NotRead:
    """``otherwise``: what a file without the names of a FEC is."""
    if reading is None:
        return NotRead(otherwise if "HDR-01" in sink else "fec")
    if not reading.lines:
        if not sink.blocking():
            sink.add("FILE-06")
        return NotRead("fec", reading.layout)
    reading.profile = settle(reading.con, reading.columns, sink, profile=take_profile(reading.con))
    return reading


def _read_parts(
    item: Item, name: FecName, con: duckdb.DuckDBPyConnection, work_dir: Path, sink: Sink, asked: Asked
) -> Reading | NotRead:
    """Parts of one text, in order: staged one after the other, then judged as one file."""
    first: FlatFile | None = None
    scans: list[ByteScan] = []
    regime = Regime.BIC
    for rank, source in zip(item.ranks, item.files, strict=True):
        sink.part = rank
        scanned = scan(source)
        scans.append(scanned)
        flat = open_flat(source, scanned)
        if flat is None and first is not None:
            flat = FlatFile(source, scanned, replace(first.header, line=0), 0)
            sink.add("HDR-11")
        if flat is None:
            sink.add("HDR-01")
            return NotRead("unknown")
        judge_bytes(source, scanned, sink)
        if first is None or flat.header.columns != first.header.columns:
            regime = regime_of(flat.header.columns, asked.regime)
            judge_header(flat.header, regime, sink, codec=scanned.codec, year=name.closing_year)
        first = first or flat
        if "HDR-10" in sink:
            return NotRead("fec", flat.layout(regime))
        numbering, _ = stage_flat(con, flat, work_dir, sink)
        _append_part(con, rank, numbering.absent, first=rank == item.ranks[0])
    sink.part = 0
    if first is None:
        raise ValueError("a FEC has one part at least")
    con.execute("DROP VIEW IF EXISTS rows")
    con.execute("DROP TABLE IF EXISTS store.staged")
    con.execute("ALTER TABLE store.gathered RENAME TO staged")
    numbering = define_rows(con, Numbering(numbered=True, absent=absent_columns(first.header.columns), parts=True))
    return _finish(con, first, name, regime, sink, numbering, sources=item.files, scans=tuple(scans), regular=False)


def _append_part(con: duckdb.DuckDBPyConnection, rank: int, absent: Mapping[str, str], *, first: bool) -> None:
    left_out = ["r", *absent]
    if con.execute("SELECT 1 FROM (DESCRIBE store.staged) WHERE column_name = 'ghost'").fetchone():
        left_out.append("ghost")
    picked = f"SELECT * EXCLUDE ({', '.join(left_out)}) REPLACE ({rank} AS part) FROM rows ORDER BY r"
    if first:
        con.execute(f"CREATE TABLE store.gathered AS {picked}")
    else:
        con.execute(f"INSERT INTO store.gathered BY NAME {picked}")
