"""Making a backup while people and workers go on.

The database is fixed at one moment; the files that its rows need at that moment are copied, then the dump is written.
A file that went meanwhile (its import was deleted, or accepted and its original destroyed) makes the moment stale: a
later one is taken, and only what is new is copied.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from django.db import connection

from cabinet.management.backups import database, keys
from cabinet.management.backups.manifest import (
    STORAGE,
    Manifest,
    sha256_of,
    write_files,
    write_manifest,
)
from cabinet.management.holdings import PLACES
from cabinet.storage import door

TRIES = 6


class StillMoving(Exception):
    """Files went away during each try."""


@dataclass(slots=True)
class _Copies:
    """Files copied so far, with their hashes, across tries."""

    folder: Path
    hashes: dict[str, str] = field(default_factory=dict)

    def take(self, wanted: set[str]) -> set[str]:
        """Copy what is not there yet, drop what is no longer wanted; the names that were not found."""
        lost = set()
        for name in sorted(wanted - self.hashes.keys(), key=_most_fleeting_first):
            try:
                self.hashes[name] = self._copy(name)
            except FileNotFoundError:
                lost.add(name)
        for name in self.hashes.keys() - wanted:
            (self.folder / name).unlink()
            del self.hashes[name]
        return lost

    def _copy(self, name: str) -> str:
        target = self.folder / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with door.open_stored(name) as source, target.open("wb") as handle:
            shutil.copyfileobj(source, handle, 1024 * 1024)
            handle.flush()
            os.fsync(handle.fileno())
        return sha256_of(target)


def _most_fleeting_first(name: str) -> tuple[bool, str]:
    return not name.startswith("originals/"), name


def make(folder: Path, keys_folder: Path, tell: Callable[[str], None]) -> Manifest:
    """Write a backup in an empty folder, and its keys in another. Raises StillMoving, DatabaseFailed, OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys.write(keys_folder)
    copies = _Copies(folder / STORAGE)
    copies.folder.mkdir(mode=0o700)
    kind = database.kind_for_backup()
    target = folder / database.NAMES[kind]
    for _ in range(TRIES):
        made_at = datetime.now(UTC)
        with database.snapshot() as moment:
            needed = {name for place in PLACES for name in place.needed()}
            lost = copies.take(needed)
            target.unlink(missing_ok=True)
            tables = database.dump(kind, target, moment)
            applied = database.migrations()
        missing = _still_needed(lost)
        if lost == missing:
            break
        tell("Files went away while they were copied: once more, from a later moment.")
    else:
        raise StillMoving(f"Files went away during each of {TRIES} tries. Start again when less is being imported.")
    manifest = Manifest(
        made_at=made_at.isoformat(timespec="seconds"),
        bocage=version("bocage"),
        vendor=connection.vendor,
        server=database.server(),
        dump=target.name,
        dump_kind=kind,
        dump_sha256=sha256_of(target),
        files=len(copies.hashes),
        files_sha256=write_files(folder, copies.hashes),
        missing=sorted(missing),
        keys=keys.names(),
        migrations=applied,
        dumped_tables=tables,
    )
    write_manifest(folder, manifest)
    return manifest


def _still_needed(lost: set[str]) -> set[str]:
    """Those that rows still ask for: they were missing before the backup began."""
    by_place = [place.named([name for name in lost if place.holds(name)]) for place in PLACES]
    return set().union(*by_place)
