"""Reading the journal."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from cabinet.audit.actions import ACTIONS
from cabinet.audit.models import LogEntry
from cabinet.audit.services import Origin


def entries_of_client(client_id: UUID) -> QuerySet[LogEntry]:
    """What happened in one dossier, latest first."""
    return LogEntry.objects.filter(client_id=client_id, erased=False)


def entries_of_firm(firm_id: UUID) -> QuerySet[LogEntry]:
    """What happened in a firm, latest first."""
    return LogEntry.objects.filter(firm_id=firm_id, erased=False)


def sentence(entry: LogEntry) -> str:
    """The French words of an entry's action."""
    return ACTIONS.get(entry.action, entry.action)


KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "acces": ("Connexions et mots de passe", ("sign_in",)),
    "telechargements": ("Exports et téléchargements", ("download", "clients.exported")),
    "clients": ("Clients", ("client", "clients", "filter", "year")),
    "fichiers": ("Fichiers", ("import",)),
    "missions": ("Missions, VSME, carbone et chiffres saisis", ("mission", "vsme", "carbon", "figure", "comment")),
    "portefeuilles": ("Portefeuilles", ("portfolio",)),
    "personnes": ("Personnes et groupes", ("collaborator", "group")),
    "cabinet": ("Cabinet", ("firm",)),
    "connexions": ("Connexions API", ("connection",)),
}
"""Kind → its French name, and the actions or families of actions (what stands before the dot) that it holds."""


def actions_of(kind: str) -> list[str]:
    """The actions of a kind of :data:`KINDS`."""
    families = KINDS[kind][1]
    return [action for action in ACTIONS if action in families or action.partition(".")[0] in families]


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What a journal keeps: ``since`` included, ``until`` left out; ``client_ids`` None keeps every dossier."""

    actor_id: UUID | None = None
    kind: str = ""
    client_ids: Collection[UUID] | None = None
    since: datetime | None = None
    until: datetime | None = None


def filter_entries(entries: QuerySet[LogEntry], kept: EntryFilter) -> QuerySet[LogEntry]:
    """What the filter keeps."""
    if kept.actor_id:
        entries = entries.filter(actor_id=kept.actor_id)
    if kept.kind:
        entries = entries.filter(action__in=actions_of(kept.kind))
    if kept.client_ids is not None:
        entries = entries.filter(client_id__in=kept.client_ids)
    if kept.since:
        entries = entries.filter(at__gte=kept.since)
    if kept.until:
        entries = entries.filter(at__lt=kept.until)
    return entries


def with_words(entries: QuerySet[LogEntry], text: str) -> QuerySet[LogEntry]:
    """Those that hold each word of the text, in the name of somebody or something. No index helps: lines are read."""
    for word in text.split():
        entries = entries.filter(Q(object_label__icontains=word) | Q(actor_label__icontains=word))
    return entries


def place_after(entries: QuerySet[LogEntry], count: int) -> "tuple[datetime, UUID] | None":
    """Where the line number ``count`` stands, in the order of the list; None for a shorter list."""
    return next(iter(entries.values_list("at", "id")[count : count + 1]), None)


def down_to(entries: QuerySet[LogEntry], at: datetime, entry_id: UUID) -> QuerySet[LogEntry]:
    """The entries of the list down to this place, included. The first test alone finds it in the index."""
    return entries.filter(at__gte=at).filter(Q(at__gt=at) | Q(id__gte=entry_id))


def older_than(entries: QuerySet[LogEntry], at: datetime, entry_id: UUID) -> QuerySet[LogEntry]:
    """The entries that come after this place in the list, latest first. The first test alone finds it in the index."""
    return entries.filter(at__lte=at).filter(Q(at__lt=at) | Q(id__lt=entry_id))


def newer_than(entries: QuerySet[LogEntry], at: datetime, entry_id: UUID) -> QuerySet[LogEntry]:
    """The entries that come before this place in the list, the nearest first."""
    later = entries.filter(at__gte=at).filter(Q(at__gt=at) | Q(id__gt=entry_id))
    return later.order_by("at", "id")


def entries_of_clients(firm_id: UUID, client_ids: "QuerySet[Any, UUID]") -> QuerySet[LogEntry]:
    """What people did in some dossiers of a firm, latest first; the workers' own lines are left out."""
    return entries_of_firm(firm_id).filter(client_id__in=client_ids).exclude(origin=Origin.WORKER)
