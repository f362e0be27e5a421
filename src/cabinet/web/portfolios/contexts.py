"""What the pages of portfolios show."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import QueryDict

from cabinet.accounts.actors import Actor
from cabinet.accounts.models import Collaborator
from cabinet.clients.membership import Loss, clients_by_portfolio, losses
from cabinet.clients.models import Client
from cabinet.clients.selectors import clients_in, clients_to_add
from cabinet.portfolios.access import may_manage
from cabinet.portfolios.models import Portfolio
from cabinet.portfolios.selectors import members_of, people_to_add, portfolios_shown
from cabinet.web.components.formats import NBSP, plural

FOUND_LIMIT = 8
PAGE_SIZE = 25
LOSSES = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A portfolio of the list."""

    portfolio: Portfolio
    responsables: str
    clients: int
    members: int


@dataclass(frozen=True, slots=True)
class PortfolioList:
    """The list."""

    lines: tuple[Line, ...]
    can_create: bool
    can_manage_all: bool

    @property
    def subtitle(self) -> str:
        """How many there are."""
        return plural(len(self.lines), "portefeuille")


def build_list(actor: Actor) -> PortfolioList:
    """Every portfolio that the actor sees, by name."""
    counts = clients_by_portfolio(actor)
    return PortfolioList(
        lines=tuple(
            Line(
                portfolio=one,
                responsables=", ".join(person.full_name for person in one.responsables.all()),
                clients=counts.get(one.id, 0),
                members=one.member_count,  # type: ignore[attr-defined]  # annotated by the selector
            )
            for one in portfolios_shown(actor)
        ),
        can_create=actor.can("portfolios.create"),
        can_manage_all=actor.can("portfolios.manage_all"),
    )


@dataclass(frozen=True, slots=True)
class PortfolioPage:
    """One portfolio: its people, its clients, and what a search found to add (None before a search)."""

    portfolio: Portfolio
    responsables: tuple[Collaborator, ...]
    members: Page[Collaborator]
    clients: Page[Client]
    can_manage: bool
    can_manage_all: bool
    client_text: str
    person_text: str
    clients_found: tuple[Client, ...] | None
    people_found: tuple[Collaborator, ...] | None

    @property
    def subtitle(self) -> str:
        """``Responsables : Inès Benamara, Mathis Le Goff``."""
        names = ", ".join(person.full_name for person in self.responsables)
        word = "Responsables" if len(self.responsables) > 1 else "Responsable"
        return f"{word}{NBSP}: {names}" if names else "Sans responsable"


def build_page(actor: Actor, portfolio: Portfolio, asked: QueryDict) -> PortfolioPage:
    """The page of a portfolio that came through its gate."""
    can_manage = may_manage(actor, portfolio)
    client_text, person_text = asked.get("client", "").strip(), asked.get("personne", "").strip()
    search_clients, search_people = can_manage and client_text, can_manage and person_text
    return PortfolioPage(
        portfolio=portfolio,
        responsables=tuple(portfolio.responsables.all()),
        members=Paginator(members_of(portfolio), PAGE_SIZE).get_page(asked.get("membres")),
        clients=Paginator(clients_in(actor, portfolio), PAGE_SIZE).get_page(asked.get("page")),
        can_manage=can_manage,
        can_manage_all=actor.can("portfolios.manage_all"),
        client_text=client_text,
        person_text=person_text,
        clients_found=tuple(clients_to_add(actor, portfolio, client_text)[:FOUND_LIMIT]) if search_clients else None,
        people_found=tuple(people_to_add(portfolio, person_text)[:FOUND_LIMIT]) if search_people else None,
    )


@dataclass(frozen=True, slots=True)
class PortfolioDeletion:
    """What goes with a portfolio, what stays, who loses what."""

    portfolio: Portfolio
    goes: str
    stays: str
    losses: Page[Loss]
    error: str = ""


def build_deletion(actor: Actor, portfolio: Portfolio, page: str | None, error: str = "") -> PortfolioDeletion:
    """The page of a deletion."""
    count = clients_in(actor, portfolio).count()
    clients = "tous les clients et leurs dossiers"
    if count:
        clients = "le client et son dossier" if count == 1 else f"les {plural(count, 'client')} et leurs dossiers"
    return PortfolioDeletion(
        portfolio=portfolio,
        goes="le portefeuille et les accès qu’il donne.",
        stays=f"{clients}.",
        losses=Paginator(losses(portfolio), LOSSES).get_page(page),
        error=error,
    )
