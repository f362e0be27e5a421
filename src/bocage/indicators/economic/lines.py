"""Figures that need the lines: words of labels, investments by entry, the balance sheet by third party."""

from decimal import Decimal

import duckdb

from bocage.identifiers import quantize_cents
from bocage.indicators.economic.books import ZERO, Books
from bocage.indicators.economic.income import EUR
from bocage.indicators.result import Part, Result, Status

LINES = "read_parquet($lines)"
FLOW = "NOT is_opening AND NOT is_closing"

DONATIONS = f"""
SELECT sum(amount) FROM {LINES} WHERE {FLOW} AND (
    account LIKE '6713%'
    OR ((account LIKE '6238%' OR account LIKE '658%' OR account LIKE '678%')
        AND regexp_matches(strip_accents(lower(concat_ws(' ', label, account_label))),
                           '\\b(dons?|mecenat|donations?)\\b')))
"""

_WORDS = "strip_accents(lower(concat_ws(' ', label, account_label)))"

FINES = f"""
SELECT sum(amount), bool_or(account LIKE '6582%' OR account LIKE '6712%') FROM {LINES} WHERE {FLOW} AND (
    account LIKE '6582%' OR account LIKE '6712%'
    OR (regexp_matches(account, '^(6288|637|638|65|67)') AND NOT regexp_matches(account, '^(6581|6711)')
        AND regexp_matches({_WORDS}, '\\b(amendes?|contraventions?|antai|proces[ -]verba(l|ux))\\b')))
"""

RESEARCH = f"""
WITH flows AS (SELECT * FROM {LINES} WHERE {FLOW}),
entries AS (
    SELECT entry_index, bool_or(account LIKE '72%') AS produced FROM flows GROUP BY entry_index
    HAVING bool_or(account LIKE '203%') AND bool_or(regexp_matches(account, '^(40|45|46|5|72)'))
       AND NOT bool_or(regexp_matches(account, '^(28|29|657|675|757|775)')))
SELECT sum(amount) FILTER (account LIKE '617%'),
       sum(amount) FILTER (account LIKE '203%' AND NOT produced), sum(amount) FILTER (account LIKE '203%' AND produced),
       -sum(amount) FILTER (regexp_matches(account, '^69') AND regexp_matches({_WORDS}, $credit)),
       sum(greatest(amount, 0)) FILTER (account LIKE '444%' AND regexp_matches({_WORDS}, $credit))
FROM flows LEFT JOIN entries USING (entry_index)
"""
RESEARCH_CREDIT = r"\b(cir|cii|credits? d ?.?impots?.*(recherche|innovation))\b"

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
    """Donations, fines, research, capital expenditure and total assets."""
    return [
        _donations(_sum(connection, DONATIONS, lines)),
        _fines(connection, lines),
        _research(connection, lines),
        _investments(_sum(connection, INVESTMENTS, lines)),
        _assets(_sum(connection, BALANCE_SHEET, lines), books),
    ]


def _donations(found: Decimal | None) -> Result:
    formula = (
        "6713 (jusqu’en 2024), et lignes de 6238, 658 et 678 dont le libellé dit "
        "«\u00a0don\u00a0» ou «\u00a0mécénat\u00a0»"
    )
    sources = ("accounts 6713", "accounts 6238 (labels)", "accounts 658 (labels)", "accounts 678 (labels)")
    if found is None:
        return Result("donations", None, EUR, Status.MISSING, formula, sources, reason="no_label")
    return Result("donations", found, EUR, Status.PARTIAL, formula, sources, reason="labels_only")


def _fines(connection: duckdb.DuckDBPyConnection, lines: str) -> Result:
    formula = (
        "6582 (6712 jusqu’en 2024), et lignes de 6288, 637, 638, 65 et 67 dont le libellé dit «\u00a0amende\u00a0»"
    )
    sources = ("accounts 6582", "accounts 6712", "accounts 6288, 637, 638, 65, 67 (labels)")
    row = connection.execute(FINES, {"lines": lines}).fetchone()
    if row is None or row[0] is None:
        return Result("fines", None, EUR, Status.MISSING, formula, sources, reason="no_account")
    status, reason = (Status.COMPUTED, None) if row[1] else (Status.PARTIAL, "labels_only")
    return Result("fines", quantize_cents(Decimal(row[0])), EUR, status, formula, sources, reason)


def _research(connection: duckdb.DuckDBPyConnection, lines: str) -> Result:
    """What was spent; the tax credit is public money for it, and stands beside."""
    formula = "617 + 203 acquis ou produit (72) ; le crédit d’impôt recherche (69, sinon 444, par libellé) est à part"
    sources = ("accounts 617", "accounts 203", "accounts 72", "accounts 69 (labels)", "accounts 444 (labels)")
    values = {"lines": lines, "credit": RESEARCH_CREDIT}
    studies, bought, produced, credit, asked = connection.execute(RESEARCH, values).fetchone() or (None,) * 5
    spent = [one for one in (studies, bought, produced) if one is not None]
    found = [
        *((Part({"account": "617"}, quantize_cents(studies)),) if studies is not None else ()),
        *((Part({"beside": "research_bought"}, quantize_cents(bought)),) if bought is not None else ()),
        *((Part({"beside": "research_produced"}, quantize_cents(produced)),) if produced is not None else ()),
    ]
    credited = credit if credit is not None else asked
    if credited is not None:
        found.append(Part({"beside": "research_credit"}, quantize_cents(credited)))
    if not spent:
        reason = "no_account" if credited is None else "credit_only"
        return Result("research", None, EUR, Status.MISSING, formula, sources, reason, breakdown=found)
    value = quantize_cents(sum(spent, ZERO))
    return Result("research", value, EUR, Status.PARTIAL, formula, sources, "studies_only", breakdown=found)


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
