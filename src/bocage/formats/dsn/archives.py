"""The DSN files inside what the user gave: a text, a gzip, a zip. Opened in memory, one member at a time.

Nothing is ever written to disk: a DSN holds social security numbers. An archive that goes beyond the limits, holds
another archive, is encrypted, or names members outside itself is refused whole.
"""

import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, BinaryIO, Literal, cast

from bocage.formats.base import Source, head

MIB = 1 << 20
_CHUNK = 1 << 18
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP = b"\x1f\x8b"
_NESTED = (*_ZIP, _GZIP, b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the library accepts to read."""

    max_dsn_bytes: int = 2048 * MIB
    """One DSN, as read: some 300,000 people. It is streamed, so that its size costs time and no memory."""
    max_unpacked_bytes: int = 2048 * MIB
    """All members of one archive together."""
    max_members: int = 500


@dataclass(frozen=True, slots=True)
class Refused:
    """What cannot be opened, and the code of the reason (``FIC-ARC-…``)."""

    name: str
    code: str


def archive_kind(source: Source) -> Literal["zip", "gzip"] | None:
    """Which archive a source is, by its first bytes."""
    start = head(source)[:8]
    if start.startswith(_ZIP):
        return "zip"
    return "gzip" if start.startswith(_GZIP) else None


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive, unpacked as it is read."""

    archive: Source
    member: str | None
    """Name inside a zip; None for a gzip."""
    limit: int

    @property
    def name(self) -> str:
        """``archive.zip!member``, as everywhere in the answers."""
        return f"{self.archive.name}!{self.member}" if self.member else self.archive.name

    @property
    def size(self) -> int:
        """Of the packed file: what is known without unpacking."""
        return self.archive.size

    def open(self) -> BinaryIO:
        """A stream of the unpacked bytes."""
        packed = self.archive.open()
        try:
            if self.member is None:
                unpacked = _Unpacked(gzip.GzipFile(fileobj=packed, mode="rb"), packed)
            else:
                archive = zipfile.ZipFile(_seekable(packed))
                unpacked = _Unpacked(archive.open(self.member), archive, packed)
        except BaseException:
            packed.close()
            raise
        return cast(BinaryIO, unpacked)


class _Unpacked(io.RawIOBase):
    """A member being unpacked, which closes what it was read from."""

    def __init__(self, inner: IO[bytes] | gzip.GzipFile, *owners: IO[bytes] | zipfile.ZipFile) -> None:
        self._inner = inner
        self._owners = owners

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        return self._inner.read(-1 if size is None else size)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
            for owner in self._owners:
                owner.close()
        super().close()


def _seekable(stream: BinaryIO) -> BinaryIO:
    return stream if stream.seekable() else io.BytesIO(stream.read())


UNPACK_ERRORS = (
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    OverflowError,
    MemoryError,
)
"""What the standard library raises for damaged or encrypted archives: a bad offset is an OSError when it seeks."""


def opened(source: Source, limits: Limits) -> Iterator[Source | Member | Refused]:
    """The text files to read in ``source``: itself, or the members of the archive that it is."""
    kind = archive_kind(source)
    if source.size > limits.max_dsn_bytes:
        yield Refused(source.name, "FIC-ARC-01")
    elif kind == "zip":
        yield from _zip_members(source, limits)
    elif kind == "gzip":
        inner = Member(source, None, limits.max_dsn_bytes)
        code = _trouble(inner, limits.max_dsn_bytes)[0]
        yield inner if code is None else Refused(source.name, code)
    else:
        yield source


def _zip_members(source: Source, limits: Limits) -> Iterator[Member | Refused]:
    try:
        with source.open() as packed, zipfile.ZipFile(_seekable(packed)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except UNPACK_ERRORS:
        yield Refused(source.name, "FIC-ARC-02")
        return
    if len(infos) > limits.max_members or sum(info.file_size for info in infos) > limits.max_unpacked_bytes:
        yield Refused(source.name, "FIC-ARC-01")
        return
    if any(info.flag_bits & 1 for info in infos):
        yield Refused(source.name, "FIC-ARC-03")
        return
    if any(_escapes(info.filename) for info in infos):
        yield Refused(source.name, "FIC-ARC-04")
        return
    members = [Member(source, info.filename, limits.max_dsn_bytes) for info in infos if _wanted(info.filename)]
    if not members:
        yield Refused(source.name, "FIC-ARC-05")
    left = limits.max_unpacked_bytes
    for member in members:
        code, size = _trouble(member, min(limits.max_dsn_bytes, left))
        left -= size
        yield member if code is None else Refused(member.name, code)


def _escapes(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or parts[0] == "" or parts[0].endswith(":")


def _wanted(name: str) -> bool:
    """Not a hidden file that a computer added by itself."""
    base = name.rsplit("/", 1)[-1]
    return not (base.startswith(".") or name.startswith("__MACOSX/") or base in ("Thumbs.db", "desktop.ini"))


def _trouble(member: Member, limit: int) -> tuple[str | None, int]:
    """Why a member may not be read (None when it may), and how many bytes it holds, counted and not believed."""
    size = 0
    try:
        with member.open() as stream:
            while chunk := stream.read(_CHUNK):
                if size == 0 and chunk.startswith(_NESTED):
                    return "FIC-ARC-06", len(chunk)
                size += len(chunk)
                if size > limit:
                    return "FIC-ARC-01", size
    except UNPACK_ERRORS:
        return "FIC-ARC-02", size
    return None, size
