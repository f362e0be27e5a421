"""What protects the sources from us, and us from them: a limiter and a circuit breaker that all processes share."""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from bocage.registry import Answer, Unavailable, UnavailableReason
from cabinet.registry.models import SourceState

FAILURES_BEFORE_PAUSE = 5
PAUSE = timedelta(seconds=60)
_TRIES = 5
_NOT_A_FAILURE = {UnavailableReason.BAD_REQUEST, UnavailableReason.RATE_LIMITED}
"""The service answered: the fault is ours, or it asks for a pause of its own length."""


def is_open(name: str) -> bool:
    """Whether the source may be called: it has not failed too often, nor asked for a pause."""
    return not SourceState.objects.filter(name=name, closed_until__gt=timezone.now()).exists()


def reserve(name: str, *, per_second: float, patience: float) -> float | None:
    """Book the next call: how many seconds to wait before it, None when that would be more than ``patience``.

    Calls are spaced evenly. The row is changed only if nobody changed it meanwhile, so that two processes never take
    the same place.
    """
    for _ in range(_TRIES):
        state, _created = SourceState.objects.get_or_create(name=name)
        now = timezone.now()
        place = max(now, state.next_call_at or now)
        wait = (place - now).total_seconds()
        if wait > patience:
            return None
        following = place + timedelta(seconds=1 / per_second)
        unchanged = SourceState.objects.filter(name=name, next_call_at=state.next_call_at)
        if unchanged.update(next_call_at=following):
            return wait
    return None


def note(name: str, answer: Answer) -> None:
    """Remember how the call went. After five failures in a row the source is left alone for a minute."""
    if not isinstance(answer, Unavailable):
        SourceState.objects.filter(name=name, failures__gt=0).update(failures=0, closed_until=None)
        return
    SourceState.objects.get_or_create(name=name)
    row = SourceState.objects.filter(name=name)
    if answer.reason is UnavailableReason.RATE_LIMITED:
        pause = min(timedelta(seconds=answer.retry_after or 1.0), PAUSE)
        row.update(closed_until=timezone.now() + pause)
    elif answer.reason not in _NOT_A_FAILURE:
        row.update(failures=F("failures") + 1)
        row.filter(failures__gte=FAILURES_BEFORE_PAUSE).update(closed_until=timezone.now() + PAUSE)
