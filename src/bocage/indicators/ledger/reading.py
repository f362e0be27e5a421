"""Opening the books of one import: fact tables, derived tables, or what makes them when they are not kept."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

import duckdb

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
_MADE = MappingProxyType(
    {
        "ledger": """
    SELECT row_number() OVER () AS position, *, sum(debit - credit) OVER (ROWS UNBOUNDED PRECEDING) AS running FROM (
        SELECT coalesce(account, '') AS account, line, part, entry_index, entry_date, journal_code, entry_number,
            piece_ref, label, aux, aux_label, lettering, debit, credit, is_opening, is_closing FROM {lines}
        ORDER BY coalesce(account, ''), NOT is_opening, is_closing, entry_date, part, line)""",
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
_GROUP = {"ledger": 20_480}
"""Lines in a row group: a page of an account then reads one or two of them."""


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
        return f"({_MADE[name].format(lines=lines)})"

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
    """Open the tables of an import (``lines``, ``accounts``, ``journals`` and ``books`` at least)."""
    with locked_connection(directories=sorted({path.parent for path in tables.values()})) as connection:
        yield Books(connection, tables)


def derive(
    tables: Mapping[str, Path], out: Path, *, work_dir: Path, memory_limit: str = "400MB", threads: int = 2
) -> dict[str, Path]:
    """Write the derived tables of :mod:`bocage.facts.ledger` in ``out``; name → file.

    ``work_dir`` takes what does not fit in memory. The tables hold nothing that the facts do not.
    """
    made = {}
    folders = sorted({out, work_dir, *(path.parent for path in tables.values())})
    with locked_connection(
        directories=folders, temp_directory=work_dir, memory_limit=memory_limit, threads=threads
    ) as connection:
        books = Books(connection, {"lines": tables["lines"]})
        for name in DERIVED:
            path = out / f"{name}.parquet"
            connection.execute(
                f"COPY (SELECT * FROM {books.relation(name)}) TO {sql_path(path)} (FORMAT parquet, COMPRESSION zstd, "
                f"COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {_GROUP.get(name, 122_880)})"
            )
            made[name] = path
    return made


def as_date(value: object) -> date | None:
    """A date of DuckDB."""
    return value if isinstance(value, date) else None


def as_text(value: object) -> str:
    """A text of DuckDB; NULL is ''."""
    return "" if value is None else str(value)
