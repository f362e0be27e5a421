"""The gate of dossiers: the same rule as clients."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from cabinet.accounts.actors import Actor
from cabinet.clients.access import visible_clients
from cabinet.dossiers.models import Dossier, Mission


def visible_dossiers(actor: Actor) -> QuerySet[Dossier]:
    """The dossiers of the clients that the actor may see, for lists and counts."""
    return Dossier.objects.filter(client__in=visible_clients(actor))


def access_dossier(actor: Actor, client_id: UUID, code: str) -> Dossier:
    """The dossier of a client, for an action that needs ``code``.

    Raises Http404 out of reach, PermissionDenied without the code.
    """
    dossier = (
        visible_dossiers(actor)
        .select_related("client", "client__firm", "client__manager")
        .filter(client_id=client_id)
        .first()
    )
    if dossier is None:
        raise Http404
    if not (actor.can("dossier.view") and actor.can(code)):
        raise PermissionDenied
    return dossier


def access_mission(actor: Actor, mission_id: UUID, code: str) -> Mission:
    """A mission through its dossier, by the same two answers."""
    mission = (
        Mission.objects.filter(dossier__in=visible_dossiers(actor), id=mission_id)
        .select_related("dossier__client__firm", "manager", "year")
        .first()
    )
    if mission is None:
        raise Http404
    if not (actor.can("dossier.view") and actor.can(code)):
        raise PermissionDenied
    return mission
