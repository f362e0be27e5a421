"""Rules M6 and M11: the year of the ratios, and what to think of a purchase whose branch is unknown."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from bocage.identifiers import Period
from bocage.referentials.carbon import Release

_MANUFACTURED = ("C20", "C21", "C22", "C23", "C24", "C25", "C26", "C27", "C28", "C29", "C30", "C31_32")
_GOODS = ("A01", "A02", "A03", "B", "C10T12", "C13T15", "C16", "C17", "C18", *_MANUFACTURED)
_SERVICES = (
    *("C33", "F", "G45", "H49", "H52", "H53", "I", "J58", "J59_60", "J61", "J62_63", "K64", "K65", "K66"),
    *("M69_70", "M71", "M72", "M73", "M74_75", "N77", "N78", "N79", "N80T82", "P85", "Q86", "S94", "S95", "S96"),
)
_SETS = {"set:goods": _GOODS, "set:services": _SERVICES}
KILO = Decimal(1000)


@dataclass(frozen=True, slots=True)
class Spread:
    """The ratios of a set of branches, in kgCO2e per k€: the central value and the half-width of the doubt."""

    id: str
    median: Decimal
    half_width: Decimal

    @property
    def uncertainty_pct(self) -> Decimal:
        """The half-width in per cent of the median."""
        return 100 * self.half_width / self.median


def wanted_year(period: Period | None, release: Release) -> int:
    """The calendar year that holds most months of the period, the later on a tie; the latest without a period."""
    if period is None:
        return release.ratio_years[-1]
    months = Counter[int]()
    year, month = period.start.year, period.start.month
    while (year, month) <= (period.end.year, period.end.month):
        months[year] += 1
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return max(months, key=lambda one: (months[one], one))


def nearest_year(year: int, release: Release) -> int:
    """The year of the table that serves ``year``, the later of two."""
    return min(release.ratio_years, key=lambda one: (abs(one - year), -one))


@cache
def spread(name: str, year: int, release: Release) -> Spread:
    """The set ``set:goods`` or ``set:services`` in a year; the upper middle value is the median of an even set."""
    values = sorted(found.value for branch in _SETS[name] if (found := release.ratio(branch, year)))
    return Spread(name, values[len(values) // 2], (values[-1] - values[0]) / 2)
