"""One call to an HTTP service: in its turn, in time, within bounds, and remembered. Every failure is an answer."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from time import monotonic, sleep
from typing import Final

import httpx
from django.conf import settings
from django.utils import timezone

from bocage.registry import Unavailable, UnavailableReason
from cabinet.registry import guard
from cabinet.registry.comfort import unless_busy
from cabinet.registry.deadline import TooLate, within

_LEAST_SECONDS: Final = 0.2
"""With less time left, a call would only be wasted."""
_SHARE_SPENT_WAITING: Final = 0.25
_CONNECT_SECONDS, _READ_SECONDS = 3.0, 5.0
_MAX_BYTES: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """What the service sent; ``document`` is the decoded JSON of a 200, None otherwise."""

    status: int
    headers: Mapping[str, str]
    document: object = None


@dataclass(frozen=True, slots=True)
class Service:
    """A service: its address, what it wants to be told, how often it may be called.

    ``headers`` may hold a key: it is never drawn, and nothing of this module writes it anywhere.
    """

    name: str
    base_url: str
    rate: guard.Rate
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    transport: httpx.BaseTransport | None = None

    def ask[T](
        self, path: str, params: Mapping[str, str | int], read: Callable[[Reply], T], *, seconds: float
    ) -> T | Unavailable:
        """What ``read`` makes of the reply, within ``seconds``. Not to be called inside a transaction.

        A source that rests is not called. ``read`` may say that the reply is a failure: it counts as one.
        """
        if not unless_busy(lambda: guard.is_open(self.name), True):
            return Unavailable(UnavailableReason.CIRCUIT_OPEN)
        patience = max(seconds, 0.0) * _SHARE_SPENT_WAITING
        wait = unless_busy(lambda: guard.reserve(self.name, self.rate, patience=patience), 0.0)
        if wait is None:
            return Unavailable(UnavailableReason.RATE_LIMITED)
        if seconds - wait < _LEAST_SECONDS:
            return Unavailable(UnavailableReason.NO_TIME_LEFT)
        if wait:
            sleep(wait)
        reply = self._reply(path, params, seconds - wait)
        answer = reply if isinstance(reply, Unavailable) else read(reply)
        failure = answer if isinstance(answer, Unavailable) else None
        unless_busy(lambda: guard.note(self.name, failure), None)
        return answer

    def _reply(self, path: str, params: Mapping[str, str | int], seconds: float) -> Reply | Unavailable:
        try:
            return within(seconds, lambda: self._call(path, params, seconds))
        except (TooLate, httpx.TimeoutException):
            return Unavailable(UnavailableReason.TIMEOUT)
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError):
            # UnicodeError: a header that cannot be written. No message is kept, it could quote the key.
            return Unavailable(UnavailableReason.NETWORK)

    def _call(self, path: str, params: Mapping[str, str | int], seconds: float) -> Reply | Unavailable:
        late = monotonic() + seconds
        client = httpx.Client(
            base_url=self.base_url,
            headers={"User-Agent": user_agent(), "Accept": "application/json", **self.headers},
            timeout=httpx.Timeout(min(seconds, _READ_SECONDS), connect=min(seconds, _CONNECT_SECONDS)),
            follow_redirects=False,
            transport=self.transport,
        )
        with client, client.stream("GET", path, params=dict(params)) as response:
            if response.status_code == 429:
                return Unavailable(UnavailableReason.RATE_LIMITED, retry_after(response.headers))
            if response.status_code != 200:
                return Reply(response.status_code, dict(response.headers))
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                # The client's own time-out starts again at each packet: a server that drips would never end.
                if monotonic() > late:
                    return Unavailable(UnavailableReason.TIMEOUT)
                if len(body) > _MAX_BYTES:
                    return Unavailable(UnavailableReason.MALFORMED)
        try:
            return Reply(200, dict(response.headers), json.loads(body))
        except (ValueError, RecursionError):
            return Unavailable(UnavailableReason.MALFORMED)


def user_agent() -> str:
    """Who asks, and whom to write to: the services want both."""
    return f"Bocage/{version('bocage')} ({settings.REGISTRY_CONTACT})"


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The pause asked for, in seconds, written as a number or as a date."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    seconds = (moment - timezone.now()).total_seconds()
    return seconds if seconds > 0 else None
