"""Recomputing a dossier in the background, once however many imports end together."""

from uuid import UUID

from django.db import transaction
from django.tasks import task

from cabinet.dossiers.selectors import RECOMPUTE, client_of_dossier
from cabinet.dossiers.snapshots import recompute
from cabinet.jobs import running
from cabinet.jobs.models import Job

FAILED = "recompute_failed"


def refresh_after_import(client_id: UUID) -> None:
    """Have the client's figures computed again. Called once the transaction of what changed is committed."""
    client = client_of_dossier(client_id)
    if client is None:
        return
    job = running.open_once(firm_id=client.firm_id, kind=RECOMPUTE, object_id=client_id)
    if job is not None:
        enqueue(job)


def enqueue(job: Job) -> None:
    """Send a job to a worker once the transaction is committed."""
    transaction.on_commit(lambda: recompute_dossier.enqueue(str(job.id)))


@task(queue_name="interactive")
def recompute_dossier(job_id: str) -> None:
    """Recompute one dossier. Safe to run twice."""
    running.run(UUID(job_id), _recompute, enqueue=enqueue, error=FAILED)


def _recompute(job: Job) -> bool:
    client = client_of_dossier(job.object_id)
    if client is None:
        return False
    recompute(client)
    return True


def take_up_abandoned() -> int:
    """Enqueue again the recomputations whose worker died or whose task was lost; how many there were."""
    return running.take_up(RECOMPUTE, enqueue=enqueue, error=FAILED)
