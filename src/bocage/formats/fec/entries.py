"""Lines into entries: the adaptive key, the opening and the closing ones.

Tables made here: ``keys`` (one row a line, in file order: ``run``), ``runs`` (consecutive lines of one key), ``entries`` (one row an
entry, ``entry_index`` from 1 by first line), ``run_entries`` (run to entry, only when an entry has several runs), and the view
``lines`` = ``rows`` with ``entry_index``.
"""

from dataclasses import dataclass
from typing import Literal

import duckdb

type Key = Literal["number", "piece", "balance"]

_NAMES: dict[Key, str] = {
    "number": "runs.journal_code, runs.entry_number",
    "piece": "runs.journal_code, runs.piece_ref, runs.entry_date",
    "balance": "runs.run",
}
_MANY_LINES, _SOME_LINES = 100, 10


@dataclass(frozen=True, slots=True)
class Grouping:
    """How lines were put into entries."""

    key: Key
    numbers_unusable: bool
    """SEQ-05."""
    entries: int
    scattered: bool
    """An entry has lines apart from each other."""


def group_lines(con: duckdb.DuckDBPyConnection) -> Grouping:
    """Choose the entry key and build the tables."""
    unusable = _numbers_unusable(con)
    _make_runs(con, "journal_code", "entry_number")
    balanced, total = _unbalanced(con, _NAMES["number"])
    key: Key = "number"
    if unusable or 2 * balanced > total:
        key = _fall_back(con, balanced)
    names = _NAMES[key]
    return _make_entries(con, key, names, numbers_unusable=unusable)


def _fall_back(con: duckdb.DuckDBPyConnection, unbalanced: int) -> Key:
    _make_runs(con, "journal_code", "piece_ref", "entry_date")
    fewer, _ = _unbalanced(con, _NAMES["piece"])
    if fewer < unbalanced:
        return "piece"
    con.execute(
        "CREATE OR REPLACE TABLE keys AS SELECT CAST(1 + coalesce(sum(CASE WHEN total = 0 THEN 1 ELSE 0 END) "
        "OVER (ORDER BY r ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS INTEGER) AS run FROM (SELECT r, "
        "sum(coalesce(debit, 0) - coalesce(credit, 0)) OVER (ORDER BY r ROWS UNBOUNDED PRECEDING) AS total FROM rows) ORDER BY r"
    )
    _aggregate_runs(con)
    return "balance"


def _numbers_unusable(con: duckdb.DuckDBPyConnection) -> bool:
    row = con.execute(
        "SELECT count(*), count(DISTINCT coalesce(entry_number, '')), min(entry_date) IS DISTINCT FROM max(entry_date) "
        "OR min(coalesce(journal_code, '')) IS DISTINCT FROM max(coalesce(journal_code, '')) FROM staged"
    ).fetchone()
    assert row is not None
    lines, numbers, several = row
    constant = numbers == 1 and lines >= _SOME_LINES and several
    return bool(constant or (numbers <= 2 and lines >= _MANY_LINES) or (numbers == lines and lines > 1))


def _make_runs(con: duckdb.DuckDBPyConnection, *names: str) -> None:
    changed = " OR ".join(f"{name} IS DISTINCT FROM lag({name}) OVER ()" for name in names)
    con.execute(
        "CREATE OR REPLACE TABLE keys AS SELECT CAST(1 + sum(CASE WHEN changed AND n > 1 THEN 1 ELSE 0 END) "
        f"OVER (ROWS UNBOUNDED PRECEDING) AS INTEGER) AS run FROM (SELECT row_number() OVER () AS n, ({changed}) AS changed FROM staged)"
    )
    _aggregate_runs(con)


def _class(account: str, *classes: str) -> str:
    return f"{account}[1] IN ({', '.join(repr(item) for item in classes)})"


def _aggregate_runs(con: duckdb.DuckDBPyConnection) -> None:
    """One row a run, with everything that entries and numbers are judged on."""
    third = "coalesce(aux, account)"
    supplier, customer = "account[1:2] = '40'", "account[1:2] = '41'"
    vat = "account[1:4] IN ('4456', '4457')"
    con.execute(
        f"""
        CREATE OR REPLACE TABLE runs AS SELECT
            run, min(r) AS first_row, max(r) AS last_row, count(*) AS n,
            any_value(journal_code) AS journal_code, any_value(entry_number) AS entry_number,
            any_value(piece_ref) AS piece_ref, any_value(entry_date) AS entry_date,
            arg_min(journal_code, r) AS first_code, arg_min(journal_label, r) AS first_label,
            sum(debit) AS debit, sum(credit) AS credit,
            min(entry_date) AS date_min, max(entry_date) AS date_max,
            min(coalesce(piece_ref, '')) AS ref_min, max(coalesce(piece_ref, '')) AS ref_max,
            min(piece_date) AS piece_date_min, max(piece_date) AS piece_date_max,
            min(lettering) AS let_min, max(lettering) AS let_max,
            coalesce(bool_or({_class("account", "6", "7")}), false) AS has_results, coalesce(bool_or(account[1:2] = '12'), false) AS has_12,
            min({third}) FILTER ({supplier}) AS supplier_min, max({third}) FILTER ({supplier}) AS supplier_max,
            min({third}) FILTER ({customer}) AS customer_min, max({third}) FILTER ({customer}) AS customer_max,
            sum(coalesce(debit, 0) - coalesce(credit, 0)) FILTER ({vat}) AS vat,
            sum(coalesce(debit, 0) - coalesce(credit, 0)) FILTER ({_class("account", "2", "6", "7")}) AS base
        FROM rows POSITIONAL JOIN keys GROUP BY run
        """
    )


def _unbalanced(con: duckdb.DuckDBPyConnection, names: str) -> tuple[int, int]:
    row = con.execute(
        "SELECT count(*) FILTER (d <> c), count(*) FROM "
        f"(SELECT coalesce(sum(debit), 0) AS d, coalesce(sum(credit), 0) AS c FROM runs GROUP BY {names})"
    ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


_MERGED = """
    min(first_row) AS first_row, max(last_row) AS last_row, sum(n)::BIGINT AS n, count(*) AS runs,
    arg_min(first_code, first_row) AS journal_code, arg_min(first_label, first_row) AS journal_label,
    any_value(entry_number) AS entry_number, coalesce(sum(debit), 0) AS debit, coalesce(sum(credit), 0) AS credit,
    min(date_min) AS date_min, max(date_max) AS date_max, min(ref_min) AS ref_min, max(ref_max) AS ref_max,
    min(piece_date_min) AS piece_date_min, max(piece_date_max) AS piece_date_max,
    min(let_min) AS let_min, max(let_max) AS let_max, bool_or(has_results) AS has_results, bool_or(has_12) AS has_12,
    min(supplier_min) AS supplier_min, max(supplier_max) AS supplier_max,
    min(customer_min) AS customer_min, max(customer_max) AS customer_max, sum(vat) AS vat, sum(base) AS base
"""
_ENTRY_COLUMNS = (
    "entry_index, first_row, last_row, n, runs, journal_code, journal_label, entry_number, debit, credit, date_min, date_max, "
    "ref_min, ref_max, piece_date_min, piece_date_max, let_min, let_max, has_results, has_12, supplier_min, supplier_max, "
    "customer_min, customer_max, vat, base"
)
_ALONE = """
    first_row, last_row, n, 1 AS runs, first_code AS journal_code, first_label AS journal_label, entry_number,
    coalesce(debit, 0) AS debit, coalesce(credit, 0) AS credit, date_min, date_max, ref_min, ref_max,
    piece_date_min, piece_date_max, let_min, let_max, has_results, has_12,
    supplier_min, supplier_max, customer_min, customer_max, vat, base
"""


def _make_entries(
    con: duckdb.DuckDBPyConnection, key: Key, names: str, *, numbers_unusable: bool
) -> Grouping:
    row = con.execute(f"SELECT count(*), (SELECT count(*) FROM (SELECT 1 FROM runs GROUP BY {names})) FROM runs").fetchone()
    assert row is not None
    scattered = row[0] != row[1]
    if scattered:
        con.execute(
            "CREATE OR REPLACE TABLE merged AS SELECT CAST(row_number() OVER (ORDER BY first_row) AS INTEGER) AS entry_index, * "
            f"FROM (SELECT list(run) AS members, {_MERGED} FROM runs GROUP BY {names})"
        )
        con.execute("CREATE OR REPLACE TABLE run_entries AS SELECT unnest(members) AS run, entry_index FROM merged")
    source = "merged" if scattered else f"(SELECT run AS entry_index, {_ALONE} FROM runs)"
    con.execute(
        "CREATE OR REPLACE TABLE entries AS SELECT * EXCLUDE (opening), opening, has_results AND has_12 AND NOT opening AS closing, "
        f"debit <> credit AS unbalanced FROM (SELECT m.{_ENTRY_COLUMNS.replace(', ', ', m.')}, coalesce(j.opening, false) AS opening "
        f"FROM {source} m LEFT JOIN journals j ON j.code = coalesce(m.journal_code, '') AND j.label = coalesce(m.journal_label, '')) "
        "ORDER BY entry_index"
    )
    con.execute("DROP TABLE IF EXISTS merged")
    joined = "JOIN run_entries USING (run)" if scattered else ""
    index = "entry_index" if scattered else "run AS entry_index"
    con.execute(f"CREATE OR REPLACE VIEW lines AS SELECT rows.*, {index} FROM rows POSITIONAL JOIN keys {joined}")
    return Grouping(key, numbers_unusable, int(row[1]), scattered)
