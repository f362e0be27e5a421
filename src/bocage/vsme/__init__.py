"""Pre-filling the VSME standard from what is known of a company (``docs/vsme.md``).

Every data point of the two modules gets a value with its sources, or says why it has none: not applicable and why,
withheld because it is sensitive, or still to be asked. Nothing is invented, and an unknown is never a zero.
"""

from bocage.vsme.evidence import Answer, CarbonTotals, Evidence, carbon_totals, label_lists, sales_markets
from bocage.vsme.prefill import Counts, Prefill, Row, counts_of, prefill
from bocage.vsme.values import BadAnswer, Cell, Status, Value, Valued, read_value
from bocage.vsme.writing import written

__all__ = [
    "Answer",
    "BadAnswer",
    "CarbonTotals",
    "Cell",
    "Counts",
    "Evidence",
    "Prefill",
    "Row",
    "Status",
    "Value",
    "Valued",
    "carbon_totals",
    "counts_of",
    "label_lists",
    "prefill",
    "read_value",
    "sales_markets",
    "written",
]
