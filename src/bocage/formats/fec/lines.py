"""Physical lines of a text, numbered from 1, in batches; and the few lines that a screen wants to show."""

import codecs
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bocage.formats.base import Source
from bocage.formats.fec.bytescan import BLOCK, ByteScan, blocks, scan

LONGEST_LINE = 480_000
"""A longer line is cut there: no entry is that long, memory stays bounded, and DuckDB takes lines of 2 MB at most."""


class Batch(NamedTuple):
    """Consecutive lines, without their line end; ``first`` is the number of the first one."""

    first: int
    lines: list[str]


def text_blocks(source: Source, scanned: ByteScan) -> Iterator[str]:
    """The text of a source, decoded; what cannot be decoded becomes U+FFFD."""
    decoder = codecs.getincrementaldecoder(scanned.codec)("replace")
    skip = scanned.skip
    for block in blocks(source):
        text = decoder.decode(block[skip:])
        skip = 0
        yield text
    tail = decoder.decode(b"", final=True)
    if tail:
        yield tail


def batches(source: Source, scanned: ByteScan, *, start: int = 1) -> Iterator[Batch]:
    """All the lines, numbered from ``start``. Cut on LF when the text holds one, with the CR around it, else on CR."""
    cut, number, rest = scanned.cut, start, ""
    for text in text_blocks(source, scanned):
        pieces = (rest + text).split(cut) if rest else text.split(cut)
        rest = pieces.pop()
        if len(rest) > 2 * LONGEST_LINE:
            rest = rest[: LONGEST_LINE + 1]
        if pieces:
            yield Batch(number, _ends_off(pieces, scanned))
            number += len(pieces)
    if rest and not (rest == "\r" and "lfcr" in dict(scanned.ends)):
        yield Batch(number, _ends_off([rest], scanned))


def line_ends(source: Source, scanned: ByteScan) -> Iterator[tuple[int, str | None, bool]]:
    """Each physical line: its number, the kind of its end (None for the last one when it has none), and whether its
    text holds a lone CR."""
    rest, number, doubled = "", 0, "lfcr" in dict(scanned.ends)
    for text in text_blocks(source, scanned):
        pieces = (rest + text).split(scanned.cut)
        rest = pieces.pop()[-LONGEST_LINE:]
        for at, piece in enumerate(pieces):
            number += 1
            after = pieces[at + 1] if at + 1 < len(pieces) else rest
            bare = piece.rstrip("\r")
            if scanned.cut == "\r":
                kind = "cr"
            elif doubled and after.startswith("\r"):
                kind = "lfcr"
            else:
                kind = ("lf", "crlf")[len(piece) - len(bare)] if len(piece) - len(bare) < 2 else "crcrlf"
            yield number, kind, "\r" in (bare.removeprefix("\r") if doubled else bare)
    if rest.strip("\r"):
        yield number + 1, None, "\r" in rest.strip("\r")


def _ends_off(pieces: list[str], scanned: ByteScan) -> list[str]:
    kinds = dict(scanned.ends)
    if scanned.cut == "\n" and any("cr" in kind for kind in kinds):
        pieces = [piece.rstrip("\r") if piece.endswith("\r") else piece for piece in pieces]
    if "lfcr" in kinds:
        pieces = [piece.removeprefix("\r") for piece in pieces]
    if any(len(piece) > LONGEST_LINE for piece in pieces):
        pieces = [piece[:LONGEST_LINE] for piece in pieces]
    return pieces


def raw_lines(source: Source, numbers: Iterable[int], *, scanned: ByteScan | None = None) -> dict[int, str]:
    """The text of the physical lines asked for (from 1, header included), as decoded; numbers beyond the end are left
    out.

    Reads the source once, up to the last line asked for; a line is cut at 480 000 characters. Raises SourceUnreadable.
    """
    wanted = sorted({number for number in numbers if number > 0})
    if not wanted:
        return {}
    known = scanned or scan(source)
    if known.encoding == "utf-16" or len(known.ends) > 1 or known.cut == "\r" or "lfcr" in dict(known.ends):
        return _slow_lines(source, known, wanted)
    return _fast_lines(source, known, wanted)


def _slow_lines(source: Source, known: ByteScan, wanted: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    left = list(reversed(wanted))
    for batch in batches(source, known):
        while left and left[-1] < batch.first + len(batch.lines):
            number = left.pop()
            found[number] = batch.lines[number - batch.first]
        if not left:
            break
    return found


def _fast_lines(source: Source, known: ByteScan, wanted: Sequence[int]) -> dict[int, str]:
    """Counts line feeds by block and cuts only the blocks that hold a line asked for."""
    found: dict[int, str] = {}
    left = list(reversed(wanted))
    number, rest = 1, b""
    for block in _with_end(blocks(source, BLOCK)):
        ends = block.count(b"\n")
        if left and left[-1] < number + ends:
            pieces = (rest + block).split(b"\n")
            rest = pieces.pop()
            while left and left[-1] < number + len(pieces):
                at = left.pop()
                found[at] = _shown(pieces[at - number], known, first=at == 1)
        elif ends:
            rest = block[block.rfind(b"\n") + 1 :]
        else:
            rest = (rest + block)[: 2 * LONGEST_LINE]
        number += ends
        if not left:
            break
    return found


def _with_end(parts: Iterator[bytes]) -> Iterator[bytes]:
    last = b"\n"
    for part in parts:
        last = part
        yield part
    if not last.endswith(b"\n"):
        yield b"\n"


def _shown(piece: bytes, known: ByteScan, *, first: bool) -> str:
    if first:
        piece = piece[known.skip :]
    return piece.rstrip(b"\r")[:LONGEST_LINE].decode(known.codec, "replace")
