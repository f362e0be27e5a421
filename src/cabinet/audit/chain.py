"""The chain of a firm's journal: each line carries the digest of the one before it.

A line is written in the caller's transaction without a place in the chain, and takes its place right after the
commit, under a lock held for that moment only: a long transaction keeps nobody waiting, and a line that is rolled back
leaves no gap. What could not be sealed (the process was killed) is sealed with the next line of the firm.
"""

import hashlib
import json
import threading
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from cabinet.audit.models import ChainHead, LogEntry

VERSION = "bocage-journal-1"
START = ""
"""What the first line follows."""
BATCH = 200


def content_digest(entry: Any) -> str:
    """The SHA-256 of what a line tells, salted: once erased, it cannot be guessed back."""
    return _digest([entry.salt, entry.actor_label, entry.address, entry.session, entry.object_label, entry.changes])


def link_digest(entry: Any, *, position: int, previous: str) -> str:
    """The SHA-256 of a line at its place: when, what kind, whose, about what, its content, and the line before."""
    at = entry.at.timestamp()
    ids = [str(value) if value else None for value in (entry.id, entry.firm_id, entry.actor_id)]
    about = [str(value) if value else None for value in (entry.client_id, entry.object_id)]
    return _digest([position, previous, f"{at:.6f}", entry.action, entry.origin, *ids, *about, entry.content_digest])


def _digest(values: list[Any]) -> str:
    text = json.dumps([VERSION, *values], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def seal(firm_id: UUID) -> int:
    """Give the committed lines of a firm that wait their place in its chain; how many."""
    sealed = count = _seal_some(firm_id)
    while count == BATCH:
        count = _seal_some(firm_id)
        sealed += count
    return sealed


@transaction.atomic
def _seal_some(firm_id: UUID) -> int:
    head, _ = ChainHead.objects.select_for_update().get_or_create(firm_id=firm_id)
    waiting = LogEntry.objects.filter(firm_id=firm_id, position__isnull=True).order_by("at", "id")
    entries = list(waiting[:BATCH])
    if not entries:
        return 0
    for entry in entries:
        head.digest = entry.digest = link_digest(entry, position=head.position + 1, previous=head.digest)
        head.position = entry.position = head.position + 1
    if len(entries) == 1:  # the usual case: one statement, without the cases of a bulk update
        LogEntry._base_manager.filter(id=entry.id).update(position=entry.position, digest=entry.digest)
    else:
        LogEntry._base_manager.bulk_update(entries, ["position", "digest"])
    ChainHead.objects.filter(firm_id=firm_id).update(position=head.position, digest=head.digest)
    return len(entries)


class _Waiting(threading.local):
    """The firms whose lines this thread has still to seal: many lines in one transaction are sealed at once."""

    def __init__(self) -> None:
        self.firms: set[UUID] = set()


_WAITING = _Waiting()


def seal_on_commit(firm_id: UUID) -> None:
    """Seal the firm's lines after the current transaction. A failure is logged, not raised: the lines are there."""
    _WAITING.firms.add(firm_id)
    transaction.on_commit(partial(_seal_once, firm_id), robust=True)


def _seal_once(firm_id: UUID) -> None:
    if firm_id in _WAITING.firms:
        _WAITING.firms.discard(firm_id)
        seal(firm_id)
