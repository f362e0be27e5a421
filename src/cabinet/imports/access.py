"""The gate of imports: through their client."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from cabinet.accounts.actors import Actor
from cabinet.accounts.models import Firm
from cabinet.clients.access import visible_clients
from cabinet.clients.models import Client
from cabinet.imports.enums import ImportState
from cabinet.imports.models import Import


def visible_imports(actor: Actor) -> QuerySet[Import]:
    """The imports of the clients that the actor may see; drafts' files are reached through their draft only."""
    return Import.objects.filter(client__in=visible_clients(actor)).exclude(state=ImportState.DELETED)


def imports_of(client: Client) -> QuerySet[Import]:
    """The imports of a client that was obtained through its gate."""
    return Import.objects.filter(client=client).exclude(state=ImportState.DELETED)


def draft_imports(firm: Firm, draft_id: UUID) -> QuerySet[Import]:
    """The files of a draft that was obtained through its own gate."""
    return Import.objects.filter(firm=firm, draft_id=draft_id).exclude(state=ImportState.DELETED)


def access_import(actor: Actor, import_id: UUID, code: str) -> Import:
    """The import, for an action that needs ``code``. Raises Http404 out of reach, PermissionDenied without the code."""
    found = visible_imports(actor).select_related("client", "firm", "year").filter(id=import_id).first()
    if found is None:
        raise Http404
    if not actor.can(code):
        raise PermissionDenied
    return found
