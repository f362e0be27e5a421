"""Taking, renewing and ending jobs. Each step is one conditional UPDATE, right on SQLite and PostgreSQL alike."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from cabinet.jobs.models import Job, JobState

LEASE = timedelta(minutes=2)
AFTER = -10
"""The priority of the queue ``batch``: a worker that serves both takes it when nobody waits in ``interactive``."""
MAX_TRIES = 3
KEPT = timedelta(days=30)
"""How long a job that went well is kept when its object has had another of its kind since."""
PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=15)
MOST_SETBACKS = 100
"""A day of pauses."""


def open_job(*, firm_id: UUID, kind: str, object_id: UUID) -> Job:
    """A job waiting for a worker; enqueue its task once the transaction is committed."""
    return Job.objects.create(firm_id=firm_id, kind=kind, object_id=object_id)


def claim(job_id: UUID, *, lease: timedelta = LEASE) -> Job | None:
    """Take the job if it waits, or if the worker that held it has gone. None when it is somebody else's or over.

    ``lease``: how long it may be silent; longer for what waits for others without a beat.
    """
    now = timezone.now()
    ready = Q(not_before__isnull=True) | Q(not_before__lte=now)
    free = Q(ready, state=JobState.WAITING) | Q(state=JobState.RUNNING, lease_until__lt=now)
    taken = Job.objects.filter(free, id=job_id).update(
        state=JobState.RUNNING, lease_until=now + lease, started_at=now, tries=F("tries") + 1
    )
    return Job.objects.get(id=job_id) if taken else None


def beat(job_id: UUID, *, tries: int, share: float, step: str) -> bool:
    """Say that the work goes on, and how far. False when the job was taken away: stop.

    ``tries`` is that of the job as it was claimed: another worker that has taken it since has raised it.
    """
    return bool(
        Job.objects.filter(id=job_id, state=JobState.RUNNING, tries=tries).update(
            lease_until=timezone.now() + LEASE, share=max(0.0, min(1.0, share)), step=step[:40]
        )
    )


def finish(job_id: UUID, *, error: str = "") -> None:
    """End the job, well or with an error code (never a text taken from a file)."""
    Job.objects.filter(id=job_id).update(
        state=JobState.FAILED if error else JobState.DONE,
        error=error,
        share=0.0 if error else 1.0,
        lease_until=None,
        ended_at=timezone.now(),
    )


def release(job_id: UUID) -> None:
    """Put the job back for another try."""
    Job.objects.filter(id=job_id).update(state=JobState.WAITING, lease_until=None)


def pause(job: Job) -> bool:
    """Put back for later a job that the machine stopped, without counting a try: each pause is twice the last one.

    False when a day of pauses has changed nothing.
    """
    if job.setbacks >= MOST_SETBACKS:
        return False
    wait = min(PAUSE * 2 ** min(job.setbacks, 10), LONGEST_PAUSE)
    Job.objects.filter(id=job.id, state=JobState.RUNNING, tries=job.tries).update(
        state=JobState.WAITING,
        lease_until=None,
        not_before=timezone.now() + wait,
        setbacks=F("setbacks") + 1,
        tries=F("tries") - 1,
    )
    return True


def abandoned() -> list[Job]:
    """Jobs whose worker has gone, whose pause is over, or that nobody took for a lease's time (their task was lost)."""
    now = timezone.now()
    ready = Q(not_before__isnull=True) | Q(not_before__lte=now)
    lost = Q(state=JobState.RUNNING, lease_until__lt=now) | Q(ready, state=JobState.WAITING, created_at__lt=now - LEASE)
    return list(Job.objects.filter(lost).order_by("created_at"))


def forget_done() -> int:
    """Delete the old jobs that nothing shows any more; how many. The last of each kind for its object stays."""
    since = Job.objects.filter(
        kind=OuterRef("kind"), object_id=OuterRef("object_id"), created_at__gt=OuterRef("created_at")
    )
    old = Job.objects.filter(Exists(since), state=JobState.DONE, ended_at__lt=timezone.now() - KEPT)
    return old.delete()[0]
