"""From bytes to numbered lines: line ends, byte order mark, ISO-8859-1 or UTF-8.

The norm wants ISO-8859-1. A file is taken as UTF-8 when the whole of it decodes and it holds at least one multibyte
sequence; a second pass over the source says so, and only when its first accents look like UTF-8.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bocage.formats.base import Progress, Source

CHUNK = 1 << 20
_BOM = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Encoding:
    """What was learnt of the bytes while reading."""

    bom: bool = False
    utf8_line: int | None = None
    """The first line that holds a UTF-8 sequence, None when the file is not UTF-8."""
    lone_returns: bool = False
    """Some lines end with CR alone."""
    latin: bool = False
    """Settled: not UTF-8."""


def line_batches(
    source: Source, encoding: Encoding, progress: Progress | None = None
) -> Iterator[tuple[int, list[str]]]:
    """Batches of lines without their ends, each with the number of its first line (from 1)."""
    total, done, number = max(source.size, 1), 0, 1
    with source.open() as stream:
        rest = b""
        while chunk := stream.read(CHUNK):
            done += len(chunk)
            data = rest + chunk
            if number == 1 and not rest and data.startswith(_BOM):
                encoding.bom, data = True, data[len(_BOM) :]
            cut = data.rfind(b"\n") + 1 or (data.rfind(b"\r", 0, len(data) - 1) + 1)
            if not cut and len(data) < 8 * CHUNK:
                rest = data
                continue
            cut = cut or len(data)
            rest = data[cut:]
            lines = _decode(data[:cut], number, source, encoding)
            if lines and not lines[-1]:
                lines.pop()
            yield number, lines
            number += len(lines)
            if progress is not None:
                progress(min(done / total, 1.0), "read")
        if rest:
            lines = _decode(rest, number, source, encoding)
            if lines and not lines[-1]:
                lines.pop()
            yield number, lines


def _decode(data: bytes, number: int, source: Source, encoding: Encoding) -> list[str]:
    returns = data.count(b"\r")
    if returns and returns == data.count(b"\r\n"):
        data = data.translate(None, b"\r")
    elif returns:
        encoding.lone_returns = True
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if data.isascii():
        return data.decode("ascii").split("\n")
    if encoding.utf8_line is None and not encoding.latin:
        if _is_utf8(data) and _all_utf8(source):
            before = data[: next(i for i, byte in enumerate(data) if byte > 0x7F)]
            encoding.utf8_line = number + before.count(b"\n")
        else:
            encoding.latin = True
    if encoding.utf8_line is not None:
        return data.decode("utf-8", "replace").split("\n")
    return data.decode("latin-1").split("\n")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _all_utf8(source: Source) -> bool:
    with source.open() as stream:
        rest = b""
        while chunk := stream.read(CHUNK):
            data = rest + chunk
            cut = data.rfind(b"\n") + 1 or len(data)
            rest = data[cut:]
            if not data[:cut].isascii() and not _is_utf8(data[:cut]):
                return False
    return _is_utf8(rest)
