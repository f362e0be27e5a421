"""In which order to ask for quantities: a rough weight from prices, that never enters a figure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from bocage.indicators.carbon.cells import Cell
from bocage.indicators.carbon.inventory import How
from bocage.referentials.carbon import shipped

_PRICES: Mapping[str, tuple[Decimal, str]] = MappingProxyType(
    {
        "electricity": (Decimal("0.20"), "ademe:43273"),
        "fuel_fixed": (Decimal("0.09"), "ademe:37133"),
        "fuel_mobile": (Decimal("1.40"), "ademe:25775"),
        "district_energy": (Decimal("0.09"), "ademe:37133"),
        "energy_unsplit": (Decimal("0.20"), "ademe:43273"),
    }
)
"""Euros excluding VAT for one unit of a factor: orders of magnitude of section 4 of the method, unsourced.

An energy that is not split is taken for electricity, the least that it can be; a network of heat for gas.
"""


@dataclass(frozen=True, slots=True)
class MissingEnergy:
    """A category whose euros are known and whose quantity is not; ``rough_kgco2e`` only serves to rank."""

    category: str
    amount: Decimal
    lines: int
    rough_kgco2e: Decimal


def missing_energies(cells: Iterable[Cell]) -> list[MissingEnergy]:
    """What waits for a quantity, by category, what may weigh most first."""
    sums: dict[str, tuple[Decimal, int]] = {}
    for cell in cells:
        if cell.how is How.MISSING:
            amount, lines = sums.get(cell.category or "", (Decimal(0), 0))
            sums[cell.category or ""] = (amount + cell.amount, lines + cell.lines)
    found = [MissingEnergy(name, amount, lines, _rough(name, amount)) for name, (amount, lines) in sums.items()]
    return sorted(found, key=lambda one: (-one.rough_kgco2e, -one.amount, one.category))


def _rough(category: str, amount: Decimal) -> Decimal:
    known = _PRICES.get(category)
    used = shipped().factor(known[1]) if known else None
    return amount / known[0] * used.value if known and used else Decimal(0)
