"""Monetary ratios: kgCO2e per k€ spent excluding VAT, by branch and year."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from bocage.referentials.loader import read_rows

_PACKAGE = "bocage.referentials.carbon"


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


@dataclass(frozen=True, slots=True)
class TableRow:
    """A ratio of the table shipped, with the numbers of Base Carbone that say the same thing."""

    ratio: Ratio
    numbers: tuple[str, ...]

    @property
    def is_national(self) -> bool:
        """Whether the statistics of SDES and Insee give it: Base Carbone never replaces it."""
        return self.ratio.source.startswith("SDES")


@cache
def table() -> Mapping[tuple[str, int], TableRow]:
    """The table shipped, by branch and year."""
    return MappingProxyType(
        {
            (row["a64"], int(row["year"])): TableRow(
                _ratio(row), tuple(filter(None, row["base_carbone_ids"].split(";")))
            )
            for row in read_rows(_PACKAGE, "monetary_ratios_a64.csv")
        }
    )


def _ratio(row: Mapping[str, str]) -> Ratio:
    return Ratio(
        branch=row["a64"],
        label=row["label_fr"],
        year=int(row["year"]),
        value=Decimal(row["kgco2e_per_keur"]),
        uncertainty_pct=Decimal(row["uncertainty_pct"]),
        source=row["source"],
    )
