"""Figures, dates and sizes as French accountants write them. Unknown is written « à compléter », never 0 nor a dash.

U+00A0 in numbers and before units: the faces of the screens and of the printed reports have no U+202F.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from bocage.identifiers.money import quantize_cents

NBSP = "\u00a0"
MINUS = "−"
UNKNOWN = "à compléter"
MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
SHORT_MONTHS = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."]
WEEKDAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]

type Number = Decimal | int


def number(value: Number | None, decimals: int = 0) -> str:
    """``6 755,6``: grouped by three, decimal comma, true minus sign."""
    if value is None:
        return UNKNOWN
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    sign = MINUS if rounded < 0 else ""
    return sign + f"{abs(rounded):,.{decimals}f}".replace(",", NBSP).replace(".", ",")


def integer(value: Number | None) -> str:
    """``61 204``."""
    return number(value)


def money(value: Number | None) -> str:
    """``3 240 000,00 €``, to the cent."""
    if value is None:
        return UNKNOWN
    return f"{number(quantize_cents(Decimal(value)), 2)}{NBSP}€"


def percent(value: Number | None, decimals: int = 1) -> str:
    """``36,5 %`` of 36.5: the value is already a percentage."""
    return UNKNOWN if value is None else f"{number(value, decimals)}{NBSP}%"


def siret(digits: str) -> str:
    """``000 074 617 00028``, or ``000 074 617`` for a SIREN; anything else is left as it is."""
    if len(digits) not in (9, 14) or not digits.isdecimal():
        return digits
    return NBSP.join(part for part in (digits[:3], digits[3:6], digits[6:9], digits[9:]) if part)


def day(value: date | None) -> str:
    """``17/11/2026``."""
    return UNKNOWN if value is None else value.strftime("%d/%m/%Y")


def long_day(value: date | None, *, weekday: bool = False) -> str:
    """``17 novembre 2026``, ``1er mai 2026``; ``mardi`` before it when asked."""
    if value is None:
        return UNKNOWN
    first = "1er" if value.day == 1 else str(value.day)
    text = f"{first}{NBSP}{MONTHS[value.month - 1]}{NBSP}{value.year}"
    return f"{WEEKDAYS[value.weekday()]} {text}" if weekday else text


def short_day(value: date | None) -> str:
    """``27 nov. 2026``, for narrow columns."""
    if value is None:
        return UNKNOWN
    return f"{value.day}{NBSP}{SHORT_MONTHS[value.month - 1]}{NBSP}{value.year}"


def month(value: date | str) -> str:
    """``octobre 2025`` of a date, or of ``2025-10``."""
    year, number_ = (value.year, value.month) if isinstance(value, date) else map(int, value.split("-")[:2])
    return f"{MONTHS[number_ - 1]}{NBSP}{year}"


def filesize(size: int | None) -> str:
    """``4,2 Mo``: thousands of octets, as desktops show them."""
    if size is None:
        return UNKNOWN
    if size < 1000:
        return plural(size, "octet")
    value = Decimal(size)
    for unit in ("Ko", "Mo", "Go"):
        value /= 1000
        if value < 1000 or unit == "Go":
            return f"{number(value, 0 if unit == 'Ko' else 1)}{NBSP}{unit}"
    raise AssertionError


def plural(count: int, word: str, words: str = "") -> str:
    """``1 dossier``, ``0 dossier``, ``2 dossiers``: in French, plural begins at two."""
    name = word if abs(count) < 2 else (words or f"{word}s")
    return f"{integer(count)}{NBSP}{name}"
