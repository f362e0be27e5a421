"""Ratios without floats, rounded once, at the end: half away from zero."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

type Exact = int | Decimal | Fraction


def rounded(value: Exact, places: int) -> Decimal:
    """``value`` to so many decimals, half away from zero."""
    scaled = Fraction(value) * 10**places
    whole = (abs(scaled) + Fraction(1, 2)).__floor__()
    return Decimal(-whole if scaled < 0 else whole).scaleb(-places)


def truncated(value: Exact, places: int) -> Decimal:
    """``value`` cut after so many decimals, as the law cuts a headcount."""
    return Decimal((Fraction(value) * 10**places).__floor__()).scaleb(-places)


def quotient(above: Exact, below: Exact, places: int, *, times: int = 1) -> Decimal | None:
    """``above / below × times``; None when ``below`` is 0."""
    return rounded(Fraction(above) * times / Fraction(below), places) if below else None


def rounded_decimal(value: Decimal, places: int) -> Decimal:
    """A decimal already divided (28 digits), to so many decimals."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
