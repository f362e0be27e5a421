"""Where the rows of a release are kept: one read-only file each, checked against its hash when it is opened."""

import hashlib
import os
from functools import lru_cache
from pathlib import Path

from bocage.errors import SourceUnreadable
from bocage.referentials.carbon import Release, release_of, shipped, unpack, version_key
from cabinet.reference_updates.holdings import release_name
from cabinet.reference_updates.models import FactorRelease
from cabinet.storage import door


class AlreadyKept(Exception):
    """The version is there already, with the same content or with another one (``same``)."""

    def __init__(self, version: str, *, same: bool) -> None:
        super().__init__(version)
        self.version = version
        self.same = same


def _path(version: str) -> Path:
    version_key(version)
    path = door.place_of(release_name(version))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def put(version: str, packed: bytes) -> str:
    """Keep the rows of a version; their hash. Raises AlreadyKept: what is kept never changes."""
    path = _path(version)
    digest = hashlib.sha256(packed).hexdigest()
    if path.exists():
        raise AlreadyKept(version, same=hashlib.sha256(path.read_bytes()).hexdigest() == digest)
    near = path.with_suffix(".part")
    near.unlink(missing_ok=True)
    with os.fdopen(os.open(near, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb") as handle:
        handle.write(packed)
        handle.flush()
        os.fsync(handle.fileno())
    near.rename(path)
    return digest


def remove(version: str) -> None:
    """Take back a file whose row could not be written."""
    _path(version).unlink(missing_ok=True)


def latest_version() -> str:
    """The newest version at hand: the one shipped, or one obtained since. One query."""
    obtained = FactorRelease.objects.order_by("version").values_list("version", flat=True)
    return max([shipped().version, *obtained], key=version_key)


def is_newer(version: str, than: str) -> bool:
    """Whether a version came after another."""
    return version_key(version) > version_key(than)


def release_at(version: str) -> Release:
    """The release of a version, as it was obtained. Raises SourceUnreadable when its file is gone or was altered."""
    if version == shipped().version:
        return shipped()
    return _opened(str(_path(version)), version)


def _before(version: str) -> str:
    """The version that this one follows."""
    obtained = FactorRelease.objects.order_by("version").values_list("version", flat=True)
    return max(
        (one for one in [shipped().version, *obtained] if is_newer(version, one)),
        key=version_key,
        default=shipped().version,
    )


@lru_cache(maxsize=4)
def _opened(path: str, version: str) -> Release:
    """A release is opened once a process: its row and its file never change."""
    row = FactorRelease.objects.filter(version=version).first()
    if row is None:
        raise SourceUnreadable(f"Base Carbone {version} is not at hand")
    try:
        packed = Path(path).read_bytes()
    except OSError as error:
        raise SourceUnreadable(f"Base Carbone {version}: {error.strerror}") from error
    if hashlib.sha256(packed).hexdigest() != row.sha256:
        raise SourceUnreadable(f"Base Carbone {version}: the file is not the one that was obtained")
    return release_of(version, unpack(packed), before=release_at(_before(version)))
