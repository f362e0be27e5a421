"""From a line to a rubrique and its value, with the checks that look at one value only.

Lines repeat a great deal in a payroll file, so a :class:`LineTable` remembers what it made of each line that is
perfectly regular. The others (unknown rubrique, bad value, other quotes) are looked at again each time.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

from bocage.referentials.dsn import Norm, Rubrique, load_norm
from bocage.wording import sentence

MAX_LINE = 256
MAX_REMEMBERED = 150_000
"""Lines remembered; beyond, the memory starts again from nothing."""

# Sections of a message, told by the block of a line; 0: the line belongs to the section that is open.
INSIDE, ENVELOPE, DECLARED, PERSON, AFTER, CLOSING = range(6)
_SECTIONS = {"S20.G00.05": DECLARED, "S21.G00.30": PERSON, "S90.G00.90": CLOSING}
_AFTER = frozenset({"S21.G00.85", *(f"S89.G00.{n}" for n in ("32", "67", "87", "88", "89", "91"))})

_LENIENT = re.compile(r"\s*(S\d\d\.G\d\d\.\d\d\.\d{3}(?:\.\d{3})?)\s*[,;]\s*(.*?)\s*", re.ASCII | re.DOTALL)
_ENRICHED = re.compile(
    r"S(?:05|06|95|96)\.|S10\.G00\.95\.|S20\.G00\.96\.|S\d\d\.G\d\d\.\d\d\.9|S21\.G00\.30\.313|S21\.G00\.40\.400",
    re.ASCII,
)
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\xa0\xad]|[^\x00-\xff]")
_PLAIN = re.compile(
    "(?=.*[0-9A-Za-z\xc0-\xff])[\x21-\x7e\xa1-\xac\xae-\xff](?:[\x20-\x7e\xa1-\xac\xae-\xff]*[\x21-\x7e\xa1-\xac\xae-\xff])?"
)

type Test = Callable[[str], bool]


class Fault(NamedTuple):
    """Something wrong in one line.

    ``spoils``: the value is not used at all. ``doubtful``: it is read, but no other control judges it.
    """

    code: str
    params: Mapping[str, str]
    spoils: bool = True
    doubtful: bool = False


type Hit = tuple[str, str, int, tuple[Fault, ...]]
"""What a line says: code, value, section, faults. A plain tuple, for there is one a line.

``code`` is empty when nothing can be made of the line; a rubrique that the dictionary lacks has section UNKNOWN.
"""

UNKNOWN = -1
_NOTHING: Mapping[str, str] = {}


def date_exists(text: str) -> bool:
    """Whether JJMMAAAA is a day of the calendar."""
    try:
        date(int(text[4:8]), int(text[2:4]), int(text[:2]))
    except ValueError:
        return False
    return True


@dataclass(slots=True)
class Entry:
    """A rubrique of the dictionary, ready to judge values."""

    code: str
    row: Rubrique
    section: int
    tests: tuple[tuple[str, Test], ...]
    """Controls of the norm that read this one value."""
    accepts: Callable[[str], object] | None = None
    """The quick answer: format, list and calendar are right. Compiled when the rubrique is first met."""

    def prepare(self) -> Callable[[str], object]:
        """Compile the quick answer."""
        self.accepts = _quick_test(self.row)
        return self.accepts


def _section(block: str) -> int:
    if block[:3] == "S10":
        return ENVELOPE
    return AFTER if block in _AFTER else _SECTIONS.get(block, INSIDE)


def _quick_test(row: Rubrique) -> Callable[[str], object]:
    """Truthy when the value is right. One compiled pattern wherever possible: there is a call for each new value."""
    if row.values is not None:
        return row.values.__contains__
    low, high = row.min or 1, row.max or MAX_LINE
    length = f"(?=.{{{low},{high}}}\\Z)"
    if row.regexp is None:
        return re.compile(f"{length}{_PLAIN.pattern}").fullmatch
    clean = "" if row.kind in "DN" else "(?! )(?!.*(?:[\x00-\x1f\x7f-\xa0\xad]| \\Z))"
    match = re.compile(f"{length}{clean}(?:{row.regexp})", re.ASCII | re.DOTALL).fullmatch
    if row.kind == "D" and low == high == len("JJMMAAAA"):
        return lambda value: match(value) is not None and date_exists(value)
    return match


def explain(row: Rubrique, value: str) -> Fault | None:
    """Why a value without blanks at its ends is refused, by the first reason that applies; None when it is right."""
    low, high = row.min or 1, row.max or MAX_LINE
    if not value.strip():
        return Fault("CSL-VID", _NOTHING)
    if _FORBIDDEN.search(value):
        return Fault("CSL-CAR", _NOTHING, spoils=row.values is not None or row.regexp is not None, doubtful=True)
    if row.values is not None:
        return None if value in row.values else Fault("CSL-LST", _NOTHING)
    if not low <= len(value) <= high:
        return Fault("CSL-LON", {"min": str(low), "max": str(high)})
    if row.regexp is None:
        return None if _PLAIN.fullmatch(value) else Fault("CSL-SPE", _NOTHING, spoils=False, doubtful=True)
    if not re.fullmatch(row.regexp, value, re.ASCII):
        return Fault("CSL-REG", {"expected": _shape(row)})
    if row.kind == "D" and low == high == 8 and not date_exists(value):
        return Fault("CSL-DAT", _NOTHING)
    return None


_TWO_DECIMALS = re.compile(r"\.\[0-9\]\{2\}|\\\.\[0-9\]\{2\}|\.00")


def _shape(row: Rubrique) -> str:
    """What is expected, in words a reader knows."""
    pattern = row.regexp or ""
    if row.kind == "D" or (row.min == row.max == 8 and "(0[1-9]|[1-2][0-9]|3[0-1]" in pattern):
        return "01MMAAAA" if pattern.startswith("(01)") else "JJMMAAAA"
    if pattern.startswith("(0[1-9]|1[0-2])(19|20)"):
        return "MMAAAA"
    if _TWO_DECIMALS.search(pattern):
        return "-1234.56" if pattern.startswith("-?") else "1234.56"
    if pattern.startswith("[1-2][0-9]{2}(0[1-9]|1[0-2]"):
        return sentence("dsn", "word/nir").message
    if row.kind == "N" or not re.search(r"[A-Za-z]\-[A-Za-z]|\\s", pattern):
        return sentence("dsn", "word/digits").message
    return sentence("dsn", "word/letters").message


def entries_of(norm: Norm, controls: Mapping[str, tuple[tuple[str, Test], ...]]) -> Mapping[str, Entry]:
    """The dictionary ready to judge values, with the controls that read one value. Keep it: it compiles as it goes."""
    return {code: Entry(code, row, _section(row.block), controls.get(code, ())) for code, row in norm.rubriques.items()}


@cache
def _plain_entries(version: str) -> Mapping[str, Entry]:
    return entries_of(load_norm(version), {})


def plain_table(norm: Norm) -> "LineTable":
    """A table that knows formats, lists and dates, and no control."""
    return LineTable(_plain_entries(norm.version))


class LineTable(dict[str, Hit]):
    """Line → :class:`Hit`. ``irregular`` becomes True when a line had to be looked at closely."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        super().__init__()
        self.irregular = False
        self._entries = entries

    def __missing__(self, line: str) -> Hit:
        entry = self._entries.get(line[:14])
        if entry is not None and line[14:16] == ",'" and line[-1] == "'" and 16 < len(line) <= MAX_LINE:
            value = line[16:-1]
            if (entry.accepts or entry.prepare())(value):
                for _, test in entry.tests:
                    if not test(value):
                        break
                else:
                    hit = (entry.code, value, entry.section, ())
                    if len(self) >= MAX_REMEMBERED:
                        self.clear()
                    self[line] = hit
                    return hit
        self.irregular = True
        return self._closely(line)

    def _closely(self, line: str) -> Hit:
        found = _LENIENT.fullmatch(line)
        if found is None:
            return ("", "", UNKNOWN, (Fault("FIC-LIG-01", _NOTHING),))
        code, rest = found.groups()
        faults = []
        if len(line) > MAX_LINE:
            faults.append(Fault("FIC-LIG-02", _NOTHING, spoils=False))
        value = rest
        if len(rest) > 1 and rest[0] in "'\"" and rest[-1] == rest[0]:
            value = rest[1:-1]
        if line != f"{code},'{value}'":
            faults.append(Fault("FIC-LIG-01", _NOTHING, spoils=False))
        entry = self._entries.get(code)
        if entry is None:
            faults.append(Fault("FIC-ENR-01" if _ENRICHED.match(code) else "STR-INC", _NOTHING))
            return (code, value, UNKNOWN, tuple(faults))
        bare = value.strip(" ")
        if bare and bare != value:
            faults.append(Fault("CSL-BLC", _NOTHING, spoils=False))
        faults += _judged(entry, bare)
        return (entry.code, bare, entry.section, tuple(faults))


def _judged(entry: Entry, value: str) -> list[Fault]:
    """What is wrong with a value, and the controls of the norm that say it: one cause, one headline."""
    wrong = explain(entry.row, value)
    if wrong is None:
        # A value that breaks its own syntax is compared with no other: one cause, one headline.
        return [
            Fault(control, _NOTHING, spoils=False, doubtful="/CSL-" in control)
            for control, test in entry.tests
            if not test(value)
        ]
    if wrong.code == "CSL-DAT":
        # Some dates have their own control of the calendar.
        own = [Fault(control, _NOTHING) for control, test in entry.tests if not test(value)]
        return own or [wrong]
    if wrong.code in ("CSL-REG", "CSL-LST"):
        # Reserved values may be outside the format itself.
        reserved = [control for control, test in entry.tests if "/CCH-" in control and not test(value)]
        return [wrong, *(Fault(control, _NOTHING) for control in reserved)]
    return [wrong]
