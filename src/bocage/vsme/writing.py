"""A value as people read it: members by their French names, numbers the French way."""

from decimal import Decimal

from bocage.referentials.vsme import members
from bocage.vsme.prefill import Row
from bocage.wording.figures import NBSP, number

_NACE = "nace:NACE_"
_EUROS_OF_INTENSITY = 1_000_000


def written(row: Row) -> str:
    """The value of a row and its unit; empty when it has none. An intensity is said in tonnes a million euros."""
    value = row.value
    if value is None:
        return ""
    if isinstance(value, tuple):
        return " ; ".join(f"{cell.key} {cell.value}" if len(cell.key) > 2 else cell.value for cell in value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, Decimal | int):
        return _number(Decimal(value), row)
    if value.startswith(_NACE):
        section, digits = value[len(_NACE)], value[len(_NACE) + 1 :]
        return f"{section} {digits[:2]}.{digits[2:]}"
    return members(row.point.concept).get(value, value)


def _number(value: Decimal, row: Row) -> str:
    if row.unit == "tCO2e/EUR":
        return f"{_plain(value * _EUROS_OF_INTENSITY)}{NBSP}t CO2e par million d’euros"
    if row.point.type == "percent":
        return f"{_plain(value * 100)}{NBSP}%"
    unit = {"EUR": "€", "tCO2e": "t CO2e", "m3": "m³", "pure": ""}.get(row.unit, row.unit)
    return _plain(value) + (f"{NBSP}{unit}" if unit else "")


def _plain(value: Decimal) -> str:
    """Two decimals at most, none for a whole number.

    >>> _plain(Decimal("-1234.5"))
    '−1\\xa0234,50'
    """
    return number(value, 0 if round(value, 2) == value.to_integral_value() else 2)
