"""Figures, dates and sizes as screens write them: those of ``bocage.wording.figures``, and moments in local time."""

from datetime import UTC, date, datetime

from django.utils import timezone

from bocage.wording import figures
from bocage.wording.figures import (
    MINUS,
    MONTHS,
    NBSP,
    SHORT_MONTHS,
    UNKNOWN,
    WEEKDAYS,
    Number,
    filesize,
    integer,
    money,
    month,
    number,
    percent,
    plural,
    siret,
)

__all__ = [
    "MINUS",
    "MONTHS",
    "NBSP",
    "SHORT_MONTHS",
    "UNKNOWN",
    "WEEKDAYS",
    "Number",
    "ago",
    "clock",
    "countdown",
    "day",
    "euros",
    "filesize",
    "integer",
    "long_day",
    "money",
    "month",
    "number",
    "percent",
    "plural",
    "short_day",
    "siret",
]


def euros(value: Number | None) -> str:
    """``21 384 210``: rounded to the euro for a strip of figures, where the unit stands beside, in grey."""
    return number(value)


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def _here(value: date | datetime | None) -> date | None:
    return _local(value) if isinstance(value, datetime) else value


def day(value: date | datetime | None) -> str:
    """``17/11/2026``."""
    return figures.day(_here(value))


def long_day(value: date | datetime | None, *, weekday: bool = False) -> str:
    """``17 novembre 2026``, ``1er mai 2026``; ``mardi`` before it when asked."""
    return figures.long_day(_here(value), weekday=weekday)


def short_day(value: date | datetime | None) -> str:
    """``27 nov. 2026``, for narrow columns."""
    return figures.short_day(_here(value))


def clock(moment: datetime) -> str:
    """``9 h 42``."""
    local = _local(moment)
    return f"{local.hour}{NBSP}h{NBSP}{local.minute:02d}"


def ago(moment: datetime, now: datetime | None = None) -> str:
    """``9 h 42`` today, ``hier à 18 h 04``, then ``le 9 novembre`` and the year when it is another one."""
    local = _local(moment)
    today = _local(now or datetime.now(UTC)).date()
    days = (today - local.date()).days
    if days == 0:
        return f"aujourd’hui à {clock(moment)}"
    if days == 1:
        return f"hier à {clock(moment)}"
    text = long_day(local.date())
    return f"le {text.rsplit(NBSP, 1)[0] if local.year == today.year else text}"


def countdown(seconds: int) -> str:
    """``encore 20 s environ``: an order of magnitude, never a false precision."""
    if seconds < 10:
        return "encore quelques secondes"
    if seconds < 90:
        return f"encore {round(seconds, -1)}{NBSP}s environ"
    return f"encore {round(seconds / 60)}{NBSP}min environ"
