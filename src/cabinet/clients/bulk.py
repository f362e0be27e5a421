"""One act on many clients: what it would change, what it would leave and why; then the change, client by client."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import batched
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from cabinet.accounts.actors import Actor
from cabinet.accounts.models import Collaborator
from cabinet.audit.services import record_many
from cabinet.clients.access import visible_clients
from cabinet.clients.models import Client
from cabinet.clients.services import subject_of
from cabinet.portfolios.access import grants
from cabinet.portfolios.models import Portfolio

CHUNK = 500


class Act(StrEnum):
    """What can be done to many clients at once."""

    JOIN = "join"
    LEAVE = "leave"
    HAND_OVER = "hand_over"
    DEACTIVATE = "deactivate"
    REACTIVATE = "reactivate"


NEEDS: dict[Act, str] = {
    Act.JOIN: "clients.edit",
    Act.LEAVE: "clients.edit",
    Act.HAND_OVER: "clients.edit",
    Act.DEACTIVATE: "clients.deactivate",
    Act.REACTIVATE: "clients.deactivate",
}
"""Act → the permission, the one that the same act on a single client needs."""

ON_PORTFOLIO = (Act.JOIN, Act.LEAVE)


class Left(StrEnum):
    """Why a client stays as it is."""

    ALREADY = "already"
    INACTIVE = "inactive"
    """A deactivated dossier is read-only."""
    INVISIBLE = "invisible"
    """The actor would no longer see it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an act would do: the clients that change (by name), and how many stay, by reason."""

    act: Act
    changing: tuple[tuple[UUID, str], ...]
    left: Mapping[Left, int]

    @property
    def fingerprint(self) -> str:
        """The clients that change, in short: another one means that something moved since the person read the plan."""
        ids = b"".join(sorted(client_id.bytes for client_id, _name in self.changing))
        return hashlib.sha256(self.act.encode() + ids).hexdigest()[:32]


class PlanMoved(Exception):
    """What would change is no longer what the person confirmed."""


def plan(*, actor: Actor, clients: QuerySet[Client], act: Act, target: Portfolio | Collaborator | None) -> Plan:
    """What the act would do to the visible ones among ``clients``, in three queries at most.

    ``target`` is the portfolio to enter or leave, or the new person in charge; None while it is not chosen.
    Raises PermissionDenied without the permission.
    """
    if not actor.can(NEEDS[act]):
        raise PermissionDenied
    seen = visible_clients(actor).filter(id__in=clients.order_by().values("id"))
    reasons = _Reasons.of(actor, seen, act, target)
    changing, left = [], Counter[Left]()
    rows = seen.order_by("search_name", "id").values_list("id", "name", "is_active", "manager_id")
    for client_id, name, is_active, manager_id in rows:
        reason = reasons.why_left(client_id, is_active, manager_id)
        if reason is None:
            changing.append((client_id, name))
        else:
            left[reason] += 1
    return Plan(act, tuple(changing), dict(left))


@dataclass(frozen=True, slots=True)
class _Reasons:
    """What decides whether one client changes, read once for all of them."""

    act: Act
    target_id: UUID | None
    person_id: UUID | None
    """Who must go on seeing the clients; None for who sees everything."""
    inside: frozenset[UUID]
    otherwise_shared: frozenset[UUID]

    @classmethod
    def of(cls, actor: Actor, seen: QuerySet[Client], act: Act, target: Portfolio | Collaborator | None) -> "_Reasons":
        held = grants(actor)
        person_id = None if held.can("clients.view_all") else held.person_id
        inside: frozenset[UUID] = frozenset()
        shared: frozenset[UUID] = frozenset()
        if isinstance(target, Portfolio):
            inside = frozenset(seen.filter(portfolios=target.id).values_list("id", flat=True))
        if person_id is not None and act in {Act.LEAVE, Act.HAND_OVER}:
            mine = held.portfolios.exclude(id=target.id) if act is Act.LEAVE and target else held.portfolios
            shared = frozenset(seen.filter(portfolios__in=mine).values_list("id", flat=True))
        return cls(act, target.id if target else None, person_id, inside, shared)

    def why_left(self, client_id: UUID, is_active: bool, manager_id: UUID) -> Left | None:
        """The reason to leave this client as it is; None to change it."""
        match self.act:
            case Act.DEACTIVATE | Act.REACTIVATE:
                return Left.ALREADY if is_active is (self.act is Act.REACTIVATE) else None
            case _ if not is_active:
                return Left.INACTIVE
            case Act.JOIN:
                return Left.ALREADY if client_id in self.inside else None
            case Act.LEAVE if self.target_id is not None and client_id not in self.inside:
                return Left.ALREADY
            case Act.HAND_OVER if manager_id == self.target_id:
                return Left.ALREADY
        manages = manager_id == self.person_id if self.act is Act.LEAVE else self.target_id == self.person_id
        if self.person_id is None or self.target_id is None or manages or client_id in self.otherwise_shared:
            return None
        return Left.INVISIBLE


@transaction.atomic
def carry_out(
    *, actor: Actor, clients: QuerySet[Client], act: Act, target: Portfolio | Collaborator | None, seen: str
) -> Plan:
    """Do it: one line of the journal for each client changed. ``seen`` is the fingerprint of the plan confirmed.

    Raises PlanMoved (nothing is done), PermissionDenied.
    """
    made = plan(actor=actor, clients=clients, act=act, target=target)
    if made.fingerprint != seen:
        raise PlanMoved
    for ids in batched((client_id for client_id, _name in made.changing), CHUNK, strict=False):
        locked = list(
            Client.objects.select_for_update(of=("self",)).select_related("manager").filter(id__in=ids).order_by("id")
        )
        _change(locked, act, target)
        action, changes = _ENTRIES[act]
        lines = ((subject_of(client), changes(client, target)) for client in locked)
        record_many(action, author=actor.author, lines=lines)
    return made


def _change(clients: Sequence[Client], act: Act, target: Portfolio | Collaborator | None) -> None:
    ids = [client.id for client in clients]
    through = Client.portfolios.through
    match act, target:
        case Act.JOIN, Portfolio():
            # A colleague may have put one there since the plan was read: that is what is wanted.
            through._default_manager.bulk_create(
                [through(client_id=one, portfolio_id=target.id) for one in ids], ignore_conflicts=True
            )
        case Act.LEAVE, Portfolio():
            through._default_manager.filter(client__in=ids, portfolio=target.id).delete()
        case Act.HAND_OVER, Collaborator():
            Client.objects.filter(id__in=ids).update(manager=target)
        case ((Act.DEACTIVATE | Act.REACTIVATE), None):
            Client.objects.filter(id__in=ids).update(is_active=act is Act.REACTIVATE)
        case _:
            raise TypeError(f"{act} does not act on {type(target).__name__}")


type _Changes = dict[str, tuple[Any, Any]]


def _joined(_client: Client, target: Any) -> _Changes:
    return {"portefeuilles": (None, target.name)}


def _left(_client: Client, target: Any) -> _Changes:
    return {"portefeuilles": (target.name, None)}


def _handed(client: Client, target: Any) -> _Changes:
    return {"responsable": (client.manager.full_name, target.full_name)}


def _nothing(_client: Client, _target: Any) -> _Changes:
    return {}


_ENTRIES = {
    Act.JOIN: ("client.changed", _joined),
    Act.LEAVE: ("client.changed", _left),
    Act.HAND_OVER: ("client.changed", _handed),
    Act.DEACTIVATE: ("client.deactivated", _nothing),
    Act.REACTIVATE: ("client.reactivated", _nothing),
}
"""Act → the action of the journal, and what it says changed."""
