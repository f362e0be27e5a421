"""Typed Parquet tables out of a FEC, as :mod:`bocage.facts.accounting` describes them."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from bocage.errors import WorkspaceFull
from bocage.facts.accounting import ACCOUNTS, BOOKS, FLAGGED, FLAGS, JOURNALS, LINES, PLACES, SEQUENCES
from bocage.formats.base import Progress, Source
from bocage.formats.fec.columns import Regime
from bocage.formats.fec.conclude import compare_years
from bocage.formats.fec.door import MEMORY_LIMIT, Book, books
from bocage.formats.fec.flags import define_flags, define_places, define_sequences
from bocage.formats.fec.reading import Reading
from bocage.formats.fec.report import FecReport
from bocage.formats.fec.sink import PART_BITS
from bocage.formats.fec.staging import Numbering
from bocage.formats.fec.typed import Asked
from bocage.referentials.pcg import Chart, chart_for
from bocage.tables import insert_lists, sql_path

_PARQUET = (
    "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880, WRITE_BLOOM_FILTER false, "
    "DICTIONARY_SIZE_LIMIT 4000"
)
"""A dictionary of more texts than that is slow to make and no smaller than the texts."""


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

    With one FEC the tables are in ``out`` itself, with several in ``out/1``, ``out/2``… Existing tables are replaced.
    Raises as
    :func:`bocage.formats.fec.check` does.
    """
    asked = Asked(siren, start, end, Regime(regime) if regime else None)
    out.mkdir(parents=True, exist_ok=True)
    made: list[FecImport] = []
    with ThreadPoolExecutor(1) as pool:
        begun: dict[int, Future[None]] = {}
        found = books(
            sources,
            work_dir=work_dir,
            asked=asked,
            progress=progress,
            memory_limit=memory_limit,
            threads=threads,
            directories=[out],
            meanwhile=lambda rank, reading: begun.update({rank: pool.submit(_write_ahead, reading, out, rank)}),
        )
        for rank, book in enumerate(found, start=1):
            made.append(FecImport(book.report, _tables(book, out, rank, begun.get(rank))))
    reports = compare_years([each.report for each in made])
    return [replace(each, report=report) for each, report in zip(made, reports, strict=True)]


def _tables(book: Book, out: Path, rank: int, begun: Future[None] | None) -> dict[str, Path]:
    """The tables of a FEC, none when it is not usable. ``begun``: those that wait for no check, on their way."""
    reading = book.reading if book.report.verdicts.exploitable else None
    if begun is None:
        return {}
    try:
        if reading is None:
            return {}
        folder = out if rank == 1 else out / str(rank)
        folder.mkdir(exist_ok=True)
        checked = _write_checked(book, reading, folder)
        begun.result()
        return {name: _ahead(out, rank, name).replace(folder / f"{name}.parquet") for name in _UNCHECKED} | checked
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        raise WorkspaceFull(book.report.file) from error
    finally:
        wait([begun])
        for name in _UNCHECKED:
            _ahead(out, rank, name).unlink(missing_ok=True)


_UNCHECKED = (LINES.name, ACCOUNTS.name, JOURNALS.name)
"""Tables that wait for no check: they are written beside them, and put in their place when the file proves usable."""


def _ahead(out: Path, rank: int, name: str) -> Path:
    return out / f".{rank}-{name}.parquet"


def _write_ahead(reading: Reading, out: Path, rank: int) -> None:
    """Write the tables that wait for no check, on a cursor: the checks run at the same time."""
    if reading.context is None:
        raise LookupError("lines are put into entries first")
    with reading.con.cursor() as con:
        _define_charted(con, chart_for(_chart_year(reading)))
        _define_thirds(con)
        _define_natures(con)
        journal = _define_enums(con)
        _define_named(con, scattered=reading.context.grouping.scattered)
        _write(con, _lines_sql(reading.numbering, journal), _ahead(out, rank, LINES.name))
        _write(con, _ACCOUNTS_SQL, _ahead(out, rank, ACCOUNTS.name))
        _write(con, _JOURNALS_SQL, _ahead(out, rank, JOURNALS.name))


def _write_checked(book: Book, reading: Reading, folder: Path) -> dict[str, Path]:
    """Write the tables that come of the checks."""
    con = reading.con
    if reading.context is not None:
        define_flags(reading.context)
        define_places(reading.context)
        define_sequences(reading.context)
    _insert_book(con, book.report, _chart_year(reading))
    queries = {
        BOOKS.name: f"SELECT {', '.join(BOOKS.column_names)} FROM book",
        FLAGS.name: _FLAGS_SQL,
        PLACES.name: _PLACES_SQL,
        FLAGGED.name: _FLAGGED_SQL,
        SEQUENCES.name: "SELECT code AS journal_code, * EXCLUDE (code) FROM sequences",
    }
    tables = {name: folder / f"{name}.parquet" for name in queries}
    for name, query in queries.items():
        _write(con, query, tables[name])
    return tables


def _write(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    con.execute(f"COPY ({query}) TO {sql_path(path)} ({_PARQUET})")


def _chart_year(reading: Reading) -> int:
    """The year whose general chart is that of the file."""
    period = reading.context.period if reading.context else None
    day = period.start or period.end if period else None
    return chart_for(day.year if day else 2025).year


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
        "CREATE OR REPLACE TABLE thirds AS SELECT third, hash(third) AS hashed, "
        "arg_max(label, ROW(n, label)) AS label FROM (SELECT coalesce(aux, "
        "account) AS third, "
        "CASE WHEN aux IS NULL THEN account_label ELSE coalesce(aux_label, account_label) END AS label, sum(n) AS n "
        "FROM cells "
        "WHERE account[1:2] IN ('40', '41') GROUP BY ALL) GROUP BY third"
    )


def _define_natures(con: duckdb.DuckDBPyConnection) -> None:
    """``natures``: what each journal is for. One that holds nothing but closing entries is a closing journal."""
    con.execute("CREATE OR REPLACE TABLE natures AS SELECT code, label, nature FROM journals")
    row = con.execute("SELECT count_if(closing) FROM entries").fetchone()
    if row and row[0]:
        con.execute(
            "UPDATE natures SET nature = 'closing' FROM (SELECT coalesce(journal_code, '') AS code, "
            "coalesce(journal_label, '') AS label "
            "FROM lines GROUP BY ALL HAVING bool_and(closing)) c WHERE natures.code = c.code AND natures.label = "
            "c.label"
        )


def _define_enums(con: duckdb.DuckDBPyConnection) -> str:
    """Repeated texts are enums, small in memory and quick to write, and what one tells of another is a list in the
    order of an enum: looked up line by line, without a join, which would lose the order of the file.

    Gives the key of a journal: its code, with its label when one code bears several.
    """
    row = con.execute("SELECT count(*) = count(DISTINCT code) FROM natures").fetchone()
    journal = "{0}" if row and row[0] else "{0} || chr(31) || {1}"
    named = journal.format("code", "label")
    for name, source in (
        ("account", "SELECT account FROM charted"),
        ("journal", f"SELECT {named} FROM natures"),
        ("third", "SELECT DISTINCT third FROM thirds WHERE third IS NOT NULL"),
        ("account_pcg", "SELECT DISTINCT account_pcg FROM charted WHERE account_pcg IS NOT NULL"),
        ("pcg_label", "SELECT DISTINCT pcg_label FROM charted WHERE pcg_label IS NOT NULL"),
        ("third_label", "SELECT DISTINCT label FROM thirds WHERE label IS NOT NULL"),
        ("nature", "SELECT DISTINCT nature FROM natures"),
    ):
        con.execute(f"CREATE TYPE fact_{name} AS ENUM ({source} ORDER BY 1)")
    for name, value, key, source in (
        ("account_pcg", "account_pcg", "account", "charted"),
        ("pcg_label", "pcg_label", "account", "charted"),
        ("nature", "nature", "journal", f"(SELECT {named} AS journal, nature FROM natures)"),
    ):
        con.execute(f"SET VARIABLE fact_{name} = (SELECT list({value}::fact_{name} ORDER BY {key}) FROM {source})")
    return journal.format("coalesce(journal_code, '')", "coalesce(journal_label, '')")


def _looked_up(name: str, key: str) -> str:
    """What the list ``name`` tells of the enum ``key``."""
    return f"list_extract(getvariable('fact_{name}'), enum_code({key}) + 1)"


def _define_named(con: duckdb.DuckDBPyConnection, *, scattered: bool) -> None:
    """``named``: what facts say of the entry of each line, in file order so that it stands beside ``staged``."""
    con.execute(
        "CREATE OR REPLACE TABLE parties AS SELECT hashed, third::fact_third AS third, "
        "label::fact_third_label AS label FROM thirds"
    )
    columns = "balanced, supplier, supplier_label, customer, customer_label"
    con.execute(
        "CREATE OR REPLACE TABLE named_entries AS SELECT entry_index, n, NOT unbalanced AS balanced, "
        "s.third AS supplier, s.label AS supplier_label, c.third AS customer, c.label AS customer_label FROM entries "
        "LEFT JOIN parties s ON s.hashed = supplier LEFT JOIN parties c ON c.hashed = customer"
    )
    con.execute(
        f"CREATE OR REPLACE TABLE named AS SELECT {columns} FROM "
        + (
            "(SELECT rowid AS r, entry_index FROM marks) JOIN named_entries USING (entry_index) ORDER BY r"
            if scattered
            else "(SELECT *, unnest(range(n)) FROM named_entries) ORDER BY entry_index"
        )
    )
    con.execute("DROP TABLE named_entries")


_DAY = "coalesce(entry_date, CASE WHEN entry_date_raw IS NOT NULL THEN date_trunc('month', piece_date)::DATE END)"
"""The month at least, by the voucher's date, when the entry's cannot be read."""


def _lines_sql(numbering: Numbering, journal: str) -> str:
    by_customer = "starts_with(account, '7')"
    third = (
        "CASE WHEN starts_with(account, '6') OR starts_with(account, '2') THEN named.supplier{0} "
        f"WHEN {by_customer} THEN named.customer{{0}} END"
    )
    key = third.format("")
    computed = {
        "line": "line" if numbering.numbered else f"CAST(staged.rowid + {numbering.first_line} AS INTEGER)",
        "part": "part" if numbering.parts else "1",
        "journal_nature": _looked_up("nature", f"({journal})::fact_journal"),
        "entry_date": _DAY,
        "account_pcg": _looked_up("account_pcg", "account::fact_account"),
        "pcg_label": _looked_up("pcg_label", "account::fact_account"),
        "debit": "coalesce(debit, 0)",
        "credit": "coalesce(credit, 0)",
        "amount": "coalesce(debit, 0) - coalesce(credit, 0)",
        "is_opening": "marks.opening",
        "is_closing": "marks.closing",
        "entry_balanced": "named.balanced",
        "third_kind": f"CASE WHEN {key} IS NULL THEN NULL WHEN {by_customer} THEN 'customer' ELSE 'supplier' END",
        "third_key": key,
        "third_label": third.format("_label"),
    }
    computed |= {name: null for name, null in numbering.absent.items() if name in LINES.column_names}
    picked = ", ".join(f"{computed.get(column.name, column.name)} AS {column.name}" for column in LINES.columns)
    return f"SELECT {picked} FROM store.staged POSITIONAL JOIN marks POSITIONAL JOIN named"


_APART = """
    SELECT account, coalesce(sum(debit) FILTER (opening), 0) AS opening_debit, coalesce(sum(credit) FILTER (opening),
        0) AS opening_credit,
           coalesce(sum(debit) FILTER (closing), 0) AS closing_debit, coalesce(sum(credit) FILTER (closing), 0) AS
               closing_credit
    FROM lines WHERE opening OR closing GROUP BY account
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
        SELECT account, arg_max(account_label, ROW(n, account_label)) AS account_label FROM (
            SELECT account, account_label, sum(n) AS n FROM cells WHERE account_label IS NOT NULL GROUP BY ALL
        ) GROUP BY account
    ) b USING (account) LEFT JOIN ({_APART}) o USING (account) LEFT JOIN charted c USING (account) ORDER BY a.account
"""
_JOURNALS_SQL = """
    SELECT j.journal_code, j.journal_label, j.journal_nature, j.lines, coalesce(e.entries, 0) AS entries, j.debit,
        j.credit
    FROM (
        SELECT journal_code, arg_max(journal_label, ROW(n, journal_label)) AS journal_label,
            arg_max(nature, ROW(n, nature)) AS journal_nature,
            CAST(sum(n) AS BIGINT) AS lines,
               sum(debit) AS debit, sum(credit) AS credit, min(r) AS r
        FROM (
            SELECT c.journal_code, c.journal_label, coalesce(n.nature, 'misc') AS nature, sum(c.n) AS n, sum(debit) AS
                debit,
                   sum(credit) AS credit, min(r) AS r
            FROM cells c LEFT JOIN natures n ON n.code = coalesce(c.journal_code, '') AND n.label =
                coalesce(c.journal_label, '')
            GROUP BY ALL
        ) GROUP BY journal_code
    ) j LEFT JOIN (SELECT journal_code, count(*) AS entries FROM entries GROUP BY journal_code) e
      ON e.journal_code IS NOT DISTINCT FROM j.journal_code
    ORDER BY j.r
"""


_LINE = f"CAST(l.line & {(1 << PART_BITS) - 1} AS INTEGER) AS line"
_FLAGS_SQL = f"""
    SELECT f.code, f.entry_index, {_LINE}, l.part, f.n AS count, f.value FROM flags f JOIN rows l ON l.r = f.r
    ORDER BY f.entry_index, f.code
"""
_PLACES_SQL = f"""
    SELECT p.code, {_LINE}, l.part, p.field AS column, p.value FROM places p JOIN rows l ON l.r = p.r
    ORDER BY p.code, p.r
"""
_FLAGGED_SQL = f"""
    SELECT e.entry_index, {_LINE}, l.part, e.n AS lines, e.journal_code, e.entry_number, l.day AS entry_date,
           l.piece_ref, l.label, e.debit, e.credit, e.opening AS is_opening, e.closing AS is_closing
    FROM (SELECT * FROM entries SEMI JOIN flags USING (entry_index)) e
    JOIN (SELECT r, line, part, {_DAY} AS day, piece_ref, label FROM rows) l ON l.r = e.first_row
    ORDER BY e.entry_index
"""


def _insert_book(con: duckdb.DuckDBPyConnection, report: FecReport, chart_year: int) -> None:
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
        chart_year,
        report.entry_key,
        report.lines,
        report.entries,
    ]
    con.execute(f"INSERT INTO book VALUES ({', '.join('?' for _ in values)})", values)
