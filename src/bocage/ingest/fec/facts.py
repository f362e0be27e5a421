"""Typed Parquet tables out of a FEC, as :mod:`bocage.facts.accounting` describes them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from bocage.facts.accounting import ACCOUNTS, BOOKS, JOURNALS, LINES
from bocage.formats.base import Progress, Source
from bocage.formats.fec.columns import Regime
from bocage.formats.fec.conclude import compare_years
from bocage.formats.fec.door import MEMORY_LIMIT, Book, books
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
        con.execute(
            f"COPY ({query}) TO {sql_path(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROW_GROUP})"
        )
        tables[name] = path
    return tables


def _opened(report: FecReport) -> int:
    period = report.period
    day = period.start or period.end if period else None
    return day.year if day else 2025


def _define_charted(con: duckdb.DuckDBPyConnection, chart: Chart) -> None:
    """``charted``: each account of the file with its account of the general chart."""
    accounts = [
        str(row[0]) for row in con.execute("SELECT DISTINCT account FROM cells WHERE account IS NOT NULL").fetchall()
    ]
    found = [chart.longest(account) for account in accounts]
    labels = [chart.labels[number] if number else None for number in found]
    con.execute("CREATE OR REPLACE TABLE charted (account VARCHAR, account_pcg VARCHAR, pcg_label VARCHAR)")
    insert_lists(con, "charted", [accounts, found, labels], ["VARCHAR", "VARCHAR", "VARCHAR"])


def _define_thirds(con: duckdb.DuckDBPyConnection) -> None:
    """``thirds``: the label of each third party, the one that most of its lines bear."""
    con.execute(
        "CREATE OR REPLACE TABLE thirds AS SELECT third, arg_max(label, n) AS label FROM (SELECT coalesce(aux, account) AS third, "
        "CASE WHEN aux IS NULL THEN account_label ELSE coalesce(aux_label, account_label) END AS label, sum(n) AS n FROM cells "
        "WHERE account[1:2] IN ('40', '41') GROUP BY ALL) GROUP BY third"
    )


def _define_natures(con: duckdb.DuckDBPyConnection) -> None:
    """A journal that holds nothing but closing entries is a closing journal."""
    con.execute(
        "UPDATE journals SET nature = 'closing' FROM (SELECT coalesce(journal_code, '') AS code, coalesce(journal_label, '') AS label "
        "FROM (SELECT e.closing, r.journal_code, r.journal_label FROM entries e JOIN rows r ON r.r = e.first_row) GROUP BY ALL HAVING bool_and(closing)) c WHERE journals.code = c.code AND journals.label = c.label"
    )


def _lines_sql() -> str:
    supplier = "e.supplier IS NOT NULL AND (starts_with(l.account, '6') OR starts_with(l.account, '2'))"
    customer = "e.customer IS NOT NULL AND starts_with(l.account, '7')"
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
        "third_key": f"CASE WHEN {supplier} THEN e.supplier WHEN {customer} THEN e.customer END",
        "third_label": "t.label",
    }
    picked = ", ".join(f"{computed.get(column.name, f'l.{column.name}')} AS {column.name}" for column in LINES.columns)
    return (
        f"SELECT {picked} FROM lines l JOIN entries e USING (entry_index) "
        "LEFT JOIN journals j ON j.code = coalesce(l.journal_code, '') AND j.label = coalesce(l.journal_label, '') "
        f"LEFT JOIN charted c ON c.account = l.account LEFT JOIN thirds t ON t.third = CASE WHEN {supplier} THEN e.supplier "
        f"WHEN {customer} THEN e.customer END"
    )


_APART = """
    SELECT account, coalesce(sum(debit) FILTER (opening), 0) AS opening_debit, coalesce(sum(credit) FILTER (opening), 0) AS opening_credit,
           coalesce(sum(debit) FILTER (closing), 0) AS closing_debit, coalesce(sum(credit) FILTER (closing), 0) AS closing_credit
    FROM (
        SELECT l.account, coalesce(l.debit, 0) AS debit, coalesce(l.credit, 0) AS credit, e.opening, e.closing
        FROM lines l JOIN (SELECT * FROM entries WHERE opening OR closing) e USING (entry_index)
    ) GROUP BY account
"""
_ACCOUNTS_SQL = f"""
    SELECT a.account, b.account_label, c.account_pcg, c.pcg_label, a.lines,
           coalesce(opening_debit - opening_credit, 0) AS opening,
           a.debit - coalesce(opening_debit + closing_debit, 0) AS debit,
           a.credit - coalesce(opening_credit + closing_credit, 0) AS credit,
           coalesce(closing_debit - closing_credit, 0) AS closing_entries,
           a.debit - a.credit - coalesce(closing_debit - closing_credit, 0) AS balance
    FROM (
        SELECT account, CAST(sum(n) AS BIGINT) AS lines, sum(debit) AS debit, sum(credit) AS credit
        FROM cells WHERE account IS NOT NULL GROUP BY account
    ) a LEFT JOIN (
        SELECT account, arg_max(account_label, n) AS account_label FROM (
            SELECT account, account_label, sum(n) AS n FROM cells WHERE account_label IS NOT NULL GROUP BY ALL
        ) GROUP BY account
    ) b USING (account) LEFT JOIN ({_APART}) o USING (account) LEFT JOIN charted c USING (account) ORDER BY a.account
"""
_JOURNALS_SQL = """
    SELECT j.journal_code, j.journal_label, j.journal_nature, j.lines, coalesce(e.entries, 0) AS entries, j.debit, j.credit
    FROM (
        SELECT journal_code, arg_max(journal_label, n) AS journal_label, arg_max(nature, n) AS journal_nature, CAST(sum(n) AS BIGINT) AS lines,
               sum(debit) AS debit, sum(credit) AS credit, min(r) AS r
        FROM (
            SELECT c.journal_code, c.journal_label, coalesce(n.nature, 'misc') AS nature, sum(c.n) AS n, sum(debit) AS debit,
                   sum(credit) AS credit, min(r) AS r
            FROM cells c LEFT JOIN journals n ON n.code = coalesce(c.journal_code, '') AND n.label = coalesce(c.journal_label, '')
            GROUP BY ALL
        ) GROUP BY journal_code
    ) j LEFT JOIN (SELECT journal_code, count(*) AS entries FROM entries GROUP BY journal_code) e
      ON e.journal_code IS NOT DISTINCT FROM j.journal_code
    ORDER BY j.r
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
