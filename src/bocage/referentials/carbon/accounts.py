"""Which category an account belongs to, and what the NAF of a supplier says of its goods."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from bocage.identifiers import Naf
from bocage.referentials.loader import read_rows

_PACKAGE = "bocage.referentials.carbon"


@dataclass(frozen=True, slots=True)
class MapRow:
    """One row of the account map.

    ``keywords`` are alternatives, each a tuple of words (a final ``*`` allows a longer word); empty: any text.
    ``divisions`` are the NAF divisions in which the branch of the supplier wins; None: every division.
    ``ghgp`` and ``beges`` hold one code, or two: combustion or generation, then upstream.
    """

    order: int
    prefix: str
    keywords: tuple[tuple[str, ...], ...]
    chart: str
    label: str
    treatment: str
    role: str
    method: str
    category: str
    divisions: frozenset[str] | None
    default_branch: str | None
    physical_unit: str
    physical_factors: tuple[str, ...]
    ghgp: tuple[str, ...]
    beges: tuple[str, ...]
    bilan_carbone: str
    confidence: str
    note: str


class TraderRule(StrEnum):
    """What the NAF of a supplier says: its own branch, that of its product, an energy, or nothing."""

    OWN = "own"
    PRODUCT = "product"
    ENERGY = "energy"
    ASK = "ask"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class SupplierRule:
    """The rule of one NAF code; ``branch`` for a product only."""

    rule: TraderRule
    branch: str | None
    note: str


def _divisions(text: str) -> frozenset[str] | None:
    """``01-03,33`` to divisions; ``*`` is every one of them (None)."""
    if text == "*":
        return None
    found: set[str] = set()
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        found.update(f"{number:02d}" for number in range(int(first), int(last or first) + 1))
    return frozenset(found)


def _codes(text: str) -> tuple[str, ...]:
    return tuple(text.split("+")) if text else ()


def _row(row: Mapping[str, str]) -> MapRow:
    return MapRow(
        order=int(row["order"]),
        prefix=row["prefix"],
        keywords=tuple(tuple(words.split()) for words in row["keywords"].split("|") if words),
        chart=row["chart"],
        label=row["label"],
        treatment=row["treatment"],
        role=row["role"],
        method=row["method"],
        category=row["category"],
        divisions=_divisions(row["supplier_naf_accepted"]),
        default_branch=row["default_branch"] or None,
        physical_unit=row["physical_unit"],
        physical_factors=tuple(
            f"ademe:{number}" for number in row["physical_factor_ids"].split(";") if number.isdigit()
        ),
        ghgp=_codes(row["ghgp"]),
        beges=_codes(row["beges"]),
        bilan_carbone=row["bilan_carbone"],
        confidence=row["confidence"],
        note=row["note"],
    )


@cache
def account_map() -> tuple[MapRow, ...]:
    """The 219 rows, in the order of their ``order``."""
    return tuple(sorted((_row(row) for row in read_rows(_PACKAGE, "pcg_to_factor.csv")), key=lambda row: row.order))


@cache
def _supplier_rules() -> Mapping[str, SupplierRule]:
    return MappingProxyType(
        {
            row["naf"]: SupplierRule(TraderRule(row["rule"]), row["branch"] or None, row["note"])
            for row in read_rows(_PACKAGE, "supplier_naf_rules.csv")
        }
    )


def supplier_rule(naf: Naf) -> SupplierRule | None:
    """The rule of a supplier's activity; None when its own branch is right."""
    return _supplier_rules().get(naf)
