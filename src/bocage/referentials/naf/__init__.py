"""Activities: NAF rév. 2 with its labels and aggregates, and the NACE Rev. 2.1 classes that NAF 2025 refines.

NAF rév. 2 is in force from 1 January 2008 to 31 December 2026; NAF 2025 (décret 2025-736) follows. A code alone never
says which of the two it belongs to: whoever stores a code stores its nomenclature beside it.
Sources and licences: ``README.md`` in this folder.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

from bocage.identifiers import Naf, Period
from bocage.referentials.loader import read_rows

NAF_REV2_IN_FORCE = Period(date(2008, 1, 1), date(2026, 12, 31))


@dataclass(frozen=True, slots=True)
class Activity:
    """A sub-class of NAF rév. 2: three lengths of label, and the aggregates it belongs to.

    ``ratio_branch`` is the branch of the monetary emission ratios; None for division 99, which has none.
    """

    code: Naf
    label: str
    label_65: str
    label_40: str
    class_code: str
    group: str
    division: str
    section: str
    a129: str
    a88: str
    a64: str
    a38: str
    a21: str
    a10: str
    ratio_branch: str | None


@dataclass(frozen=True, slots=True)
class NaceClass:
    """A class of NACE Rev. 2.1 (``10.71``), its section, its English label and its member in the VSME taxonomy."""

    code: str
    section: str
    label_en: str
    xbrl_member: str


@cache
def _activities() -> Mapping[str, Activity]:
    return MappingProxyType({row["code"]: _activity(row) for row in read_rows(__package__, "naf_rev2.csv")})


def _activity(row: Mapping[str, str]) -> Activity:
    code = Naf.parse(row["code"])
    if code is None:
        raise ValueError(f"naf_rev2.csv: {row['code']} is not the code of an activity")
    return Activity(
        code=code,
        label=row["label"],
        label_65=row["label_65"],
        label_40=row["label_40"],
        class_code=row["classe"],
        group=row["groupe"],
        division=row["division"],
        section=row["section"],
        a129=row["a129"],
        a88=row["a88"],
        a64=row["a64"],
        a38=row["a38"],
        a21=row["a21"],
        a10=row["a10"],
        ratio_branch=row["ratio_branch"] or None,
    )


@cache
def _level_labels(level: str) -> Mapping[str, str]:
    rows = read_rows(__package__, "naf_rev2_levels.csv")
    return MappingProxyType({row["code"]: row["label"] for row in rows if row["level"] == level})


@cache
def _nace_classes() -> Mapping[str, NaceClass]:
    rows = (row for row in read_rows(__package__, "nace_rev2_1.csv") if row["level"] == "4")
    return MappingProxyType(
        {row["code"]: NaceClass(row["code"], row["section"], row["label_en"], row["xbrl_member"]) for row in rows}
    )


def activity(code: str) -> Activity | None:
    """The NAF rév. 2 sub-class, from ``10.71C`` or ``1071C``; None when the nomenclature has no such code."""
    parsed = Naf.parse(code)
    return None if parsed is None else _activities().get(parsed)


def activities() -> tuple[Activity, ...]:
    """The 732 sub-classes of NAF rév. 2, in the order of their codes."""
    return tuple(_activities().values())


def naf_label(code: str) -> str | None:
    """The long French label of a NAF rév. 2 code, or None."""
    found = activity(code)
    return None if found is None else found.label


def naf_section(code: str) -> str | None:
    """The letter of the section of a NAF rév. 2 code, or None."""
    found = activity(code)
    return None if found is None else found.section


def section_label(letter: str) -> str | None:
    """The French label of a section of NAF rév. 2, or None."""
    return _level_labels("section").get(letter)


def sections() -> Mapping[str, str]:
    """The 21 sections of NAF rév. 2, letter to label."""
    return _level_labels("section")


def division_label(division: str) -> str | None:
    """The French label of a division (two digits) of NAF rév. 2, or None."""
    return _level_labels("division").get(division)


@cache
def _branches() -> Mapping[str, str]:
    rows = (row for row in read_rows(__package__, "a64.csv") if row["ratio_branch"])
    return MappingProxyType({division: row["ratio_branch"] for row in rows for division in row["divisions"].split(";")})


def ratio_branch_of_division(division: str) -> str | None:
    """The branch of the emission ratios that holds a division, or None.

    For a NAF 2025 code whose NAF rév. 2 code is unknown; the caller flags the result, because several divisions (45,
    58, 62, 63…) changed their content.
    """
    return _branches().get(division)


def nace_2_1_class(code: str) -> NaceClass | None:
    """The NACE Rev. 2.1 class of a NAF 2025 code (``10.71Y``) or of a class (``10.71``); None when there is none.

    The list of NAF 2025 itself is not shipped: this validates the first four digits only.
    """
    parsed = Naf.parse(code)
    return _nace_classes().get(code.strip() if parsed is None else parsed.nace_class)
