"""Another release of the factors for a fiscal year: compared first, taken when somebody says so.

An estimate keeps its figures until then: see :func:`cabinet.carbon.selectors.version_of`.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.tasks import task
from django.utils import timezone

from bocage.indicators import carbon
from cabinet.accounts.actors import Actor
from cabinet.accounts.models import Firm
from cabinet.audit.services import Author, Subject, record
from cabinet.carbon.estimating import GRAIN, estimated, inputs_of, refresh
from cabinet.carbon.models import Estimate, FactorRevision
from cabinet.carbon.plain import factors_to_json
from cabinet.carbon.selectors import Reading, version_of
from cabinet.carbon.tasks import refresh_after_change
from cabinet.clients.models import Client, FiscalYear
from cabinet.clients.services import refuse_when_inactive
from cabinet.dossiers.selectors import client_of_dossier
from cabinet.imports.storage import work_folder
from cabinet.jobs import running
from cabinet.jobs.models import Job, JobState
from cabinet.reference_updates.shelf import is_newer, latest_version

logger = logging.getLogger(__name__)

COMPARISON = "carbon_compare"
FAILED = "compare_failed"


class NothingCompared(Exception):
    """The comparison is not there, or the estimate has changed since it was made."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a release makes of an estimate, in kgCO2e, and the factors that move it."""

    inputs_hash: str
    after: Decimal
    changes: list[dict[str, Any]]


def compare(year: FiscalYear, version: str) -> FactorRevision | None:
    """Estimate the year with another release, and keep what differs. None without an estimate to compare with."""
    row = Estimate.objects.filter(year=year).first()
    proposal = _proposal(year, Reading(row), version) if row else None
    if row is None or proposal is None:
        return None
    kept, _ = FactorRevision.objects.update_or_create(
        year=year,
        to_version=version,
        taken_at=None,
        defaults={
            "from_version": row.factors_version,
            "before": row.total,
            "after": proposal.after.quantize(GRAIN),
            "changes": proposal.changes,
            "inputs_hash": proposal.inputs_hash,
        },
    )
    return kept


def _proposal(year: FiscalYear, reading: Reading, version: str) -> Proposal | None:
    inputs = inputs_of(year.client, year, version)
    if inputs is None:
        return None
    with work_folder() as work:
        found = estimated(inputs, work / "proposal.parquet")
        cells = carbon.read_cells(found.lines)
    changes = carbon.revision(reading.cells, reading.factors, cells, found.factors)
    return Proposal(inputs.digest, found.total, [_plain(one) for one in changes])


def _plain(change: carbon.FactorChange) -> dict[str, Any]:
    return {
        "factor": change.factor,
        "cause": change.cause.value,
        "before": factors_to_json({"": change.before})[0] if change.before else None,
        "after": factors_to_json({"": change.after})[0] if change.after else None,
        "kgco2e_before": f"{change.kgco2e_before:f}",
        "kgco2e_after": f"{change.kgco2e_after:f}",
    }


def proposals_of(year: FiscalYear) -> QuerySet[FactorRevision]:
    """What was compared and not taken."""
    return FactorRevision.objects.filter(year=year, taken_at=None).order_by("-compared_at", "id")


def taken_of(year: FiscalYear) -> QuerySet[FactorRevision]:
    """The releases that were taken, latest first."""
    return FactorRevision.objects.filter(year=year, taken_at__isnull=False).order_by("-taken_at", "id")


def is_current(proposal: FactorRevision) -> bool:
    """Whether what was compared is what would be taken: no file, quantity or rule has changed since."""
    inputs = inputs_of(proposal.year.client, proposal.year, proposal.to_version)
    now = Estimate.objects.filter(year_id=proposal.year_id).values_list("total", flat=True).first()
    return inputs is not None and inputs.digest == proposal.inputs_hash and now == proposal.before


@transaction.atomic
def take(*, actor: Actor, proposal_id: UUID, year: FiscalYear) -> FactorRevision:
    """Bring the year to the release that was compared, and have its estimate computed again.

    Raises NothingCompared, PermissionDenied for a deactivated client.
    """
    refuse_when_inactive(year.client)
    proposal = FactorRevision.objects.select_for_update().filter(id=proposal_id, year=year, taken_at=None).first()
    if proposal is None or not is_current(proposal):
        raise NothingCompared
    _mark(proposal, actor.author)
    transaction.on_commit(partial(refresh_after_change, year.client_id))
    return proposal


def behind(firm: Firm, version: str) -> QuerySet[Estimate]:
    """The estimates of the firm's active clients that are of another release."""
    mine = Estimate.objects.filter(year__client__firm=firm, year__client__is_active=True)
    return mine.exclude(factors_version=version).order_by("year__client_id", "year_id")


def bring_all(firm: Firm, version: str, author: Author, progress: Callable[[int, int], None]) -> tuple[int, int]:
    """Compare, take and compute again every estimate of the firm that an older release made: moved, failed.

    One client after the other, each committed: what is interrupted goes on where it stopped when it is called again.
    """
    ids = list(dict.fromkeys(behind(firm, version).values_list("year__client_id", flat=True)))
    moved = failed = 0
    for rank, client in enumerate(client_of_dossier(one) for one in ids):
        if client is not None:
            try:
                moved += len(bring(client, version, author))
            except running.FAILURES as failure:
                logger.error("factors of %s failed with %s", client.id, type(failure).__name__)
                failed += 1
        progress(rank + 1, len(ids))
    return moved, failed


def bring(client: Client, version: str, author: Author) -> list[FactorRevision]:
    """Compare, take and compute again the years of a client that an older release made; what was taken."""
    moved = []
    for year in client.years.select_related("client"):
        proposal = compare(year, version) if is_newer(version, version_of(year)) else None
        if proposal is not None:
            with transaction.atomic():
                _mark(proposal, author)
            moved.append(proposal)
    refresh(client)
    return moved


def _mark(proposal: FactorRevision, author: Author) -> None:
    proposal.taken_at, proposal.taken_by = timezone.now(), author.label[:200]
    proposal.save(update_fields=["taken_at", "taken_by"])
    year = proposal.year
    Estimate.objects.filter(year=year).update(wanted_version=proposal.to_version)
    record(
        "carbon.factors_updated",
        author=author,
        subject=Subject(label=f"Exercice {year.label}", id=year.id, client_id=year.client_id),
        changes={
            "facteurs": (proposal.from_version, proposal.to_version),
            "total (kg CO2e)": (proposal.before, proposal.after),
        },
    )


def compare_later(client: Client) -> None:
    """Have the years of a client compared with the newest release, in the background."""
    job = running.open_once(firm_id=client.firm_id, kind=COMPARISON, object_id=client.id)
    if job is not None:
        enqueue(job)


def enqueue(job: Job) -> None:
    """Send a job to a worker once the transaction is committed."""
    transaction.on_commit(lambda: compare_client.enqueue(str(job.id)))


@task(queue_name="interactive")
def compare_client(job_id: str) -> None:
    """Compare the fiscal years of one client. Safe to run twice."""
    running.run(UUID(job_id), _compare_all, enqueue=enqueue, error=FAILED)


def _compare_all(job: Job) -> bool:
    client = client_of_dossier(job.object_id)
    if client is None:
        return False
    newest = latest_version()
    for year in client.years.select_related("client"):
        if is_newer(newest, version_of(year)):
            compare(year, newest)
    return True


def take_up_abandoned() -> int:
    """Enqueue again the comparisons whose worker died or whose task was lost; how many there were."""
    return running.take_up(COMPARISON, enqueue=enqueue, error=FAILED)


def is_comparing(client_id: UUID) -> bool:
    """Whether a comparison goes on."""
    return Job.objects.filter(
        kind=COMPARISON, object_id=client_id, state__in=(JobState.WAITING, JobState.RUNNING)
    ).exists()
