"""Estimating in the background, once however many changes end together."""

from uuid import UUID

from django.db import transaction
from django.tasks import task

from cabinet.carbon.estimating import refresh
from cabinet.carbon.models import Estimate
from cabinet.carbon.selectors import ESTIMATE
from cabinet.dossiers.selectors import client_of_dossier
from cabinet.imports.facts import clients_with_books
from cabinet.jobs import running
from cabinet.jobs.models import Job

FAILED = "estimate_failed"
AT_ONCE = 50
"""Clients sent in one go of the recurring work: what people wait for goes between."""


def refresh_after_change(client_id: UUID) -> None:
    """Have the estimates of a client computed again, once the transaction of what changed is committed."""
    client = client_of_dossier(client_id)
    if client is None:
        return
    job = running.open_once(firm_id=client.firm_id, kind=ESTIMATE, object_id=client_id)
    if job is not None:
        enqueue(job)


def enqueue(job: Job) -> None:
    """Send a job to a worker once the transaction is committed."""
    transaction.on_commit(lambda: estimate_client.enqueue(str(job.id)))


@task(queue_name="interactive")
def estimate_client(job_id: str) -> None:
    """Estimate the fiscal years of one client. Safe to run twice."""
    running.run(UUID(job_id), _estimate, enqueue=enqueue, error=FAILED)


def _estimate(job: Job) -> bool:
    client = client_of_dossier(job.object_id)
    if client is None:
        return False
    refresh(client)
    return True


def take_up_abandoned() -> int:
    """Enqueue again the estimates whose worker died or whose task was lost; how many there were."""
    return running.take_up(ESTIMATE, enqueue=enqueue, error=FAILED)


def estimate_missing() -> int:
    """Send the clients whose FEC was accepted before there were estimates; how many. One that was tried is left."""
    tried = Job.objects.filter(kind=ESTIMATE).values("object_id")
    estimated = Estimate.objects.values("year__client_id")
    waiting = clients_with_books().exclude(client_id__in=tried).exclude(client_id__in=estimated)
    clients = list(waiting[:AT_ONCE])
    for client_id in clients:
        refresh_after_change(client_id)
    return len(clients)
