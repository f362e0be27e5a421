"""Putting clients into portfolios and out of them, and who would lose access if a portfolio went."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from cabinet.accounts.actors import Actor
from cabinet.accounts.models import Collaborator
from cabinet.audit.services import record
from cabinet.clients.models import Client
from cabinet.clients.services import subject_of
from cabinet.portfolios.models import Portfolio
from cabinet.portfolios.selectors import portfolios_of


@dataclass(frozen=True, slots=True)
class Loss:
    """One person who would no longer see some clients."""

    person: Collaborator
    clients: tuple[Client, ...]


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
    """Who would lose access to what, were the portfolio deleted: the people whose only way to a client is this one."""
    people = Collaborator.objects.filter(
        Q(portfolios=portfolio) | Q(portfolios_run=portfolio), is_active=True, user__isnull=False
    ).select_related("group")
    lost = []
    for person in people.distinct():
        if "clients.view_all" in person.group.held:
            continue
        other_ways = portfolios_of(person).filter(clients=OuterRef("pk")).exclude(id=portfolio.id)
        clients = (
            Client.objects.filter(portfolios=portfolio)
            .exclude(manager=person)
            .filter(~Exists(other_ways))
            .order_by("name")
        )
        if clients:
            lost.append(Loss(person, tuple(clients)))
    return lost


def clients_by_portfolio(actor: Actor) -> dict[object, int]:
    """Portfolio id → number of its active clients, for the list."""
    rows = (
        Client.objects.filter(firm=actor.firm, is_active=True, portfolios__isnull=False)
        .values("portfolios")
        .annotate(count=Count("id"))
        .order_by("portfolios")
    )
    return {row["portfolios"]: row["count"] for row in rows}
