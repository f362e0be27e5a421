"""The gate: connections of the actor's own firm, for who manages them; companies of a client, for who imports."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from cabinet.accounts.actors import Actor
from cabinet.accounts.models import Firm
from cabinet.clients.models import Client
from cabinet.connectors.models import Connection, Pull, ToolCompany


def connections_of(actor: Actor) -> QuerySet[Connection]:
    """Every connection of the firm. Raises PermissionDenied without ``connections.manage``."""
    if not actor.can("connections.manage"):
        raise PermissionDenied
    return Connection.objects.filter(firm=actor.firm)


def access_connection(actor: Actor, connection_id: UUID) -> Connection:
    """The connection. Raises Http404 for another firm's, PermissionDenied without ``connections.manage``."""
    found = Connection.objects.filter(firm=actor.firm, id=connection_id).select_related("firm", "saved_by").first()
    if found is None:
        raise Http404
    if not actor.can("connections.manage"):
        raise PermissionDenied
    return found


def usable_connections(firm: Firm) -> QuerySet[Connection]:
    """Tested, and neither switched off nor refused since: what may be chosen for a client."""
    return Connection.objects.filter(firm=firm, enabled=True, blocked=False, tested_at__isnull=False)


def companies_of_client(client: Client) -> QuerySet[ToolCompany]:
    """What the usable tools have for a client that was obtained through its gate."""
    usable = usable_connections(client.firm)
    found = ToolCompany.objects.filter(client=client, connection__in=usable, active=True)
    return found.select_related("connection").order_by("connection__tool", "name", "id")


def companies_of_number(firm: Firm, siret: str) -> QuerySet[ToolCompany]:
    """What the usable tools have for a company that is no client yet: by its SIRET, or its SIREN when that is all."""
    mine = Q(siret=siret) | Q(siret="", siren=siret[:9])
    found = ToolCompany.objects.filter(mine, connection__in=usable_connections(firm), client=None, active=True)
    return found.select_related("connection").order_by("connection__tool", "name", "id")


def pulls_of(owner: Client | UUID) -> QuerySet[Pull]:
    """What was asked for a client, or for the draft of that id, latest first."""
    mine = Q(draft_id=owner) if isinstance(owner, UUID) else Q(client=owner)
    return Pull.objects.filter(mine).select_related("connection", "company").order_by("-asked_at", "-start", "id")
