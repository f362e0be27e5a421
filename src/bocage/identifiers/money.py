"""The one place where money is rounded and written.

Money is a ``Decimal`` in euros or an ``int`` in cents, never a float.
"""

from decimal import ROUND_HALF_EVEN, Context, Decimal

CENT = Decimal("0.01")
_EXACT = Context(prec=100)
"""Sums of a whole file may need more than the 28 digits of the usual context."""


def quantize_cents(amount: Decimal) -> Decimal:
    """Round to the cent, half to even."""
    return amount.quantize(CENT, rounding=ROUND_HALF_EVEN, context=_EXACT)


def decimal_to_text(amount: Decimal) -> str:
    """``"1234.56"``: the form of money in JSON (two decimals, point, no separator)."""
    rounded = quantize_cents(amount)
    return f"{rounded if rounded else Decimal('0.00'):f}"


def cents_to_text(cents: int) -> str:
    """``"1234.56"`` from an integer number of cents."""
    return decimal_to_text(Decimal(cents) / 100)
