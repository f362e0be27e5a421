"""Clients created while the registry could not be read: which ones wait, and when they were last asked about."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from cabinet.clients.models import Client

ASKED_EVERY = timedelta(hours=20)
GIVEN_UP_AFTER = timedelta(days=60)


def waiting_for_registry(limit: int) -> list[Client]:
    """Active clients to complete that were not asked about lately, oldest question first.

    A company that the registry still does not know after two months is left as its firm typed it.
    """
    now = timezone.now()
    rows = Client.objects.filter(to_complete=True, is_active=True, created_at__gt=now - GIVEN_UP_AFTER)
    rows = rows.filter(Q(registry_at__isnull=True) | Q(registry_at__lt=now - ASKED_EVERY))
    return list(rows.select_related("firm").order_by("registry_at", "created_at")[:limit])


def note_asked(client: Client) -> None:
    """The registry answered that it does not know the company: ask again tomorrow."""
    Client.objects.filter(id=client.id, to_complete=True).update(registry_at=timezone.now())
