"""The API Recherche d'entreprises: one GET, ``/search``, no key."""

from typing import Final

import httpx
from django.conf import settings
from django.utils import timezone

from bocage.identifiers import Siren, Siret
from bocage.registry import Answer, Company, Unavailable, UnavailableReason
from bocage.registry.recherche import parse_names, parse_search
from cabinet.registry.enums import Source
from cabinet.registry.guard import Rate
from cabinet.registry.service import Reply, Service

RATE: Final = Rate(per_second=5.0, burst=2)
"""At most seven calls in any second: what the service allows to one address."""
PROPOSED: Final = 10
"""Companies asked for by name: the right one is among the first, or the words are too common."""
_STATUSES = {400: UnavailableReason.BAD_REQUEST, 401: UnavailableReason.REFUSED, 403: UnavailableReason.REFUSED}


class RechercheRegistry:
    """A client of the service. Its address and the contact that it announces come from the settings."""

    name: Final[str] = Source.RECHERCHE

    def __init__(self, *, transport: httpx.BaseTransport | None = None) -> None:
        self._service = Service(self.name, settings.REGISTRY_RECHERCHE_URL, RATE, transport=transport)

    def find(self, number: Siren | Siret, *, seconds: float) -> Answer:
        """Ask the service once; every failure is an answer."""

        def read(reply: Reply) -> Answer:
            if reply.status != 200:
                return Unavailable(_STATUSES.get(reply.status, UnavailableReason.SERVER_ERROR))
            return parse_search(reply.document, number, asked_on=timezone.localdate())

        return self._service.ask("/search", {"q": str(number), "per_page": 1}, read, seconds=seconds)

    def search(self, text: str, *, seconds: float) -> tuple[Company, ...] | Unavailable:
        """The companies that the service finds for the words of a name, :data:`PROPOSED` at most."""

        def read(reply: Reply) -> tuple[Company, ...] | Unavailable:
            if reply.status != 200:
                return Unavailable(_STATUSES.get(reply.status, UnavailableReason.SERVER_ERROR))
            return parse_names(reply.document, asked_on=timezone.localdate())

        return self._service.ask("/search", {"q": text, "per_page": PROPOSED}, read, seconds=seconds)
