"""A zip becomes one import a member: each FEC and each DSN then lives its own life."""

import zipfile
from dataclasses import dataclass
from functools import partial
from typing import IO

from django.conf import settings
from django.db import transaction

from bocage.formats.base import BytesSource
from bocage.formats.catalogue import identify
from cabinet.accounts.actors import Actor
from cabinet.imports import parts, settling, storage
from cabinet.imports.enums import ImportState, Origin, Refusal
from cabinet.imports.models import Import
from cabinet.imports.receiving import CameFrom, already_there, new_row, open_reading
from cabinet.imports.states import move
from cabinet.jobs.models import Job

USEFUL = frozenset({"fec", "dsn", "dsn_enriched"})
CHUNK = 1024 * 1024


class UnsafeArchiveError(Exception):
    """Encrypted, nested, too many members, or expanding beyond the limit."""


@dataclass(slots=True)
class _Budget:
    left: int

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise UnsafeArchiveError


def unpack(imported: Import, *, actor: Actor) -> list[tuple[Job, int]]:
    """Replace a received archive by its useful members: the jobs that will read them, with their sizes.

    Refuses the archive whole when it is unsafe or holds neither FEC nor DSN.
    """
    kept: list[storage.Incoming] = []
    try:
        with storage.source_of(imported).open() as stream, zipfile.ZipFile(stream) as archive:
            _collect(archive, imported.file_name, kept)
    except (UnsafeArchiveError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        for incoming in kept:
            incoming.discard()
        settling.refuse(imported, Refusal.ARCHIVE_UNSAFE, actor=actor)
        return []
    if not kept:
        settling.refuse(imported, Refusal.ARCHIVE_EMPTY, actor=actor)
        return []
    return _hand_over(imported, kept, actor)


def _collect(archive: zipfile.ZipFile, archive_name: str, kept: list[storage.Incoming]) -> None:
    members = [info for info in archive.infolist() if not info.is_dir()]
    if len(members) > settings.ARCHIVE_MAX_MEMBERS or any(info.flag_bits & 1 for info in members):
        raise UnsafeArchiveError
    budget = _Budget(settings.ARCHIVE_MAX_UNPACKED_BYTES)
    for info in members:
        if info.filename.startswith("__MACOSX/") or info.filename.rsplit("/", 1)[-1].startswith("."):
            continue
        with archive.open(info) as member:
            incoming = _take(member, f"{archive_name}!{info.filename.rsplit('/', 1)[-1]}", budget)
        if incoming is not None:
            kept.append(incoming)


def _take(member: IO[bytes], name: str, budget: _Budget) -> storage.Incoming | None:
    """Encrypt one member as it is unpacked, if its beginning is that of a FEC or a DSN."""
    start = member.read(CHUNK)
    budget.spend(len(start))
    kind = identify(BytesSource(name, start)).kind
    if kind in {"zip", "gzip"}:
        raise UnsafeArchiveError
    incoming = storage.Incoming(name)
    incoming.head = start
    if kind not in USEFUL and not parts.is_part(incoming):
        return None
    incoming.head = b""
    try:
        incoming.write(start)
        while chunk := member.read(CHUNK):
            budget.spend(len(chunk))
            incoming.write(chunk)
        incoming.close()
    except BaseException:
        incoming.discard()
        raise
    return incoming


@transaction.atomic
def _hand_over(archive: Import, kept: list[storage.Incoming], actor: Actor) -> list[tuple[Job, int]]:
    """The members take the archive's place; it leaves the list. Members already there are not read twice, parts of one
    FEC are read together."""
    current = Import.objects.select_for_update().get(id=archive.id)
    rows = []
    for incoming in kept:
        row = new_row(
            incoming,
            firm_id=current.firm_id,
            received_by_id=current.received_by_id,
            came_from=CameFrom(
                Origin(current.origin),
                current.source,
                current.reconstructed,
                current.expected_start,
                current.expected_end,
            ),
        )
        for name in ("client_id", "draft_id", "expected_siren", "subject_salt", "subject_master"):
            setattr(row, name, getattr(current, name))
        row.archive = current
        part = parts.is_part(incoming)
        completed = parts.completed_by(row) if part else None
        if completed is None and already_there(row):
            incoming.discard()
            continue
        row.save()
        storage.keep_original(row.id, incoming)
        if part:
            parts.gather(row, completed, actor=actor)
        rows.append(row.id)
    move(current, ImportState.DELETED)
    current.has_original = False
    current.save(update_fields=["has_original"])
    transaction.on_commit(partial(storage.remove_original, current.id))
    to_read = Import.objects.filter(id__in=rows, state=ImportState.RECEIVED).order_by("received_at", "file_name")
    return [(open_reading(row), row.size) for row in to_read]
