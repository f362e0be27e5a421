"""What protects the sources from us, and us from them: a limiter and a circuit breaker that all processes share."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from bocage.registry import Unavailable, UnavailableReason
from cabinet.registry.models import SourceState

FAILURES_BEFORE_PAUSE = 5
PAUSE = timedelta(seconds=60)
_TRIES = 20
_NOT_A_FAILURE = {UnavailableReason.BAD_REQUEST, UnavailableReason.RATE_LIMITED}
"""The service answered: the fault is ours, or it asks for a pause of its own length."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A bucket of ``burst`` calls, refilled with ``per_second``: ``burst + per_second × t`` calls in t seconds at most.

    Stated so that even the fullest second, or minute, stays below what the service allows.
    """

    per_second: float
    burst: int

    @property
    def interval(self) -> timedelta:
        """The time that one call takes to be given back."""
        return timedelta(seconds=1 / self.per_second)


def is_open(name: str) -> bool:
    """Whether the source may be called: it has not failed too often, nor asked for a pause."""
    return not SourceState.objects.filter(name=name, closed_until__gt=timezone.now()).exists()


def reserve(name: str, rate: Rate, *, patience: float) -> float | None:
    """Book the next call: how many seconds to wait before it, None when that would be more than ``patience``.

    ``next_call_at`` is when the bucket will be full again. The row is changed only if nobody changed it meanwhile, so
    that two processes never take the same place.
    """
    for _ in range(_TRIES):
        state, _created = SourceState.objects.get_or_create(name=name)
        now = timezone.now()
        full_at = max(now, state.next_call_at or now)
        wait = max(timedelta(), full_at - (rate.burst - 1) * rate.interval - now).total_seconds()
        if wait > patience:
            return None
        if _took(name, state.next_call_at, full_at + rate.interval):
            return wait
    return None


def _took(name: str, before: datetime | None, after: datetime) -> bool:
    unchanged = SourceState.objects.filter(name=name, next_call_at=before)
    return bool(unchanged.update(next_call_at=after))


def note(name: str, failure: Unavailable | None) -> None:
    """Remember how the call went. After five failures in a row the source is left alone for a minute."""
    if failure is None:
        SourceState.objects.filter(name=name, failures__gt=0).update(failures=0, closed_until=None)
        return
    SourceState.objects.get_or_create(name=name)
    row = SourceState.objects.filter(name=name)
    if failure.reason is UnavailableReason.RATE_LIMITED:
        pause = min(timedelta(seconds=failure.retry_after or 1.0), PAUSE)
        row.update(closed_until=timezone.now() + pause)
    elif failure.reason not in _NOT_A_FAILURE:
        row.update(failures=F("failures") + 1)
        row.filter(failures__gte=FAILURES_BEFORE_PAUSE).update(closed_until=timezone.now() + PAUSE)
