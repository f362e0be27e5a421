"""One pass over the bytes of a file: encoding, line ends, control characters. Nothing is kept but counts."""

import codecs
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bocage.formats.base import Source
from bocage.formats.fec.encodings import CODECS, guess_single_byte

BLOCK = 1 << 20
SEPARATORS = ("\t", "|")
"""The two that the norm allows."""
_MARKS = b"\t|\r\n"
_ORDINARY = bytes(byte for byte in range(32, 127) if byte not in _MARKS)
_ALTERED_UTF8 = re.compile(
    rb"\xc3[\x82\x83](?:\xc2[\x80-\xbf]|[\xc5\xc6\xcb\xe2])|\xc3\xa2\xe2\x82\xac|\xc3\x85\xe2\x80\x9c|\xef\xbf\xbd"
    rb"|\xc2[\x80-\x9f]"
)
"""UTF-8 read as Windows-1252 or Latin-1 and encoded again, U+FFFD, control characters of Latin-1."""
_MOJIBAKE_BYTES = re.compile(rb"[\xc2\xc3][\x80-\xbf]")
_CR_ALONE = re.compile(rb"\r[^\n]|\r\Z")
"""Sought three times as fast as CR LF is counted."""
_LONG_RUN = 64
_LATIN_9_ONLY = frozenset((0xA4, 0xA6, 0xA8, 0xB4, 0xB8, 0xBC, 0xBD, 0xBE))


@dataclass(frozen=True, slots=True)
class ByteScan:
    """What the bytes are. ``ends`` counts each kind of line end, commonest first."""

    size: int
    encoding: str
    codec: str
    skip: int
    """Bytes of the mark at the head of the file."""
    ends: tuple[tuple[str, int], ...]
    lone_cr: int
    controls: int
    marks: Mapping[str, int]
    """How often each possible separator occurs."""
    no_break_spaces: bool
    altered: bool
    """Characters that may have been altered (ENC-02) were seen; a line by line look is needed."""
    latin_1: bool
    """ISO 8859-15 without any of the eight characters that Latin-1 lacks."""
    binary: bool
    final_end: bool

    @property
    def line_ending(self) -> str | None:
        """Kinds joined by +, commonest first; None for a file of one line."""
        return "+".join(kind for kind, _ in self.ends) or None

    @property
    def cut(self) -> str:
        """The character that ends a line: LF when the text holds one, else CR."""
        return "\r" if self.ends and all(kind == "cr" for kind, _ in self.ends) else "\n"

    @property
    def physical_ends(self) -> int:
        """Number of line ends."""
        return sum(count for _, count in self.ends)


def blocks(source: Source, size: int = BLOCK) -> Iterator[bytes]:
    """The bytes of a source, block by block."""
    with source.open() as stream:
        while block := stream.read(size):
            yield block


class _Ends:
    """Counts line ends across blocks."""

    def __init__(self) -> None:
        self.cr = self.lf = self.crlf = self.crcrlf = self.lfcr = 0
        self._tail = b""

    def feed(self, block: bytes, few: bytes) -> None:
        """``few``: the block without its ordinary characters, where counting is eight times less work."""
        lf = few.count(b"\n") + self._tail.count(b"\n")
        cr = few.count(b"\r") + self._tail.count(b"\r")
        data = self._tail + block if self._tail else block
        if data[-1:] in {b"\r", b"\n"}:
            kept = len(data.rstrip(b"\r\n"))
            if len(data) - kept > _LONG_RUN:
                kept = data.rfind(b"\n", kept, len(data) - 2) + 1 or len(data) - 2
            data, self._tail = data[:kept], data[kept:]
        else:
            self._tail = b""
        self._count(data, lf - self._tail.count(b"\n"), cr - self._tail.count(b"\r"))

    def _count(self, data: bytes, lf: int, cr: int) -> None:
        self.lf += lf
        if not cr:
            return
        crlf = cr if cr == lf and _CR_ALONE.search(data) is None else data.count(b"\r\n")
        self.cr += cr
        self.crlf += crlf
        if not cr == lf == crlf:
            self.crcrlf += data.count(b"\r\r\n")
            self.lfcr += data.count(b"\n\r")

    def close(self) -> bool:
        """Count the end of the file; whether it is a line end."""
        final = bool(self._tail)
        self._count(self._tail, self._tail.count(b"\n"), self._tail.count(b"\r"))
        return final

    def kinds(self) -> tuple[tuple[tuple[str, int], ...], int]:
        """Kinds of line end with their number, commonest first, and the number of CR inside a text.

        A blank line of an LF CR file holds a CR LF, and one of a CR LF file an LF CR: the commoner is the rule.
        """
        if self.lfcr > self.crlf and self.lfcr * 2 >= self.lf:
            found = {"lfcr": self.lfcr, "lf": self.lf - self.lfcr}
            return _commonest_first(found), max(self.cr - self.lfcr, 0)
        crlf = self.crlf - self.crcrlf
        found = {"crcrlf": self.crcrlf, "crlf": crlf}
        lf = self.lf - self.crlf
        lone = self.cr - crlf - 2 * self.crcrlf
        if self.lf:
            found["lf"] = lf
        else:
            found["cr"], lone = lone, 0
        return _commonest_first(found), max(lone, 0)


def _commonest_first(found: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    ordered = sorted(((kind, count) for kind, count in found.items() if count > 0), key=lambda item: -item[1])
    return tuple(ordered)


class _Residue:
    """What is neither printable ASCII nor TAB, CR, LF: counts of bytes, signs of double encoding, UTF-8 validity."""

    def __init__(self) -> None:
        self.counts: Counter[int] = Counter()
        self.utf8 = True
        self.ascii = True
        self.cut = False
        """The last character is cut: the file may end too early, yet it is UTF-8."""
        self.double_utf8 = self.double_bytes = False
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def feed(self, block: bytes, few: bytes) -> None:
        """``few``: what remains of the block without its ordinary characters."""
        if self.ascii and not few.isascii():
            self.ascii = False
        if self.utf8 and not self.ascii:
            try:
                self._decoder.decode(block)
            except UnicodeDecodeError:
                self.utf8 = False
        odd = few.translate(None, _MARKS)
        if self.utf8:
            self.double_utf8 = self.double_utf8 or _ALTERED_UTF8.search(odd) is not None
        self.double_bytes = self.double_bytes or _MOJIBAKE_BYTES.search(odd) is not None
        while odd:
            byte = odd[:1]
            self.counts[odd[0]] += odd.count(byte)
            odd = odd.translate(None, byte)

    def close(self) -> None:
        if self.utf8 and not self.ascii:
            rest = len(self._decoder.getstate()[0])
            self.cut = rest > 0
            self.utf8 = rest == 0 or sum(count for byte, count in self.counts.items() if byte > 127) > rest


def wide_codec(head: bytes) -> tuple[str, int] | None:
    """The UTF-16 codec that the first bytes tell, and the length of the mark; None for anything else."""
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le", 2
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be", 2
    sample = head[:4096]
    if len(sample) < 4 or sample.count(0) <= 0.3 * len(sample):
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) < 4 * min(even, odd):
        return None
    return ("utf-16-be" if even > odd else "utf-16-le"), 0


def scan(source: Source, watch: Callable[[int], None] | None = None) -> ByteScan:
    """Read a source once. ``watch`` is called with the number of bytes seen."""
    head = b""
    wide: tuple[str, int] | None = None
    ends, residue, size = _Ends(), _Residue(), 0
    marks = dict.fromkeys(SEPARATORS, 0)
    decoder: codecs.IncrementalDecoder | None = None
    for block in blocks(source):
        if not size:
            head = block[:4096]
            wide = wide_codec(head)
            if wide is not None:
                decoder = codecs.getincrementaldecoder(wide[0])("replace")
        size += len(block)
        data = decoder.decode(block).encode("utf-8", "replace") if decoder else block
        few = data.translate(None, _ORDINARY)
        ends.feed(data, few)
        residue.feed(data, few)
        for mark in marks:
            marks[mark] += few.count(mark.encode())
        if watch is not None:
            watch(size)
    residue.close()
    final = ends.close()
    return _conclude(head, size, wide, ends, residue, marks, final=final)


def _conclude(
    head: bytes,
    size: int,
    wide: tuple[str, int] | None,
    ends: _Ends,
    residue: _Residue,
    marks: Mapping[str, int],
    *,
    final: bool,
) -> ByteScan:
    kinds, lone = ends.kinds()
    high = {byte: count for byte, count in residue.counts.items() if byte > 127}
    controls = sum(count for byte, count in residue.counts.items() if byte < 32 or byte == 127)
    skip = 0
    if wide is not None:
        encoding, codec, skip = "utf-16", wide[0], wide[1]
    elif residue.ascii:
        encoding = codec = "ascii"
    elif residue.utf8:
        encoding = codec = "utf-8"
        if head.startswith(codecs.BOM_UTF8):
            encoding, skip = "utf-8-bom", 3
    else:
        encoding = guess_single_byte(high)
        codec = CODECS.get(encoding, "cp1252")
    if size == 0:
        encoding = "unknown"
    double = residue.double_utf8 or residue.cut if residue.utf8 or wide else residue.double_bytes
    return ByteScan(
        size=size,
        encoding=encoding,
        codec=codec,
        skip=skip,
        ends=kinds,
        lone_cr=lone,
        controls=controls,
        marks=marks,
        no_break_spaces=0xA0 in high,
        altered=controls > 0 or double or encoding == "unknown",
        latin_1=encoding == "iso8859-15" and not any(byte in _LATIN_9_ONLY for byte in high),
        binary=controls > 0.02 * size and wide is None,
        final_end=final,
    )
