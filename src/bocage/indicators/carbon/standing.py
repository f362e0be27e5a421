"""Where an estimate stands against the public average of the company's own branch.

The average is the ratio of SDES and Insee (GES.501): what a thousand euros of the branch's products emitted before it
was sold, imports included, at ± 80 %. It is the only public average by branch that the referentials hold.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bocage.identifiers import Naf
from bocage.indicators.carbon.ratios import KILO
from bocage.referentials.carbon import Ratio, Release
from bocage.referentials.naf import ratio_branch_of_division

_TRADE = ("G45", "G46", "G47")


class Place(StrEnum):
    """What can be said of the difference."""

    BELOW = "below"
    CLOSE = "close"
    ABOVE = "above"
    TRADE = "trade"
    """The average of a trade covers the service of selling, never the goods: nothing can be compared."""


@dataclass(frozen=True, slots=True)
class Standing:
    """``own`` and ``average.value`` in kgCO2e per thousand euros of turnover."""

    own: Decimal
    average: Ratio
    place: Place


def against_branch(
    kgco2e: Decimal, turnover: Decimal, naf: Naf | None, *, year: int, release: Release
) -> Standing | None:
    """The emissions of a year by turnover beside the average of the branch; None without a turnover or a branch.

    A difference within the doubt of the average is none.
    """
    branch = ratio_branch_of_division(naf.division) if naf else None
    average = release.ratio(branch, year) if branch else None
    if average is None or turnover <= 0:
        return None
    own = kgco2e * KILO / turnover
    if average.branch in _TRADE:
        return Standing(own, average, Place.TRADE)
    doubt = average.value * average.uncertainty_pct / 100
    if abs(own - average.value) <= doubt:
        return Standing(own, average, Place.CLOSE)
    return Standing(own, average, Place.BELOW if own < average.value else Place.ABOVE)
