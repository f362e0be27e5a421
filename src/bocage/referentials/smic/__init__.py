"""The legal minimum wage by date (see the README beside the data)."""

import csv
from bisect import bisect_right
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

CHECKED_UNTIL = date(2026, 1, 31)
"""Last day for which the list of rises is known to be complete."""


@cache
def _rises() -> tuple[tuple[date, Decimal], ...]:
    text = (files(__package__) / "smic.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple((date.fromisoformat(row["from"]), Decimal(row["hourly_eur"])) for row in rows)


def hourly_smic(day: date) -> Decimal | None:
    """Gross euros per hour on ``day``; None before the first amount kept."""
    rises = _rises()
    index = bisect_right(rises, day, key=lambda rise: rise[0])
    return rises[index - 1][1] if index else None
