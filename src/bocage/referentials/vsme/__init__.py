"""The data points of the VSME standard, its small lists, and the fuels of its template.

Version: EFRAG taxonomy 2026-05-01, for Recommendation (EU) 2025/1710. Sources and licences: ``README.md`` in this
folder.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from bocage.referentials.loader import read_rows

TAXONOMY = "2026-05-01"
CREDIT = "EFRAG, taxonomie VSME 2026-05-01 (licence MIT, © 2025 EFRAG) ; recommandation (UE) 2025/1710"
_MWH_PER_TJ = Decimal("277.778")
_MILLION = Decimal(1_000_000)


class Module(StrEnum):
    """Which part of the standard a data point belongs to; ``both`` for the free ones."""

    BASIC = "basic"
    COMPREHENSIVE = "comprehensive"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Datapoint:
    """One concept. ``rule`` says when it applies, ``how`` where its value comes from (in English, for the reader)."""

    concept: str
    disclosure: str
    module: Module
    paragraph: str
    type: str
    unit: str
    label_fr: str
    label_en: str
    axes: str
    rule: str
    how: str

    @property
    def by_site(self) -> bool:
        """Whether it takes one value for each site."""
        return self.axes == "IdentifierOfSiteTypedAxis"


@dataclass(frozen=True, slots=True)
class LegalForm:
    """A *catégorie juridique* and its member of the standard; ``sure`` when the correspondence leaves no doubt."""

    category: str
    label: str
    member: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Fuel:
    """A fuel of EFRAG's template: net calorific value in TJ/Gg, density in kg/L (None when it is no liquid)."""

    name: str
    ncv: Decimal
    density: Decimal | None
    renewable: bool

    def mwh_of_kilograms(self, kilograms: Decimal) -> Decimal:
        """MWh on net calorific value."""
        return kilograms * self.ncv * _MWH_PER_TJ / _MILLION

    def mwh_of_litres(self, litres: Decimal) -> Decimal | None:
        """MWh on net calorific value; None without a density.

        >>> fuel("Gas/Diesel oil").mwh_of_litres(Decimal(1))
        Decimal('0.01003334136')
        """
        return None if self.density is None else self.mwh_of_kilograms(litres * self.density)


@cache
def datapoints() -> tuple[Datapoint, ...]:
    """The 143 concepts, in the order of the standard."""
    return tuple(
        Datapoint(
            concept=row["concept"],
            disclosure=row["disclosure"],
            module=Module(row["module"]),
            paragraph=row["paragraph"],
            type=row["type"],
            unit=row["unit"],
            label_fr=row["label_fr"],
            label_en=row["label_en"],
            axes=row["axes"],
            rule=row["rule"],
            how=row["how"],
        )
        for row in read_rows(__package__, "datapoints.csv")
    )


@cache
def _members() -> Mapping[tuple[str, str], str]:
    rows = read_rows(__package__, "enumerations.csv")
    return MappingProxyType({(row["concept"], row["member"]): row["label_fr"] for row in rows})


def members(concept: str) -> Mapping[str, str]:
    """The members of a small list, with their French labels; empty when the concept has none here."""
    return {member: label for (owner, member), label in _members().items() if owner == concept}


@cache
def _legal_forms() -> Mapping[str, LegalForm]:
    rows = read_rows(__package__, "legal_form_map.csv")
    return MappingProxyType(
        {
            row["category"]: LegalForm(
                row["category"], row["label_fr"], row["vsme_member"], row["confidence"] == "high"
            )
            for row in rows
        }
    )


def legal_form(category: str) -> LegalForm | None:
    """The member of a *catégorie juridique* (four digits), or None."""
    return _legal_forms().get(category)


@cache
def _fuels() -> Mapping[str, Fuel]:
    rows = read_rows(__package__, "fuel_conversion.csv")
    return MappingProxyType(
        {
            row["fuel"]: Fuel(
                row["fuel"],
                Decimal(row["ncv_tj_per_gg"]),
                Decimal(row["density_kg_per_l"]) if row["density_kg_per_l"] else None,
                row["typical_renewability"] == "Renewable",
            )
            for row in rows
        }
    )


def fuel(name: str) -> Fuel:
    """A fuel by its English name. Raises KeyError for one that the template does not have."""
    return _fuels()[name]


@cache
def _fuel_names() -> Mapping[str, str]:
    return MappingProxyType({row["factor"]: row["fuel"] for row in read_rows(__package__, "factor_fuels.csv")})


def fuel_of_factor(factor_id: str) -> Fuel | None:
    """The fuel that an emission factor (``ademe:25775``) counts, or None."""
    name = _fuel_names().get(factor_id)
    return None if name is None else fuel(name)
