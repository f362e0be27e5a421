"""Two FEC of one fiscal year, compared on their facts: entries added, removed, changed, and totals by account.

An entry has no identity of its own in a FEC, so pairs are made from the surest likeness to the loosest, each entry
being taken once: the same lines word for word (in any order); the same amounts on the same accounts, date and voucher,
under the same number, then in the same journal, then anywhere; at last the same number in the same journal, when
numbers are stable from one file to the other, else the same voucher on the same day. What is left was added or removed.
Lines are told apart by a 128-bit digest of all that they say; no amount is ever rounded.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

import duckdb

from bocage.tables import locked_connection, sql_path

MEMORY_LIMIT = "400MB"
"""What DuckDB may use; beyond, it writes to the work directory."""

type Change = Literal["added", "removed", "changed"]
type Tables = Mapping[str, Path]

ASPECTS: Mapping[str, tuple[str, ...]] = {
    "amounts": ("debit", "credit"),
    "accounts": ("account", "aux"),
    "date": ("entry_date",),
    "journal": ("journal_code",),
    "number": ("entry_number",),
    "piece": ("piece_ref", "piece_date"),
    "label": ("label",),
    "lettering": ("lettering", "lettering_date"),
    "validation": ("valid_date",),
    "currency": ("currency_amount", "currency"),
    "settlement": ("settlement_date", "settlement_mode", "operation_nature", "client_id"),
    "names": ("journal_label", "account_label", "aux_label"),
}
"""What may change in an entry, and the columns that tell; ``lines`` stands for the same values shared out otherwise."""

COMPARED = tuple(column for columns in ASPECTS.values() for column in columns)
_AMOUNTS = frozenset({"debit", "credit", "currency_amount"})
_CORE = ("entry_date", "piece_ref", "account", "aux", "debit", "credit")
_SHOWN_LINES = 40
_SUMMARY, _ENTRIES, _ACCOUNTS = "summary.json", "entries.parquet", "accounts.parquet"
_PARQUET = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two files: how many lines and entries it holds, and its exact totals in euros."""

    lines: int
    entries: int
    debit: Decimal
    credit: Decimal


@dataclass(frozen=True, slots=True)
class Summary:
    """How many entries are the same, added, removed, changed; changed ones by aspect; accounts whose totals differ."""

    before: Side
    after: Side
    key: str
    """``number`` or ``piece``: what paired the entries that no longer have the same content."""
    unchanged: int
    added: int
    removed: int
    changed: int
    aspects: Mapping[str, int]
    accounts: int

    @property
    def same(self) -> bool:
        """Whether the two files say the same thing, in whatever order."""
        return not (self.added or self.removed or self.changed or self.accounts)


@dataclass(frozen=True, slots=True)
class EntryChange:
    """An entry added, removed or changed; amounts are its total debits in euros, None on the side where it is not."""

    change: Change
    aspects: tuple[str, ...]
    before_index: int | None
    after_index: int | None
    journal: str | None
    number: str | None
    date: object
    label: str | None
    before_amount: Decimal | None
    after_amount: Decimal | None


@dataclass(frozen=True, slots=True)
class AccountChange:
    """An account whose totals differ, in euros; None on the side where it has no line."""

    account: str
    label: str | None
    before_debit: Decimal | None
    after_debit: Decimal | None
    before_credit: Decimal | None
    after_credit: Decimal | None
    before_balance: Decimal | None
    after_balance: Decimal | None

    @property
    def gap(self) -> Decimal:
        """Balance after less balance before."""
        return (self.after_balance or Decimal(0)) - (self.before_balance or Decimal(0))


type Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class LinePair:
    """A line of a changed entry, before and after; None on the side where it is not."""

    before: Values | None
    after: Values | None
    before_line: int | None
    after_line: int | None


def compare(before: Tables, after: Tables, out: Path, *, work_dir: Path, memory_limit: str = MEMORY_LIMIT) -> Summary:
    """Compare the fact tables of two FEC and keep the answer in ``out`` (two Parquet files and a summary).

    ``work_dir`` receives what does not fit in memory. Raises duckdb.Error when a table cannot be read.
    """
    out.mkdir(parents=True, exist_ok=True)
    folders = {path.parent for path in (*before.values(), *after.values())}
    with locked_connection(directories=[out, *folders], temp_directory=work_dir, memory_limit=memory_limit) as con:
        for side, tables in (("b", before), ("a", after)):
            _digest(con, side, tables["lines"])
        key = _pair_all(con, before["books"], after["books"])
        _find_aspects(con, before["lines"], after["lines"])
        _write_entries(con, out / _ENTRIES)
        _write_accounts(con, before["accounts"], after["accounts"], out / _ACCOUNTS)
        summary = _summarise(con, before, after, out, key)
    (out / _SUMMARY).write_text(json.dumps(_as_json(summary)), encoding="utf-8")
    return summary


def _as_json(summary: Summary) -> dict[str, object]:
    def plain(value: object) -> object:
        if isinstance(value, Decimal):
            return str(value)
        return {key: plain(item) for key, item in value.items()} if isinstance(value, dict) else value

    return {key: plain(value) for key, value in asdict(summary).items()}


def load(out: Path) -> Summary | None:
    """The summary that :func:`compare` kept in ``out``; None when there is none, whole."""
    try:
        kept = json.loads((out / _SUMMARY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    sides = {
        name: Side(side["lines"], side["entries"], Decimal(side["debit"]), Decimal(side["credit"]))
        for name, side in ((name, kept[name]) for name in ("before", "after"))
    }
    return Summary(**{**kept, **sides})


def _text(column: str) -> str:
    """A column as a text that two files write alike: amounts lose the zeros that a wider decimal adds."""
    if column in _AMOUNTS:
        return f"rtrim(rtrim(CAST({column} AS VARCHAR), '0'), '.')"
    return f"CAST({column} AS VARCHAR)"


def _said(columns: Sequence[str]) -> str:
    """Columns as one text: each with its length before it, so that no two rows give the same one."""
    return " || ".join(f"coalesce(length({_text(each)}) || ':' || {_text(each)}, '-')" for each in columns)


def _digest(con: duckdb.DuckDBPyConnection, side: str, lines: Path) -> None:
    """``entries_b``, ``entries_a``: one row an entry, with the digest of its lines in any order."""
    con.execute(
        f"""
        CREATE TABLE entries_{side} AS
        SELECT entry_index AS i, arg_min(journal_code, place) AS journal, min(entry_number) AS number,
               min(entry_date) AS day, min(piece_ref) AS piece, arg_min(label, place) AS label, sum(debit) AS debit,
               count(*) AS n, sum(md5_number_lower(whole)::HUGEINT) AS whole_low,
               sum(md5_number_upper(whole)::HUGEINT) AS whole_high,
               sum(md5_number_lower(core)::HUGEINT) AS core_low, sum(md5_number_upper(core)::HUGEINT) AS core_high
        FROM (
            SELECT entry_index, journal_code, entry_number, entry_date, piece_ref, label, debit,
                   part::BIGINT * 4294967296 + line AS place, {_said(COMPARED)} AS whole, {_said(_CORE)} AS core
            FROM read_parquet({sql_path(lines)})
        ) GROUP BY entry_index
        """
    )


_WHOLE = ("n", "whole_low", "whole_high")
_SAME_CORE = ("n", "core_low", "core_high")


def _pair_all(con: duckdb.DuckDBPyConnection, before_book: Path, after_book: Path) -> str:
    """``pairs``: each entry of one file with its entry of the other. The key used for what changed."""
    con.execute("CREATE TABLE pairs (b INTEGER, a INTEGER, same BOOLEAN)")
    _pair(con, _WHOLE, same=True)
    for keys in ((*_SAME_CORE, "journal", "number"), (*_SAME_CORE, "journal"), _SAME_CORE):
        _pair(con, keys)
    if _numbers_hold(con, before_book, after_book):
        _pair(con, ("journal", "number"), where="number IS NOT NULL")
        return "number"
    _pair(con, ("journal", "piece", "day"), where="piece IS NOT NULL")
    return "piece"


def _pair(con: duckdb.DuckDBPyConnection, keys: Sequence[str], *, same: bool = False, where: str = "true") -> None:
    """Pair the entries not paired yet that have the same ``keys``, in the order of the files, each once."""

    def left(side: str) -> str:
        ranked = f"row_number() OVER (PARTITION BY {', '.join(keys)} ORDER BY i) AS k"
        return (
            f"(SELECT i, {', '.join(keys)}, {ranked} FROM entries_{side} e WHERE {where} "
            f"AND NOT EXISTS (SELECT 1 FROM pairs WHERE pairs.{side} = e.i))"
        )

    alike = " AND ".join(f"x.{key} IS NOT DISTINCT FROM y.{key}" for key in keys)
    con.execute(
        f"INSERT INTO pairs SELECT x.i, y.i, {same} FROM {left('b')} x JOIN {left('a')} y ON x.k = y.k AND {alike}"
    )


def _numbers_hold(con: duckdb.DuckDBPyConnection, before_book: Path, after_book: Path) -> bool:
    """Whether a number names the same entry in both files: entries found by their content mostly kept theirs."""
    for book in (before_book, after_book):
        row = con.execute("SELECT entry_key FROM read_parquet(?)", [str(book)]).fetchone()
        if row is None or row[0] != "number":
            return False
    row = con.execute(
        "SELECT count(*), count(*) FILTER (x.number IS NOT DISTINCT FROM y.number) FROM pairs "
        "JOIN entries_b x ON x.i = b JOIN entries_a y ON y.i = a"
    ).fetchone()
    paired, kept = row or (0, 0)
    return bool(2 * kept >= paired)


def _find_aspects(con: duckdb.DuckDBPyConnection, before: Path, after: Path) -> None:
    """``aspects``: for each changed pair, the aspects in which its lines differ."""
    for side, lines in (("b", before), ("a", after)):
        sums = ", ".join(f"sum(hash({_said(columns)})::HUGEINT) AS {name}" for name, columns in ASPECTS.items())
        con.execute(
            f"CREATE TABLE marks_{side} AS SELECT entry_index AS i, count(*) AS n, {sums} "
            f"FROM read_parquet({sql_path(lines)}) "
            f"WHERE entry_index IN (SELECT {side} FROM pairs WHERE NOT same) GROUP BY entry_index"
        )
    differing = ", ".join(f"CASE WHEN x.{name} <> y.{name} THEN '{name}' END" for name in ASPECTS)
    con.execute(
        "CREATE TABLE aspects AS SELECT b, a, "
        f"coalesce(nullif(list_filter([{differing}], lambda one: one IS NOT NULL), []), ['lines']) AS aspects "
        "FROM pairs JOIN marks_b x ON x.i = b JOIN marks_a y ON y.i = a WHERE NOT same"
    )


def _write_entries(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    con.execute(
        f"""
        COPY (
            SELECT 'changed' AS change, aspects, b AS before_index, a AS after_index, y.journal, y.number, y.day,
                   y.label, CAST(x.debit AS VARCHAR) AS before_amount, CAST(y.debit AS VARCHAR) AS after_amount
            FROM aspects JOIN entries_b x ON x.i = b JOIN entries_a y ON y.i = a
            UNION ALL
            SELECT 'added', [], NULL, i, journal, number, day, label, NULL, CAST(debit AS VARCHAR) FROM entries_a e
            WHERE NOT EXISTS (SELECT 1 FROM pairs WHERE pairs.a = e.i)
            UNION ALL
            SELECT 'removed', [], i, NULL, journal, number, day, label, CAST(debit AS VARCHAR), NULL FROM entries_b e
            WHERE NOT EXISTS (SELECT 1 FROM pairs WHERE pairs.b = e.i)
            ORDER BY change, coalesce(after_index, before_index)
        ) TO {sql_path(path)} ({_PARQUET})
        """
    )


def _write_accounts(con: duckdb.DuckDBPyConnection, before: Path, after: Path, path: Path) -> None:
    sums = ("opening", "debit", "credit", "closing_entries", "balance")
    picked = ", ".join(f"rtrim(rtrim(CAST({name} AS VARCHAR), '0'), '.') AS {name}" for name in sums)
    differ = " OR ".join(f"x.{name} IS DISTINCT FROM y.{name}" for name in (*sums, "lines"))
    sides = ", ".join(
        f"{side}.{name} AS {word}_{name}"
        for side, word in (("x", "before"), ("y", "after"))
        for name in ("debit", "credit", "balance")
    )
    table = "(SELECT account, account_label, lines, {} FROM read_parquet({}))"
    con.execute(
        f"COPY (SELECT coalesce(x.account, y.account) AS account, coalesce(y.account_label, x.account_label) AS label, "
        f"{sides} FROM {table.format(picked, sql_path(before))} x "
        f"FULL JOIN {table.format(picked, sql_path(after))} y ON x.account = y.account WHERE {differ} "
        f"ORDER BY 1) TO {sql_path(path)} ({_PARQUET})"
    )


def _summarise(con: duckdb.DuckDBPyConnection, before: Tables, after: Tables, out: Path, key: str) -> Summary:
    entries = str(out / _ENTRIES)
    counted = dict(con.execute("SELECT change, count(*) FROM read_parquet(?) GROUP BY change", [entries]).fetchall())
    by_aspect = dict(
        con.execute(
            "SELECT one, count(*) FROM (SELECT unnest(aspects) AS one FROM read_parquet(?)) GROUP BY one", [entries]
        ).fetchall()
    )
    same = con.execute("SELECT count(*) FROM pairs WHERE same").fetchone()
    accounts = con.execute("SELECT count(*) FROM read_parquet(?)", [str(out / _ACCOUNTS)]).fetchone()
    return Summary(
        before=_side(con, before),
        after=_side(con, after),
        key=key,
        unchanged=int(same[0]) if same else 0,
        added=counted.get("added", 0),
        removed=counted.get("removed", 0),
        changed=counted.get("changed", 0),
        aspects={name: by_aspect[name] for name in (*ASPECTS, "lines") if name in by_aspect},
        accounts=int(accounts[0]) if accounts else 0,
    )


def _side(con: duckdb.DuckDBPyConnection, tables: Tables) -> Side:
    rows = con.execute("SELECT lines, entries, debit, credit FROM read_parquet(?)", [str(tables["journals"])])
    journals = rows.fetchall()
    return Side(
        sum(int(row[0]) for row in journals),
        sum(int(row[1]) for row in journals),
        sum((row[2] for row in journals), Decimal(0)),
        sum((row[3] for row in journals), Decimal(0)),
    )


def entry_changes(
    out: Path, *, change: str = "", aspect: str = "", words: str = "", offset: int = 0, limit: int = 50
) -> tuple[int, list[EntryChange]]:
    """How many entries changed in the way asked for, and one page of them: changed, then removed, then added.

    ``words`` is looked for in the number, the label and the journal.
    """
    asked, values = ["true"], {"path": str(out / _ENTRIES)}
    if change:
        asked.append("change = $change")
        values["change"] = change
    if aspect:
        asked.append("list_contains(aspects, $aspect)")
        values["aspect"] = aspect
    if words:
        asked.append("(contains(lower(concat_ws(' ', journal, number, label)), lower($words)))")
        values["words"] = words
    where = " AND ".join(asked)
    with locked_connection(directories=[out]) as con:
        row = con.execute(f"SELECT count(*) FROM read_parquet($path) WHERE {where}", values).fetchone()
        found = con.execute(
            "SELECT change, aspects, before_index, after_index, journal, number, day, label, before_amount, "
            f"after_amount FROM read_parquet($path) WHERE {where} "
            "ORDER BY list_position(['changed', 'removed', 'added'], change), coalesce(after_index, before_index) "
            f"LIMIT {int(limit)} OFFSET {int(offset)}",
            values,
        ).fetchall()
    changes = [
        EntryChange(kind, tuple(aspects), b, a, journal, number, day, label, _amount(was), _amount(now))
        for kind, aspects, b, a, journal, number, day, label, was, now in found
    ]
    return int(row[0]) if row else 0, changes


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def account_changes(out: Path, *, offset: int = 0, limit: int = 50) -> list[AccountChange]:
    """One page of the accounts whose totals differ, in the order of their numbers."""
    with locked_connection(directories=[out]) as con:
        found = con.execute(
            "SELECT account, label, before_debit, after_debit, before_credit, after_credit, before_balance, "
            f"after_balance FROM read_parquet(?) ORDER BY account LIMIT {int(limit)} OFFSET {int(offset)}",
            [str(out / _ACCOUNTS)],
        ).fetchall()
    return [AccountChange(account, label, *(_amount(each) for each in amounts)) for account, label, *amounts in found]


def changed_lines(before: Tables, after: Tables, changes: Sequence[EntryChange]) -> list[list[LinePair]]:
    """For each entry, its lines that differ, paired by account and amounts; at most 40 a side, in the file's order.

    Lines that are the same on both sides are left out, and so is everything when the entry stands on one side only.
    """
    pairs = [(at, one.before_index, one.after_index) for at, one in enumerate(changes)]
    both = [(at, b, a) for at, b, a in pairs if b is not None and a is not None]
    found: list[list[LinePair]] = [[] for _ in changes]
    if not both:
        return found
    folders = [before["lines"].parent, after["lines"].parent]
    with locked_connection(directories=folders) as con:
        con.execute(
            "CREATE TABLE asked AS SELECT unnest(?::INTEGER[]) AS rank, unnest(?::INTEGER[]) AS b, "
            "unnest(?::INTEGER[]) AS a",
            [[each[0] for each in both], [each[1] for each in both], [each[2] for each in both]],
        )
        for side, lines in (("b", before["lines"]), ("a", after["lines"])):
            _pick_lines(con, side, lines)
        lists = {side: _differing(con, side, other) for side, other in (("b", "a"), ("a", "b"))}
    for at, _, _ in both:
        found[at] = _pair_lines(lists["b"].get(at, []), lists["a"].get(at, []))
    return found


def _pick_lines(con: duckdb.DuckDBPyConnection, side: str, lines: Path) -> None:
    texts = ", ".join(f"{_text(column)} AS {column}" for column in COMPARED)
    con.execute(
        f"CREATE TABLE lines_{side} AS SELECT rank, part, line, {texts}, row_number() OVER (PARTITION BY rank, "
        f"{', '.join(COMPARED)} ORDER BY part, line) AS k FROM read_parquet({sql_path(lines)}) "
        f"JOIN asked ON entry_index = asked.{side}"
    )


def _differing(con: duckdb.DuckDBPyConnection, side: str, other: str) -> dict[int, list[tuple[int, Values]]]:
    """Lines of one side without their like on the other, each taken once."""
    alike = " AND ".join(f"x.{name} IS NOT DISTINCT FROM y.{name}" for name in ("rank", "k", *COMPARED))
    rows = con.execute(
        f"SELECT rank, line, {', '.join(COMPARED)} FROM lines_{side} x "
        f"WHERE NOT EXISTS (SELECT 1 FROM lines_{other} y WHERE {alike}) "
        f"QUALIFY row_number() OVER (PARTITION BY rank ORDER BY part, line) <= {_SHOWN_LINES} ORDER BY rank, part, line"
    ).fetchall()
    found: dict[int, list[tuple[int, Values]]] = {}
    for at, line, *values in rows:
        found.setdefault(at, []).append((line, dict(zip(COMPARED, values, strict=True))))
    return found


_LIKENESS = (("account", "aux", "debit", "credit"), ("account", "aux"), ("debit", "credit"), ("account",), ())


def _pair_lines(before: list[tuple[int, Values]], after: list[tuple[int, Values]]) -> list[LinePair]:
    """From the surest likeness to the loosest, each line once; then what stands alone."""
    left, pairs = list(before), []
    waiting = list(after)
    for columns in _LIKENESS:
        still = []
        for line, values in left:
            like = [values[name] for name in columns]
            at = next((i for i, (_, one) in enumerate(waiting) if [one[name] for name in columns] == like), None)
            if at is None:
                still.append((line, values))
                continue
            other, theirs = waiting.pop(at)
            pairs.append(LinePair(values, theirs, line, other))
        left = still
    pairs += [LinePair(values, None, line, None) for line, values in left]
    pairs += [LinePair(None, values, None, line) for line, values in waiting]
    return sorted(pairs, key=lambda pair: (pair.after_line or pair.before_line or 0, pair.after_line is None))
