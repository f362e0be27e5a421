"""Exports that are not a FEC, told from their first bytes (FILE-07): Sage, EBP, Quadra, Cegid TRA, XIMPORT."""

import re
from types import MappingProxyType
from typing import Literal

type NativeKind = Literal["sage", "ebp", "quadra", "cegid_tra", "ximport"]

SOFTWARE = MappingProxyType(
    {"sage": "Sage", "ebp": "EBP", "quadra": "Quadra", "cegid_tra": "Cegid (TRA)", "ximport": "XIMPORT"}
)
"""The name of the program for people."""

_EBP = re.compile(r'\d+,\d{6},[^,]{1,10},[^,]{1,20},[^,]*,"[^"]*","[^"]*",-?[\d.]+,[DC],')
_QUADRA_ENTRY = re.compile(r"M.{8}.{2}\d{3}\d{6}", re.DOTALL)
_QUADRA_ACCOUNT = re.compile(r"C.{8}.{30}", re.DOTALL)
_TRA = re.compile(r"\*{3}S[A-Z0-9]|!.{2,4}(JAL|ETB|CGN|CAE|SAT|EXO)\s*", re.DOTALL)
_DAY = r"(?:19|20)\d{2}[01]\d[0-3]\d"
_XIMPORT = re.compile(rf"(?:[MNRL]\s{{0,5}}\d{{1,5}}.{{2,4}}|[ \d]{{4}}\d[A-Z][A-Z0-9 ]){_DAY}(?:{_DAY}| {{8}})")
"""A letter or not, the number of the movement, its journal, its date and its due date."""
_FEWEST_LINES = 2


def native_export(head: bytes) -> NativeKind | None:
    """The kind of a native export, or None. Never raises."""
    text = head.decode("latin-1")
    lines = [line for line in re.split(r"\r\n|\r|\n", text)[:60] if line.strip("\x1a ")]
    if not lines:
        return None
    if any(line.startswith(("#FLG", "#MECG", "#VER")) for line in lines[:5]):
        return "sage"
    if lines[0].startswith("***S") or (_TRA.match(lines[0]) and len(lines[0]) > 30):
        return "cegid_tra"
    if "XIMPORT" in text[:200].upper():
        return "ximport"
    whole = lines if len(lines) < 60 else lines[:-1]
    if _share(whole, _EBP) > 0.5:
        return "ebp"
    if all(line[0] in "MCI" and "\t" not in line and "|" not in line for line in whole[:20]):
        entries = sum(1 for line in whole if _QUADRA_ENTRY.match(line))
        accounts = sum(1 for line in whole if line[0] == "C" and _QUADRA_ACCOUNT.match(line))
        if entries and entries + accounts >= 0.8 * len(whole):
            return "quadra"
    if len(whole) >= _FEWEST_LINES and _share(whole, _XIMPORT) > 0.8:
        return "ximport"
    return None


def _share(lines: list[str], pattern: re.Pattern[str]) -> float:
    return sum(1 for line in lines if pattern.match(line)) / len(lines)
