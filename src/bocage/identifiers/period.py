"""A span of days, both ends included, and the months it overlaps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from typing import Self


def last_day_of_month(day: date) -> date:
    """The last day of the month of ``day``."""
    if (day.year, day.month) == (MAXYEAR, 12):
        return date.max
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def minus_months(day: date, months: int) -> date:
    """``day`` some months earlier; a last day of month gives a last day of month."""
    index = day.year * 12 + day.month - 1 - months
    first = date(index // 12, index % 12 + 1, 1)
    last = last_day_of_month(first)
    if day == last_day_of_month(day) or day.day > last.day:
        return last
    return first.replace(day=day.day)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From ``start`` to ``end``, both included. Raises ValueError when they are in the wrong order."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError("the end of a period comes before its start")

    @classmethod
    def year(cls, year: int) -> Self:
        """A calendar year."""
        return cls(date(year, 1, 1), date(year, 12, 31))

    def months(self) -> Iterator[str]:
        """Each month that the period overlaps, as ``"2025-03"``."""
        year, month = self.start.year, self.start.month
        while (year, month) <= (self.end.year, self.end.month):
            yield f"{year:04d}-{month:02d}"
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)

    def contains(self, day: date) -> bool:
        """Whether ``day`` is inside."""
        return self.start <= day <= self.end

    def overlaps(self, other: Self) -> bool:
        """Whether the two share at least one day."""
        return self.start <= other.end and other.start <= self.end
