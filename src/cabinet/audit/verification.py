"""Checking the chain of a firm's journal, from its first line to its last."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from cabinet.audit.chain import START, content_digest, link_digest
from cabinet.audit.models import ChainHead, LogEntry

ERASING = "client.deleted"
"""The one action that erases: it names the client whose lines lose their content."""


class Trouble(StrEnum):
    """What is wrong with the first broken link."""

    MISSING = "missing"
    ALTERED = "altered"
    CONTENT = "content"
    ERASED = "erased"
    HEAD = "head"
    TAIL = "tail"
    ANCHOR = "anchor"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link noted earlier and kept elsewhere."""

    firm_id: UUID
    position: int
    digest: str


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """Where the chain breaks first: the place, and the line that stands there, if any."""

    position: int
    trouble: Trouble
    entry_id: UUID | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in a firm's chain; ``waiting`` lines are committed and not sealed yet."""

    firm_id: UUID
    links: int
    waiting: int
    broken: BrokenLink | None


def heads() -> list[Anchor]:
    """The last link of each firm, to be kept out of reach of who can write in the database."""
    return [Anchor(head.firm_id, head.position, head.digest) for head in ChainHead.objects.order_by("firm_id")]


def firms_in_journal() -> list[UUID]:
    """Every firm that has a line or a chain, those deleted since included."""
    known = set(LogEntry.objects.order_by().values_list("firm_id", flat=True).distinct())
    return sorted(known | set(ChainHead.objects.values_list("firm_id", flat=True)))


def verify(firm_id: UUID, anchors: Iterable[Anchor] = ()) -> Verdict:
    """Follow the chain of a firm, and check that it holds each anchor. Reads only, in bounded memory."""
    noted = {anchor.position: anchor.digest for anchor in anchors if anchor.firm_id == firm_id}
    waiting = LogEntry.objects.filter(firm_id=firm_id, position__isnull=True).count()
    links, last = 0, START
    entries = LogEntry.objects.filter(firm_id=firm_id, position__isnull=False).order_by("position")
    for entry, broken in _follow(entries.iterator(chunk_size=2000), _erased_clients(firm_id), noted):
        if broken is not None:
            return Verdict(firm_id, links, waiting, broken)
        links, last = links + 1, entry.digest
    return Verdict(firm_id, links, waiting, _end(firm_id, links, last, noted))


def _erased_clients(firm_id: UUID) -> set[UUID]:
    """The clients whose deletion the chain tells."""
    found = LogEntry.objects.filter(firm_id=firm_id, action=ERASING, position__isnull=False)
    return {client_id for client_id in found.values_list("object_id", flat=True) if client_id}


def _follow(
    entries: Iterable[LogEntry], erased: set[UUID], noted: dict[int, str]
) -> Iterator[tuple[LogEntry, BrokenLink | None]]:
    previous = START
    for position, entry in enumerate(entries, start=1):
        trouble = _trouble(entry, position, previous, erased)
        if trouble is None and noted.get(position, entry.digest) != entry.digest:
            trouble = Trouble.ANCHOR
        if trouble is None:
            yield entry, None
        elif trouble is Trouble.MISSING:
            yield entry, BrokenLink(position, trouble)
        else:
            yield entry, BrokenLink(position, trouble, entry.id, entry.at)
        previous = entry.digest


def _trouble(entry: LogEntry, position: int, previous: str, erased: set[UUID]) -> Trouble | None:
    if entry.position != position:
        return Trouble.MISSING
    if entry.digest != link_digest(entry, position=position, previous=previous):
        return Trouble.ALTERED
    if entry.erased:
        is_empty = not (entry.object_label or entry.actor_label or entry.changes or entry.address)
        return None if is_empty and entry.client_id in erased else Trouble.ERASED
    return None if entry.content_digest == content_digest(entry) else Trouble.CONTENT


def _end(firm_id: UUID, links: int, last: str, noted: dict[int, str]) -> BrokenLink | None:
    """The end of the chain against its head, and against what was noted further on."""
    head = ChainHead.objects.filter(firm_id=firm_id).first() or ChainHead(firm_id=firm_id)
    sealed_since = LogEntry.objects.filter(firm_id=firm_id, position__gt=links).count()
    if max([head.position, *noted]) > links + sealed_since:
        return BrokenLink(links + sealed_since + 1, Trouble.TAIL)
    if head.position < links or (head.position == links and head.digest != last):
        return BrokenLink(links, Trouble.HEAD)
    return None
