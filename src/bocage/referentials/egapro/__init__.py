"""Scales of the Index de l'égalité professionnelle (see the README beside the data)."""

from decimal import Decimal
from functools import cache
from typing import Literal

from bocage.referentials.loader import read_rows

type Scale = Literal["pay_gap", "raises_large", "raises_and_promotions", "promotions_large", "best_paid"]


@cache
def _steps(scale: Scale) -> tuple[tuple[Decimal, int], ...]:
    rows = [row for row in read_rows(__package__, "scales.csv") if row["scale"] == scale]
    return tuple((Decimal(row["from"] or "-Infinity"), int(row["points"])) for row in rows)


def points(scale: Scale, value: Decimal | int) -> int:
    """The points of ``value``: those of the last bound that it reaches."""
    return [earned for bound, earned in _steps(scale) if value >= bound][-1]


def highest(scale: Scale) -> int:
    """The most that a scale gives."""
    return max(earned for _, earned in _steps(scale))
