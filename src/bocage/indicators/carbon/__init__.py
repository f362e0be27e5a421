"""Carbon inventory from accounting facts and a few quantities, method ``M-2026.11``
(``docs/carbon.md``).

Quantities come first; a monetary ratio is the fall-back, and energy never takes one.
"""

from bocage.indicators.carbon.asking import MissingEnergy, missing_energies
from bocage.indicators.carbon.cells import (
    Cell,
    Frame,
    Quality,
    Total,
    by_post,
    by_quality,
    read_cells,
    total_of,
)
from bocage.indicators.carbon.estimate import AmountsTooLarge, Options, estimate
from bocage.indicators.carbon.inventory import FROM_BRANCH, METHOD, FactorUsed, How, Inventory, Line, read_lines
from bocage.indicators.carbon.lines import (
    LinesPage,
    Slice,
    SuppliersPage,
    SupplierTotal,
    TracedLine,
    all_suppliers,
    lines_of,
    missing_lines,
    suppliers_of,
)
from bocage.indicators.carbon.matching import words_of
from bocage.indicators.carbon.quantities import (
    KNOWN,
    Activity,
    Quantity,
    QuantityError,
    checked_quantity,
    known_categories,
    known_factor,
)
from bocage.indicators.carbon.revision import Cause, FactorChange, revision
from bocage.indicators.carbon.ruling import Moved, Ruled, by_rule, moves_between
from bocage.indicators.carbon.standing import Place, Standing, against_branch
from bocage.indicators.carbon.suppliers import Supplier, UserRule, by_precision
from bocage.indicators.carbon.units import convert

__all__ = [
    "FROM_BRANCH",
    "KNOWN",
    "METHOD",
    "Activity",
    "AmountsTooLarge",
    "Cause",
    "Cell",
    "FactorChange",
    "FactorUsed",
    "Frame",
    "How",
    "Inventory",
    "Line",
    "LinesPage",
    "MissingEnergy",
    "Moved",
    "Options",
    "Place",
    "Quality",
    "Quantity",
    "QuantityError",
    "Ruled",
    "Slice",
    "Standing",
    "Supplier",
    "SupplierTotal",
    "SuppliersPage",
    "Total",
    "TracedLine",
    "UserRule",
    "against_branch",
    "all_suppliers",
    "by_post",
    "by_precision",
    "by_quality",
    "by_rule",
    "checked_quantity",
    "convert",
    "estimate",
    "known_categories",
    "known_factor",
    "lines_of",
    "missing_energies",
    "missing_lines",
    "moves_between",
    "read_cells",
    "read_lines",
    "revision",
    "suppliers_of",
    "total_of",
    "words_of",
]
