"""Calls to tools, in the background. The queue holds ids only; every error becomes a code before it could see it."""

from datetime import timedelta
from uuid import UUID

from django.tasks import task

from cabinet.connectors import checking, listing, pulling
from cabinet.connectors.sending import CHECK, PULL, YEARS, send
from cabinet.jobs import running
from cabinet.jobs.models import Job

LEASE = timedelta(minutes=20)
"""A tool may take minutes to answer, and a large file to come; meanwhile the job does not beat."""
WORK = {CHECK: checking.check, YEARS: listing.list_years, PULL: pulling.pull}
FAILED = "connector_failed"


@task(queue_name="interactive")
def work(job_id: str) -> None:
    """Do one job. Safe to run twice: the second finds it taken or over."""
    running.run(UUID(job_id), _do, enqueue=send, error=FAILED, lease=LEASE)


def _do(job: Job) -> bool:
    return WORK[job.kind](job)


def take_up_abandoned() -> int:
    """Enqueue again the jobs whose worker died or whose task was lost; how many there were."""
    pulling.give_up_failed()
    return sum(running.take_up(kind, enqueue=send, error=FAILED) for kind in WORK)
