"""Carbon inventory from accounting facts and a few quantities, method ``M-2026.11``
(``docs/carbon.md``).

Quantities come first; a monetary ratio is the fall-back, and energy never takes one.
"""

from bocage.indicators.carbon.estimate import AmountsTooLarge, Options, estimate
from bocage.indicators.carbon.inventory import How, Inventory, Line, read_lines
from bocage.indicators.carbon.quantities import Activity, Quantity, QuantityError, checked_quantity
from bocage.indicators.carbon.suppliers import Supplier, UserRule
from bocage.indicators.carbon.units import convert

__all__ = [
    "Activity",
    "AmountsTooLarge",
    "How",
    "Inventory",
    "Line",
    "Options",
    "Quantity",
    "QuantityError",
    "Supplier",
    "UserRule",
    "checked_quantity",
    "convert",
    "estimate",
    "read_lines",
]
