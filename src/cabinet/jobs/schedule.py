"""Recurring work: who is due, claimed by one scheduler at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from cabinet.jobs.models import DueWork

LEASE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Recurring:
    """A function to call every so often; it must be safe to call twice."""

    name: str
    every: timedelta
    run: Callable[[], object]


def run_due(works: list[Recurring], *, holder: str = "") -> list[str]:
    """Run what is due and not held by another scheduler; the names that ran.

    ``holder`` names the scheduler, which does one thing at a time: what it still seems to hold is a lease that it could
    not give back, because the database went away meanwhile.
    """
    ran = []
    for work in works:
        now = timezone.now()
        DueWork.objects.get_or_create(name=work.name, defaults={"next_at": now})
        free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
        if holder:
            free |= Q(holder=holder)
        if not DueWork.objects.filter(free, name=work.name, next_at__lte=now).update(
            lease_until=now + LEASE, holder=holder
        ):
            continue
        try:
            work.run()
            ran.append(work.name)
        finally:
            DueWork.objects.filter(name=work.name).update(next_at=timezone.now() + work.every, lease_until=None)
    return ran
