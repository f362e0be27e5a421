"""User's rules on the lines: which ones bear their words, what each rule holds, what a new one would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from bocage.indicators.carbon.matching import bears, fold
from bocage.indicators.carbon.suppliers import UserRule
from bocage.tables import insert_lists, locked_connection

_FOLDED = "strip_accents(lower(concat_ws(' ', label, supplier_name)))"


def find_words(con: duckdb.DuckDBPyConnection, rules: Sequence[UserRule]) -> None:
    """Table ``worded``: for the lines of ``flow`` that a rule with words holds for, the rank of the first one."""
    con.execute("CREATE TABLE worded (seq BIGINT, worded INTEGER)")
    for rank, rule in enumerate(rules):
        where, values = _conditions(rule)
        texts = con.execute(f"SELECT DISTINCT label, supplier_name FROM flow WHERE {where}", values).fetchall()
        hits = [pair for pair in texts if any(bears(text, rule.words) for text in pair)]
        con.execute("CREATE OR REPLACE TABLE hits (label VARCHAR, supplier_name VARCHAR)")
        insert_lists(con, "hits", [[one[0] for one in hits], [one[1] for one in hits]], ["VARCHAR", "VARCHAR"])
        con.execute(
            f"INSERT INTO worded SELECT seq, {rank} FROM flow SEMI JOIN hits USING (label, supplier_name) "
            f"WHERE {where} AND seq NOT IN (SELECT seq FROM worded)",
            values,
        )


def _conditions(rule: UserRule) -> tuple[str, list[str]]:
    """What narrows the lines before their words are compared one by one."""
    tests, values = [], []
    for word in rule.words:
        tests.append(f"contains({_FOLDED}, ?)")
        values.append("".join(fold(word)))
    if rule.supplier:
        tests.append("supplier = ?")
        values.append(rule.supplier)
    if rule.account:
        tests.append("starts_with(mapped, ?)")
        values.append(rule.account)
    return " AND ".join(tests), values


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a rule decides in an inventory: lines, euros, kgCO2e."""

    lines: int
    amount: Decimal
    kgco2e: Decimal


@dataclass(frozen=True, slots=True)
class Moved:
    """Lines that leave a category and a factor for others; ``how`` before and after, kilograms before and after."""

    category_before: str | None
    factor_before: str | None
    how_before: str
    category_after: str | None
    factor_after: str | None
    how_after: str
    lines: int
    amount: Decimal
    kgco2e_before: Decimal
    kgco2e_after: Decimal


def by_rule(path: Path) -> dict[str, Ruled]:
    """What each rule decides, by its id; nothing in an inventory that knew no rules."""
    with locked_connection(files=[path]) as connection:
        names = {str(row[0]) for row in connection.execute("DESCRIBE FROM read_parquet(?)", [str(path)]).fetchall()}
        if "rule" not in names:
            return {}
        rows = connection.execute(
            "SELECT rule, count(*), sum(amount), sum(kgco2e) FROM read_parquet(?) WHERE rule IS NOT NULL GROUP BY rule",
            [str(path)],
        ).fetchall()
    return {str(name): Ruled(int(lines), Decimal(euros), Decimal(kg)) for name, lines, euros, kg in rows}


def moves_between(before: Path, after: Path, *, rule: str, most: int = 20) -> tuple[Moved, ...]:
    """What a rule does to the lines that it holds for in ``after``, against ``before``: the heaviest moves first.

    Both are inventories of the same books, by the same options.
    """
    with locked_connection(files=[before, after]) as connection:
        rows = connection.execute(
            "SELECT b.category, b.factor, b.how, a.category, a.factor, a.how, count(*), sum(a.amount), sum(b.kgco2e), "
            "sum(a.kgco2e) FROM read_parquet($after) a JOIN read_parquet($before) b USING (line, part) "
            "WHERE a.rule = $rule GROUP BY ALL ORDER BY abs(sum(a.amount)) DESC, min(a.seq) LIMIT $most",
            {"before": str(before), "after": str(after), "rule": rule, "most": most},
        ).fetchall()
    return tuple(_moved(row) for row in rows)


def _moved(row: tuple[Any, ...]) -> Moved:
    places, lines, sums = row[:6], row[6], row[7:]
    return Moved(*places, lines, *(Decimal(value or 0) for value in sums))  # type: ignore[call-arg]  # three sums
