"""Is this a FEC? A score from the first bytes, and from the name when they leave a doubt."""

import codecs
import re

from bocage.formats.fec.bytescan import wide_codec
from bocage.formats.fec.columns import known_id
from bocage.formats.fec.header import SEPARATORS
from bocage.formats.fec.names import parse_name

_XML = re.compile(rb"<(?:\w+:)?comptabilite[\s>]", re.IGNORECASE)
_XML_START = re.compile(rb"\s*(?:<\?xml|<!--|<(?:\w+:)?comptabilite)", re.IGNORECASE)
_SURE, _LIKELY, _NAME_ONLY = 1.0, 0.7, 0.3


def sniff(head: bytes, name: str) -> float:
    """From 0 (something else) to 1 (certainly a FEC); 0.5 and more is enough to read it as one."""
    wide = wide_codec(head)
    if wide is not None:
        head = head[: len(head) // 2 * 2].decode(wide[0], "replace").encode("utf-8")
    head = head.removeprefix(codecs.BOM_UTF8)
    if _XML.search(head[:4096]):
        return _SURE
    best = 0
    for line in re.split(rb"\r\n|\r|\n", head)[:20]:
        text = line[:20_000].decode("latin-1").replace("Ã©", "e").replace("Ã¨", "e")
        for separator in SEPARATORS:
            best = max(best, len({known_id(cell) for cell in text.split(separator)} - {None}))
    if best >= 12:
        return _SURE
    if best >= 6:
        return _LIKELY
    read = parse_name(name)
    return _NAME_ONLY if read.accepted and head and b"\0" not in head else 0.0


def looks_like_xml(start: bytes) -> bool:
    """Whether the first bytes are those of an XML document, in any encoding."""
    wide = wide_codec(start)
    if wide is not None:
        start = start[: len(start) // 2 * 2].decode(wide[0], "replace").encode("utf-8")
    return _XML_START.match(start.removeprefix(b"\xef\xbb\xbf")) is not None


def may_be_part(head: bytes, name: str) -> bool:
    """Whether a file named as a part can be read with the others: a text, whose lines follow one another. XML and
    workbooks stand alone, whatever their name."""
    return not looks_like_xml(head) and sniff(head, name) > 0
