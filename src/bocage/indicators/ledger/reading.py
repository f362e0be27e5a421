"""Opening the books of one import: fact tables, derived tables, or what makes them when they are not kept."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

import duckdb

from bocage.errors import SourceUnreadable, WorkspaceFull
from bocage.facts.ledger import TABLES as DERIVED
from bocage.indicators.result import Status
from bocage.tables import locked_connection, sql_path

_SUMS = """
    count(*) AS lines, coalesce(sum(amount) FILTER (is_opening), 0) AS opening,
    coalesce(sum(debit) FILTER (NOT is_opening AND NOT is_closing), 0) AS debit,
    coalesce(sum(credit) FILTER (NOT is_opening AND NOT is_closing), 0) AS credit,
    coalesce(sum(amount) FILTER (is_closing), 0) AS closing_entries,
    coalesce(sum(amount) FILTER (NOT is_closing), 0) AS balance
"""
FOLDED = "lower(strip_accents({}))"
"""A text as it is searched, and the words sought in it alike."""


def _new(name: str) -> str:
    """A column, unless the label already says it."""
    return f"CASE WHEN NOT contains(coalesce(label, ''), {name}) THEN {name} END"


# An ASCII text is folded at once, another one character by character: what seldom has accents goes apart.
_WORDS = " || chr(31) || ".join(
    FOLDED.format(f"concat_ws(chr(31), {', '.join(names)})")
    for names in (("label", _new("aux_label")), (_new("piece_ref"), _new("entry_number"), "aux", "lettering"))
)
_MADE = MappingProxyType(
    {
        "ledger": """
    SELECT row_number() OVER () AS position, *, sum(debit - credit) OVER (ROWS UNBOUNDED PRECEDING) AS running FROM (
        SELECT coalesce(account, '') AS account, line, part, entry_index, entry_date, journal_code, entry_number,
            piece_ref, label, aux, aux_label, lettering, debit, credit, is_opening, is_closing FROM {lines}
        ORDER BY coalesce(account, ''), NOT is_opening, is_closing, entry_date, part, line)""",
        "texts": f"""
    SELECT position, part, line, entry_date, debit, credit, {_WORDS} AS words FROM {{ledger}} ORDER BY position""",
        "auxiliaries": f"""
    SELECT account, aux, arg_max(label, n) AS aux_label, CAST(sum(lines) AS BIGINT) AS lines, sum(opening) AS opening,
        sum(debit) AS debit, sum(credit) AS credit, sum(closing_entries) AS closing_entries, sum(balance) AS balance
    FROM (SELECT account, aux, aux_label AS label, count(aux_label) AS n, {_SUMS} FROM {{lines}}
        WHERE starts_with(account, '40') OR starts_with(account, '41') GROUP BY ALL)
    GROUP BY account, aux ORDER BY account, aux""",
        "months": """
    SELECT journal_code, CAST(date_trunc('month', entry_date) AS DATE) AS month, count(*) AS lines,
        count(DISTINCT entry_index) AS entries, sum(debit) AS debit, sum(credit) AS credit
    FROM {lines} GROUP BY 1, 2 ORDER BY 1, 2""",
    }
)
_WRITTEN = MappingProxyType(
    {
        "ledger": "COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 4096",
        "texts": "COMPRESSION lz4_raw, ROW_GROUP_SIZE 20480, DICTIONARY_SIZE_LIMIT 4000",
    }
)
"""A page of an account reads one or two row groups of *ledger*, lines from everywhere one each; a search reads all of
*texts*, which lz4 opens in half the time of zstd."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands behind a view of the books: never a figure without it."""

    unit: str
    status: Status
    sources: tuple[str, ...]
    reason: str | None = None
    """A code of ``bocage.wording`` (economic); set when the status is not *computed*."""


@dataclass(frozen=True, slots=True)
class Books:
    """The books of one fiscal year, open."""

    con: duckdb.DuckDBPyConnection
    tables: Mapping[str, Path]

    def has(self, name: str) -> bool:
        """Whether a fact table is kept (files read before it was thought of lack it)."""
        return name in self.tables

    def relation(self, name: str) -> str:
        """What to put after FROM: the kept table, or the query that makes a derived one."""
        path = self.tables.get(name)
        if path is not None:
            return f"read_parquet({sql_path(path)})"
        lines = f"read_parquet({sql_path(self.tables['lines'])})"
        ledger = self.relation("ledger") if "{ledger}" in _MADE[name] else ""
        return f"({_MADE[name].format(lines=lines, ledger=ledger)})"

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """All the rows of a query."""
        return self.con.execute(sql, list(parameters)).fetchall()

    def row(self, sql: str, parameters: Sequence[object] = ()) -> tuple[object, ...]:
        """The only row of a query."""
        found = self.con.execute(sql, list(parameters)).fetchone()
        if found is None:
            raise LookupError("the query gave no row")
        return found


@contextmanager
def open_books(tables: Mapping[str, Path]) -> Iterator[Books]:
    """Open the tables of an import (``lines``, ``accounts``, ``journals`` and ``books`` at least).

    Raises SourceUnreadable when one of them is gone or its disk does not answer.
    """
    with locked_connection(directories=sorted({path.parent for path in tables.values()})) as connection:
        try:
            yield Books(connection, tables)
        except duckdb.IOException as error:
            raise SourceUnreadable("a table of the books") from error


def derive(
    tables: Mapping[str, Path], out: Path, *, work_dir: Path, memory_limit: str = "400MB", threads: int = 2
) -> dict[str, Path]:
    """Write the derived tables of :mod:`bocage.facts.ledger` in ``out``; name → file.

    ``work_dir`` takes what does not fit in memory. The tables hold nothing that the facts do not. Raises WorkspaceFull.
    """
    made = dict[str, Path]()
    folders = sorted({out, work_dir, *(path.parent for path in tables.values())})
    with locked_connection(
        directories=folders, temp_directory=work_dir, memory_limit=memory_limit, threads=threads
    ) as connection:
        for name in DERIVED:
            path = out / f"{name}.parquet"
            relation = Books(connection, {"lines": tables["lines"], **made}).relation(name)
            written = _WRITTEN.get(name, "COMPRESSION zstd, COMPRESSION_LEVEL 1")
            try:
                connection.execute(f"COPY (SELECT * FROM {relation}) TO {sql_path(path)} (FORMAT parquet, {written})")
            except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
                raise WorkspaceFull(name) from error
            made[name] = path
    return made


def as_date(value: object) -> date | None:
    """A date of DuckDB."""
    return value if isinstance(value, date) else None


def as_text(value: object) -> str:
    """A text of DuckDB; NULL is ''."""
    return "" if value is None else str(value)
