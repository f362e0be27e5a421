"""Sending work to the background. A job's row is there even if the queue loses the message."""

from django.db import transaction
from django.utils.module_loading import import_string

from cabinet.jobs.models import Job

CHECK, YEARS, PULL = "connection_check", "connection_years", "connection_pull"


def send(job: Job, *, queue: str = "interactive") -> None:
    """Send a job to a worker once the transaction is committed; its kind says what is to be done."""
    work = import_string("cabinet.connectors.tasks.work")
    transaction.on_commit(lambda: work.using(queue_name=queue).enqueue(str(job.id)))
