"""The small interface behind which each tool stands."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class Gives(StrEnum):
    """What a tool has."""

    FEC = "fec"
    DSN = "dsn"


@dataclass(frozen=True, slots=True)
class AccessField:
    """Something to type to open a connection. A secret is sealed and never shown again."""

    name: str
    label: str
    secret: bool = True
    help: str = ""
    required: bool = True
    kind: str = "text"
    """``text``, ``host`` or ``date``."""


@dataclass(frozen=True, slots=True)
class Access:
    """What opens a connection: ``secrets`` is never drawn. ``expires_on`` may be known for what the firm typed."""

    connection_id: UUID
    firm_id: UUID
    secrets: Mapping[str, str] = field(repr=False)
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Company:
    """A company of the tool. ``siren``, ``siret`` and ``code`` are empty when the tool does not say."""

    ref: str
    name: str
    siren: str = ""
    siret: str = ""
    code: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class Year:
    """A fiscal year of the tool."""

    ref: str
    start: date
    end: date
    closed: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """What a test of the connection learned. ``warnings``: codes; ``expires_on``: when the key dies."""

    who: str = ""
    warnings: tuple[str, ...] = ()
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: a fiscal year, or a month from its first to its last day.

    ``year_ref`` is the tool's own name of the year, when it has one; ``polls`` how often its export was asked after.
    """

    start: date
    end: date
    year_ref: str = ""
    job_id: str = ""
    polls: int = 0


def fec_name(company: Company, wish: Wish) -> str:
    """The legal name of the FEC of a year, without the SIREN when the tool does not say it."""
    return f"{company.siren}FEC{wish.end:%Y%m%d}.txt"


@dataclass(frozen=True, slots=True)
class Pending:
    """The tool prepares the file: ask again after ``seconds``. The caller keeps ``job_id``; nobody sleeps."""

    job_id: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Piece:
    """One file, as it comes. ``reconstructed``: written by Bocage from what the tool gives, not by the tool."""

    name: str
    chunks: Iterable[bytes]
    reconstructed: bool = False


class Inviting(Protocol):
    """A tool that is authorised by following a link, rather than by a key that is typed."""

    def invite(self) -> str:
        """The link: shown at once, kept nowhere. Raises ConnectorError."""
        ...


class Connector(Protocol):
    """A tool that is connected. Every method raises ConnectorError; ``fetch`` may raise RemoteJobGone."""

    def check(self) -> Checked:
        """One cheap authenticated call: who we are, what is missing, what expires when."""
        ...

    def companies(self) -> Iterator[Company]:
        """Every company that the key sees."""
        ...

    def years(self, company: Company) -> list[Year]:
        """The fiscal years that the tool has; empty for a tool that works by months."""
        ...

    def fetch(self, company: Company, wish: Wish) -> Pending | Iterator[Piece]:
        """The files of a year or of a month; none when there is nothing for that month."""
        ...
