"""A Latin-1 file as parts in UTF-8, each written while the one before is being read."""

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bocage.formats.base import FileSource
from bocage.formats.fec.bytescan import blocks

PART = 48_000_000
"""Bytes of a part: two threads have each a whole group of rows to fill, and the disk holds two parts at most."""


def utf8_parts(path: Path, folder: Path, size: int = PART) -> Generator[Path]:
    """The parts in order, cut after a LF; each is deleted when the next one is asked for."""
    making = _parts(path, folder, size)
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, making, None)
        while (part := coming.result()) is not None:
            coming = pool.submit(next, making, None)
            try:
                yield part
            finally:
                part.unlink()


def _parts(path: Path, folder: Path, size: int) -> Iterator[Path]:
    source, rank, rest = blocks(FileSource(path)), 0, b""
    block: bytes | None = next(source, None)
    while block is not None:
        part = folder / f"utf8_{rank}.txt"
        with part.open("wb") as out:
            out.write(rest)
            written, rest = len(rest), b""
            while block is not None:
                text = block if block.isascii() else block.decode("latin-1").encode("utf-8")
                block = next(source, None)
                cut = text.rfind(b"\n") + 1
                if block is not None and written + len(text) > size and cut:
                    out.write(memoryview(text)[:cut])
                    rest = text[cut:]
                    break
                out.write(text)
                written += len(text)
        yield part
        rank += 1
