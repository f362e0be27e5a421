"""Streaming AES-256-GCM: bytes are encrypted as they arrive and decrypted as they are read.

Layout: ``magic(4) master-name(4) nonce-prefix(7)`` then segments of 64 KiB, each sealed under
``prefix(7) counter(4) last(1)``. The counter stops a segment from being moved, the ``last`` byte stops a cut.
"""

import io
import secrets
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cabinet.keys.ring import Purpose, derive, master_key, master_keys

MAGIC = b"BCG1"
SEGMENT = 65_536
TAG = 16
PREFIX = 7
HEADER = len(MAGIC) + 4 + PREFIX


class Damaged(OSError):
    """The ciphertext was cut, altered, or is not for this key. To who reads the stream it is an unreadable file."""


def _nonce(prefix: bytes, counter: int, *, last: bool) -> bytes:
    return prefix + counter.to_bytes(4, "big") + (b"\x01" if last else b"\x00")


class EncryptingWriter:
    """Write clear bytes, get sealed segments in ``target``. Close it, or the end is missing and nothing opens it."""

    def __init__(self, target: BinaryIO, *, purpose: Purpose, salt: bytes, bound_to: bytes = b"") -> None:
        master = master_keys()[0]
        self._bound = MAGIC + bound_to
        self._target = target
        self._cipher = AESGCM(derive(master, purpose, salt))
        self._prefix = secrets.token_bytes(PREFIX)
        self._counter = 0
        self._pending = bytearray()
        target.write(MAGIC + master.name + self._prefix)

    def write(self, data: bytes | memoryview) -> int:
        """Take clear bytes; whole segments leave at once."""
        self._pending += data
        while len(self._pending) > SEGMENT:
            self._seal(bytes(self._pending[:SEGMENT]), last=False)
            del self._pending[:SEGMENT]
        return len(data)

    def _seal(self, clear: bytes, *, last: bool) -> None:
        nonce = _nonce(self._prefix, self._counter, last=last)
        self._target.write(self._cipher.encrypt(nonce, clear, self._bound))
        self._counter += 1

    def close(self) -> None:
        """Seal what is left as the last segment. The target stays open: it belongs to the caller."""
        self._seal(bytes(self._pending), last=True)
        self._pending.clear()


class DecryptingReader(io.RawIOBase):
    """Read clear bytes from sealed ``source``; can go back to any place. Raises Damaged."""

    def __init__(self, source: BinaryIO, *, purpose: Purpose, salt: bytes, bound_to: bytes = b"") -> None:
        super().__init__()
        self._bound = MAGIC + bound_to
        self._source = source
        header = source.read(HEADER)
        if len(header) < HEADER or header[:4] != MAGIC:
            raise Damaged("not one of our files")
        self._cipher = AESGCM(derive(master_key(header[4:8]), purpose, salt))
        self._prefix = header[8:]
        body = source.seek(0, io.SEEK_END) - HEADER
        self._segments = max(1, -(-body // (SEGMENT + TAG)))
        self._length = body - self._segments * TAG
        if self._length < 0:
            raise Damaged("cut")
        self._position = 0
        self._loaded = -1
        self._clear = b""
        self._segment(self._segments - 1)  # a cut file is refused at once, not at its end

    def _segment(self, index: int) -> bytes:
        if index != self._loaded:
            self._source.seek(HEADER + index * (SEGMENT + TAG))
            sealed = self._source.read(SEGMENT + TAG)
            nonce = _nonce(self._prefix, index, last=index == self._segments - 1)
            try:
                self._clear = self._cipher.decrypt(nonce, sealed, self._bound)
            except (InvalidTag, ValueError):
                raise Damaged("altered or cut") from None
            self._loaded = index
        return self._clear

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if self._position >= self._length:
            return 0
        index, offset = divmod(self._position, SEGMENT)
        piece = self._segment(index)[offset : offset + len(buffer)]
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._length}[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def close(self) -> None:
        if not self.closed:
            self._source.close()
        super().close()


def open_clear(source: BinaryIO, *, purpose: Purpose, salt: bytes) -> io.BufferedReader:
    """A buffered binary stream of the clear bytes; closing it closes ``source``. Raises Damaged."""
    return io.BufferedReader(DecryptingReader(source, purpose=purpose, salt=salt), SEGMENT)


def seal(clear: bytes, *, purpose: Purpose, salt: bytes, bound_to: bytes = b"") -> bytes:
    """A small value (a draft, a secret), encrypted. ``bound_to``: what it belongs to; it opens nowhere else."""
    target = io.BytesIO()
    writer = EncryptingWriter(target, purpose=purpose, salt=salt, bound_to=bound_to)
    writer.write(clear)
    writer.close()
    return target.getvalue()


def unseal(sealed: bytes, *, purpose: Purpose, salt: bytes, bound_to: bytes = b"") -> bytes:
    """The clear value. Raises Damaged."""
    source = DecryptingReader(io.BytesIO(sealed), purpose=purpose, salt=salt, bound_to=bound_to)
    with io.BufferedReader(source, SEGMENT) as stream:
        return stream.read()
