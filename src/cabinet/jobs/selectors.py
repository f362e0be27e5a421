"""Counting the background work, for who watches the machine."""

from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from cabinet.jobs.models import DueWork, Job, JobState


def count_of_jobs() -> dict[tuple[str, str], int]:
    """Kind and state → how many jobs, without those that ended before yesterday; ``paused``: stopped by the machine."""
    recent = Q(state__in=(JobState.WAITING, JobState.RUNNING)) | Q(ended_at__gte=timezone.now() - timedelta(days=1))
    paused = Q(state=JobState.WAITING, not_before__isnull=False)
    rows = Job.objects.filter(recent).order_by().values_list("kind", "state")
    found = {(kind, state): count for kind, state, count in rows.filter(~paused).annotate(count=Count("id"))}
    stopped = rows.filter(paused).annotate(count=Count("id"))
    return found | {(kind, "paused"): count for kind, _, count in stopped}


def oldest_waiting() -> datetime | None:
    """When the oldest job that waits for a worker was opened."""
    waiting = Job.objects.filter(state=JobState.WAITING)
    return waiting.order_by("created_at").values_list("created_at", flat=True).first()


def late_works() -> dict[str, float]:
    """Recurring work → how many seconds ago it was due; 0 when it is not due yet."""
    now = timezone.now()
    rows = DueWork.objects.order_by("name").values_list("name", "next_at")
    return {name: max(0.0, (now - next_at).total_seconds()) for name, next_at in rows}
