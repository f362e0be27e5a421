"""Reading portfolios and their people. What a page shows of one goes through :mod:`cabinet.portfolios.access` first."""

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower

from cabinet.accounts.actors import Actor
from cabinet.accounts.models import Collaborator
from cabinet.accounts.selectors import active_collaborators
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


def members_of(portfolio: Portfolio) -> QuerySet[Collaborator]:
    """Who has access through the portfolio without running it."""
    return portfolio.members.filter(is_active=True).order_by("last_name", "first_name", "id")


def people_to_add(portfolio: Portfolio, text: str) -> QuerySet[Collaborator]:
    """Active collaborators that the portfolio lacks and whose name or address holds every word typed."""
    people = active_collaborators(portfolio.firm).exclude(id__in=portfolio.members.values("id"))
    for word in text.split():
        people = people.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word))
    return people
