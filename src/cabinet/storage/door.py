"""The one door to the files that are kept: every file has a name (``"originals/….sealed"``), and rows know those names.

The user's file name is never one.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings

CHUNK = 1024 * 1024


class BadName(ValueError):
    """A name that would leave the storage."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is there, as it was seen."""

    name: str
    size: int
    changed_at: datetime


def place_of(name: str) -> Path:
    """The path of a name. Raises BadName."""
    parts = PurePosixPath(name).parts
    if not parts or parts[0] == "/" or ".." in parts:
        raise BadName(name)
    return Path(settings.STORAGE_DIR).joinpath(*parts)


def exists(name: str) -> bool:
    """Whether the file is there."""
    return place_of(name).is_file()


def open_stored(name: str) -> BinaryIO:
    """The file, from its beginning. Raises OSError: FileNotFoundError when it is not there."""
    return place_of(name).open("rb")


def put(name: str, content: BinaryIO) -> None:
    """Keep what is read from ``content`` under that name: it is there whole, or not at all."""
    path = place_of(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    near = path.with_name(f".{path.name}.{uuid4().hex}.part")
    try:
        with os.fdopen(os.open(near, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
            shutil.copyfileobj(content, handle, CHUNK)
            handle.flush()
            os.fsync(handle.fileno())
        near.replace(path)
    except BaseException:
        near.unlink(missing_ok=True)
        raise


def remove(name: str) -> None:
    """Destroy a file; doing it twice is fine."""
    place_of(name).unlink(missing_ok=True)


def remove_folder(name: str) -> None:
    """Destroy every file whose name begins with ``name/``; doing it twice is fine."""
    shutil.rmtree(place_of(name), ignore_errors=True)


def everything(folder: str = "") -> Iterator[Stored]:
    """Every file of a folder, or of all; one that goes meanwhile is left out."""
    root = Path(settings.STORAGE_DIR)
    for directory, _, names in (place_of(folder) if folder else root).walk():
        for name in names:
            path = directory / name
            try:
                status = path.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            changed = datetime.fromtimestamp(status.st_mtime, UTC)
            yield Stored(path.relative_to(root).as_posix(), status.st_size, changed)
