"""Importing a list of clients in the background. The queue holds ids only."""

import logging
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.tasks import task

from cabinet.jobs import services as jobs
from cabinet.jobs.models import Job
from cabinet.onboarding.models import ClientSheet
from cabinet.onboarding.sheets.services import IMPORT, import_rows

logger = logging.getLogger(__name__)


def enqueue(job: Job) -> None:
    """Send a job to a worker once the transaction is committed; its row is there even if the queue loses it."""
    transaction.on_commit(lambda: import_clients.enqueue(str(job.id)))


@task(queue_name="batch", priority=jobs.AFTER)
def import_clients(job_id: str) -> None:
    """Import one list. Safe to run twice: the second finds the job taken or over, and goes on where rows wait."""
    job = jobs.claim(UUID(job_id))
    if job is None:
        return
    try:
        finished = import_rows(job)
    except ClientSheet.DoesNotExist:
        jobs.finish(job.id, error="gone")
    except PermissionDenied:
        jobs.finish(job.id, error="not_allowed")
    except (DatabaseError, OSError, RuntimeError, ValueError, LookupError) as error:
        # The text of an exception may quote the file: only its type is kept.
        logger.error("list %s: import failed with %s (try %d)", job.object_id, type(error).__name__, job.tries)
        _try_again_or_give_up(job)
    else:
        if finished:
            jobs.finish(job.id)


def _try_again_or_give_up(job: Job) -> None:
    if job.tries >= jobs.MAX_TRIES:
        jobs.finish(job.id, error="import_failed")
        return
    jobs.release(job.id)
    enqueue(job)


def take_up_abandoned() -> int:
    """Enqueue again the imports whose worker died or whose task was lost; how many there were."""
    found = [job for job in jobs.abandoned() if job.kind == IMPORT]
    for job in found:
        if job.tries >= jobs.MAX_TRIES:
            jobs.finish(job.id, error="import_failed")
        else:
            enqueue(job)
    return len(found)
