"""Reading portfolios and their people. What a page shows of one goes through :mod:`cabinet.portfolios.access` first."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import Lower

from cabinet.accounts.actors import Actor
from cabinet.accounts.models import Collaborator
from cabinet.accounts.selectors import active_collaborators, matching_people
from cabinet.portfolios.access import visible_portfolios
from cabinet.portfolios.models import Portfolio


def portfolios_shown(actor: Actor) -> QuerySet[Portfolio]:
    """The portfolios that the actor sees, with their responsables and ``member_count``."""
    return (
        visible_portfolios(actor)
        .annotate(member_count=Count("members", filter=Q(members__is_active=True), distinct=True))
        .prefetch_related("responsables")
        .order_by(Lower("name"), "id")
    )


def portfolios_of(person: Collaborator) -> QuerySet[Portfolio]:
    """The portfolios of the firm that the person runs or is a member of."""
    return Portfolio.objects.filter(Q(members=person) | Q(responsables=person), firm=person.firm_id)


def portfolios_by_person(people: Iterable[Collaborator]) -> dict[UUID, set[UUID]]:
    """The ids of the portfolios that each person runs or is a member of, in two queries."""
    found: dict[UUID, set[UUID]] = {person.id: set() for person in people}
    for way in ("members", "responsables"):
        pairs = Portfolio.objects.filter(**{f"{way}__in": list(found)}).order_by().values_list(way, "id")
        for person_id, portfolio_id in pairs:
            found[person_id].add(portfolio_id)
    return found


def members_of(portfolio: Portfolio) -> QuerySet[Collaborator]:
    """Who has access through the portfolio without running it."""
    return portfolio.members.filter(is_active=True).order_by("last_name", "first_name", "id")


def people_to_add(portfolio: Portfolio, text: str) -> QuerySet[Collaborator]:
    """Active collaborators that the portfolio lacks and whose name or address holds every word typed."""
    people = active_collaborators(portfolio.firm).exclude(id__in=portfolio.members.values("id"))
    return people.filter(matching_people(text))


def manageable_portfolios(actor: Actor) -> QuerySet[Portfolio]:
    """Those whose people the actor may change: every one, or those they run."""
    shown = visible_portfolios(actor)
    if actor.collaborator is None or actor.can("portfolios.manage_all"):
        return shown
    return shown.filter(id__in=actor.collaborator.portfolios_run.values("id"))


def with_portfolios(people: QuerySet[Collaborator], actor: Actor) -> QuerySet[Collaborator]:
    """People with ``shown_portfolios`` and ``shown_portfolios_run``: among those that the actor sees."""
    seen = visible_portfolios(actor)
    return people.prefetch_related(
        Prefetch("portfolios", queryset=seen, to_attr="shown_portfolios"),
        Prefetch("portfolios_run", queryset=seen, to_attr="shown_portfolios_run"),
    )


def in_portfolio(people: QuerySet[Collaborator], portfolio_id: UUID) -> QuerySet[Collaborator]:
    """Those who are in the portfolio, as a member or as its responsable."""
    return people.filter(Q(portfolios=portfolio_id) | Q(portfolios_run=portfolio_id)).distinct()
