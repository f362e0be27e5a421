"""Recomputing a dossier in the background, once however many imports end together."""

import logging
from uuid import UUID

from django.db import DatabaseError, transaction
from django.tasks import task

from bocage.errors import BocageError
from cabinet.dossiers.models import Dossier
from cabinet.dossiers.selectors import RECOMPUTE
from cabinet.dossiers.snapshots import recompute
from cabinet.jobs import services as jobs
from cabinet.jobs.models import Job, JobState

logger = logging.getLogger(__name__)


def refresh_after_import(client_id: UUID) -> None:
    """Have the client's figures computed again. Called once the transaction of what changed is committed."""
    dossier = Dossier.objects.select_related("client").filter(client_id=client_id).first()
    if dossier is None:
        return
    with transaction.atomic():
        waiting = Job.objects.filter(kind=RECOMPUTE, object_id=client_id, state=JobState.WAITING)
        if not waiting.exists():
            enqueue(jobs.open_job(firm_id=dossier.client.firm_id, kind=RECOMPUTE, object_id=client_id))


def enqueue(job: Job) -> None:
    """Send a job to a worker once the transaction is committed."""
    transaction.on_commit(lambda: recompute_dossier.enqueue(str(job.id)))


@task(queue_name="interactive")
def recompute_dossier(job_id: str) -> None:
    """Recompute one dossier. Safe to run twice."""
    job = jobs.claim(UUID(job_id))
    if job is None:
        return
    dossier = Dossier.objects.select_related("client").filter(client_id=job.object_id).first()
    if dossier is None:
        jobs.finish(job.id, error="gone")
        return
    try:
        recompute(dossier.client)
    except (
        BocageError,
        DatabaseError,
        OSError,
        MemoryError,
        RuntimeError,
        ValueError,
        ArithmeticError,
        LookupError,
    ) as e:
        # The text of an exception may quote a fact: only its type is kept.
        logger.error("client %s: recomputing failed with %s (try %d)", job.object_id, type(e).__name__, job.tries)
        if job.tries < jobs.MAX_TRIES:
            jobs.release(job.id)
            enqueue(job)
        else:
            jobs.finish(job.id, error="recompute_failed")
        return
    jobs.finish(job.id)


def take_up_abandoned() -> int:
    """Enqueue again the recomputations whose worker died or whose task was lost; how many there were."""
    found = [job for job in jobs.abandoned() if job.kind == RECOMPUTE]
    for job in found:
        if job.tries >= jobs.MAX_TRIES:
            jobs.finish(job.id, error="recompute_failed")
        else:
            enqueue(job)
    return len(found)
