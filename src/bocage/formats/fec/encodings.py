"""Which character set the bytes above 127 tell: ISO 8859-15, Windows-1252, code page 850 or Mac Roman."""

from collections.abc import Mapping
from types import MappingProxyType

CODECS = MappingProxyType({"iso8859-15": "iso8859-15", "cp1252": "cp1252", "cp850": "cp850", "mac-roman": "mac_roman"})
"""Word of the contract to Python codec, in the order that ties are settled."""

_COMMON = frozenset("éèàçêâîôûùëï")
_PLAUSIBLE = frozenset("ÉÈÀÇÊÂÎÔÛÙËÏœŒæ°«»’‘“”–—…€üöä§²³µñáíóúß´·")
_NEUTRAL = frozenset("\u00a0ÄÖÜÑ®©½¼¨ªº")


def _weight(char: str) -> float:
    if char in _COMMON:
        return 2.0
    if char in _PLAUSIBLE:
        return 1.0
    if char in _NEUTRAL:
        return 0.0
    return -3.0 if char < "\u00a0" else -2.0


def guess_single_byte(counts: Mapping[int, int]) -> str:
    """The word for a text whose bytes above 127 occur ``counts`` times; ``unknown`` when nothing fits."""
    best, best_score = "unknown", 0.0
    total = sum(counts.values())
    for word, codec in CODECS.items():
        if word == "iso8859-15" and any(0x80 <= byte <= 0x9F for byte in counts):
            continue
        score = 0.0
        for byte, count in counts.items():
            try:
                char = bytes((byte,)).decode(codec)
            except UnicodeDecodeError:
                char = "\u0080"
            score += _weight(char) * count
        if (best == "unknown" and score > -total) or score > best_score:
            best, best_score = word, score
    return best
