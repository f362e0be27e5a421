"""Lines into entries: the adaptive key, the opening and the closing ones.

Tables made here: ``cells`` (sums by journal, account, third party and month: a few thousands where the file has a million lines),
``keys`` (one row a line, in file order: the entry), ``entries`` (one row an entry, ``entry_index`` from 1 by first line), and the view
``lines`` = ``rows`` with ``entry_index``.
"""

from dataclasses import dataclass
from typing import Literal

import duckdb

type Key = Literal["number", "piece", "balance"]

_FIELDS: dict[Key, tuple[str, ...]] = {
    "number": ("journal_code", "entry_number"),
    "piece": ("journal_code", "piece_ref", "entry_date"),
    "balance": (),
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
    numbers_shared: bool
    """A number serves in several entries: the administration's view of numbers is not ours."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """Runs of consecutive lines under one key."""

    runs: int
    groups: int
    unbalanced: int


def make_cells(con: duckdb.DuckDBPyConnection) -> None:
    """Sum the lines by everything that journals and accounts are judged on."""
    con.execute(
        "CREATE OR REPLACE TABLE cells AS SELECT journal_code, journal_label, account, account_label, aux, aux_label, "
        "CAST(date_trunc('month', entry_date) AS DATE) AS month, count(*) AS n, coalesce(sum(debit), 0) AS debit, "
        "coalesce(sum(credit), 0) AS credit, count(*) FILTER (debit > 0) AS debits, count(*) FILTER (credit > 0) AS credits, "
        "min(entry_date) AS first_day, max(entry_date) AS last_day, CAST(min(rowid) AS INTEGER) AS r FROM staged GROUP BY ALL"
    )


def group_lines(con: duckdb.DuckDBPyConnection) -> Grouping:
    """Choose the entry key and build the tables. ``journals`` must exist."""
    key: Key = "number"
    draft = _draft(con, key)
    unusable, numbers = _numbers_unusable(con)
    if unusable or 2 * draft.unbalanced > draft.groups:
        piece = _draft(con, "piece")
        key = "piece" if piece.unbalanced < draft.unbalanced else "balance"
        draft = piece if key == "piece" else _draft(con, key)
    scattered = draft.runs != draft.groups
    if scattered:
        _gather_runs(con, key)
    _make_entries(con)
    con.execute("CREATE OR REPLACE VIEW lines AS SELECT rows.*, run AS entry_index FROM rows POSITIONAL JOIN keys")
    shared = key != "number" or numbers != draft.groups
    return Grouping(key, unusable, draft.groups, scattered, shared)


def _draft(con: duckdb.DuckDBPyConnection, key: Key) -> _Draft:
    if key == "balance":
        _make_balanced_keys(con)
    else:
        _make_keys(con, _FIELDS[key])
    _aggregate(con)
    names = ", ".join(_FIELDS[key]) or "run"
    row = con.execute(
        "SELECT (SELECT count(*) FROM draft), count(*), count(*) FILTER (d <> c) FROM "
        f"(SELECT sum(debit) AS d, sum(credit) AS c FROM draft GROUP BY {names})"
    ).fetchone()
    assert row is not None
    return _Draft(*row)


def _make_keys(con: duckdb.DuckDBPyConnection, names: tuple[str, ...]) -> None:
    changed = " OR ".join(f"{name} IS DISTINCT FROM lag({name}) OVER ()" for name in names)
    con.execute(
        "CREATE OR REPLACE TABLE keys AS SELECT CAST(1 + sum(CASE WHEN changed AND n > 1 THEN 1 ELSE 0 END) "
        f"OVER (ROWS UNBOUNDED PRECEDING) AS INTEGER) AS run FROM (SELECT row_number() OVER () AS n, ({changed}) AS changed FROM staged)"
    )


def _make_balanced_keys(con: duckdb.DuckDBPyConnection) -> None:
    """A new entry begins after each line where the running balance is nil."""
    con.execute(
        "CREATE OR REPLACE TABLE keys AS SELECT CAST(1 + coalesce(sum(CASE WHEN total = 0 THEN 1 ELSE 0 END) "
        "OVER (ORDER BY r ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS INTEGER) AS run FROM (SELECT r, "
        "sum(coalesce(debit, 0) - coalesce(credit, 0)) OVER (ORDER BY r ROWS UNBOUNDED PRECEDING) AS total FROM rows) ORDER BY r"
    )


def _numbers_unusable(con: duckdb.DuckDBPyConnection) -> tuple[bool, int]:
    """SEQ-05, and how many different numbers there are (a blank one counts)."""
    row = con.execute(
        "SELECT sum(n), count(DISTINCT coalesce(entry_number, '')), min(day_min) IS DISTINCT FROM max(day_max) "
        "OR min(coalesce(journal_code, '')) IS DISTINCT FROM max(coalesce(journal_code, '')) FROM draft"
    ).fetchone()
    assert row is not None
    lines, numbers, several = row
    constant = numbers == 1 and lines >= _SOME_LINES and several
    return bool(constant or (numbers <= 2 and lines >= _MANY_LINES) or (numbers == lines and lines > 1)), int(numbers)


def _aggregate(con: duckdb.DuckDBPyConnection) -> None:
    """``draft``: one row a run, with everything that entries are judged on."""
    third = "coalesce(aux, account)"
    supplier, customer = "starts_with(account, '40')", "starts_with(account, '41')"
    con.execute(
        f"""
        CREATE OR REPLACE TABLE draft AS SELECT
            run, CAST(min(r) AS INTEGER) AS first_row, CAST(max(r) AS INTEGER) AS last_row, CAST(count(*) AS INTEGER) AS n,
            any_value(journal_code) AS journal_code, any_value(entry_number) AS entry_number,
            any_value(piece_ref) AS piece_ref, any_value(entry_date) AS entry_date,
            coalesce(sum(debit), 0) AS debit, coalesce(sum(credit), 0) AS credit,
            min(entry_date) AS day_min, max(entry_date) AS day_max,
            min(coalesce(piece_ref, '')) <> max(coalesce(piece_ref, '')) AS several_refs,
            coalesce(min(piece_date) <> max(piece_date), false) AS several_piece_days,
            coalesce(min(lettering) <> max(lettering), false) AS several_letterings,
            coalesce(bool_or(account[1] IN ('6', '7')), false) AS has_results, coalesce(bool_or(starts_with(account, '12')), false) AS has_12,
            CASE WHEN min({third}) FILTER ({supplier}) = max({third}) FILTER ({supplier}) THEN min({third}) FILTER ({supplier}) END AS supplier,
            CASE WHEN min({third}) FILTER ({customer}) = max({third}) FILTER ({customer}) THEN min({third}) FILTER ({customer}) END AS customer,
            sum(coalesce(debit, 0) - coalesce(credit, 0)) FILTER (starts_with(account, '4456') OR starts_with(account, '4457')) AS vat,
            sum(coalesce(debit, 0) - coalesce(credit, 0)) FILTER (account[1] IN ('2', '6', '7')) AS base
        FROM rows POSITIONAL JOIN keys GROUP BY run
        """
    )


def _gather_runs(con: duckdb.DuckDBPyConnection, key: Key) -> None:
    """Give the runs of one entry the same index: the rank of the entry by its first line."""
    names = ", ".join(f"draft.{name}" for name in _FIELDS[key])
    con.execute(
        "CREATE OR REPLACE TABLE gathered_runs AS SELECT unnest(members) AS run, CAST(rank AS INTEGER) AS entry_index FROM "
        "(SELECT members, row_number() OVER (ORDER BY first) AS rank FROM "
        f"(SELECT list(run) AS members, min(first_row) AS first FROM draft GROUP BY {names}))"
    )
    con.execute(
        "CREATE OR REPLACE TABLE gathered AS SELECT g.entry_index AS run FROM (SELECT rowid AS r, run FROM keys) k "
        "JOIN gathered_runs g USING (run) ORDER BY k.r"
    )
    con.execute("DROP TABLE keys")
    con.execute("ALTER TABLE gathered RENAME TO keys")
    con.execute("DROP TABLE gathered_runs")
    _aggregate(con)


def _make_entries(con: duckdb.DuckDBPyConnection) -> None:
    """``entries``: the draft with its marks. The journal is that of the first line."""
    con.execute(
        "CREATE OR REPLACE TABLE entries AS SELECT d.* EXCLUDE (run, piece_ref, entry_date, journal_code), d.run AS entry_index, "
        "f.journal_code, debit <> credit AS unbalanced, coalesce(j.opening, false) AS opening, "
        "has_results AND has_12 AND NOT coalesce(j.opening, false) AS closing FROM draft d "
        "JOIN (SELECT r, journal_code, journal_label FROM rows) f ON f.r = d.first_row "
        "LEFT JOIN journals j ON j.code = coalesce(f.journal_code, '') AND j.label = coalesce(f.journal_label, '') ORDER BY d.run"
    )
    con.execute("DROP TABLE draft")
