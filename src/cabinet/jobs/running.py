"""Running a job that computes: taken once, tried again when it fails, told by a code and never by a text."""

import logging
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import DatabaseError, transaction

from bocage.errors import BocageError, SourceUnreadable, WorkspaceFull
from cabinet.jobs import services as jobs
from cabinet.jobs.models import Job, JobState

logger = logging.getLogger(__name__)

FAILURES = (
    BocageError,
    DatabaseError,
    OSError,
    MemoryError,
    RuntimeError,
    ValueError,
    ArithmeticError,
    LookupError,
)
"""What a computation may fail with; anything else is a fault of ours and stops the worker's task."""

MACHINE = (OSError, DatabaseError, SourceUnreadable, WorkspaceFull)
"""Failures of the disk, of the storage or of the database: the work waits for them, and they are no try of it."""


@transaction.atomic
def open_once(*, firm_id: UUID, kind: str, object_id: UUID) -> Job | None:
    """A job, unless one of this kind already waits for the same object. Call it once what it reads is committed."""
    if Job.objects.filter(kind=kind, object_id=object_id, state=JobState.WAITING).exists():
        return None
    return jobs.open_job(firm_id=firm_id, kind=kind, object_id=object_id)


def run(
    job_id: UUID,
    work: Callable[[Job], bool],
    *,
    enqueue: Callable[[Job], None],
    error: str,
    lease: timedelta = jobs.LEASE,
) -> None:
    """Take the job and do its work; safe to call twice. ``work`` answers False when its object is gone.

    ``enqueue`` sends it to a worker again after a failure, three times at most; ``error`` is then the job's code.
    """
    job = jobs.claim(job_id, lease=lease)
    if job is None:
        return
    try:
        done = work(job)
    except FAILURES as failure:
        # The text of an exception may quote a fact: only its type is kept.
        logger.error("%s of %s failed with %s (try %d)", job.kind, job.object_id, type(failure).__name__, job.tries)
        if isinstance(failure, MACHINE) and jobs.pause(job):
            return
        if job.tries < jobs.MAX_TRIES:
            jobs.release(job.id)
            enqueue(job)
        else:
            jobs.finish(job.id, error=error)
        return
    jobs.finish(job.id, error="" if done else "gone")


def take_up(kind: str, *, enqueue: Callable[[Job], None], error: str) -> int:
    """Enqueue again the jobs of a kind whose worker died or whose task was lost; how many there were."""
    found = [job for job in jobs.abandoned() if job.kind == kind]
    for job in found:
        if job.tries >= jobs.MAX_TRIES:
            jobs.finish(job.id, error=error)
        else:
            enqueue(job)
    return len(found)
