"""The door: files in, one report a FEC out."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

import duckdb

from bocage.errors import WorkspaceFull
from bocage.formats.base import Progress, Source
from bocage.formats.fec.checks.whole_file import judge_name
from bocage.formats.fec.columns import Regime
from bocage.formats.fec.conclude import Meanwhile, compare_years, conclude
from bocage.formats.fec.container import Item, unpack
from bocage.formats.fec.names import FecName, parse_name
from bocage.formats.fec.reader import read_item
from bocage.formats.fec.reading import Reading
from bocage.formats.fec.report import FecReport, verdicts
from bocage.formats.fec.sink import Sink
from bocage.formats.fec.typed import Asked
from bocage.tables import locked_connection

MEMORY_LIMIT = "430MB"
"""What DuckDB may use; the whole process stays under 600 MiB."""


@dataclass(frozen=True, slots=True)
class Book:
    """A FEC with its report and, while it is open, its tables (None when it could not be read)."""

    report: FecReport
    reading: Reading | None


_SMALL = 250_000_000
"""Bytes of files whose lines the memory holds as they are, which is quickest: some 1,500,000 lines."""


def _store(item: Item, folder: Path) -> Path:
    """Where the lines of a FEC are kept: their file, in ``folder``, is compressed as it is written."""
    return Path(":memory:") if sum(file.size for file in item.files) < _SMALL else folder / "lines.duckdb"


def _quiet(_share: float, _step: str) -> None:
    """Nobody watches."""


def books(
    sources: Sequence[Source],
    *,
    work_dir: Path,
    asked: Asked,
    progress: Progress | None = None,
    memory_limit: str = MEMORY_LIMIT,
    threads: int = 2,
    directories: Sequence[Path] = (),
    meanwhile: Callable[[int, Reading], None] | None = None,
) -> Iterator[Book]:
    """Each FEC of the sources in turn; its tables live until the next one is asked for.

    ``meanwhile`` is called before the checks (:data:`Meanwhile`) of a FEC that nothing blocks, with its rank from 1.
    Raises SourceUnreadable, WorkspaceFull, and what ``progress`` raises (Cancelled).
    """
    watch = progress or _quiet
    for rank, item in enumerate(unpack(sources, work_dir)):
        folder = work_dir / f"fec{rank}"
        folder.mkdir()
        with ExitStack() as stack:
            sink = Sink()
            item.add_to(sink)
            name = parse_name(item.name)
            if sink.blocking():
                yield Book(_unreadable(item, item.kind, sink), None)
                continue
            judge_name(name, sink)
            con = stack.enter_context(
                locked_connection(
                    directories=[work_dir, *directories],
                    files=[file.path for file in item.files],
                    temp_directory=folder,
                    store=_store(item, folder),
                    memory_limit=memory_limit,
                    threads=threads,
                )
            )
            beside = partial(meanwhile, rank + 1) if meanwhile else None
            book = _book(item, name, con, folder, sink, asked, watch, beside)
            watch(0.9, "done")
            yield book


def _book(
    item: Item,
    name: FecName,
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    sink: Sink,
    asked: Asked,
    watch: Progress,
    meanwhile: Meanwhile | None,
) -> Book:
    """One FEC read and checked. What DuckDB cannot hold (a sum beyond 38 digits) makes the file unreadable."""
    watch(0.05, "read")
    try:
        reading = read_item(item, name, con, folder, sink, asked)
        if not isinstance(reading, Reading):
            return Book(replace(_unreadable(item, reading.kind, sink), layout=reading.layout), None)
        watch(0.5, "check")
        report = conclude(reading, asked, None if sink.blocking() else meanwhile)
        return Book(replace(report, file=item.shown, parts=item.parts), reading)
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        raise WorkspaceFull(item.shown) from error
    except (duckdb.DataError, duckdb.InvalidInputException):
        sink.add("FILE-01")
        return Book(_unreadable(item, item.kind, sink), None)


def check(
    sources: Sequence[Source],
    *,
    work_dir: Path,
    siren: str | None = None,
    start: date | None = None,
    end: date | None = None,
    regime: str | None = None,
    progress: Progress | None = None,
    memory_limit: str = MEMORY_LIMIT,
    threads: int = 2,
) -> list[FecReport]:
    """Read and check FEC files; parts given together are one, each member of an archive is one.

    ``work_dir`` is private to the call and cleaned by the caller: clear copies of the file are made there and nowhere
    else.
    ``siren``, ``start``, ``end``: the client and the fiscal year expected (FILE-05). ``regime``: one of
    :class:`Regime`, else told by the
    columns. Bad content is never an exception. Raises ValueError for an unknown regime, SourceUnreadable,
    WorkspaceFull, Cancelled.
    """
    asked = Asked(siren, start, end, Regime(regime) if regime else None)
    found = books(
        sources, work_dir=work_dir, asked=asked, progress=progress, memory_limit=memory_limit, threads=threads
    )
    return compare_years([book.report for book in found])


def _unreadable(item: Item, kind: str, sink: Sink) -> FecReport:
    """The report of a file that gave no table: what it is and its findings."""
    findings = sink.findings()
    return FecReport(
        file=item.shown, kind=kind, verdicts=verdicts(findings, conforming=False), findings=findings, parts=item.parts
    )
