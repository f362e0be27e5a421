"""Lines of the journal, in French: what was done, by whom, and each value before and after."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict

from bocage.referentials.sirene import legal_form_label, size_band_label
from cabinet.accounts.actors import Actor
from cabinet.audit.models import LogEntry
from cabinet.audit.selectors import down_to, newer_than, older_than, place_after, sentence, with_words
from cabinet.audit.services import Origin
from cabinet.clients.access import visible_clients
from cabinet.clients.models import Client
from cabinet.registry.enums import Source
from cabinet.web.components.formats import ago, clock, day, filesize, integer, siret

PAGE_SIZE = 50
STRETCH = 50_000
"""Lines that a search for words reads for one page."""
NOTHING = "vide"
WORDS: dict[str, str] = {
    field.name: str(field.verbose_name)
    for field in Client._meta.concrete_fields
    if str(field.verbose_name) != field.name.replace("_", " ")
} | {"registry_source": "source", "octets": "taille"}
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
    where: str
    """From which address, in which session; empty where the reader has not the journal of the firm."""
    client_id: UUID | None
    client_name: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class LinePage:
    """Some lines, and the addresses of those before and after; empty when there are none."""

    lines: list[Line]
    newer: str
    older: str
    read_down_to: datetime | None = None
    """How far words were looked for, when older lines were left to another page: the word is not in those read."""


def page_of(entries: QuerySet[LogEntry], asked: QueryDict, actor: Actor | None = None) -> LinePage:
    """A page of lines by where it starts, not by its number: as fast at the end of a million lines as at their start.

    With an actor, each line links to its dossier when the actor sees it.
    """
    older, newer = _place(asked.get("avant")), _place(asked.get("apres"))
    if newer is not None:
        found = list(newer_than(entries, *newer)[: PAGE_SIZE + 1])
        if len(found) <= PAGE_SIZE:  # the first page, whole
            newer = None
    if newer is not None:
        some, has_older, has_newer = found[:PAGE_SIZE][::-1], True, True
    else:
        from_here = older_than(entries, *older) if older else entries
        found = list(from_here[: PAGE_SIZE + 1])
        some, has_older, has_newer = found[:PAGE_SIZE], len(found) > PAGE_SIZE, older is not None
    return LinePage(
        lines=describe(some, actor),
        newer=_address(asked, "apres", some[0].at, some[0].id) if has_newer and some else "",
        older=_address(asked, "avant", some[-1].at, some[-1].id) if has_older and some else "",
    )


def page_with_words(entries: QuerySet[LogEntry], text: str, asked: QueryDict, actor: Actor) -> LinePage:
    """A page of the lines that hold some words, among the next :data:`STRETCH` at most: the page says where it stopped,
    and the next one goes on from there. Whatever the length of the journal, a page then costs the same."""
    start = _place(asked.get("avant"))
    from_here = older_than(entries, *start) if start else entries
    edge = place_after(from_here, STRETCH - 1)
    some = with_words(down_to(from_here, *edge) if edge else from_here, text)
    found = list(some[: PAGE_SIZE + 1])
    lines, is_full = found[:PAGE_SIZE], len(found) > PAGE_SIZE
    older = _address(asked, "avant", lines[-1].at, lines[-1].id) if is_full else ""
    return LinePage(
        lines=describe(lines, actor),
        newer=_address(asked, "", None, None) if start else "",
        older=older or (_address(asked, "avant", *edge) if edge else ""),
        read_down_to=edge[0] if edge and not is_full else None,
    )


def _place(text: str | None) -> tuple[datetime, UUID] | None:
    """Where a page starts: ``<microseconds since 1970>-<id>``. None for what is no place."""
    since, _, entry_id = (text or "").partition("-")
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(since)), UUID(entry_id)
    except (ValueError, OverflowError):
        return None


def _address(asked: QueryDict, name: str, at: datetime | None, entry_id: UUID | None) -> str:
    """The address of what stands before (``avant``) or after (``apres``) a place; of the first page without one."""
    query = asked.copy()
    for old in ("avant", "apres"):
        query.pop(old, None)
    if at is not None:
        since = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        query[name] = f"{since}-{entry_id}"
    return f"?{query.urlencode()}"


def describe(entries: Iterable[LogEntry], actor: Actor | None = None) -> list[Line]:
    """The lines of some entries, in their order."""
    found = list(entries)
    ids = {entry.client_id for entry in found if entry.client_id}
    names: dict[UUID, str] = {}
    if actor is not None and ids:
        names = dict(visible_clients(actor).filter(id__in=ids).values_list("id", "name"))
    shows_where = actor is not None and actor.can("journal.view")
    return [_line(entry, names, shows_where=shows_where) for entry in found]


def _line(entry: LogEntry, names: dict[UUID, str], *, shows_where: bool) -> Line:
    client_id = entry.client_id if entry.client_id in names else None
    return Line(
        at=entry.at,
        when=_when(entry.at),
        what=sentence(entry),
        about=entry.object_label,
        who=entry.actor_label,
        how=ORIGINS.get(Origin(entry.origin), ""),
        where=_where(entry) if shows_where else "",
        client_id=client_id,
        client_name=names[client_id] if client_id else "",
        changes=tuple(
            Change(_label(name), _shown(name, before), _shown(name, after) or NOTHING)
            for name, (before, after) in entry.changes.items()
            if before or after
        ),
    )


def _where(entry: LogEntry) -> str:
    """``depuis 192.0.2.9, session 3f2a91bc``."""
    parts = [f"depuis {entry.address}" if entry.address else "", f"session {entry.session}" if entry.session else ""]
    return ", ".join(part for part in parts if part)


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
    if isinstance(value, int):
        return filesize(value) if name == "octets" else integer(value)
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
