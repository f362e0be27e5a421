"""One fiscal year estimated with two releases of the factors: what changes, factor by factor, and why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bocage.indicators.carbon.cells import Cell
from bocage.indicators.carbon.inventory import FactorUsed


class Cause(StrEnum):
    """Why the figure of a factor moves.

    ``revised``: the factor has another value. ``year``: the ratio is of another year. ``follows``: a mean that follows
    the purchases it is made from. ``replaced``: the lines that it served take another factor, or took one.
    """

    REVISED = "revised"
    YEAR = "year"
    FOLLOWS = "follows"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class FactorChange:
    """What a factor weighed and weighs, in kgCO2e; a side without the factor is None."""

    factor: str
    cause: Cause
    before: FactorUsed | None
    after: FactorUsed | None
    kgco2e_before: Decimal
    kgco2e_after: Decimal

    @property
    def difference(self) -> Decimal:
        """kgCO2e more (or less, below zero) than before."""
        return self.kgco2e_after - self.kgco2e_before


def revision(
    before: Iterable[Cell],
    factors_before: Mapping[str, FactorUsed],
    after: Iterable[Cell],
    factors_after: Mapping[str, FactorUsed],
) -> list[FactorChange]:
    """The factors whose weight changes, the largest change first. The differences add up to that of the totals."""
    first, second = _weights(before), _weights(after)
    found = []
    for name in first.keys() | second.keys():
        old, new = factors_before.get(name), factors_after.get(name)
        if first[name] != second[name]:
            found.append(FactorChange(name, _cause(old, new), old, new, first[name], second[name]))
    return sorted(found, key=lambda one: (-abs(one.difference), one.factor))


def _weights(cells: Iterable[Cell]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for cell in cells:
        if cell.factor is not None:
            sums[cell.factor] += cell.kgco2e
    return sums


def _cause(old: FactorUsed | None, new: FactorUsed | None) -> Cause:
    if old is None or new is None:
        return Cause.REPLACED
    if old.unit.endswith("kEUR") and old.version != new.version:
        return Cause.YEAR
    return Cause.FOLLOWS if old.value == new.value else Cause.REVISED
