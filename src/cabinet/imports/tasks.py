"""Background reading. The queue holds ids only; every error becomes a code before the queue could see it."""

import logging
from uuid import UUID

from django.db import DatabaseError, transaction
from django.tasks import task

from bocage.errors import BocageError, Cancelled
from cabinet.accounts.actors import worker
from cabinet.imports import storage
from cabinet.imports.enums import ImportState, Refusal
from cabinet.imports.models import DeclaredMonth, Import
from cabinet.imports.reading import read
from cabinet.imports.receiving import READ
from cabinet.imports.settling import refuse
from cabinet.jobs import services as jobs
from cabinet.jobs.models import Job
from cabinet.jobs.running import MACHINE

logger = logging.getLogger(__name__)

INTERACTIVE_BYTES = 20 * 1024 * 1024
"""Larger files wait in the batch queue, so that they do not hold up small ones."""


def enqueue(job: Job, size: int) -> None:
    """Send a job to a worker once the transaction is committed; its row is there even if the queue loses it."""
    sent = read_import if size <= INTERACTIVE_BYTES else read_import.using(queue_name="batch", priority=jobs.AFTER)
    transaction.on_commit(lambda: sent.enqueue(str(job.id)))


@task(queue_name="interactive")
def read_import(job_id: str) -> None:
    """Read one import. Safe to run twice: the second finds the job taken or over."""
    job = jobs.claim(UUID(job_id))
    if job is None:
        return
    try:
        for born, size in read(job):
            enqueue(born, size)
    except Cancelled:
        return
    except (
        BocageError,
        DatabaseError,
        OSError,
        MemoryError,
        RuntimeError,
        ValueError,
        ArithmeticError,
        LookupError,
    ) as error:
        # The text of an exception may quote the file: only its type is kept.
        logger.error("import %s: reading failed with %s (try %d)", job.object_id, type(error).__name__, job.tries)
        _try_again_or_give_up(job, by_machine=isinstance(error, MACHINE))


def _try_again_or_give_up(job: Job, *, by_machine: bool = False) -> None:
    imported = Import.objects.filter(id=job.object_id).first()
    if imported is None or imported.state == ImportState.DELETED:
        # Removed while it was read: what was written after that goes too.
        storage.remove_files(job.object_id)
        DeclaredMonth.objects.filter(source_id=job.object_id).delete()
        jobs.finish(job.id, error="gone")
        return
    if by_machine and jobs.pause(job):
        return
    if job.tries < jobs.MAX_TRIES:
        jobs.release(job.id)
        enqueue(job, imported.size)
        return
    with transaction.atomic():
        jobs.finish(job.id, error="reading_failed")
        if imported.state in {ImportState.RECEIVED, ImportState.READING}:
            refuse(imported, Refusal.WORKER_FAILED, actor=worker(imported.firm))


def take_up_abandoned() -> int:
    """Enqueue again the readings whose worker died or whose task was lost; how many there were."""
    found = [job for job in jobs.abandoned() if job.kind == READ]
    for job in found:
        imported = Import.objects.filter(id=job.object_id).only("size").first()
        if imported is None:
            jobs.finish(job.id, error="gone")
        elif job.tries >= jobs.MAX_TRIES:
            _try_again_or_give_up(job)
        else:
            enqueue(job, imported.size)
    return len(found)
