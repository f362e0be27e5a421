"""Lists of clients: searched, filtered, sorted, counted. They narrow what the gate lets through, never widen it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, IntegerField, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bocage.referentials.naf import activities
from cabinet.accounts.actors import Actor
from cabinet.accounts.models import Collaborator, Firm
from cabinet.clients.access import visible_clients
from cabinet.clients.details import fold
from cabinet.clients.models import Client, RegistryNews
from cabinet.portfolios.access import visible_portfolios
from cabinet.portfolios.models import Portfolio

SORTS: dict[str, tuple[str, ...]] = {
    "name": ("search_name",),
    "siret": ("siret",),
    "ape": ("ape", "search_name"),
    "town": ("town", "search_name"),
    "manager": ("manager__last_name", "manager__first_name", "search_name"),
}
"""What a list of clients can be sorted by, and the columns behind it."""

_SEPARATORS = str.maketrans("", "", " .\u00a0\u202f")


@dataclass(frozen=True, slots=True)
class ClientFilter:
    """What a list keeps. ``active`` None keeps deactivated clients too; ``section`` is a letter of NAF rév. 2."""

    text: str = ""
    portfolio_id: UUID | None = None
    manager_id: UUID | None = None
    section: str = ""
    active: bool | None = True


@dataclass(frozen=True, slots=True)
class Counts:
    """How many clients somebody sees, followed, deactivated and in their own charge; and how many portfolios."""

    active: int
    inactive: int
    mine: int
    portfolios: int


def matching(text: str) -> Q:
    """Every word in the name, or the beginning of the SIREN or SIRET, or a piece of the firm's own number."""
    words = Q()
    for word in fold(text).split():
        words &= Q(search_name__contains=word)
    found = words | Q(file_code__icontains=text.strip())
    digits = text.translate(_SEPARATORS)
    return found | Q(siret__startswith=digits) if digits.isascii() and digits.isdigit() else found


def in_section(section: str) -> Q:
    """The APE codes of a section: by division, so that a code that changed its sub-class is still found."""
    divisions = sorted({activity.division for activity in activities() if activity.section == section})
    return Q(ape__gte=divisions[0], ape__lt=f"{int(divisions[-1]) + 1:02d}") if divisions else Q(pk__in=())


def filter_clients(clients: QuerySet[Client], kept: ClientFilter) -> QuerySet[Client]:
    """What the filter keeps of clients that the gate gave."""
    if kept.active is not None:
        clients = clients.filter(is_active=kept.active)
    if kept.text.strip():
        clients = clients.filter(matching(kept.text))
    if kept.portfolio_id:
        clients = clients.filter(portfolios=kept.portfolio_id)
    if kept.manager_id:
        clients = clients.filter(manager=kept.manager_id)
    if kept.section:
        clients = clients.filter(in_section(kept.section))
    return clients


def sort_clients(clients: QuerySet[Client], sort: str) -> QuerySet[Client]:
    """``name`` or ``-name``, and so on of :data:`SORTS`; anything else sorts by name. Ties go by id."""
    down, key = sort.startswith("-"), sort.removeprefix("-")
    columns = SORTS.get(key, SORTS["name"])
    sign = "-" if down and key in SORTS else ""
    return clients.order_by(*(f"{sign}{column}" for column in columns), "id")


def count_seen(actor: Actor) -> Counts:
    """What the actor sees, in one query."""
    seen = visible_clients(actor)
    numbers = Firm.objects.filter(id=actor.firm.id).values_list(
        number_of(seen.filter(is_active=True)),
        number_of(seen.filter(is_active=False)),
        number_of(seen.filter(is_active=True, manager=actor.collaborator)),
        number_of(visible_portfolios(actor)),
    )
    return Counts(*numbers.get())


def number_of(rows: "QuerySet[Any]") -> Coalesce:
    """How many rows of one firm, as a column of another query: a page then counts without a query more."""
    numbers = rows.order_by().values("firm_id").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(numbers, output_field=IntegerField()), 0)


def registry_news(actor: Actor) -> QuerySet[RegistryNews]:
    """What the registry says of the clients that the actor follows, the latest first, without what was dismissed."""
    seen = visible_clients(actor).filter(is_active=True).order_by().values("id")
    return RegistryNews.objects.filter(client__in=seen, dismissed=False).select_related("client")


def managers_in_charge(actor: Actor) -> QuerySet[Collaborator]:
    """The people in charge of the clients that the actor sees."""
    theirs = visible_clients(actor).order_by().values("manager")
    return Collaborator.objects.filter(firm=actor.firm, id__in=theirs)


def clients_in(actor: Actor, portfolio: Portfolio) -> QuerySet[Client]:
    """The clients of a portfolio that the actor may see, deactivated ones last."""
    return (
        visible_clients(actor)
        .filter(portfolios=portfolio)
        .select_related("manager")
        .order_by("-is_active", "search_name", "id")
    )


def clients_to_add(actor: Actor, portfolio: Portfolio, text: str) -> QuerySet[Client]:
    """Clients that the actor sees, that a portfolio lacks, and that match what was typed."""
    lacking = visible_clients(actor).filter(is_active=True).exclude(id__in=portfolio.clients.values("id"))
    return sort_clients(lacking.filter(matching(text)), "name")
