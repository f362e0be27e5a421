"""Lines into entries: the adaptive key, the opening and the closing ones.

Tables made here: ``cells`` (sums by journal, account and third party: a few thousands where the file has a
million lines),
``entries`` (one row an entry, ``entry_index`` from 1 by first line), ``marks`` (one row a line, in file order: its
entry, whether that is an
opening or a closing one), and the view ``lines`` = ``rows`` with ``marks``. A positional join of two tables costs
nothing; put under
another join it would copy them, so queries on ``lines`` filter and group, and do not join.
"""

from dataclasses import dataclass
from typing import Literal

import duckdb

from bocage.formats.fec.staging import Numbering

type Key = Literal["number", "piece", "balance"]

_FIELDS: dict[Key, tuple[str, ...]] = {
    "number": ("journal_code", "entry_number"),
    "piece": ("journal_code", "piece_ref", "entry_date"),
    "balance": ("run",),
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


def make_cells(con: duckdb.DuckDBPyConnection) -> None:
    """Sum the lines by everything that journals and accounts are judged on."""
    con.execute(
        "CREATE OR REPLACE TABLE cells AS SELECT journal_code, journal_label, account, account_label, aux, aux_label, "
        "count(*) AS n, coalesce(sum(debit), 0) AS debit, "
        "coalesce(sum(credit), 0) AS credit, count_if(debit > 0) AS debits, count_if(credit <> 0) AS credits, "
        "min(entry_date) AS first_day, max(entry_date) AS last_day, CAST(min(rowid) AS INTEGER) AS r FROM store.staged "
        "GROUP BY ALL"
    )


def group_lines(con: duckdb.DuckDBPyConnection, numbering: Numbering) -> Grouping:
    """Choose the entry key and build the tables. ``journals`` must exist."""
    key: Key = "number"
    total, unbalanced = _make_entries(con, key)
    unusable, numbers = _numbers_unusable(con)
    if unusable or 2 * unbalanced > total:
        _, fewer = _make_entries(con, "piece")
        key = "piece" if fewer < unbalanced else "balance"
    if key == "balance":
        _make_balanced_keys(con)
        _make_entries(con, key)
    row = con.execute(
        "SELECT count(*), coalesce(bool_or(last_row - first_row + 1 <> n), false) FROM entries"
    ).fetchone()
    if row is None:
        raise LookupError("an aggregate gives one row")
    entries, scattered = int(row[0]), bool(row[1])
    _make_marks(con, key, scattered=scattered)
    con.execute(
        f"CREATE OR REPLACE VIEW lines AS SELECT {numbering.picked('staged')}, marks.entry_index, marks.opening, "
        f"marks.closing, marks.alike "
        "FROM store.staged POSITIONAL JOIN marks"
    )
    return Grouping(key, unusable, entries, scattered, key != "number" or numbers != entries)


def _make_balanced_keys(con: duckdb.DuckDBPyConnection) -> None:
    """A new entry begins after each line where the running balance is nil."""
    con.execute(
        "CREATE OR REPLACE TABLE keys AS SELECT CAST(1 + coalesce(sum(CASE WHEN total = 0 THEN 1 ELSE 0 END) "
        "OVER (ORDER BY r ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS INTEGER) AS run FROM (SELECT r, "
        "sum(coalesce(debit, 0) - coalesce(credit, 0)) OVER (ORDER BY r ROWS UNBOUNDED PRECEDING) AS total FROM "
        "rows) ORDER BY r"
    )


def _numbers_unusable(con: duckdb.DuckDBPyConnection) -> tuple[bool, int]:
    """SEQ-05, and how many different numbers there are (a blank one counts)."""
    row = con.execute(
        "SELECT sum(n), count(DISTINCT coalesce(entry_number, '')), min(day_min) IS DISTINCT FROM max(day_max) "
        "OR min(coalesce(journal_code, '')) IS DISTINCT FROM max(coalesce(journal_code, '')) FROM entries"
    ).fetchone()
    if row is None:
        raise LookupError("an aggregate gives one row")
    lines, numbers, several = row
    constant = numbers == 1 and lines >= _SOME_LINES and several
    return bool(constant or (numbers <= 2 and lines >= _MANY_LINES) or (numbers == lines and lines > 1)), int(numbers)


def begins(first: str, last: str = "") -> str:
    """An account that begins with ``first``, or with anything up to ``last`` of the same length: two comparisons of a
    few bytes cost a third of what cutting the text does."""
    last = last or first
    return f"(account >= '{first}' AND account < '{last[:-1]}{chr(ord(last[-1]) + 1)}')"


_JUDGED = f"""
    SELECT CAST(staged.rowid AS INTEGER) AS r, journal_code, journal_label, entry_number, debit, credit, entry_date,
        piece_ref, piece_date,
        hash(piece_ref) AS ref, CASE WHEN lettering IS NOT NULL THEN hash(lettering) END AS letters,
        {begins("6", "7")} AS is_result, {begins("12")} AS is_12, {begins("2")} AS is_asset,
        CASE WHEN {begins("40")} THEN hash(coalesce(aux, account)) END AS supplier,
        CASE WHEN {begins("41")} THEN hash(coalesce(aux, account)) END AS customer,
        {begins("4456", "4457")} AS is_vat, coalesce(debit, 0) - coalesce(credit, 0) AS net,
        1::UBIGINT << CAST(hash(account, debit, credit) & 63 AS UTINYINT) AS line_bit
"""


def _make_entries(con: duckdb.DuckDBPyConnection, key: Key) -> tuple[int, int]:
    """``entries`` under a key, with everything that they are judged on; how many there are, and how many do not
    balance.

    ``alike`` says whether two lines may have one account and one amount: their bits of 64 meet. The journal is that of
    the first line. Texts are compared by their hash: the smallest and the largest of a few
    64-bit numbers cost
    a third of those of texts. ``supplier`` and ``customer`` are the hash of the only third party on 40 and 41.
    """
    code, opening = _opening_sql(con, key)
    number = "t.entry_number" if key == "number" else "any_value(t.entry_number)"
    source = (
        f"{_JUDGED}, run FROM store.staged POSITIONAL JOIN keys" if key == "balance" else f"{_JUDGED} FROM store.staged"
    )
    con.execute(
        f"""
        CREATE OR REPLACE TABLE entries AS
        SELECT CAST(row_number() OVER () AS INTEGER) AS entry_index, *,
            has_results AND has_12 AND NOT opening AS closing, round(debit - credit, 2) <> 0 AS unbalanced
        FROM (
            SELECT min(r) AS first_row, max(r) AS last_row, CAST(count(*) AS INTEGER) AS n,
                {code} AS journal_code, {number} AS entry_number,
                coalesce(sum(debit), 0) AS debit, coalesce(sum(credit), 0) AS credit,
                min(t.entry_date) AS day_min, max(t.entry_date) AS day_max, min(ref) <> max(ref) AS several_refs,
                coalesce(min(piece_date) <> max(piece_date), false) AS several_piece_days,
                coalesce(min(letters) <> max(letters), false) AS several_letterings,
                coalesce(bool_or(is_result), false) AS has_results, coalesce(bool_or(is_12), false) AS has_12,
                CASE WHEN min(supplier) = max(supplier) THEN min(supplier) END AS supplier,
                CASE WHEN min(customer) = max(customer) THEN min(customer) END AS customer,
                sum(net) FILTER (is_vat) AS vat, sum(net) FILTER (is_result OR is_asset) AS base,
                bit_count(bit_or(line_bit)) < count(*) AS alike, {opening} AS opening
            FROM ({source}) t GROUP BY {", ".join(f"t.{name}" for name in _FIELDS[key])} ORDER BY first_row
        )
        """
    )
    row = con.execute("SELECT count(*), count_if(unbalanced) FROM entries").fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def _opening_sql(con: duckdb.DuckDBPyConnection, key: Key) -> tuple[str, str]:
    """The code of the entry's journal, and whether it is an opening one.

    The code alone decides, unless one code bears labels that disagree or entries may mix journals: the first line does
    then.
    """
    row = con.execute(
        "SELECT count(*) FROM (SELECT code FROM journals GROUP BY code HAVING bool_and(opening) <> bool_or(opening))"
    ).fetchone()
    if key == "balance" or (row and row[0]):
        first = "arg_min(coalesce(t.journal_code, '') || chr(31) || coalesce(journal_label, ''), r)"
        return "arg_min(t.journal_code, r)", f"{first} IN (SELECT code || chr(31) || label FROM journals WHERE opening)"
    return "t.journal_code", "coalesce(t.journal_code, '') IN (SELECT code FROM journals WHERE opening)"


def _make_marks(con: duckdb.DuckDBPyConnection, key: Key, *, scattered: bool) -> None:
    """``marks``: the entry of each line and what it is, in file order so that it stands beside ``staged`` without a
    join."""
    if not scattered:
        con.execute(
            "CREATE OR REPLACE TABLE marks AS SELECT entry_index, opening, closing, alike FROM "
            "(SELECT entry_index, opening, closing, alike, unnest(range(n)) FROM entries) ORDER BY entry_index"
        )
        return
    names = _FIELDS[key]
    first = (
        f"SELECT e.entry_index, e.opening, e.closing, e.alike, {', '.join(f'f.{name}' for name in names)} FROM entries "
        f"e JOIN store.staged f ON f.rowid = e.first_row"
    )
    same = " AND ".join(f"s.{name} IS NOT DISTINCT FROM e.{name}" for name in names)
    con.execute(
        "CREATE OR REPLACE TABLE marks AS SELECT e.entry_index, e.opening, e.closing, e.alike FROM (SELECT rowid AS r, "
        "* FROM store.staged) s "
        f"JOIN ({first}) e ON {same} ORDER BY s.r"
    )
