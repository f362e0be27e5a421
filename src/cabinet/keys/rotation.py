"""Moving what is sealed from an older master key to the first of the ring, one thing at a time.

Each thing is replaced at once or not at all, and bears the name of its key: a rotation that was stopped goes on where
it was, and the older key is in use until the last thing has moved.
"""

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import BinaryIO, Protocol, cast

from django.conf import settings

from cabinet.keys.ring import Purpose, master_keys
from cabinet.keys.streams import HEADER, MAGIC, SEGMENT, Damaged, EncryptingWriter, open_clear, seal, unseal


class Sealed[One](Protocol):
    """A kind of sealed things that a room keeps."""

    label: str

    def held(self) -> Iterator[tuple[One, bytes]]:
        """Each thing, by whatever finds it again, and the name of the master key that opens it."""
        ...

    def reseal(self, one: One) -> bool:
        """Seal it under the first key; False when it is gone or was done meanwhile. Raises Damaged, OSError."""
        ...


def first_key() -> bytes:
    """The name of the key that seals."""
    return master_keys()[0].name


def name_of(sealed: bytes) -> bytes:
    """The name of the master key of a sealed value. Raises Damaged."""
    if len(sealed) < HEADER or sealed[:4] != MAGIC:
        raise Damaged("not one of our files")
    return sealed[4:8]


def anew(sealed: bytes, *, purpose: Purpose, salt: bytes, bound_to: bytes = b"") -> bytes:
    """The same value under the first key. Raises Damaged, UnknownMasterKey."""
    clear = unseal(sealed, purpose=purpose, salt=salt, bound_to=bound_to)
    return seal(clear, purpose=purpose, salt=salt, bound_to=bound_to)


@contextmanager
def file_anew(source: BinaryIO, *, purpose: Purpose, salt: bytes) -> Iterator[BinaryIO]:
    """The same file under the first key, ready to be read; nothing clear reaches the disk."""
    with TemporaryFile(dir=settings.WORK_DIR) as made, open_clear(source, purpose=purpose, salt=salt) as clear:
        target = cast("BinaryIO", made)
        writer = EncryptingWriter(target, purpose=purpose, salt=salt)
        shutil.copyfileobj(clear, cast("BinaryIO", writer), SEGMENT)
        writer.close()
        target.seek(0, io.SEEK_SET)
        yield target
