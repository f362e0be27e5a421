"""The API Recherche d'entreprises: one GET, ``/search``, no key."""

import json
from importlib.metadata import version
from time import monotonic
from typing import Final

import httpx
from django.conf import settings
from django.utils import timezone

from bocage.identifiers import Siren, Siret
from bocage.registry import Answer, Unavailable, UnavailableReason
from bocage.registry.recherche import parse_search
from cabinet.registry.deadline import TooLate, within
from cabinet.registry.enums import Source

CALLS_PER_SECOND: Final = 5.0
"""Below the 7 that the service allows to one address."""
_MAX_BYTES = 2 * 1024 * 1024
_STATUSES = {400: UnavailableReason.BAD_REQUEST, 401: UnavailableReason.REFUSED, 403: UnavailableReason.REFUSED}


class RechercheRegistry:
    """A client of the service. Its address and the contact that it announces come from the settings."""

    name: Final[str] = Source.RECHERCHE

    def __init__(self, *, transport: httpx.BaseTransport | None = None) -> None:
        self._transport = transport

    def find(self, number: Siren | Siret, *, seconds: float) -> Answer:
        """Ask the service once; every failure is an answer."""
        try:
            return within(seconds, lambda: self._ask(number, seconds))
        except (TooLate, httpx.TimeoutException):
            return Unavailable(UnavailableReason.TIMEOUT)
        except (httpx.HTTPError, httpx.InvalidURL):
            return Unavailable(UnavailableReason.NETWORK)

    def _ask(self, number: Siren | Siret, seconds: float) -> Answer:
        late = monotonic() + seconds
        client = httpx.Client(
            base_url=settings.REGISTRY_RECHERCHE_URL,
            headers={"User-Agent": user_agent(), "Accept": "application/json"},
            timeout=seconds,
            follow_redirects=False,
            transport=self._transport,
        )
        with client, client.stream("GET", "/search", params={"q": str(number), "per_page": 1}) as response:
            if response.status_code != 200:
                return _refusal(response)
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                # The client's own time-out starts again at each packet: a server that drips would never end.
                if monotonic() > late:
                    return Unavailable(UnavailableReason.TIMEOUT)
                if len(body) > _MAX_BYTES:
                    return Unavailable(UnavailableReason.MALFORMED)
        try:
            document = json.loads(body)
        except (ValueError, RecursionError):
            return Unavailable(UnavailableReason.MALFORMED)
        return parse_search(document, number, asked_on=timezone.localdate())


def user_agent() -> str:
    """Who asks, and whom to write to: the service wants both."""
    return f"Bocage/{version('bocage')} ({settings.REGISTRY_CONTACT})"


def _refusal(response: httpx.Response) -> Unavailable:
    if response.status_code == 429:
        pause = response.headers.get("Retry-After", "")
        seconds = float(pause) if pause.isascii() and pause.isdigit() else None
        return Unavailable(UnavailableReason.RATE_LIMITED, retry_after=seconds)
    return Unavailable(_STATUSES.get(response.status_code, UnavailableReason.SERVER_ERROR))
