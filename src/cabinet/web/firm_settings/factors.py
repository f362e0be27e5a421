"""« Facteurs d’émission » of the firm: which dossiers an older release made, and bringing them to the newest."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict

from cabinet.accounts.actors import Actor
from cabinet.carbon.models import Estimate, FactorRevision, FactorRound
from cabinet.carbon.rounds import behind_of, change_of, is_stopped, latest_round, moved_by
from cabinet.clients.access import visible_clients
from cabinet.clients.models import Client
from cabinet.reference_updates.shelf import latest_version
from cabinet.web.carbon.factors import signed
from cabinet.web.carbon.words import tonnes

BY_PAGE = 50
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Behind:
    """A dossier whose figures an older release made."""

    client: Client
    versions: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A fiscal year that the round moved."""

    row: FactorRevision
    before: str
    after: str
    difference: str


@dataclass(frozen=True, slots=True)
class RoundShown:
    """The last round: how far it is, and what it changed."""

    row: FactorRound
    done: int
    percent: int
    stopped: bool
    updated: int
    before: str
    after: str
    difference: str
    moved: Sequence[Moved]
    failed: Sequence[Client]

    @property
    def running(self) -> bool:
        """Whether a worker is at it."""
        return self.row.ended_at is None and not self.stopped

    @property
    def doing(self) -> str:
        """Where it is."""
        return f"{self.done} dossiers sur {self.row.count}"


@dataclass(frozen=True, slots=True)
class FactorsPage:
    """What the template draws."""

    version: str
    count: int
    page: Page[Client]
    lines: Sequence[Behind]
    last: RoundShown | None


def factors_page(actor: Actor, asked: QueryDict) -> FactorsPage:
    """The page; names and figures of the actor's own clients only."""
    version = latest_version()
    found = behind_of(actor, version)
    page: Page[Client] = Paginator(found, BY_PAGE).get_page(asked.get("page"))
    return FactorsPage(version, page.paginator.count, page, _lines(list(page.object_list), version), round_shown(actor))


def _lines(clients: Sequence[Client], version: str) -> list[Behind]:
    old = Estimate.objects.filter(year__client__in=clients).exclude(factors_version=version)
    versions: dict[UUID, set[str]] = {}
    for client_id, one in old.values_list("year__client_id", "factors_version"):
        versions.setdefault(client_id, set()).add(one)
    return [Behind(client, ", ".join(sorted(versions.get(client.id, ())))) for client in clients]


def round_shown(actor: Actor) -> RoundShown | None:
    """The last round of the firm."""
    row = latest_round(actor.firm)
    if row is None:
        return None
    mine = visible_clients(actor)
    done = row.count - len(row.waiting)
    before, after = change_of(row)
    moved: QuerySet[FactorRevision] = moved_by(row).filter(year__client__in=mine)
    largest = sorted(moved, key=lambda one: (-abs(one.after - one.before), one.year.client.name))[:SHOWN]
    return RoundShown(
        row=row,
        done=done,
        percent=100 * done // row.count,
        stopped=is_stopped(row),
        updated=done - len(row.failed),
        before=tonnes(before),
        after=tonnes(after),
        difference=signed(after - before),
        moved=[Moved(one, tonnes(one.before), tonnes(one.after), signed(one.after - one.before)) for one in largest],
        failed=list(mine.filter(id__in=row.failed).order_by("name", "id")[:SHOWN]),
    )
