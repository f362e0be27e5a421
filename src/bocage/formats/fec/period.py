"""The fiscal year of a file: one rule, used by the checks, the facts, the wizard and the connectors."""

from dataclasses import dataclass
from datetime import date, timedelta

from bocage.identifiers.period import last_day_of_month, minus_months


@dataclass(frozen=True, slots=True)
class FecPeriod:
    """What the entries and the name tell. Any part may be None when nothing tells it."""

    start: date | None
    end: date | None
    first_entry: date | None
    last_entry: date | None


def coherent(closing: date | None, last_entry: date | None) -> bool:
    """Whether the closing date of the name may be that of the entries."""
    return closing is not None and (last_entry is None or closing >= last_entry.replace(day=1))


def find_period(
    closing: date | None, first_entry: date | None, last_entry: date | None, opening_days: frozenset[date]
) -> FecPeriod:
    """``first_entry``, ``last_entry``: dates outside openings; ``opening_days``: the dates that opening lines bear."""
    end = closing if last_entry is None or coherent(closing, last_entry) else last_day_of_month(last_entry)
    return FecPeriod(_start(end, first_entry, opening_days), end, first_entry, last_entry)


def _start(end: date | None, first_entry: date | None, opening_days: frozenset[date]) -> date | None:
    if end is None:
        return first_entry.replace(day=1) if first_entry else None
    if len(opening_days) == 1:
        (day,) = opening_days
        if day.day == 1 and minus_months(end, 24) < day <= end:
            return day
    usual = minus_months(end, 12) + timedelta(days=1)
    if first_entry is None or first_entry >= usual:
        return usual
    return first_entry.replace(day=1)


def matches(period: FecPeriod, closing: date | None, start: date, end: date) -> bool:
    """Whether dates typed by a person match: they hold every entry, and end on the name's coherent closing date."""
    if period.first_entry is not None and period.first_entry < start:
        return False
    if period.last_entry is not None and period.last_entry > end:
        return False
    return not coherent(closing, period.last_entry) or closing == end
