"""Putting clients into portfolios and out of them, and who would lose access if a portfolio went."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from cabinet.accounts.actors import Actor
from cabinet.accounts.models import Collaborator
from cabinet.audit.services import record
from cabinet.clients.models import Client
from cabinet.clients.services import subject_of
from cabinet.portfolios.models import Portfolio
from cabinet.portfolios.selectors import portfolios_by_person

NAMED = 8
"""How many of the clients that somebody loses are named."""


@dataclass(frozen=True, slots=True)
class Loss:
    """One person who would no longer see ``count`` clients, the first :data:`NAMED` of which are given."""

    person: Collaborator
    clients: tuple[Client, ...]
    count: int

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.clients)


@transaction.atomic
def add_client(*, actor: Actor, portfolio: Portfolio, client: Client) -> None:
    """Put a client that the actor can see into a portfolio that they run."""
    if client.portfolios.filter(id=portfolio.id).exists():
        return
    client.portfolios.add(portfolio)
    record(
        "client.changed",
        author=actor.author,
        subject=subject_of(client),
        changes={"portefeuilles": (None, portfolio.name)},
    )


@transaction.atomic
def remove_client(*, actor: Actor, portfolio: Portfolio, client: Client) -> None:
    """Take a client out of a portfolio."""
    if not client.portfolios.filter(id=portfolio.id).exists():
        return
    client.portfolios.remove(portfolio)
    record(
        "client.changed",
        author=actor.author,
        subject=subject_of(client),
        changes={"portefeuilles": (portfolio.name, None)},
    )


def losses(portfolio: Portfolio) -> list[Loss]:
    """Who would lose access to what, were the portfolio deleted: the people whose only way to a client is this one.

    In five queries, whatever the number of people and of clients: clients with the same other portfolios are judged
    together.
    """
    clients = list(Client.objects.filter(portfolios=portfolio).order_by("search_name", "id"))
    elsewhere: dict[UUID, set[UUID]] = defaultdict(set)
    for client_id, other in _all_portfolios(portfolio):
        if other != portfolio.id:
            elsewhere[client_id].add(other)
    alike: dict[frozenset[UUID], list[int]] = defaultdict(list)
    for rank, client in enumerate(clients):
        alike[frozenset(elsewhere[client.id])].append(rank)
    people = [one for one in _people_of(portfolio) if "clients.view_all" not in one.group.held]
    ways = portfolios_by_person(people)
    lost = []
    for person in people:
        reached = ways[person.id] - {portfolio.id}
        ranks = sorted(rank for others, some in alike.items() if others.isdisjoint(reached) for rank in some)
        theirs = [clients[rank] for rank in ranks if clients[rank].manager_id != person.id]
        if theirs:
            lost.append(Loss(person, tuple(theirs[:NAMED]), len(theirs)))
    return lost


def _people_of(portfolio: Portfolio) -> QuerySet[Collaborator]:
    in_it = Q(portfolios=portfolio) | Q(portfolios_run=portfolio)
    return Collaborator.objects.filter(in_it, is_active=True, user__isnull=False).select_related("group").distinct()


def _all_portfolios(portfolio: Portfolio) -> "QuerySet[Client, tuple[UUID, UUID]]":
    """Client and portfolio, for each portfolio that a client of this one is in."""
    both = Client.objects.filter(id__in=portfolio.clients.order_by().values("id"), portfolios__isnull=False)
    return both.order_by().values_list("id", "portfolios")


def clients_by_portfolio(actor: Actor) -> dict[object, int]:
    """Portfolio id → number of its active clients, for the list."""
    rows = (
        Client.objects.filter(firm=actor.firm, is_active=True, portfolios__isnull=False)
        .values("portfolios")
        .annotate(count=Count("id"))
        .order_by("portfolios")
    )
    return {row["portfolios"]: row["count"] for row in rows}
