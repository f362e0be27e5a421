"""One way out to a tool: what its list allows, in its turn, tried again when that does no harm, silent on secrets."""

import json
import logging
import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from random import uniform
from time import monotonic, sleep
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import httpx
from django.utils import timezone

from cabinet.connectors.core.errors import ConnectorError, Failure, ForbiddenCall
from cabinet.connectors.core.hosts import Target, safe_target
from cabinet.registry import guard
from cabinet.registry.service import retry_after, user_agent

logger = logging.getLogger(__name__)

TRIES: Final = 4
MAX_REPLY_BYTES: Final = 32 * 1024 * 1024
"""An answer that is not a file. A page of a thousand companies takes less than one of these."""
_PAUSES: Final = (1.0, 2.0, 4.0, 8.0)
_JITTER: Final = 0.2
_LONGEST_WAIT: Final = 60.0
"""A longer wait is a later piece of work: nobody sleeps that long."""
_REDIRECTS: Final = 3
_CHUNK: Final = 256 * 1024

type Method = Literal["GET", "POST"]
type Understand = Callable[["Reply"], ConnectorError | None]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the tool answered: status, headers, bytes as they came."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(default=b"", repr=False)

    def document(self) -> Any:
        """The JSON of the body. Raises ConnectorError when it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise ConnectorError(Failure.UNEXPECTED_PAYLOAD) from None

    def document_or_none(self) -> Any:
        """The JSON of the body, None when it is none: for refusals."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True, slots=True)
class Question:
    """One call. ``repeatable``: it only reads, so that it may be sent again when nobody knows whether it arrived."""

    method: Method
    path: str
    params: Mapping[str, str | int] | None = None
    document: Any = None
    form: Mapping[str, str] | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    repeatable: bool = True
    tries: int = TRIES


@dataclass(frozen=True, slots=True)
class Caller:
    """The way to one tool for one connection. ``headers`` and ``secrets`` are never drawn.

    ``allowed``: pairs (method, pattern of the whole path); anything else raises before a byte leaves.
    ``understand``: what the tool itself says of a refusal; None leaves it to the status.
    ``guarded``: the address was typed by somebody: it is looked up and must be public.
    """

    base_url: str
    allowed: tuple[tuple[Method, str], ...]
    bucket: str
    rate: guard.Rate
    headers: Callable[[], Mapping[str, str]] = field(default=dict, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    understand: Understand = field(default=lambda _: None, repr=False)
    read_seconds: float = 60.0
    guarded: bool = False

    def ask(self, question: Question) -> Reply:
        """The answer to a question, with its body in memory. Raises ConnectorError, ForbiddenCall."""
        with self._open(question) as response:
            body = bytearray()
            for chunk in response.iter_bytes(_CHUNK):
                body += chunk
                if len(body) > MAX_REPLY_BYTES:
                    raise ConnectorError(Failure.TOO_LARGE)
            return Reply(response.status_code, dict(response.headers), bytes(body))

    def stream(self, question: Question) -> Iterator[bytes]:
        """The body of an answer, as it comes. Raises ConnectorError, ForbiddenCall."""
        with self._open(question) as response:
            yield from response.iter_bytes(_CHUNK)

    @contextmanager
    def _open(self, question: Question) -> Iterator[httpx.Response]:
        """An accepted answer, its body not read yet; what goes wrong while it is read is told the same way."""
        self._allow(question)
        with _told_by_codes(), ExitStack() as opened:
            yield self._accepted(question, opened)

    def _accepted(self, question: Question, opened: ExitStack) -> httpx.Response:
        """The first good answer; ``opened`` keeps its connection. Raises what the last refusal meant."""
        turn = 0
        while True:
            with ExitStack() as attempt:
                try:
                    response = attempt.enter_context(self._sent(question))
                    wait = self._refused(question, response, turn)
                    if wait is None:
                        opened.push(attempt.pop_all())
                        return response
                except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
                    wait = self._pause(turn, question.tries)
                except httpx.TimeoutException:
                    wait = self._pause(turn, question.tries if question.repeatable else 0)
            sleep(wait)
            turn += 1

    def _allow(self, question: Question) -> None:
        for method, pattern in self.allowed:
            if question.method == method and re.fullmatch(pattern, question.path):
                return
        raise ForbiddenCall(f"{question.method} {question.path}")

    @contextmanager
    def _sent(self, question: Question) -> Iterator[httpx.Response]:
        wait = guard.reserve(self.bucket, self.rate, patience=_LONGEST_WAIT)
        if wait is None:
            raise ConnectorError(Failure.RATE_LIMITED, retry_at=timezone.now() + timedelta(minutes=2))
        if wait:
            sleep(wait)
        url = self.base_url.rstrip("/") + question.path
        target = safe_target(url) if self.guarded else Target(url, {}, {})
        started = monotonic()
        with (
            _client(self.read_seconds) as client,
            client.stream(
                question.method,
                target.url,
                params=dict(question.params) if question.params else None,
                json=question.document,
                data=dict(question.form) if question.form else None,
                headers={"Accept": "application/json", **self.headers(), **question.headers, **target.headers},
                extensions=dict(target.extensions),
            ) as response,
        ):
            _log(question.method, urlsplit(url).hostname, question.path, response, monotonic() - started)
            yield response

    def _refused(self, question: Question, response: httpx.Response, turn: int) -> float | None:
        """None when the answer is a good one, else how long to wait before the next try. Raises ConnectorError."""
        if 200 <= response.status_code < 300:
            return None
        reply = Reply(response.status_code, dict(response.headers), _first_bytes(response))
        error = self.understand(reply) or by_status(reply)
        if error.failure is Failure.RATE_LIMITED:
            return self._asked_wait(error, response, turn, question.tries)
        tries = {500: 2, 502: question.tries, 503: question.tries, 504: question.tries}.get(response.status_code, 0)
        if error.failure is not Failure.UNAVAILABLE or not question.repeatable:
            raise error
        return self._pause(turn, min(tries, question.tries), error)

    def _asked_wait(self, error: ConnectorError, response: httpx.Response, turn: int, tries: int) -> float:
        asked = retry_after(response.headers) or (
            (error.retry_at - timezone.now()).total_seconds() if error.retry_at else _PAUSES[min(turn, 3)]
        )
        if asked > _LONGEST_WAIT or turn + 1 >= tries:
            later = timezone.now() + timedelta(seconds=max(asked, _LONGEST_WAIT))
            raise ConnectorError(Failure.RATE_LIMITED, retry_at=later)
        return max(asked, 0.0)

    def _pause(self, turn: int, tries: int, error: ConnectorError | None = None) -> float:
        if turn + 1 >= tries:
            raise error or ConnectorError(Failure.UNAVAILABLE)
        return _PAUSES[min(turn, 3)] * uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311  # spreads calls, no secret

    def with_understanding(self, understand: Understand) -> "Caller":
        """The same way out, for calls whose refusals mean something else."""
        return replace(self, understand=understand)

    def said(self, reply: Reply) -> str:
        """What a refusal says, first words only, without the secrets that it may repeat."""
        document = reply.document_or_none()
        text = first_words(document) if document is not None else reply.body[:400].decode("utf-8", "replace")
        return scrub(" ".join(text.split()), self.secrets)[:200]


def download(url: str, *, read_seconds: float = 120.0) -> Iterator[bytes]:
    """The bytes behind a link that a tool gave, by a bare client: no credential goes with it.

    Raises ConnectorError, LinkDead. Redirects are followed by hand, three at most, to public addresses over https.
    """
    for _ in range(_REDIRECTS + 1):
        target = safe_target(url)
        started = monotonic()
        with (
            _told_by_codes(),
            _client(read_seconds) as client,
            client.stream("GET", target.url, headers=target.headers, extensions=dict(target.extensions)) as response,
        ):
            # The path of such a link may be what opens it.
            _log("GET", urlsplit(url).hostname, "(lien)", response, monotonic() - started)
            if response.is_redirect:
                url = str(httpx.URL(url).join(response.headers.get("Location", "")))
                continue
            if response.status_code in {403, 404, 410}:
                raise LinkDead
            if response.status_code != 200:
                raise by_status(Reply(response.status_code, dict(response.headers)))
            yield from response.iter_bytes(_CHUNK)
            return
    raise ConnectorError(Failure.UNEXPECTED_PAYLOAD)


class LinkDead(Exception):
    """The link to a file has expired."""


def by_status(reply: Reply) -> ConnectorError:
    """What a refusal means when the tool has no word of its own."""
    known = {401: Failure.AUTH_REJECTED, 403: Failure.MISSING_RIGHT, 404: Failure.COMPANY_NOT_VISIBLE}
    if reply.status in known:
        return ConnectorError(known[reply.status])
    if reply.status == 429:
        return ConnectorError(Failure.RATE_LIMITED)
    if reply.status >= 500:
        return ConnectorError(Failure.UNAVAILABLE)
    return ConnectorError(Failure.UNEXPECTED_PAYLOAD, str(reply.status))


def first_words(document: Any) -> str:
    """The sentence of an error's JSON: ``error``, ``message``, ``detail``, also one level down."""
    if isinstance(document, Mapping):
        for name in ("message", "error", "detail"):
            found = document.get(name)
            if isinstance(found, str) and found:
                return found
            if isinstance(found, Mapping):
                return first_words(found)
    return ""


def scrub(text: str, secrets: tuple[str, ...]) -> str:
    """The text without the secrets that it repeats."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "•••")
    return text


def _first_bytes(response: httpx.Response) -> bytes:
    """Enough of a refusal to read its code; an error page is never read whole."""
    body = bytearray()
    for chunk in response.iter_bytes(16 * 1024):
        body += chunk
        if len(body) > 64 * 1024:
            break
    return bytes(body)


@cache
def _trust() -> ssl.SSLContext:
    """The authorities that are believed: read once, they take longer to read than a call to make."""
    return httpx.create_ssl_context()


def _client(read_seconds: float) -> httpx.Client:
    return httpx.Client(
        verify=_trust(),
        headers={"User-Agent": user_agent()},
        timeout=httpx.Timeout(connect=10.0, read=read_seconds, write=30.0, pool=10.0),
        follow_redirects=False,
    )


@contextmanager
def _told_by_codes() -> Iterator[None]:
    """What the library raises, as a code. Its own message may quote an address or a header: it is dropped."""
    try:
        yield
    except httpx.DecodingError:
        raise ConnectorError(Failure.UNEXPECTED_PAYLOAD) from None
    except (httpx.HTTPError, httpx.StreamError):
        raise ConnectorError(Failure.UNAVAILABLE) from None
    except (httpx.InvalidURL, UnicodeError):
        # A header or an address that cannot be written: what was typed holds signs that no key has.
        raise ConnectorError(Failure.AUTH_REJECTED) from None


def _log(method: str, host: str | None, path: str, response: httpx.Response, seconds: float) -> None:
    request_id = response.headers.get("request-id") or response.headers.get("x-request-id") or "-"
    logger.info("%s %s%s %d %s %.2f s", method, host, path, response.status_code, request_id[:64], seconds)
