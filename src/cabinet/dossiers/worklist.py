"""Which dossiers wait for somebody: blocked first, then late, then to complete. What the home page is made of."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from cabinet.accounts.actors import Actor
from cabinet.clients.access import visible_clients
from cabinet.clients.models import Client
from cabinet.dossiers.models import Mission, MissionState
from cabinet.imports.coverage import ClientCoverage, coverage_of
from cabinet.imports.lacking import Lack, lacks, lacks_anything


@dataclass(frozen=True, slots=True)
class Waiting:
    """A dossier and why it waits."""

    client: Client
    coverage: ClientCoverage
    late: tuple[Mission, ...]


@dataclass(frozen=True, slots=True)
class WaitingGroup:
    """The first dossiers of a group, and how many there are in all."""

    dossiers: tuple[Waiting, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Worklist:
    """``blocked``: a file was refused. ``late``: a mission is past its deadline. ``to_complete``: data is missing.

    A dossier stands in the first group that it belongs to.
    """

    blocked: WaitingGroup
    late: WaitingGroup
    to_complete: WaitingGroup

    @property
    def count(self) -> int:
        """How many dossiers wait for something."""
        return self.blocked.count + self.late.count + self.to_complete.count


def late_missions(today: date) -> QuerySet[Mission]:
    """Missions that should be over."""
    return Mission.objects.filter(deadline__lt=today).exclude(state=MissionState.DONE)


def coming_missions(actor: Actor, *, only_mine: bool) -> QuerySet[Mission]:
    """The missions with a deadline that are not over, nearest first, of the followed clients that the actor sees."""
    missions = Mission.objects.filter(dossier__client__in=_followed(actor, only_mine=only_mine), deadline__isnull=False)
    return missions.exclude(state=MissionState.DONE).select_related("dossier__client").order_by("deadline", "id")


def worklist(actor: Actor, *, today: date, only_mine: bool, limit: int) -> Worklist:
    """The dossiers that wait among those that the actor sees; ``only_mine`` keeps those that they are in charge of."""
    followed = _followed(actor, only_mine=only_mine)
    groups = (
        lacks(Lack.REFUSED, today),
        Q(Exists(late_missions(today).filter(dossier__client=OuterRef("pk")))),
        lacks_anything(today),
    )
    rank = Case(
        *(When(group, then=Value(number)) for number, group in enumerate(groups)),
        default=None,
        output_field=IntegerField(),
    )
    # Whole lists of ids, at once: counting apart from reading would run the same tests twice.
    ids: list[list[UUID]] = [[] for _ in groups]
    waiting_ones = followed.annotate(rank=rank).filter(rank__isnull=False).order_by("search_name", "id")
    for client_id, number in waiting_ones.values_list("id", "rank"):
        ids[number].append(client_id)
    shown = [client_id for some in ids for client_id in some[:limit]]
    clients = {one.id: one for one in followed.filter(id__in=shown).select_related("manager")}
    coverages = coverage_of([*clients.values()], today)
    missions = _late_by_client(shown, today)
    waiting = [
        WaitingGroup(
            tuple(Waiting(clients[one], coverages[one], tuple(missions[one])) for one in some[:limit]), len(some)
        )
        for some in ids
    ]
    return Worklist(blocked=waiting[0], late=waiting[1], to_complete=waiting[2])


def _followed(actor: Actor, *, only_mine: bool) -> QuerySet[Client]:
    person = actor.collaborator
    mine = Q(manager=person) if only_mine and person is not None else Q()
    return visible_clients(actor).filter(mine, is_active=True)


def _late_by_client(client_ids: list[UUID], today: date) -> dict[UUID, list[Mission]]:
    found: dict[UUID, list[Mission]] = defaultdict(list)
    for mission in late_missions(today).filter(dossier__client__in=client_ids).select_related("dossier"):
        found[mission.dossier.client_id].append(mission)
    return found
