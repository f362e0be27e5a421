"""Lines of the journal, in French: what was done, by whom, and each value before and after."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from bocage.referentials.sirene import legal_form_label, size_band_label
from cabinet.accounts.actors import Actor
from cabinet.audit.models import LogEntry
from cabinet.audit.selectors import sentence
from cabinet.audit.services import Origin
from cabinet.clients.access import visible_clients
from cabinet.clients.models import Client
from cabinet.registry.enums import Source
from cabinet.web.components.formats import ago, clock, day, siret

PAGE_SIZE = 50
NOTHING = "vide"
WORDS: dict[str, str] = {
    field.name: str(field.verbose_name)
    for field in Client._meta.concrete_fields
    if str(field.verbose_name) != field.name.replace("_", " ")
} | {"registry_source": "source"}
"""Names of a client's columns → what the form calls them; services that write French names are left as they are."""

ORIGINS = {Origin.COMMAND: "en ligne de commande", Origin.WORKER: "en arrière-plan", Origin.CONNECTION: "par connexion"}


@dataclass(frozen=True, slots=True)
class Change:
    """One value, before and after; ``before`` is empty for a value that there was not."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line, as it is drawn. ``client_id`` is empty when the client is gone, out of sight or the page's own."""

    at: datetime
    when: str
    what: str
    about: str
    who: str
    how: str
    client_id: UUID | None
    client_name: str
    changes: tuple[Change, ...]


def page_of(entries: QuerySet[LogEntry], number: str | None, actor: Actor | None = None) -> Page[Any]:
    """A page of lines. With an actor, each line links to its dossier when the actor sees it."""
    page: Page[Any] = Paginator(entries, PAGE_SIZE).get_page(number)
    page.object_list = describe(list(page.object_list), actor)
    return page


def describe(entries: Iterable[LogEntry], actor: Actor | None = None) -> list[Line]:
    """The lines of some entries, in their order."""
    found = list(entries)
    ids = {entry.client_id for entry in found if entry.client_id}
    names: dict[UUID, str] = {}
    if actor is not None and ids:
        names = dict(visible_clients(actor).filter(id__in=ids).values_list("id", "name"))
    return [_line(entry, names) for entry in found]


def _line(entry: LogEntry, names: dict[UUID, str]) -> Line:
    client_id = entry.client_id if entry.client_id in names else None
    return Line(
        at=entry.at,
        when=_when(entry.at),
        what=sentence(entry),
        about=entry.object_label,
        who=entry.actor_label,
        how=ORIGINS.get(Origin(entry.origin), ""),
        client_id=client_id,
        client_name=names[client_id] if client_id else "",
        changes=tuple(
            Change(_label(name), _shown(name, before), _shown(name, after) or NOTHING)
            for name, (before, after) in entry.changes.items()
            if before or after
        ),
    )


def _when(at: datetime) -> str:
    """``hier à 18 h 04``, ``le 9 novembre à 18 h 04``."""
    text = ago(at)
    return text if text.endswith(clock(at)) else f"{text} à {clock(at)}"


def _label(name: str) -> str:
    text = WORDS.get(name, name)
    return text[:1].upper() + text[1:]


def _shown(name: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    text = str(value)
    if name == "siret":
        return siret(text)
    if name == "registry_source":
        return Source(text).label if text in Source else text
    labels = {"legal_form": legal_form_label, "size_band": size_band_label}
    if name in labels:
        return labels[name](text) or text
    try:
        return day(date.fromisoformat(text)) if len(text) == 10 else text
    except ValueError:
        return text
