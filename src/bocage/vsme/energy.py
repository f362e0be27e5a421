"""Energy in MWh on net calorific value, water and waste, from the quantities given."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bocage.indicators.carbon import Quantity, convert
from bocage.referentials.vsme import fuel_of_factor

ELECTRICITY = ("electricity",)
FUELS = ("fuel_fixed", "fuel_mobile")
NETWORKS = ("district_energy",)
ENERGY = (*ELECTRICITY, *FUELS, *NETWORKS)
UNSPLIT = "energy_unsplit"
WATER_FACTOR = "ademe:24283"
"""Water from the mains; the other factor of the category counts waste water, which is the same cubic metres again."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of quantities; ``whole`` is False when one of them could not be converted, and was left out."""

    value: Decimal
    categories: tuple[str, ...]
    whole: bool


def _sum(quantities: Iterable[Quantity], in_unit: str) -> Amount | None:
    total, categories, whole = Decimal(0), [], True
    found = False
    for one in quantities:
        converted = mwh(one) if in_unit == "MWh" else convert(one.quantity, one.factor.unit, in_unit)
        if converted is None:
            whole = False
            continue
        found = True
        total += converted
        categories.append(one.category)
    return Amount(total, tuple(dict.fromkeys(categories)), whole) if found else None


def mwh(one: Quantity) -> Decimal | None:
    """A quantity of energy in MWh, or None when its unit and its fuel are not enough."""
    for unit in ("MWh", "MWh PCI"):
        if (direct := convert(one.quantity, one.factor.unit, unit)) is not None:
            return direct
    burnt = fuel_of_factor(one.factor.id)
    if burnt is None:
        return None
    litres = convert(one.quantity, one.factor.unit, "L")
    if litres is not None:
        return burnt.mwh_of_litres(litres)
    kilograms = convert(one.quantity, one.factor.unit, "kg")
    return None if kilograms is None else burnt.mwh_of_kilograms(kilograms)


def energy(quantities: Sequence[Quantity], categories: Sequence[str]) -> Amount | None:
    """MWh of the quantities of these categories; None when there is none."""
    return _sum((one for one in quantities if one.category in categories), "MWh")


def water(quantities: Sequence[Quantity]) -> Amount | None:
    """Cubic metres withdrawn, each once; None when none was given."""
    given = [one for one in quantities if one.category == "water"]
    return _sum([one for one in given if one.factor.id == WATER_FACTOR] or given, "m3")


def waste(quantities: Sequence[Quantity]) -> Amount | None:
    """Tonnes of waste; None when none was given."""
    return _sum((one for one in quantities if one.category == "waste"), "t")
