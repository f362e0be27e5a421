"""What a file format offers, and where its bytes come from.

A source is opened as many times as a reader needs; an encrypted original is a source whose ``open`` decrypts
as it reads, so that a reader never has to know where its bytes are kept.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, runtime_checkable

from bocage.errors import SourceUnreadable

type Progress = Callable[[float, str], None]
"""Called with the share done (0 to 1) and a step code; may raise :class:`bocage.errors.Cancelled`."""

HEAD_BYTES = 65_536
"""How much of a file the sniffers look at."""


@runtime_checkable
class Source(Protocol):
    """Bytes under a name. ``name`` is what the user called the file: shown, never used as a path."""

    @property
    def name(self) -> str:
        """What the user called the file."""
        ...

    @property
    def size(self) -> int:
        """Bytes, as they are kept."""
        ...

    def open(self) -> BinaryIO:
        """A new binary stream at the first byte. Raises SourceUnreadable."""
        ...


@dataclass(frozen=True, slots=True)
class FileSource:
    """A local file."""

    path: Path
    display_name: str | None = None

    @property
    def name(self) -> str:
        """The name given, else the file's own."""
        return self.display_name or self.path.name

    @property
    def size(self) -> int:
        """Bytes on the disk. Raises SourceUnreadable."""
        try:
            return self.path.stat().st_size
        except OSError as error:
            raise SourceUnreadable(f"{self.name}: {error.strerror}") from error

    def open(self) -> BinaryIO:
        """A new stream on the file. Raises SourceUnreadable."""
        try:
            return self.path.open("rb")
        except OSError as error:
            raise SourceUnreadable(f"{self.name}: {error.strerror}") from error


@dataclass(frozen=True, slots=True)
class BytesSource:
    """A file held in memory: a test, a small member of an archive."""

    name: str
    content: bytes

    @property
    def size(self) -> int:
        """Bytes in memory."""
        return len(self.content)

    def open(self) -> BinaryIO:
        """A new stream on the content."""
        return io.BytesIO(self.content)


def head(source: Source) -> bytes:
    """The first bytes of a source, enough for every sniffer."""
    with source.open() as stream:
        return stream.read(HEAD_BYTES)
