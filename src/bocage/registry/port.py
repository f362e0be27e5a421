"""What any source of companies offers, and the four answers it may give."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bocage.identifiers import Siren, Siret
from bocage.registry.company import Company


class UnavailableReason(StrEnum):
    """Why a source gave no answer."""

    TIMEOUT = "timeout"
    NETWORK = "network"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    BAD_REQUEST = "bad_request"
    REFUSED = "refused"
    """The key is missing, wrong or without the right."""
    MALFORMED = "malformed"
    CIRCUIT_OPEN = "circuit_open"
    """The source failed too often lately and is left alone for a while."""
    NO_TIME_LEFT = "no_time_left"
    NO_SOURCE = "no_source"
    """No source is configured: everything is typed by hand."""


@dataclass(frozen=True, slots=True)
class NotFound:
    """The source works and does not know the number, or may not show it (a unit that refuses to be public)."""

    number: Siren | Siret


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The unit was registered twice: ``kept`` is the SIREN that remains."""

    number: Siren | Siret
    kept: Siren


@dataclass(frozen=True, slots=True)
class Unavailable:
    """The source did not answer. ``retry_after`` is in seconds, when the source asks for a pause."""

    reason: UnavailableReason
    retry_after: float | None = None


type Answer = Company | NotFound | Duplicate | Unavailable


class Registry(Protocol):
    """A source of companies. ``find`` answers within ``seconds`` and never raises."""

    @property
    def name(self) -> str:
        """A short code, kept beside every value that comes from the source."""
        ...

    def find(self, number: Siren | Siret, *, seconds: float) -> Answer:
        """The company of a SIREN, or the company and the establishment of a SIRET."""
        ...
