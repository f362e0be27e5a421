"""The one rule of access, and the gate of portfolios.

A person sees a client of their firm when they hold ``clients.view_all``, share a portfolio with it (as a member or as a
responsable), or manage it. What is out of reach answers 404, what is seen but not allowed 403.
"""

from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from cabinet.accounts.actors import Actor
from cabinet.accounts.models import Collaborator
from cabinet.accounts.permissions import known
from cabinet.portfolios.models import Portfolio


@dataclass(frozen=True, slots=True)
class Grants:
    """What an actor holds: firm, permissions, portfolios and the person."""

    firm_id: UUID
    codes: frozenset[str]
    person_id: UUID | None
    portfolios: "QuerySet[Portfolio]"

    def can(self, code: str) -> bool:
        """Whether the permission is held. Raises KeyError for an unknown code."""
        return known(code) in self.codes


def grants(actor: Actor) -> Grants:
    """What the actor holds, without a query: the portfolios are a subquery of the lists that use them."""
    person = actor.collaborator
    mine = Portfolio.objects.filter(firm=actor.firm)
    if person is not None:
        # Two lists of ids, not two joins: a portfolio comes once, and neither table is crossed with the other.
        as_member = Portfolio.objects.filter(members=person).order_by().values("id")
        as_responsable = Portfolio.objects.filter(responsables=person).order_by().values("id")
        mine = mine.filter(Q(id__in=as_member) | Q(id__in=as_responsable))
    return Grants(actor.firm.id, actor.codes, person.id if person else None, mine)


def reach(held: Grants, prefix: str = "") -> Q:
    """THE rule, as a filter: ``prefix`` leads to the client (``""`` on clients, ``"client__"`` beside them)."""
    same_firm = Q(**{f"{prefix}firm_id": held.firm_id})
    if held.can("clients.view_all") or held.person_id is None:
        return same_firm
    # By a list of ids: a client shared through two portfolios comes once.
    shared = Q(**{f"{prefix}id__in": held.portfolios.filter(clients__isnull=False).order_by().values("clients")})
    managed = Q(**{f"{prefix}manager_id": held.person_id})
    return same_firm & (shared | managed)


def visible_portfolios(actor: Actor) -> QuerySet[Portfolio]:
    """All of the firm's for who manages them all or sees every client, else those the person belongs to."""
    held = grants(actor)
    if held.person_id is None or held.can("portfolios.manage_all") or held.can("clients.view_all"):
        return Portfolio.objects.filter(firm=actor.firm)
    return held.portfolios


def may_manage(actor: Actor, portfolio: Portfolio) -> bool:
    """Whether the actor may change the portfolio's people and clients: every one, or as its responsable."""
    if actor.can("portfolios.manage_all"):
        return True
    person: Collaborator | None = actor.collaborator
    return person is not None and portfolio.responsables.filter(id=person.id).exists()


def access_portfolio(actor: Actor, portfolio_id: UUID, *, manage: bool = False, everything: bool = False) -> Portfolio:
    """The gate. ``manage``: change its people and clients; ``everything``: rename, delete, choose its responsables.

    Raises Http404 out of reach and PermissionDenied without the right.
    """
    portfolio = visible_portfolios(actor).filter(id=portfolio_id).first()
    if portfolio is None:
        raise Http404
    if everything and not actor.can("portfolios.manage_all"):
        raise PermissionDenied
    if manage and not may_manage(actor, portfolio):
        raise PermissionDenied
    return portfolio


def usable_portfolios(actor: Actor) -> QuerySet[Portfolio]:
    """Those into which the actor may put a client that they create: all for who sees all, else their own."""
    return visible_portfolios(actor)
