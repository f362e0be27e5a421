"""Is this a DSN? Answered from the first bytes, whatever the name and the encoding."""

import re
from typing import Literal

type Kind = Literal["dsn", "dsn_enriched", "dsn_xml", "dsn_return"]

_LINE = re.compile(
    rb"^(?:\xef\xbb\xbf)?[ \t\"]*S(?:10|20|21|89|90)\.G\d\d\.\d\d\.\d{3}(?:\.\d{3})?[ \t]*[,;]", re.MULTILINE
)
_ENRICHED = re.compile(
    rb"^(?:\xef\xbb\xbf)?(?:S(?:05|06|95|96)\.G\d\d\.\d\d\.\d{3}|S10\.G00\.95\.|S20\.G00\.96\.|S\d\d\.G\d\d\.\d\d\.9\d\d)",
    re.MULTILINE,
)
_XML_VIEW = re.compile(rb"<(?:\w+:)?S(?:10|20|21|89|90)_G\d\d_\d\d")
_RETURN = re.compile(rb"<(?:\w+:)?rapport\b[^>]*\btype\s*=\s*[\"'][A-Z]{2,4}[\"']", re.IGNORECASE)
_FEW_LINES = 40


def kind_of(head: bytes) -> Kind | None:
    """What the first bytes of a file say: a DSN, an enriched one, its XML view, an XML return, or none of these."""
    text = head.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if _XML_VIEW.search(text):
        return "dsn_xml"
    if _RETURN.search(text):
        return "dsn_return"
    if not _LINE.search(text):
        return None
    return "dsn_enriched" if _ENRICHED.search(text) else "dsn"


def saved_as_utf16(head: bytes) -> bool:
    """Whether the text is a DSN that an editor wrote again in UTF-16: two bytes a sign, which no reader accepts."""
    if head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return False
    text = head[: len(head) // 2 * 2].decode("utf-16", "replace")
    return kind_of(text.encode("latin-1", "replace")) is not None


def sniff(head: bytes, name: str) -> float:
    """How surely the file is a DSN or one of its relatives: 0 no, 1 certain. The name only helps a doubtful head."""
    kind = kind_of(head)
    if kind is None:
        return 0.0
    if kind in ("dsn_xml", "dsn_return"):
        return 0.9
    lines = len(_LINE.findall(head.replace(b"\r", b"\n")[:65_536]))
    if lines >= min(_FEW_LINES, head.count(b"\n") // 2 + 1) or name.lower().endswith((".dsn", ".edi")):
        return 1.0
    return 0.6
