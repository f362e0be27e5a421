"""Reading the journal."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

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


def entries_of_clients(firm_id: UUID, client_ids: "QuerySet[Any, UUID]") -> QuerySet[LogEntry]:
    """What people did in some dossiers of a firm, latest first; the workers' own lines are left out."""
    return entries_of_firm(firm_id).filter(client_id__in=client_ids).exclude(origin=Origin.WORKER)
