"""Where files are kept: encrypted originals, Parquet facts. The user's file name is never a path."""

import hashlib
import io
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from bocage.errors import SourceUnreadable
from cabinet.imports.holdings import (
    FACTS,
    INCOMING,
    ORIGINALS,
    PIECES,
    facts_folder,
    original_name,
    part_name,
    parts_folder,
    pieces_folder,
)
from cabinet.keys.ring import Purpose, new_salt
from cabinet.keys.streams import Damaged, EncryptingWriter, open_clear
from cabinet.storage import door


def _root(name: str) -> Path:
    path = Path(settings.STORAGE_DIR) / name
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _original_path(import_id: UUID) -> Path:
    _root(ORIGINALS)
    return door.place_of(original_name(import_id))


def _part_path(import_id: UUID, rank: int) -> Path:
    _root(ORIGINALS)
    return door.place_of(part_name(import_id, rank))


def facts_dir(import_id: UUID) -> Path:
    """The folder of one import's fact tables."""
    _root(FACTS)
    return door.place_of(facts_folder(import_id))


@dataclass(slots=True)
class Incoming:
    """A file being received: encrypted, hashed and counted as it arrives. Nothing clear reaches the disk."""

    file_name: str
    salt: bytes = field(default_factory=new_salt)
    size: int = 0
    head: bytes = b""
    sha256: str = ""
    path: Path = field(default_factory=lambda: _root(INCOMING) / f"{uuid4()}.sealed")
    once_kept: Callable[[], None] | None = None
    """What to do when the transaction that keeps the file is kept: remove what it was made of."""
    _hash: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    _handle: io.BufferedWriter | None = None
    _writer: EncryptingWriter | None = None

    def write(self, chunk: bytes) -> None:
        """Take the next bytes."""
        if self._writer is None:
            self._handle = io.BufferedWriter(
                io.FileIO(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w")
            )
            self._writer = EncryptingWriter(self._handle, purpose=Purpose.RAW, salt=self.salt)
        self._writer.write(chunk)
        self._hash.update(chunk)
        if len(self.head) < 65_536:
            self.head += chunk[: 65_536 - len(self.head)]
        self.size += len(chunk)

    def close(self) -> None:
        """Seal the end. Call it once, when the last byte has come."""
        if self._writer is None:
            self.write(b"")
        if self._writer is None or self._handle is None:
            raise ValueError("nothing was received")
        self._writer.close()
        self._handle.flush()
        os.fsync(self._handle.fileno())
        self._handle.close()
        self.sha256 = self._hash.hexdigest()

    def discard(self) -> None:
        """Forget the file."""
        if self._handle is not None and not self._handle.closed:
            self._handle.close()
        self.path.unlink(missing_ok=True)


def keep_original(import_id: UUID, incoming: Incoming) -> None:
    """Move a received file to its place."""
    incoming.path.replace(_original_path(import_id))
    if incoming.once_kept is not None:
        transaction.on_commit(incoming.once_kept)


def keep_piece(upload_id: UUID, place: int, incoming: Incoming) -> None:
    """Move a piece of a large file to its place: where it begins in the file."""
    folder = _root(pieces_folder(upload_id))
    incoming.path.replace(folder / f"{place:015d}.sealed")


def read_pieces(upload_id: UUID, salt: bytes) -> Iterator[bytes]:
    """The pieces of a large file in their order, clear. Raises OSError when one cannot be opened."""
    for path in sorted(door.place_of(pieces_folder(upload_id)).glob("*.sealed")):
        with open_clear(path.open("rb"), purpose=Purpose.RAW, salt=salt) as piece:
            while chunk := piece.read(262_144):
                yield chunk


def remove_pieces(upload_id: UUID) -> None:
    """Remove the pieces of a large file; doing it twice is fine."""
    door.remove_folder(pieces_folder(upload_id))


def keep_part(import_id: UUID, rank: int) -> None:
    """Make the original of an import its part of that rank."""
    target = _part_path(import_id, rank)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _original_path(import_id).replace(target)


def share_part(import_id: UUID, rank: int, *, taker_id: UUID) -> None:
    """Give a part to another import too: each lets go of it apart."""
    target = _part_path(taker_id, rank)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.link(_part_path(import_id, rank), target)
    target.touch()  # as any file that no row names yet


def remove_original(import_id: UUID) -> None:
    """Destroy the original, in as many parts as it came; doing it twice is fine."""
    door.remove(original_name(import_id))
    door.remove_folder(parts_folder(import_id))


def remove_facts(import_id: UUID) -> None:
    """Remove the fact tables; doing it twice is fine."""
    door.remove_folder(facts_folder(import_id))


def remove_files(import_id: UUID) -> None:
    """Remove the original and the facts; doing it twice is fine."""
    remove_original(import_id)
    remove_facts(import_id)


@dataclass(frozen=True, slots=True)
class SealedSource:
    """An encrypted original, as a source that readers of ``bocage`` can open: it decrypts as it is read."""

    path: Path
    name: str
    size: int
    salt: bytes

    def open(self) -> io.BufferedReader:
        try:
            handle = self.path.open("rb")
        except OSError as error:
            raise SourceUnreadable(f"original {self.path.name}: {error.strerror}") from error
        try:
            return open_clear(handle, purpose=Purpose.RAW, salt=self.salt)
        except Damaged as error:
            handle.close()
            raise SourceUnreadable(f"original {self.path.name}: {error}") from error


def sources_of(imported: Any) -> list[SealedSource]:
    """The original of an import, ready to be read: one file, or its parts in order."""
    parts = [
        SealedSource(_part_path(imported.id, part.rank), bare_name(part.file_name), part.size, bytes(part.file_salt))
        for part in imported.parts.all()
    ]
    if parts:
        return parts
    name = bare_name(imported.file_name) if imported.archive_id else imported.file_name
    return [SealedSource(_original_path(imported.id), name, imported.size, bytes(imported.file_salt))]


def source_of(imported: Any) -> SealedSource:
    """The original of an import that came in one file; else its first part."""
    return sources_of(imported)[0]


def bare_name(file_name: str) -> str:
    """The name of a file without that of the archive that held it: readers look at the name."""
    return file_name.rsplit("!", 1)[-1]


@contextmanager
def work_folder() -> Iterator[Path]:
    """A private folder for one reading, removed at its end whatever happens."""
    root = Path(settings.WORK_DIR)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(dir=root, prefix="read-") as name:
        yield Path(name)


def clean_work_folder() -> None:
    """Remove what a killed worker left. Called when a worker starts alone on its work folder."""
    for path in Path(settings.WORK_DIR).glob("read-*"):
        shutil.rmtree(path, ignore_errors=True)


ORPHAN_SECONDS = 24 * 3600
"""No upload and no reading lasts a day."""


def remove_orphans() -> int:
    """Remove what killed workers and uploads without an owner left a day ago or more; how many there were.

    An upload that no import took is lost anyway: its salt was in memory only.
    """
    limit = time.time() - ORPHAN_SECONDS
    found = [*Path(settings.WORK_DIR).glob("read-*"), *_root(INCOMING).iterdir(), *_root(PIECES).iterdir()]
    old = [path for path in found if path.stat(follow_symlinks=False).st_mtime < limit]
    for path in old:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(old)
