"""Purchases by family, the largest third parties, entries by month: what the dossier shows beside its figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from bocage.identifiers import quantize_cents
from bocage.indicators.economic.books import Books
from bocage.indicators.economic.books import load as load_books
from bocage.indicators.result import Result, Status
from bocage.tables import locked_connection

FAMILIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("raw_materials", ("601", "6091")),
    ("supplies", ("602", "6092")),
    ("stock_variation", ("603",)),
    ("studies_services", ("604", "6094")),
    ("equipment_works", ("605", "6095")),
    ("energy_small_supplies", ("606", "6096")),
    ("goods", ("607", "6097")),
    ("purchase_costs", ("608", "6098")),
    ("subcontracting", ("611",)),
    ("leasing", ("612",)),
    ("rentals", ("613", "614")),
    ("maintenance", ("615",)),
    ("insurance", ("616",)),
    ("studies_documentation", ("617", "618", "619")),
    ("external_staff", ("621",)),
    ("fees", ("622",)),
    ("advertising", ("623",)),
    ("transport", ("624",)),
    ("travel", ("625",)),
    ("post_telecom", ("626",)),
    ("banking", ("627",)),
    ("other_services", ("628", "629")),
)
"""Code of ``wording/economic.toml`` → prefixes; together they hold all of 60, 61 and 62."""


@dataclass(frozen=True, slots=True)
class Family:
    """A family of purchases, in euros, credit notes taken off."""

    code: str
    amount: Decimal
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Third:
    """A supplier or a customer: euros attributed, and their share (per cent) of all that was attributed."""

    key: str
    label: str
    amount: Decimal
    share: Decimal


@dataclass(frozen=True, slots=True)
class MonthCount:
    """Entries of one month (``"2025-03"``), openings and closings left out."""

    month: str
    entries: int


def purchases_by_family(tables: Mapping[str, Path]) -> list[Family]:
    """Accounts 60 to 62 by family, largest first; families without any line are left out."""
    books = load_books(tables)
    families = [_family(books, code, prefixes) for code, prefixes in FAMILIES]
    known = tuple(prefix for _, prefixes in FAMILIES for prefix in prefixes)
    rest = books.matching("60", "61", "62", without=known)
    if rest:
        families.append(
            Family("other_purchases", sum((a.flow for a in rest), Decimal(0)), tuple(a.number for a in rest))
        )
    return sorted((family for family in families if family.accounts), key=lambda family: -family.amount)


def _family(books: Books, code: str, prefixes: tuple[str, ...]) -> Family:
    accounts = books.matching(*prefixes)
    return Family(code, sum((a.flow for a in accounts), Decimal(0)), tuple(a.number for a in accounts))


_THIRDS = """
WITH attributed AS (
    SELECT third_key, any_value(third_label) AS label, sum(amount) * $sign AS amount
    FROM read_parquet($lines)
    WHERE third_kind = $kind AND NOT is_opening AND NOT is_closing
      AND regexp_matches(account, $accounts)
    GROUP BY third_key)
SELECT third_key, coalesce(label, third_key), amount, sum(amount) OVER () FROM attributed
WHERE amount > 0 ORDER BY amount DESC, third_key LIMIT $count
"""


def _ranked(connection: duckdb.DuckDBPyConnection, lines: str, *, kind: str, count: int) -> tuple[list[Third], Decimal]:
    """The largest third parties, and the euros attributed to all of them."""
    supplier = kind == "supplier"
    rows = connection.execute(
        _THIRDS,
        {
            "lines": lines,
            "kind": kind,
            "sign": 1 if supplier else -1,
            "accounts": "^6(0[^3]|0$|[12])" if supplier else "^70",
            "count": count,
        },
    ).fetchall()
    thirds = [
        Third(key, label, quantize_cents(amount), quantize_cents(amount * 100 / whole))
        for key, label, amount, whole in rows
    ]
    return thirds, Decimal(rows[0][3]) if rows else Decimal(0)


def top_suppliers(tables: Mapping[str, Path], count: int = 10) -> list[Third]:
    """The suppliers with the largest share of accounts 60 to 62 without 603, largest first."""
    with locked_connection(directories=[tables["lines"].parent]) as connection:
        return _ranked(connection, str(tables["lines"]), kind="supplier", count=count)[0]


def top_customers(tables: Mapping[str, Path], count: int = 10) -> list[Third]:
    """The customers with the largest share of account 70, largest first."""
    with locked_connection(directories=[tables["lines"].parent]) as connection:
        return _ranked(connection, str(tables["lines"]), kind="customer", count=count)[0]


def compute_concentration(connection: duckdb.DuckDBPyConnection, lines: str, books: Books) -> list[Result]:
    """Share of the ten largest suppliers and customers in what could be attributed to one."""
    bought = books.flow("60", "61", "62", without=("603",))
    return [
        _top10(connection, lines, "supplier", "supplier_top10_share", bought),
        _top10(connection, lines, "customer", "customer_top10_share", -books.flow("70")),
    ]


def _top10(connection: duckdb.DuckDBPyConnection, lines: str, kind: str, code: str, whole: Decimal) -> Result:
    accounts = "60–62" if kind == "supplier" else "70"
    formula = f"dix premiers tiers ÷ montants des comptes {accounts} attribués à un tiers"
    sources = (f"accounts {accounts}", "CompAuxNum")
    top, attributed = _ranked(connection, lines, kind=kind, count=10)
    if not top:
        return Result(code, None, "%", Status.MISSING, formula, sources, reason="no_third_party")
    partial = attributed * 10 < whole * 9
    value = quantize_cents(sum((third.amount for third in top), Decimal(0)) * 100 / attributed)
    return Result(
        code,
        min(value, Decimal("100.00")),
        "%",
        Status.PARTIAL if partial else Status.COMPUTED,
        formula,
        sources,
        reason="attribution_partial" if partial else None,
    )


def entries_by_month(tables: Mapping[str, Path]) -> list[MonthCount]:
    """How many entries each month holds, by the date of their first line."""
    with locked_connection(directories=[tables["lines"].parent]) as connection:
        rows = connection.execute(
            """
            WITH entries AS (
                SELECT entry_index, arg_min(entry_date, line) AS day FROM read_parquet(?)
                WHERE NOT is_opening AND NOT is_closing AND entry_date IS NOT NULL GROUP BY entry_index)
            SELECT strftime(day, '%Y-%m') AS month, count(*) FROM entries GROUP BY month ORDER BY month
            """,
            [str(tables["lines"])],
        ).fetchall()
    return [MonthCount(month, count) for month, count in rows]
