"""The newest factors for many dossiers at once, when an administrator asks for it: in the background, one by one.

A dossier that nobody chose keeps its figures. What moved, factor by factor, is on the page of each dossier.
"""

import logging
from collections.abc import Collection
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Sum
from django.tasks import task
from django.utils import timezone

from cabinet.accounts.actors import Actor
from cabinet.accounts.models import Firm
from cabinet.audit.services import Author, Origin, Subject, record
from cabinet.carbon.models import Estimate, FactorRevision, FactorRound
from cabinet.carbon.revising import bring
from cabinet.clients.access import visible_clients
from cabinet.clients.models import Client
from cabinet.dossiers.selectors import client_of_dossier
from cabinet.jobs import running
from cabinet.jobs import services as jobs
from cabinet.jobs.models import Job, JobState
from cabinet.reference_updates.shelf import latest_version

logger = logging.getLogger(__name__)

ROUND = "carbon_round"
FAILED = "round_failed"


class NothingToUpdate(Exception):
    """Every dossier that was chosen has the newest factors already."""


class RoundGoesOn(Exception):
    """Another round of the firm is not over."""


def behind_of(actor: Actor, version: str) -> QuerySet[Client]:
    """The active clients of the actor whose estimate is of another release, and waits for none."""
    old = Estimate.objects.filter(year__client=OuterRef("pk")).exclude(factors_version=version)
    waiting = visible_clients(actor).filter(is_active=True).filter(Exists(old.exclude(wanted_version=version)))
    return waiting.order_by("name", "id")


def latest_round(firm: Firm) -> FactorRound | None:
    """The last round that somebody asked for."""
    return FactorRound.objects.filter(firm=firm).order_by("-asked_at", "-id").first()


@transaction.atomic
def start(actor: Actor, chosen: Collection[UUID] | None) -> FactorRound:
    """Have the dossiers updated in the background: those of ``chosen``, or all that are behind (None).

    Raises PermissionDenied, RoundGoesOn, NothingToUpdate.
    """
    if not actor.can("firm.settings") or not actor.can("indicators.edit"):
        raise PermissionDenied
    Firm.objects.select_for_update().get(id=actor.firm.id)
    if FactorRound.objects.filter(firm=actor.firm, ended_at=None).exists():
        raise RoundGoesOn
    version = latest_version()
    found = behind_of(actor, version)
    ids = list((found if chosen is None else found.filter(id__in=chosen)).values_list("id", flat=True))
    if not ids:
        raise NothingToUpdate
    author = actor.author
    made = FactorRound.objects.create(
        firm=actor.firm,
        version=version,
        waiting=[str(one) for one in ids],
        count=len(ids),
        asked_by=author.label[:200],
        asked_by_id=author.id,
    )
    subject = Subject(label=f"{len(ids)} dossiers", id=made.id)
    record("carbon.factors_round", author=author, subject=subject, changes={"facteurs": (None, version)})
    _open(made)
    return made


def resume(actor: Actor) -> None:
    """Go on with a round whose worker failed; nothing when it runs. Raises PermissionDenied."""
    if not actor.can("firm.settings") or not actor.can("indicators.edit"):
        raise PermissionDenied
    found = FactorRound.objects.filter(firm=actor.firm, ended_at=None).first()
    if found is not None and is_stopped(found):
        _open(found)


def is_stopped(one: FactorRound) -> bool:
    """Whether nobody works on a round that is not over: its worker failed too often."""
    going = Job.objects.filter(kind=ROUND, object_id=one.id, state__in=(JobState.WAITING, JobState.RUNNING))
    return one.ended_at is None and not going.exists()


def moved_by(one: FactorRound) -> QuerySet[FactorRevision]:
    """The fiscal years that the round brought to its release, the largest change first."""
    mine = FactorRevision.objects.filter(round=one, taken_at__isnull=False)
    return mine.select_related("year__client").annotate(change=F("after") - F("before"))


def change_of(one: FactorRound) -> tuple[Decimal, Decimal]:
    """Kilograms of CO2e of the years that the round moved, before and after."""
    found = moved_by(one).aggregate(before=Sum("before"), after=Sum("after"))
    return found["before"] or Decimal(0), found["after"] or Decimal(0)


def _open(one: FactorRound) -> None:
    job = running.open_once(firm_id=one.firm_id, kind=ROUND, object_id=one.id)
    if job is not None:
        enqueue(job)


def enqueue(job: Job) -> None:
    """Send a job to a worker once the transaction is committed."""
    transaction.on_commit(lambda: update_factors.enqueue(str(job.id)))


@task(queue_name="batch", priority=jobs.AFTER)
def update_factors(job_id: str) -> None:
    """Update the dossiers of a round. Safe to run twice: it goes on with those that wait."""
    running.run(UUID(job_id), _work, enqueue=enqueue, error=FAILED)


def take_up_abandoned() -> int:
    """Enqueue again the rounds whose worker died or whose task was lost; how many there were."""
    return running.take_up(ROUND, enqueue=enqueue, error=FAILED)


def _work(job: Job) -> bool:
    one = FactorRound.objects.filter(id=job.object_id).select_related("firm").first()
    if one is None:
        return False
    author = Author(firm_id=one.firm_id, label=one.asked_by, origin=Origin.WORKER, id=one.asked_by_id)
    while one.waiting:
        client_id = one.waiting[0]
        done = one.count - len(one.waiting)
        if not jobs.beat(job.id, tries=job.tries, share=done / one.count, step="update"):
            return True
        if not _bring(one, UUID(client_id), author):
            one.failed.append(client_id)
        one.waiting = one.waiting[1:]
        one.save(update_fields=["waiting", "failed"])
    one.ended_at = timezone.now()
    one.save(update_fields=["ended_at"])
    return True


def _bring(one: FactorRound, client_id: UUID, author: Author) -> bool:
    """Bring one dossier to the release; False when it fails and keeps its figures."""
    client = client_of_dossier(client_id)
    if client is None or not client.is_active:
        return True
    try:
        for revision in bring(client, one.version, author):
            FactorRevision.objects.filter(id=revision.id).update(round=one)
    except running.FAILURES as failure:
        logger.error("factors of %s failed with %s", client.id, type(failure).__name__)
        return False
    return True
