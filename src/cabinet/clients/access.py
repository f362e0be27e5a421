"""The gate of clients: the only way to one, the only list of them."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from cabinet.accounts.actors import Actor
from cabinet.clients.models import Client
from cabinet.portfolios.access import grants, reach


def visible_clients(actor: Actor) -> QuerySet[Client]:
    """The clients that the actor may see, deactivated ones included, each once."""
    return Client.objects.filter(reach(grants(actor)))


def access_client(actor: Actor, client_id: UUID, code: str) -> Client:
    """The client, for an action that needs ``code``. Raises Http404 out of reach, PermissionDenied without the code."""
    client = visible_clients(actor).select_related("firm", "manager").filter(id=client_id).first()
    if client is None:
        raise Http404
    if not actor.can(code):
        raise PermissionDenied
    return client
