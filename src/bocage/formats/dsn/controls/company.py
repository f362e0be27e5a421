"""Controls of the company, its establishment, bank accounts, OETH and prévoyance schemes: 06, 11, 12, 13, 15, 16."""

from collections import Counter
from collections.abc import Callable, Iterable

from bocage.formats.dsn.controls.base import (
    Rule,
    RunRule,
    all_or_none,
    by_month_end,
    exclusive,
    local_rule,
    required_with,
    rule,
    run_rule,
)
from bocage.formats.dsn.controls.context import Context
from bocage.formats.dsn.controls.envelope import event
from bocage.formats.dsn.controls.syntax import siret_key
from bocage.formats.dsn.tree import Block

_EMPLOYER_GROUP = "7820Z"
"""Temporary work agencies: their schemes may be declared without an affiliation."""
_PUBLISHERS_OF_TITLES = ("TESE", "CEA")


def repeated(blocks: Iterable[Block], *numbers: str) -> list[Block]:
    """The blocks whose rubriques (absent = absent) repeat those of an earlier one."""
    seen: Counter[tuple[str | None, ...]] = Counter()
    found = []
    for block in blocks:
        key = tuple(block.values.get(number) for number in numbers)
        if key == (None,) * len(numbers):
            continue
        if seen[key]:
            found.append(block)
        seen[key] += 1
    return found


def _nic_of_company(b: Block, _: Context) -> bool:
    return siret_key(b.values["001"] + b.values["002"])


def _nic_of_establishment(b: Block, c: Context) -> bool:
    return not c.siren or siret_key(c.siren + b.values["001"])


def _apprentice_agreement(c: Context) -> Iterable[Block]:
    establishment = c.header.of("S21.G00.11")[:1]
    missing = {"03", "04"} & c.tally.agreements and establishment and "017" not in establishment[0].numbers
    return establishment if missing else ()


def _title_service(_: Block, c: Context) -> bool:
    publisher = c.envelope.first("S10.G00.00", "002") if c.envelope else None
    return publisher not in _PUBLISHERS_OF_TITLES or c.nature != "01"


def _one_account(c: Context) -> Iterable[Block]:
    accounts = c.header.of("S21.G00.12")
    seen: dict[str, tuple[str | None, str | None]] = {}
    for block in accounts:
        pair = (block.get("002"), block.get("003"))
        if seen.setdefault(block.get("001") or "", pair) != pair:
            yield block


def _referenced(expected: bool, population: str) -> Callable[[Context], Iterable[Block]]:
    def breaches(c: Context) -> Iterable[Block]:
        if c.value("S21.G00.11", "002") == _EMPLOYER_GROUP or "S21.G00.70.013" in c.tally.unsure:
            return []
        return [
            block
            for block in c.header.of("S21.G00.15")
            if block.get("004") == population
            and "005" in block.values
            and (block.values["005"] in c.tally.adhesions) != expected
        ]

    return breaches


RULES: tuple[Rule | RunRule, ...] = (
    rule("06.002/CSL-11", "001 002", _nic_of_company),
    exclusive("06.005/CCH-11", "010 011"),
    required_with("06.006/CCH-11", "005"),
    rule("11.001/CSL-12", "001", _nic_of_establishment),
    exclusive("11.004/CCH-11", "015 016"),
    required_with("11.005/CCH-11", "004"),
    run_rule("11.017/CCH-11", "", _apprentice_agreement),
    rule("11.019/SIG-11", "", _title_service, absent="019"),
    rule("12.001/CCH-11", "001", lambda b, c: b.values["001"] != "01" or c.nature == "08"),
    rule("12.001/CCH-12", "001", lambda b, c: b.values["001"] != "01" or event(c) in ("01", None)),
    run_rule("12.001/CCH-13", "", _one_account),
    all_or_none("13.003/CCH-11", "002 003"),
    rule("13.004/CCH-11", "004", lambda b, c: not c.year or int(b.values["004"]) <= c.year),
    local_rule("13.004/CCH-12", "004", lambda b, _: "001" in b.numbers or "002" in b.numbers),
    run_rule("15.001/CCH-11", "", lambda c: repeated(c.header.of("S21.G00.15"), "001", "002")),
    run_rule("15.001/CCH-13", "", _referenced(expected=True, population="01")),
    run_rule("15.001/CCH-14", "", _referenced(expected=False, population="02")),
    run_rule("15.005/CCH-11", "", lambda c: repeated(c.header.of("S21.G00.15"), "005")),
    by_month_end("16.001/SIG-11"),
)
