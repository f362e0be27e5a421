"""The frame of every page: firm, person, and the menu entries that this person may use."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from cabinet.accounts.actors import Actor
from cabinet.accounts.permissions import known
from cabinet.clients.selectors import Counts, count_seen


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the product: its first screen, the permission that opens it, the addresses that belong to it."""

    label: str
    icon: str
    route: str
    paths: tuple[str, ...]
    code: str = ""
    count: Callable[[Counts], int] | None = None

    def __post_init__(self) -> None:
        """A permission that the catalogue does not know stops the start."""
        if self.code:
            known(self.code)


WORK: tuple[Area, ...] = (
    Area("Accueil", "home", "home", ()),
    Area(
        "Clients",
        "building",
        "client_list",
        ("/clients/", "/dossiers/", "/imports/", "/missions/", "/nouveau-client/"),
        count=attrgetter("active"),
    ),
    Area("Portefeuilles", "folders", "portfolio_list", ("/portefeuilles/",), count=attrgetter("portfolios")),
)
FIRM: tuple[Area, ...] = (
    Area("Collaborateurs", "users", "collaborator_list", ("/collaborateurs/",), "collaborators.manage"),
    Area("Gestion des groupes", "shield-lock", "group_list", ("/groupes/",), "groups.manage"),
    Area("Connexions API", "plug-connected", "connections", ("/connexions/",), "connections.manage"),
    Area("Journal", "history", "journal", ("/journal/",), "journal.view"),
    Area("Paramètres", "settings", "firm_settings", ("/parametres/",), "firm.settings"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the left menu."""

    label: str
    icon: str
    url: str
    current: bool
    count: int | None


@dataclass(frozen=True, slots=True)
class EntryGroup:
    """Entries under one title; the first group has none."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Shell:
    """What ``layout/app.html`` draws around a page. Everything is empty for somebody not signed in."""

    firm: str = ""
    person: str = ""
    initials: str = ""
    email: str = ""
    home_url: str = "/"
    search_url: str = ""
    password_url: str = ""
    security_url: str = ""
    sign_out_url: str = ""
    groups: tuple[EntryGroup, ...] = ()


def _address(route: str) -> str:
    """The first screen of an area, or nothing while the area has none: its entry is then not shown."""
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""


def _entries(areas: tuple[Area, ...], actor: Actor, path: str, counts: Counts) -> tuple[Entry, ...]:
    entries = []
    for area in areas:
        url = _address(area.route)
        if url and (not area.code or actor.can(area.code)):
            current = path == url or path.startswith(area.paths) if area.paths else path == url
            entries.append(Entry(area.label, area.icon, url, current, area.count(counts) if area.count else None))
    return tuple(entries)


def build_shell(actor: Actor | None, path: str, counts: Counts | None = None) -> Shell:
    """The shell of one page; ``counts`` when the page has them already."""
    if actor is None or actor.collaborator is None:
        return Shell()
    counts = counts or count_seen(actor)
    groups = (
        EntryGroup("", _entries(WORK, actor, path, counts)),
        EntryGroup("Gestion du cabinet", _entries(FIRM, actor, path, counts)),
    )
    return Shell(
        firm=actor.firm.name,
        person=actor.collaborator.full_name,
        initials=actor.collaborator.initials,
        email=actor.collaborator.email,
        home_url=_address("home") or "/",
        search_url=_address("client_list"),
        password_url=reverse("account_change_password"),
        security_url=reverse("mfa_index"),
        sign_out_url=reverse("account_logout"),
        groups=tuple(group for group in groups if group.entries),
    )


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Lazy: a fragment that draws no frame costs no query."""
    actor: Actor | None = getattr(request, "actor", None)
    counts: Counts | None = getattr(request, "counts", None)
    return {"shell": SimpleLazyObject(lambda: build_shell(actor, request.path, counts))}
