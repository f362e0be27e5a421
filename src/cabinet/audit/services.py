"""Writing the journal. Payroll content, passwords and secrets never enter it."""

import ipaddress
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from cabinet.audit.actions import ACTIONS
from cabinet.audit.chain import content_digest, seal_on_commit
from cabinet.audit.models import LogEntry


class Origin(StrEnum):
    """By which door the change came."""

    WEB = "web"
    COMMAND = "command"
    WORKER = "worker"
    CONNECTION = "connection"


@dataclass(frozen=True, slots=True)
class Author:
    """Who acts, as the journal keeps it: the name stays readable when the person is gone."""

    firm_id: UUID
    label: str
    origin: Origin
    id: UUID | None = None
    address: str | None = None
    session: str = ""
    """Which session or connection it was, by a name that opens nothing."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What the change is about; ``client_id`` puts it in that dossier's journal too."""

    label: str
    id: UUID | None = None
    client_id: UUID | None = None


def record(
    action: str, *, author: Author, subject: Subject, changes: Mapping[str, tuple[Any, Any]] | None = None
) -> LogEntry:
    """Add a line, in the caller's transaction. ``changes``: field → (before, after).

    Raises KeyError for an unknown action.
    """
    entry = _entry(action, author, subject, changes or {})
    entry.save(force_insert=True)
    seal_on_commit(entry.firm_id)
    return entry


def record_many(
    action: str, *, author: Author, lines: Iterable[tuple[Subject, Mapping[str, tuple[Any, Any]]]]
) -> list[LogEntry]:
    """Add one line for each subject, in the caller's transaction: for acts on many things at once.

    Raises KeyError for an unknown action.
    """
    entries = [_entry(action, author, subject, changes) for subject, changes in lines]
    LogEntry._base_manager.bulk_create(entries, batch_size=500)
    seal_on_commit(author.firm_id)
    return entries


def _entry(action: str, author: Author, subject: Subject, changes: Mapping[str, tuple[Any, Any]]) -> LogEntry:
    ACTIONS[action]
    entry = LogEntry(
        firm_id=author.firm_id,
        action=action,
        actor_id=author.id,
        actor_label=author.label[:200],
        origin=author.origin,
        address=_address(author.address),
        session=author.session[:16],
        client_id=subject.client_id,
        object_id=subject.id,
        object_label=subject.label[:255],
        changes={field: [_plain(before), _plain(after)] for field, (before, after) in changes.items()},
        salt=secrets.token_hex(16),
    )
    entry.content_digest = content_digest(entry)
    return entry


def record_download(author: Author, what: str, *, client_id: UUID | None = None) -> None:
    """Somebody took data out of the product: ``what`` says which file, never what it holds."""
    record("download.taken", author=author, subject=Subject(label=what, id=client_id, client_id=client_id))


def forget_client(client_id: UUID) -> None:
    """Once a client is deleted, its lines lose labels and values; the line that tells the deletion is not one of them.

    They keep their place in the chain, with the digest of what they said: see ``verification``.
    """
    LogEntry._base_manager.filter(client_id=client_id).update(
        erased=True, actor_label="", address=None, session="", object_label="", changes={}, salt=""
    )


def _address(text: str | None) -> str | None:
    """As every database gives it back: the digest is made of it."""
    if not text:
        return None
    found = ipaddress.ip_address(text)
    return str(getattr(found, "ipv4_mapped", None) or found)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)
