"""Economic indicators from accounting facts: income, balance sheet, third parties, payment delays."""

from bocage.indicators.economic.books import Books
from bocage.indicators.economic.books import load as load_books
from bocage.indicators.economic.catalogue import CODES, compute
from bocage.indicators.economic.ledger_views import (
    Family,
    MonthCount,
    Third,
    entries_by_month,
    purchases_by_family,
    top_customers,
    top_suppliers,
)

__all__ = [
    "CODES",
    "Books",
    "Family",
    "MonthCount",
    "Third",
    "compute",
    "entries_by_month",
    "load_books",
    "purchases_by_family",
    "top_customers",
    "top_suppliers",
]
