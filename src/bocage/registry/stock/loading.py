"""From the official files to a version of the store, slice by slice: bounded memory, resumed where it stopped."""

import fcntl
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import Final

import duckdb
import tantivy

from bocage.errors import BocageError, Cancelled, SourceUnreadable, WorkspaceFull
from bocage.registry.stock.columns import (
    DAYS,
    ESTABLISHMENT_COLUMNS,
    FIELD,
    FORMAT,
    SUCCESSION_COLUMNS,
    UNIT_COLUMNS,
)
from bocage.registry.stock.names import add_names, new_index
from bocage.registry.stock.shelf import LOADING, Manifest, Shelf, read_state
from bocage.registry.stock.sources import (
    as_text,
    check_columns,
    column_types,
    files_of,
    ordered_parquet,
    parquet_sql,
    reading,
)
from bocage.registry.stock.store import NAMES, open_writer, write_rows
from bocage.registry.stock.words import folded_sql

_SLICE_ROWS: Final = 400_000
_FETCHED: Final = 64_000
_WRITER_BYTES: Final = 256_000_000
_MEMORY: Final = "1GB"


@dataclass(frozen=True, slots=True)
class StockFiles:
    """The files to load: Parquet (files, or a folder of parts), CSV, or CSV in a zip; successions may be left out."""

    units: tuple[Path, ...]
    establishments: tuple[Path, ...]
    successions: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a load is. ``step``: convert, sort, load or links; ``share`` of the step, 0 to 1; rows loaded so far."""

    step: str
    share: float
    establishments: int = 0


type Watch = Callable[[Progress], bool | None]
"""Called as the load goes on; False stops it, to be resumed later."""


@dataclass(frozen=True, slots=True)
class _Slice:
    """A range of SIREN, by their first three digits."""

    number: int
    low: str
    high: str
    rows: int


@dataclass(frozen=True, slots=True)
class _Job:
    """A load: where it works, the files in order, whom it tells."""

    folder: Path
    units: Sequence[Path]
    establishments: Sequence[Path]
    watch: Watch


def load_stock(files: StockFiles, folder: Path, watch: Watch = lambda _: None) -> Manifest:
    """Make a version from the files and put it in the place of the one that answers.

    A load that was interrupted goes on where it stopped when it is called again with the same files. The former version
    answers until the new one does. Raises SourceUnreadable, WorkspaceFull, Cancelled.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        try:
            return _load(files, folder, watch)
        except (sqlite3.OperationalError, duckdb.OutOfMemoryException) as error:
            raise WorkspaceFull(f"no room left to load the stock ({error})") from error
        except (duckdb.Error, ValueError) as error:
            # Their messages may quote a row.
            raise SourceUnreadable(f"the files cannot be read to the end ({type(error).__name__})") from None


def _load(files: StockFiles, folder: Path, watch: Watch) -> Manifest:
    work = folder / LOADING
    units, establishments, successions = _named(files)
    begun = _begin(work, [*units, *establishments, *successions])

    def tick(step: str, share: float) -> None:
        if watch(Progress(step, share)) is False:
            raise Cancelled

    job = _Job(
        work,
        ordered_parquet(units, UNIT_COLUMNS, work / "units", _MEMORY, tick),
        ordered_parquet(establishments, ("siret", *_needed(ESTABLISHMENT_COLUMNS)), work / "sites", _MEMORY, tick),
        watch,
    )
    version = work / "version"
    version.mkdir(exist_ok=True)
    store = open_writer(version)
    try:
        indexed = _fill(job, version, store)
        tick("links", 0.0)
        links = _fill_successors(store, successions, work, tick)
        manifest = _manifest(store, indexed, links, [*units, *establishments, *successions], begun)
        store.execute("DROP TABLE slices")
    finally:
        store.close()
    manifest.write(version)
    kept = folder / f"{manifest.made_at:%Y-%m-%dT%H%M%S-%f}"
    version.rename(kept)
    Shelf(folder).put(kept)
    shutil.rmtree(work)
    return manifest


def _needed(columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(column for column in columns if column != "siret")


def _named(files: StockFiles) -> tuple[list[Path], list[Path], list[Path]]:
    links = files_of(files.successions, "successions") if files.successions else []
    return files_of(files.units, "units"), files_of(files.establishments, "establishments"), links


def _begin(work: Path, files: Sequence[Path]) -> datetime:
    """Take up an interrupted load of the same files, or begin one; when it was begun."""
    told = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    mark = hashlib.sha256(json.dumps([FORMAT, told]).encode()).hexdigest()
    state = read_state(work)
    if state.get("mark") != mark:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        state = {"mark": mark, "begun": datetime.now(UTC).isoformat()}
        (work / "state.json").write_text(json.dumps(state), encoding="utf-8")
    return datetime.fromisoformat(str(state["begun"]))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BocageError("another load of the stock is going on") from None
        yield


def _fill(job: _Job, version: Path, store: sqlite3.Connection) -> int:
    """Load every slice that is not there yet; how many names the index holds."""
    done = {row[0] for row in store.execute("SELECT number FROM slices")}
    index = new_index(version / NAMES)
    writer = index.writer(_WRITER_BYTES, 1)
    with reading([*job.units, *job.establishments], job.folder, _MEMORY) as connection:
        types = (column_types(connection, job.units), column_types(connection, job.establishments))
        check_columns(list(types[0]), UNIT_COLUMNS, job.units[0].name)
        check_columns(list(types[1]), ESTABLISHMENT_COLUMNS, job.establishments[0].name)
        slices = _slices(connection, job)
        total, past = sum(one.rows for one in slices) or 1, 0
        for one in slices:
            if one.number not in done:
                _fill_slice(connection, job, types, one, store, writer)
            past += one.rows
            if job.watch(Progress("load", past / total, past)) is False:
                raise Cancelled
    writer.wait_merging_threads()
    index.reload()
    return index.searcher().num_docs


def _slices(connection: duckdb.DuckDBPyConnection, job: _Job) -> list[_Slice]:
    counted = connection.execute(
        f"SELECT left(siret, 3) AS start, count(*) FROM {parquet_sql(job.establishments)} "
        "WHERE regexp_full_match(siret, '[0-9]{14}') GROUP BY start ORDER BY start"
    ).fetchall()
    slices: list[_Slice] = []
    low, rows = "000", 0
    for start, count in counted:
        if rows and rows + count > _SLICE_ROWS:
            slices.append(_Slice(len(slices), low, start, rows))
            low, rows = start, 0
        rows += count
    # « : » comes after every digit: the last slice goes to the end.
    return [*slices, _Slice(len(slices), low, ":", rows)]


def _fill_slice(
    connection: duckdb.DuckDBPyConnection,
    job: _Job,
    types: tuple[dict[str, str], dict[str, str]],
    one: _Slice,
    store: sqlite3.Connection,
    writer: tantivy.IndexWriter,
) -> None:
    """One slice in the index, then in the store: the store says that the slice is done."""
    _table(connection, "unit", job.units, types[0], UNIT_COLUMNS, one)
    _table(connection, "site", job.establishments, types[1], ESTABLISHMENT_COLUMNS, one)
    add_names(writer, one.number, ((row[0], row[1], row[2]) for row in _fetched(connection, _NAMES_SQL)))
    store.execute("BEGIN")
    units = write_rows(store, "units", _lines(connection, "unit", UNIT_COLUMNS))
    sites = write_rows(store, "establishments", _lines(connection, "site", ESTABLISHMENT_COLUMNS))
    updated = connection.execute("SELECT max(dateDernierTraitementEtablissement) FROM site").fetchone()
    store.execute("INSERT INTO slices VALUES (?, ?, ?, ?)", (one.number, units, sites, updated and updated[0]))
    store.execute("COMMIT")


def _table(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    files: Sequence[Path],
    types: dict[str, str],
    columns: Sequence[str],
    one: _Slice,
) -> None:
    """The rows of a slice whose number is one, as texts."""
    key, digits = columns[0], 9 if columns[0] == "siren" else 14
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {', '.join(_kept(column, types) for column in columns)} "
        f"FROM {parquet_sql(files)} WHERE {key} >= ? AND {key} < ? AND regexp_full_match({key}, '[0-9]{{{digits}}}')",
        [one.low, one.high],
    )


def _kept(column: str, types: dict[str, str]) -> str:
    if column not in types:
        return f"'' AS {column}"
    text = as_text(column, types).removesuffix(f" AS {column}")
    return f"coalesce({f'left({text}, 10)' if column in DAYS else text}, '') AS {column}"


def _lines(connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> Iterator[str]:
    """The rows in the order of their number, each once; a value that holds a separator would be damaged: it goes."""
    mark = f"chr({ord(FIELD)})"
    line = f"concat_ws({mark}, {', '.join(columns)})"
    rows = _fetched(
        connection,
        f"SELECT line FROM (SELECT DISTINCT ON ({columns[0]}) {columns[0]}, {line} AS line FROM {table}) "
        f"WHERE length(line) - length(replace(line, {mark}, '')) = {len(columns) - 1} AND NOT contains(line, chr(30)) "
        f"ORDER BY {columns[0]}",
    )
    return (row[0] for row in rows)


def _fetched(connection: duckdb.DuckDBPyConnection, sql: str) -> Iterator[tuple[str, ...]]:
    result = connection.execute(sql)
    return chain.from_iterable(iter(lambda: result.fetchmany(_FETCHED), []))


_SPACED: Final = "concat_ws(' ', {})"
_UNIT_NAMES: Final = ", ".join(
    (
        "denominationUniteLegale",
        "sigleUniteLegale",
        "prenomUsuelUniteLegale",
        "prenom1UniteLegale",
        "nomUniteLegale",
        "nomUsageUniteLegale",
        *(f"denominationUsuelle{rank}UniteLegale" for rank in (1, 2, 3)),
    )
)
_SITE_NAMES: Final = ", ".join(
    (*(f"enseigne{rank}Etablissement" for rank in (1, 2, 3)), "denominationUsuelleEtablissement")
)
_NAMES_SQL: Final = f"""
WITH signs AS (
    SELECT left(siret, 9) AS siren,
        string_agg(DISTINCT {_SPACED.format(_SITE_NAMES)}, ' ') FILTER (statutDiffusionEtablissement = 'O') AS signs,
        string_agg(DISTINCT libelleCommuneEtablissement, ' ') AS towns
    FROM site GROUP BY ALL
), named AS (
    SELECT siren, towns, {folded_sql(_SPACED.format(_UNIT_NAMES + ", signs"))} AS names
    FROM unit LEFT JOIN signs USING (siren) WHERE statutDiffusionUniteLegale = 'O'
)
SELECT siren,
    -- « s n c f » is also « sncf »
    CASE WHEN regexp_matches(names, '\\b[a-z] [a-z] [a-z]\\b') THEN names || ' ' || array_to_string(list_transform(
        regexp_extract_all(names, '\\b[a-z](?: [a-z]\\b){{2,}}'), lambda found: replace(found, ' ', '')), ' ')
    ELSE names END,
    {folded_sql("coalesce(towns, '')")}
FROM named WHERE names <> '' ORDER BY siren
"""


def _fill_successors(
    store: sqlite3.Connection, files: Sequence[Path], work: Path, tick: Callable[[str, float], None]
) -> int:
    """The latest successor of each establishment."""
    if not files:
        return 0
    pieces = ordered_parquet(files, SUCCESSION_COLUMNS, work / "links", _MEMORY, tick)
    old, new, day = SUCCESSION_COLUMNS
    with reading(pieces, work, _MEMORY) as connection:
        types = column_types(connection, pieces)
        check_columns(list(types), SUCCESSION_COLUMNS, pieces[0].name)
        rows = _fetched(
            connection,
            f"SELECT {old}, arg_max({new}, CAST({day} AS VARCHAR)) FROM {parquet_sql(pieces)} "
            f"WHERE regexp_full_match({old}, '[0-9]{{14}}') AND regexp_full_match({new}, '[0-9]{{14}}') "
            f"AND {day} IS NOT NULL "
            f"GROUP BY {old} ORDER BY {old}",
        )
        store.execute("BEGIN")
        store.execute("DELETE FROM successors")
        store.executemany("INSERT INTO successors VALUES (?, ?)", ((int(a), int(b)) for a, b in rows))
        store.execute("COMMIT")
    return int(store.execute("SELECT count(*) FROM successors").fetchone()[0])


def _manifest(store: sqlite3.Connection, indexed: int, links: int, files: Sequence[Path], begun: datetime) -> Manifest:
    units, sites, updated = store.execute(
        "SELECT coalesce(sum(units), 0), coalesce(sum(establishments), 0), max(updated) FROM slices"
    ).fetchone()
    if not units or not sites:
        raise SourceUnreadable("the files hold no row with a number")
    now = datetime.now(UTC)
    return Manifest(
        made_at=now,
        state_of=date.fromisoformat(updated) if updated else now.date(),
        units=units,
        establishments=sites,
        successions=links,
        indexed=indexed,
        sources=tuple(path.name for path in files),
        seconds=round((now - begun).total_seconds(), 1),
    )
