"""Figures that need the lines: donations by label, investments by entry, the balance sheet by third party."""

from decimal import Decimal

import duckdb

from bocage.identifiers import quantize_cents
from bocage.indicators.economic.books import ZERO, Books
from bocage.indicators.economic.income import EUR
from bocage.indicators.result import Result, Status

LINES = "read_parquet($lines)"
FLOW = "NOT is_opening AND NOT is_closing"

DONATIONS = f"""
SELECT sum(amount) FROM {LINES} WHERE {FLOW} AND (
    account LIKE '6713%'
    OR ((account LIKE '6238%' OR account LIKE '658%' OR account LIKE '678%')
        AND regexp_matches(strip_accents(lower(concat_ws(' ', label, account_label))),
                           '\\b(dons?|mecenat|donations?)\\b')))
"""

INVESTMENTS = f"""
WITH flows AS (SELECT * FROM {LINES} WHERE {FLOW}),
bought AS (SELECT DISTINCT entry_index FROM flows WHERE account LIKE '40%' OR account LIKE '72%')
SELECT sum(amount) FROM flows SEMI JOIN bought USING (entry_index)
WHERE regexp_matches(account, '^2[0-3]')
"""

BALANCE_SHEET = f"""
WITH balances AS (
    SELECT account, CASE WHEN account LIKE '40%' OR account LIKE '41%' THEN aux END AS third, sum(amount) AS balance
    FROM {LINES} WHERE NOT is_closing GROUP BY ALL)
SELECT sum(CASE
    WHEN account LIKE '2%' OR account LIKE '3%' THEN balance
    WHEN account LIKE '49%' OR account LIKE '59%' THEN balance
    WHEN account LIKE '4%' OR account LIKE '5%' OR account LIKE '109%' OR account LIKE '169%'
        THEN greatest(balance, 0)
    ELSE 0 END)
FROM balances
"""


def _sum(connection: duckdb.DuckDBPyConnection, sql: str, lines: str) -> Decimal | None:
    row = connection.execute(sql, {"lines": lines}).fetchone()
    return None if row is None or row[0] is None else quantize_cents(Decimal(row[0]))


def compute_from_lines(connection: duckdb.DuckDBPyConnection, lines: str, books: Books) -> list[Result]:
    """Donations, research, capital expenditure and total assets."""
    return [
        _donations(_sum(connection, DONATIONS, lines)),
        _research(books),
        _investments(_sum(connection, INVESTMENTS, lines)),
        _assets(_sum(connection, BALANCE_SHEET, lines), books),
    ]


def _donations(found: Decimal | None) -> Result:
    formula = "6713 (jusqu’en 2024), et lignes de 6238, 658 et 678 dont le libellé dit « don » ou « mécénat »"
    sources = ("accounts 6713", "accounts 6238 (labels)", "accounts 658 (labels)", "accounts 678 (labels)")
    if found is None:
        return Result("donations", None, EUR, Status.MISSING, formula, sources, reason="no_label")
    return Result("donations", found, EUR, Status.PARTIAL, formula, sources, reason="labels_only")


def _research(books: Books) -> Result:
    formula, sources = "617 + acquisitions au 203", ("accounts 617", "accounts 203")
    if not books.has("617", "203"):
        return Result("research", None, EUR, Status.MISSING, formula, sources, reason="no_account")
    value = quantize_cents(books.flow("617") + max(books.flow("203"), ZERO))
    return Result("research", value, EUR, Status.PARTIAL, formula, sources, reason="studies_only")


def _investments(found: Decimal | None) -> Result:
    formula = "20 à 23 au débit, dans les écritures qui portent un 40 ou un 72"
    sources = ("accounts 20–23", "accounts 40", "accounts 72")
    if found is None:
        return Result("capital_expenditure", None, EUR, Status.MISSING, formula, sources, reason="no_acquisition")
    return Result("capital_expenditure", found, EUR, Status.COMPUTED, formula, sources)


def _assets(found: Decimal | None, books: Books) -> Result:
    formula = "classes 2 et 3 nettes, soldes débiteurs des classes 4 et 5 (par tiers pour 40 et 41), 109 et 169"
    sources = ("accounts 2", "accounts 3", "accounts 4", "accounts 5", "accounts 109", "accounts 169")
    if found is None or not books.has("2", "3", "4", "5"):
        return Result("total_assets", None, EUR, Status.MISSING, formula, sources, reason="no_account")
    return Result("total_assets", found, EUR, Status.COMPUTED, formula, sources)
