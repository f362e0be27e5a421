"""What the name of a file says: SIREN, closing date, part, and whether the official tester takes it (T02)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bocage.identifiers import Siren

_ACCEPTED = re.compile(r"(?P<before>.+?)FEC(?P<date>20\d{2}[01]\d[0-3]\d)", re.DOTALL)
_LOOSE = re.compile(r"(?P<before>.*?)FEC[ _-]*(?P<date>\d{8})?", re.DOTALL)
_PART = re.compile(r"^(?P<stem>.*FEC\d{8})_(?P<rank>\d{1,3})(?P<suffix>\.[a-z0-9]{1,4})?$", re.IGNORECASE)
_CLEAN = re.compile(r"^[^_ ()]*FEC\d{8}(_\d{1,3})?(\.[A-Za-z0-9]{1,4})?$")

_COPY = re.compile("copie|copy", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FecName:
    """A file name, read. ``siren`` and ``closing`` are None when absent or wrong."""

    text: str
    has_fec: bool
    before: str
    siren: Siren | None
    closing: date | None
    closing_year: int | None
    """Year that the tester takes from the name, even when the date is not a real one."""
    accepted: bool
    """The tester takes the name (T02)."""
    crashes: bool
    """A space before FEC: the tester starts, then dies."""
    has_date: bool

    @property
    def decorated(self) -> bool:
        """Accepted, yet not written as the norm has it."""
        return self.accepted and (not _CLEAN.match(self.text) or _COPY.search(self.text) is not None)


def parse_name(name: str) -> FecName:
    """Read a file name; never fails."""
    upper = name.upper()
    accepted = _ACCEPTED.search(upper)
    found = accepted or _LOOSE.match(upper)
    if found is None:
        return FecName(name, False, "", None, None, None, False, False, False)
    before, digits = found["before"], found["date"]
    return FecName(
        text=name,
        has_fec=True,
        before=name[: len(before)],
        siren=Siren.parse(before) if re.fullmatch(r"\d{9}", before, re.ASCII) else None,
        closing=_real_date(digits),
        closing_year=int(digits[:4]) if accepted and digits else None,
        accepted=accepted is not None,
        crashes=accepted is not None and " " in before,
        has_date=digits is not None,
    )


def _real_date(digits: str | None) -> date | None:
    if digits is None:
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def missing_parts(ranks: Iterable[int]) -> tuple[int, ...]:
    """The ranks that lack, from the first part to the last one given."""
    given = set(ranks)
    return tuple(rank for rank in range(1, max(given, default=0)) if rank not in given)


def parts_in_words(ranks: Sequence[int]) -> str:
    """« la partie 2 », « les parties 1 et 3 », « les parties 1 à 8 »."""
    if len(ranks) == 1:
        return f"la partie {ranks[0]}"
    if len(ranks) > 2 and ranks[-1] - ranks[0] == len(ranks) - 1:
        return f"les parties {ranks[0]} à {ranks[-1]}"
    return f"les parties {', '.join(map(str, ranks[:-1]))} et {ranks[-1]}"


def part_of(name: str) -> tuple[str, int] | None:
    """For ``…FEC20241231_2.txt``: the name that the parts share, and the rank; None for a file that is not a part."""
    found = _PART.match(name)
    return (found["stem"] + (found["suffix"] or ""), int(found["rank"])) if found else None
