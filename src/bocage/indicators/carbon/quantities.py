"""Rule M7: real quantities, which take the place of the euros of their category."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bocage.errors import BocageError
from bocage.indicators.carbon.inventory import How, Line
from bocage.indicators.carbon.matching import first_row_of
from bocage.indicators.carbon.units import convert
from bocage.referentials.carbon import Factor, FactorPart, MapRow, Release, account_map, shipped

_ABSURD = Decimal(10) ** 12
KNOWN = "known"
"""The factor of emissions that somebody already computed: a supplier's or a carrier's figure, a former inventory."""


class Activity(StrEnum):
    """Where a quantity comes from; the value of each class is its uncertainty."""

    BILLED = "billed"
    MILEAGE = "mileage"
    ESTIMATED = "estimated"
    PRICE_CONVERTED = "price_converted"
    ASSUMED = "assumed"

    @property
    def uncertainty_pct(self) -> Decimal:
        """Half-width of the activity data, in per cent: a bill 5, allowances 15, an estimate 30, our own guess 50."""
        return Decimal({"billed": 5, "mileage": 15, "estimated": 30, "price_converted": 30, "assumed": 50}[self.value])


class QuantityError(BocageError):
    """A quantity that cannot be used.

    ``code``: category, factor, unit, quantity or activity; ``value`` is the culprit.
    """

    def __init__(self, code: str, value: str, wanted: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.value = value
        self.wanted = wanted


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity of a category over the period, already in the unit of its factor."""

    category: str
    quantity: Decimal
    factor: Factor
    activity: Activity


def known_factor() -> Factor:
    """One kgCO2e a kgCO2e; the doubt is that of where the figure comes from."""
    part = FactorPart("whole", Decimal(1))
    return Factor(
        KNOWN, "Émissions connues", "kgCO2e", Decimal(1), Decimal(0), (part,), None, "", "", "Donnée saisie", ""
    )


def known_categories() -> tuple[str, ...]:
    """The categories that take known emissions: those of one code, since the figure is not split in parts."""
    rows = (row for row in account_map() if row.treatment != "exclude" and row.role in ("spend", "capex"))
    return tuple(dict.fromkeys(row.category for row in rows if _has_one_code(row.category)))


def _has_one_code(category: str) -> bool:
    row = first_row_of(category)
    return row is not None and len(row.ghgp) == 1


def checked_quantity(
    category: str, quantity: Decimal, unit: str, factor_id: str, activity: str, *, release: Release | None = None
) -> Quantity:
    """A quantity in the unit of its factor, as ``release`` gives it. Raises QuantityError for the first thing wrong."""
    if first_row_of(category) is None:
        raise QuantityError("category", category)
    found = known_factor() if factor_id == KNOWN else (release or shipped()).factor(factor_id)
    if found is None or (factor_id == KNOWN and not _has_one_code(category)):
        raise QuantityError("factor", factor_id)
    if not quantity.is_finite() or not 0 <= quantity < _ABSURD:
        raise QuantityError("quantity", str(quantity))
    converted = convert(quantity, unit, found.unit)
    if converted is None:
        raise QuantityError("unit", unit, found.unit)
    if activity not in set(Activity):
        raise QuantityError("activity", activity)
    return Quantity(category, converted, found, Activity(activity))


def _code(codes: tuple[str, ...], part: FactorPart) -> str | None:
    """Combustion and generation take the first code, everything else the last."""
    if not codes:
        return None
    return codes[0] if part.name in ("scope1", "scope2") else codes[-1]


def quantity_lines(quantities: Sequence[Quantity]) -> Iterator[Line]:
    """One line for each quantity and part of its factor."""
    for one in quantities:
        row = first_row_of(one.category)
        if row is None:
            raise QuantityError("category", one.category)
        for part in one.factor.parts:
            yield _line(one, row, part)


def _line(one: Quantity, row: MapRow, part: FactorPart) -> Line:
    return Line(
        line=None,
        part=None,
        account=None,
        supplier=None,
        label=one.factor.name,
        amount=Decimal(0),
        category=one.category,
        how=How.QUANTITY,
        branch=None,
        factor=one.factor.id,
        kgco2e=one.quantity * part.value,
        ghgp=_code(row.ghgp, part),
        beges=_code(row.beges, part),
        sub_post=row.bilan_carbone or None,
        reason=None,
        activity=one.activity.value,
    )
