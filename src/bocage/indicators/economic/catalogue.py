"""Every economic indicator, in the order in which it is given."""

from collections.abc import Mapping
from pathlib import Path

from bocage.indicators.economic.books import load
from bocage.indicators.economic.delays import compute_delays
from bocage.indicators.economic.income import compute_income, compute_shares
from bocage.indicators.economic.ledger_views import compute_concentration
from bocage.indicators.economic.lines import compute_from_lines
from bocage.indicators.result import Result
from bocage.tables import locked_connection

CODES = (
    "turnover",
    "purchases",
    "external_charges",
    "value_added",
    "ebitda",
    "operating_result",
    "net_result",
    "total_assets",
    "wage_bill",
    "social_charges",
    "taxes",
    "subsidies",
    "donations",
    "fines",
    "training_levy",
    "research",
    "capital_expenditure",
    "supplier_payment_days",
    "customer_payment_days",
    "supplier_late_share",
    "supplier_top10_share",
    "customer_top10_share",
    "subcontracting_share",
    "temporary_staff_share",
)


def compute(tables: Mapping[str, Path]) -> list[Result]:
    """All economic indicators of one import, in the order of :data:`CODES`.

    ``tables``: the accounting facts (``lines``, ``accounts``, ``books``) by name. Money is in euros with two decimals,
    shares in per cent. Pure: the same facts give the same figures.
    """
    books, lines = load(tables), str(tables["lines"])
    with locked_connection(directories=sorted({path.parent for path in tables.values()})) as connection:
        found = [
            *compute_income(books),
            *compute_from_lines(connection, lines, books),
            *compute_delays(connection, lines),
            *compute_concentration(connection, lines, books),
            *compute_shares(books),
        ]
    by_code = {result.code: result for result in found}
    return [by_code[code] for code in CODES]
