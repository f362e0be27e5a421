"""What is this file? Answered from its content; its name only settles a doubt.

The formats are listed here and nowhere else: adding one is adding its line.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from bocage.formats import dsn, fec
from bocage.formats.base import HEAD_BYTES, Source, head
from bocage.formats.containers import container_code
from bocage.wording import sentence

type Kind = Literal[
    "fec",
    "dsn",
    "dsn_enriched",
    "dsn_xml",
    "dsn_return",
    "sage",
    "ebp",
    "quadra",
    "cegid_tra",
    "ximport",
    "xlsx",
    "pdf",
    "image",
    "zip",
    "gzip",
    "empty",
    "unknown",
]
KINDS: tuple[Kind, ...] = get_args(Kind.__value__)

_SURE_ENOUGH = 0.5
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_BLANKS = b" \t\r\n\x0c\x1a\x00"
_KIND_OF_CODE: Mapping[str, Kind] = {"blank": "empty", "fec_xml": "fec"}
"""Reasons that are more precise than their kind; a code that is neither here nor a kind is of kind unknown."""


@dataclass(frozen=True, slots=True)
class Identification:
    """What a file is, why we say so, what to do about it (empty when there is nothing to do). In French."""

    file: str
    kind: Kind
    why: str
    advice: str


def identify(source: Source) -> Identification:
    """Say what a file is from its first bytes. Never raises for content. Raises SourceUnreadable."""
    start = head(source)
    code = _blank_code(start) or container_code(start, source) or _text_code(start, source.name) or _rest_code(start)
    words = sentence("identify", code, software=fec.SOFTWARE.get(code, ""))
    kind = _KIND_OF_CODE.get(code, next((kind for kind in KINDS if kind == code), "unknown"))
    return Identification(source.name, kind, words.message, words.remedy)


def _blank_code(start: bytes) -> str | None:
    if not start:
        return "empty"
    for mark in _BYTE_ORDER_MARKS:
        start = start.removeprefix(mark)
    if start.strip(_BLANKS):
        return None
    return "zeros" if len(start) >= HEAD_BYTES - len(_BYTE_ORDER_MARKS[0]) else "blank"


def _text_code(start: bytes, name: str) -> str | None:
    """The code of a format of ours, or of another accounting program."""
    scores: Mapping[str, Callable[[bytes, str], float]] = {"dsn": dsn.sniff, "fec": fec.sniff}
    best, score = max(((each, sniff(start, name)) for each, sniff in scores.items()), key=lambda pair: pair[1])
    if score < _SURE_ENOUGH:
        return fec.native_export(start)
    if best == "dsn":
        return dsn.kind_of(start)
    return "fec_xml" if _begins_as_xml(start) else "fec"


def _begins_as_xml(start: bytes) -> bool:
    return start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def _rest_code(start: bytes) -> str:
    """What can still be said of a file that is none of ours."""
    if _begins_as_xml(start):
        return "other_xml"
    if dsn.saved_as_utf16(start):
        return "dsn_utf16"
    if b"\x00" in start and not start.startswith(_BYTE_ORDER_MARKS):
        return "binary"
    return "other_text"
