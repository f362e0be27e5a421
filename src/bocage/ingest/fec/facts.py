"""Typed Parquet tables out of a FEC, as :mod:`bocage.facts.accounting` describes them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from bocage.facts.accounting import ACCOUNTS, BOOKS, JOURNALS, LINES
from bocage.formats.base import Progress, Source
from bocage.formats.fec.door import MEMORY_LIMIT, Book, books
from bocage.formats.fec.columns import Regime
from bocage.formats.fec.conclude import compare_years
from bocage.formats.fec.reading import Reading
from bocage.formats.fec.report import FecReport
from bocage.formats.fec.staging import insert_lists
from bocage.formats.fec.typed import Asked
from bocage.referentials.pcg import Chart, chart_for
from bocage.tables import sql_path

_ROW_GROUP = 122_880


@dataclass(frozen=True, slots=True)
class FecImport:
    """A report, and the Parquet file of each table by name (none when the FEC is not usable)."""

    report: FecReport
    tables: dict[str, Path]


def write_facts(
    sources: Sequence[Source],
    out: Path,
    *,
    work_dir: Path,
    siren: str | None = None,
    start: date | None = None,
    end: date | None = None,
    regime: str | None = None,
    progress: Progress | None = None,
    memory_limit: str = MEMORY_LIMIT,
    threads: int = 2,
) -> list[FecImport]:
    """Check FEC files and write the tables of those that are usable.

    With one FEC the tables are in ``out`` itself, with several in ``out/1``, ``out/2``… Existing tables are replaced. Raises as
    :func:`bocage.formats.fec.check` does.
    """
    asked = Asked(siren, start, end, Regime(regime) if regime else None)
    out.mkdir(parents=True, exist_ok=True)
    found = books(
        sources,
        work_dir=work_dir,
        asked=asked,
        progress=progress,
        memory_limit=memory_limit,
        threads=threads,
        directories=[out],
    )
    made: list[FecImport] = []
    for rank, book in enumerate(found, start=1):
        tables: dict[str, Path] = {}
        if book.reading is not None and book.report.verdicts.exploitable:
            folder = out if rank == 1 else out / str(rank)
            folder.mkdir(exist_ok=True)
            tables = write_tables(book, book.reading, folder)
        made.append(FecImport(book.report, tables))
    reports = compare_years([each.report for each in made])
    return [replace(each, report=report) for each, report in zip(made, reports, strict=True)]


def write_tables(book: Book, reading: Reading, folder: Path) -> dict[str, Path]:
    """Write the four tables of an open book."""
    con, report = reading.con, book.report
    chart = chart_for(_opened(report))
    _define_charted(con, chart)
    _define_thirds(con)
    _define_natures(con)
    queries = {
        LINES.name: _lines_sql(),
        ACCOUNTS.name: _ACCOUNTS_SQL,
        JOURNALS.name: _JOURNALS_SQL,
        BOOKS.name: _books_sql(),
    }
    _insert_book(con, report, chart)
    tables = {}
    for name, query in queries.items():
        path = folder / f"{name}.parquet"
        con.execute(f"COPY ({query}) TO {sql_path(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROW_GROUP})")
        tables[name] = path
    return tables


def _opened(report: FecReport) -> int:
    period = report.period
    day = period.start or period.end if period else None
    return day.year if day else 2025


def _define_charted(con: duckdb.DuckDBPyConnection, chart: Chart) -> None:
    """``charted``: each account of the file with its account of the general chart."""
    accounts = [str(row[0]) for row in con.execute("SELECT DISTINCT account FROM staged WHERE account IS NOT NULL").fetchall()]
    found = [chart.longest(account) for account in accounts]
    labels = [chart.labels[number] if number else None for number in found]
    con.execute("CREATE OR REPLACE TABLE charted (account VARCHAR, account_pcg VARCHAR, pcg_label VARCHAR)")
    insert_lists(con, "charted", [accounts, found, labels], ["VARCHAR", "VARCHAR", "VARCHAR"])


def _define_thirds(con: duckdb.DuckDBPyConnection) -> None:
    """``thirds``: the label of each third party, the one that most of its lines bear."""
    con.execute(
        "CREATE OR REPLACE TABLE thirds AS SELECT third, arg_max(label, n) AS label FROM (SELECT coalesce(aux, account) AS third, "
        "CASE WHEN aux IS NULL THEN account_label ELSE coalesce(aux_label, account_label) END AS label, count(*) AS n FROM staged "
        "WHERE account[1:2] IN ('40', '41') GROUP BY ALL) GROUP BY third"
    )


def _define_natures(con: duckdb.DuckDBPyConnection) -> None:
    """A journal that holds nothing but closing entries is a closing journal."""
    con.execute(
        "UPDATE journals SET nature = 'closing' FROM (SELECT coalesce(journal_code, '') AS code, coalesce(journal_label, '') AS label "
        "FROM entries GROUP BY ALL HAVING bool_and(closing)) c WHERE journals.code = c.code AND journals.label = c.label"
    )


def _lines_sql() -> str:
    supplier = "e.supplier_min = e.supplier_max AND l.account[1] IN ('6', '2')"
    customer = "e.customer_min = e.customer_max AND l.account[1] = '7'"
    computed = {
        "journal_nature": "coalesce(j.nature, 'misc')",
        "entry_date": "coalesce(l.entry_date, CASE WHEN l.entry_date_raw IS NOT NULL THEN date_trunc('month', l.piece_date)::DATE END)",
        "account_pcg": "c.account_pcg",
        "pcg_label": "c.pcg_label",
        "debit": "coalesce(l.debit, 0)",
        "credit": "coalesce(l.credit, 0)",
        "amount": "coalesce(l.debit, 0) - coalesce(l.credit, 0)",
        "is_opening": "e.opening",
        "is_closing": "e.closing",
        "entry_balanced": "NOT e.unbalanced",
        "third_kind": f"CASE WHEN {supplier} THEN 'supplier' WHEN {customer} THEN 'customer' END",
        "third_key": f"CASE WHEN {supplier} THEN e.supplier_min WHEN {customer} THEN e.customer_min END",
        "third_label": "t.label",
    }
    picked = ", ".join(f"{computed.get(column.name, f'l.{column.name}')} AS {column.name}" for column in LINES.columns)
    return (
        f"SELECT {picked} FROM lines l JOIN entries e USING (entry_index) "
        "LEFT JOIN journals j ON j.code = coalesce(l.journal_code, '') AND j.label = coalesce(l.journal_label, '') "
        f"LEFT JOIN charted c ON c.account = l.account LEFT JOIN thirds t ON t.third = CASE WHEN {supplier} THEN e.supplier_min "
        f"WHEN {customer} THEN e.customer_min END"
    )


_ACCOUNTS_SQL = """
    SELECT a.account, a.account_label, c.account_pcg, c.pcg_label, a.lines, a.opening, a.debit, a.credit, a.closing_entries,
           a.opening + a.debit - a.credit AS balance
    FROM (
        SELECT l.account, mode(l.account_label) AS account_label, count(*) AS lines,
               coalesce(sum(coalesce(l.debit, 0) - coalesce(l.credit, 0)) FILTER (e.opening), 0) AS opening,
               coalesce(sum(l.debit) FILTER (NOT e.opening AND NOT e.closing), 0) AS debit,
               coalesce(sum(l.credit) FILTER (NOT e.opening AND NOT e.closing), 0) AS credit,
               coalesce(sum(coalesce(l.debit, 0) - coalesce(l.credit, 0)) FILTER (e.closing), 0) AS closing_entries
        FROM lines l JOIN entries e USING (entry_index) WHERE l.account IS NOT NULL GROUP BY l.account
    ) a LEFT JOIN charted c USING (account) ORDER BY a.account
"""
_JOURNALS_SQL = """
    SELECT l.journal_code, mode(l.journal_label) AS journal_label, mode(coalesce(j.nature, 'misc')) AS journal_nature,
           count(*) AS lines, count(DISTINCT l.entry_index) AS entries, coalesce(sum(l.debit), 0) AS debit, coalesce(sum(l.credit), 0) AS credit
    FROM lines l LEFT JOIN journals j ON j.code = coalesce(l.journal_code, '') AND j.label = coalesce(l.journal_label, '')
    GROUP BY l.journal_code ORDER BY min(l.r)
"""


def _books_sql() -> str:
    return f"SELECT {', '.join(BOOKS.column_names)} FROM book"


def _insert_book(con: duckdb.DuckDBPyConnection, report: FecReport, chart: Chart) -> None:
    period = report.period
    columns = ", ".join(f"{column.name} {column.type}" for column in BOOKS.columns)
    con.execute(f"CREATE OR REPLACE TABLE book ({columns})")
    values = [
        report.siren,
        report.closing_date,
        period.start if period else None,
        period.end if period else None,
        period.first_entry if period else None,
        period.last_entry if period else None,
        report.regime.value if report.regime else None,
        report.chart,
        chart.year,
        report.entry_key,
        report.lines,
        report.entries,
    ]
    con.execute(f"INSERT INTO book VALUES ({', '.join('?' for _ in values)})", values)
