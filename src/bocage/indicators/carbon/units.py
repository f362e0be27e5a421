"""Units of quantities: what can be converted, exactly, and what cannot."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

NCV_OF_GCV = Decimal("0.9")
"""kWh PCI in one kWh PCS of natural gas."""

_ONE, _KILO = Decimal(1), Decimal(1000)
_UNITS: Mapping[str, tuple[str, Decimal]] = MappingProxyType(
    {
        "wh": ("kwh", 1 / _KILO),
        "kwh": ("kwh", _ONE),
        "mwh": ("kwh", _KILO),
        "gwh": ("kwh", _KILO * _KILO),
        "kwh pci": ("kwh pci", _ONE),
        "mwh pci": ("kwh pci", _KILO),
        "kwh pcs": ("kwh pci", NCV_OF_GCV),
        "mwh pcs": ("kwh pci", _KILO * NCV_OF_GCV),
        "gj pci": ("gj pci", _ONE),
        "gj pcs": ("gj pcs", _ONE),
        "tep pci": ("tep pci", _ONE),
        "tep pcs": ("tep pcs", _ONE),
        "ml": ("l", 1 / _KILO),
        "l": ("l", _ONE),
        "litre": ("l", _ONE),
        "litres": ("l", _ONE),
        "hl": ("l", Decimal(100)),
        "m3": ("l", _KILO),
        "m3 (n)": ("m3 (n)", _ONE),
        "g": ("kg", 1 / _KILO),
        "kg": ("kg", _ONE),
        "kg of gas": ("kg", _ONE),
        "t": ("kg", _KILO),
        "tonne": ("kg", _KILO),
        "tonnes": ("kg", _KILO),
        "tonne de déchets": ("kg", _KILO),
        "t of vehicle": ("kg", _KILO),
        "m": ("km", 1 / _KILO),
        "kgco2e": ("kgco2e", _ONE),
        "tco2e": ("kgco2e", _KILO),
        "km": ("km", _ONE),
        "p.km": ("p.km", _ONE),
        "passager.km": ("p.km", _ONE),
        "t.km": ("t.km", _ONE),
        "tonne.km": ("t.km", _ONE),
        "m2": ("m2", _ONE),
        "m2 shon": ("m2", _ONE),
        "repas": ("repas", _ONE),
        "meals": ("repas", _ONE),
        "unité": ("unité", _ONE),
        "units": ("unité", _ONE),
        "ream": ("unité", _ONE),
        "appareil": ("unité", _ONE),
        "head": ("head", _ONE),
        "night": ("night", _ONE),
    }
)


def _known(unit: str) -> tuple[str, Decimal]:
    """The base of a unit and how many of it one holds; an unknown unit is its own base."""
    name = " ".join(unit.strip().lower().replace("³", "3").replace("²", "2").split())
    return _UNITS.get(name, (name, _ONE))


def convert(quantity: Decimal, unit: str, wanted: str) -> Decimal | None:
    """``quantity`` in another unit; None when the two do not measure the same thing.

    >>> convert(Decimal(2), "MWh PCS", "kWh PCI")
    Decimal('1800.0')
    >>> convert(Decimal(3), "L", "kWh") is None
    True
    """
    base, size = _known(unit)
    wanted_base, wanted_size = _known(wanted)
    if base != wanted_base:
        return None
    return quantity if size == wanted_size else quantity * size / wanted_size
