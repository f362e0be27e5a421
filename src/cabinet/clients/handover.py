"""Giving the dossiers of one person to another."""

from django.db import transaction
from django.db.models import QuerySet

from cabinet.accounts.actors import Actor
from cabinet.accounts.models import Collaborator
from cabinet.audit.services import record
from cabinet.clients.models import Client
from cabinet.clients.services import subject_of


def clients_in_charge(person: Collaborator) -> QuerySet[Client]:
    """Every client that the person manages, deactivated ones included."""
    return Client.objects.filter(firm=person.firm_id, manager=person).order_by("search_name", "id")


@transaction.atomic
def hand_over_clients(*, actor: Actor, person: Collaborator, successor: Collaborator) -> int:
    """All of them to ``successor``, one line of the journal each; how many."""
    clients = list(clients_in_charge(person).select_for_update(of=("self",)))
    Client.objects.filter(id__in=[client.id for client in clients]).update(manager=successor)
    for client in clients:
        record(
            "client.changed",
            author=actor.author,
            subject=subject_of(client),
            changes={"responsable": (person.full_name, successor.full_name)},
        )
    return len(clients)
