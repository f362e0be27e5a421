"""Controls of the corrections of tax withheld: block 56 of employees, S89.93 of others. Same rules, other numbers."""

from collections.abc import Callable
from dataclasses import dataclass

from bocage.formats.dsn.controls.base import Rule, cents, rule
from bocage.formats.dsn.controls.context import Context
from bocage.formats.dsn.tree import Block


@dataclass(frozen=True, slots=True)
class _Layout:
    """Numbers of the rubriques, and of the controls in the order of the rules below."""

    base: str
    declared_base: str
    controls: tuple[str, ...]


_LAYOUTS = {
    "56": _Layout("010", "015", ("11", "12", "13", "14", "15", "16", "17", "18", "26", "27")),
    "S89.93": _Layout("009", "013", ("11", "12", "13", "14", "18", "16", "17", "19", "20", "21")),
}


def _needed(kinds: str, numbers: str) -> Callable[[Block, Context], bool]:
    wanted = numbers.split()
    return lambda b, _: b.values["002"] not in kinds.split() or all(number in b.numbers for number in wanted)


def _refused(kinds: str, numbers: str) -> Callable[[Block, Context], bool]:
    unwanted = numbers.split()
    return lambda b, _: b.values["002"] not in kinds.split() or not any(number in b.numbers for number in unwanted)


def _not_positive(base: str) -> Callable[[Block, Context], bool]:
    return lambda b, _: b.values["002"] != "03" or all((cents(b.get(number)) or 0) <= 0 for number in ("003", base))


def _year_of_error(b: Block, c: Context) -> bool:
    """Outside January, errors of the year; year MMAAAA."""
    if not c.month or c.month.endswith("-01") or b.values["002"] not in ("01", "02"):
        return True
    return not b.values["001"][2:].isdigit() or int(b.values["001"][2:]) >= c.year


def _year_before_in_january(b: Block, c: Context) -> bool:
    if not c.month.endswith("-01") or b.values["002"] not in ("01", "02"):
        return True
    return not b.values["001"][2:].isdigit() or int(b.values["001"][2:]) == c.year - 1


def tax_correction(block: str) -> tuple[Rule, ...]:
    """The controls of one of the two blocks (short code)."""
    layout = _LAYOUTS[block]
    base = layout.base
    tests: tuple[tuple[str, Callable[[Block, Context], bool]], ...] = (
        ("002", _needed("01", f"003 006 {base}")),
        ("002", _needed("02", f"005 {layout.declared_base}")),
        ("002", _needed("03", f"003 006 {base}")),
        ("002", _not_positive(base)),
        ("002", _refused("01 03 04", f"004 005 {layout.declared_base}")),
        ("001 002", _year_of_error),
        ("001 002", _year_before_in_january),
        ("002", _refused("02", "003 006 008 009 010")),
        ("002", _needed("04", f"003 {base}")),
        ("002 007", lambda b, _: b.values["002"] != "04" or cents(b.values["007"]) in (0, None)),
    )
    kinds = tuple(
        rule(f"{block}.002/CCH-{number}", needs, test)
        for number, (needs, test) in zip(layout.controls, tests, strict=True)
    )
    return (
        *kinds,
        rule(f"{block}.008/CCH-11", "008", lambda b, _: "003" in b.numbers and base in b.numbers),
        rule(f"{block}.{base}/CCH-11", base, lambda b, _: "003" in b.numbers),
    )
