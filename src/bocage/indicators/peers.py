"""Where a figure stands among others of the same trade and size, without telling whose they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

OTHERS = 5
"""Fewest others in a comparison, and fewest whose figures the reader cannot see elsewhere."""
_DIGITS = 2
_TURNOVER_CLASSES = ((Decimal(900_000), "micro"), (Decimal(10_000_000), "small"), (Decimal(50_000_000), "medium"))


@dataclass(frozen=True, slots=True)
class Spread:
    """Quartiles and median of a group, in the unit of the figure, at two significant digits."""

    count: int
    low: Decimal
    median: Decimal
    high: Decimal


def size_class(turnover: Decimal) -> str:
    """``micro``, ``small``, ``medium`` or ``large`` by turnover: thresholds of directive 2013/34/EU, as amended.

    The two other criteria (balance sheet, staff) are often unknown, so turnover alone decides.
    """
    return next((name for limit, name in _TURNOVER_CLASSES if turnover <= limit), "large")


def may_show(others: int, unseen: int) -> bool:
    """Whether a group may be shown to somebody who already sees the figures of all others but ``unseen``.

    At least five others; and of those that the reader cannot open, none or at least five: else what they know would
    give the rest back by subtraction.
    """
    return others >= OTHERS and (unseen == 0 or unseen >= OTHERS)


def spread(values: Sequence[Decimal]) -> Spread | None:
    """The spread of a group of at least six (one's own included); None for a smaller one.

    Rounded to two significant digits, so that a dossier which comes or goes does not tell its figure.
    """
    if len(values) <= OTHERS:
        return None
    ordered = sorted(values)
    low, median, high = (_rounded(_quantile(ordered, quarter)) for quarter in (1, 2, 3))
    return Spread(len(ordered), low, median, high)


def _quantile(ordered: Sequence[Decimal], quarter: int) -> Decimal:
    """Linear interpolation between the two nearest ranks.

    >>> _quantile([Decimal(one) for one in (1, 2, 3, 4, 5)], 1)
    Decimal('2')
    """
    place = (len(ordered) - 1) * quarter
    rank, rest = divmod(place, 4)
    if not rest:
        return ordered[rank]
    return ordered[rank] + (ordered[rank + 1] - ordered[rank]) * rest / 4


def _rounded(value: Decimal) -> Decimal:
    """Two significant digits.

    >>> _rounded(Decimal("123456")), _rounded(Decimal("0.0456"))
    (Decimal('120000'), Decimal('0.046'))
    """
    if not value:
        return Decimal(0)
    step = Decimal(1).scaleb(value.adjusted() - _DIGITS + 1)
    return Decimal(f"{value.quantize(step, rounding=ROUND_HALF_UP) if step < 1 else _to(value, step):f}")


def _to(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step
