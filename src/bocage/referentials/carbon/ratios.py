"""Monetary ratios: kgCO2e per k€ spent excluding VAT, by branch and year."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from bocage.referentials.loader import read_rows

_PACKAGE = "bocage.referentials.carbon"
RATIO_YEARS = (2019, 2020, 2021, 2022, 2023)


@dataclass(frozen=True, slots=True)
class Ratio:
    """``value`` is in kgCO2e per k€; ``uncertainty_pct`` the half-width of a 95 % interval."""

    branch: str
    label: str
    year: int
    value: Decimal
    uncertainty_pct: Decimal
    source: str

    @property
    def id(self) -> str:
        """``ratio:C28``; immutable with its year."""
        return f"ratio:{self.branch}"


@cache
def _ratios() -> Mapping[str, tuple[Ratio, ...]]:
    found: dict[str, list[Ratio]] = {}
    for row in read_rows(_PACKAGE, "monetary_ratios_a64.csv"):
        one = Ratio(
            branch=row["a64"],
            label=row["label_fr"],
            year=int(row["year"]),
            value=Decimal(row["kgco2e_per_keur"]),
            uncertainty_pct=Decimal(row["uncertainty_pct"]),
            source=row["source"],
        )
        found.setdefault(one.branch, []).append(one)
    return MappingProxyType(
        {branch: tuple(sorted(ratios, key=lambda one: one.year)) for branch, ratios in found.items()}
    )


def ratio(branch: str, year: int) -> Ratio | None:
    """The ratio of the branch for ``year``, or for the nearest (the later of two); None: no such branch."""
    ratios = _ratios().get(branch)
    return min(ratios, key=lambda one: (abs(one.year - year), -one.year)) if ratios else None
