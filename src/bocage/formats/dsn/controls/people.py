"""Controls of a person: 30, 31, 34, 86, 98, and those shared by every block that names one (S89, 73)."""

from collections.abc import Iterable

from bocage.formats.dsn.controls.base import (
    Rule,
    RunRule,
    by_month_end,
    codes,
    exclusive,
    local_rule,
    other_than,
    required,
    required_with,
    rule,
    run_rule,
    split_id,
)
from bocage.formats.dsn.controls.context import Context
from bocage.formats.dsn.tree import Block

_OLDEST = 120
_CORSICA_SPLIT = 1976
_ALGERIA_END = 1968
_APPRENTICES = codes("64 65 81")
_HARDSHIP_SCHEMES = codes("157 200 300 905")


def department_fits(department: str, year: str) -> bool:
    """2A and 2B from births of 1976 on, 20 before, 96 (former protectorates) before 1968."""
    if not (year.isascii() and year.isdigit()):
        return True
    born = int(year)
    if department in ("2A", "2B"):
        return born >= _CORSICA_SPLIT
    if department == "20":
        return born < _CORSICA_SPLIT
    return department != "96" or born < _ALGERIA_END


def birth_department_of_nir(short: str, nir: str, birth: str) -> Rule:
    """The department inside a NIR suits the birth year of the same block."""
    return rule(short, f"{nir} {birth}", lambda b, _: department_fits(b.values[nir][5:7], b.values[birth][4:]))


def birth_department(short: str, department: str, birth: str) -> Rule:
    """The department of birth suits the birth year of the same block."""
    return rule(
        short,
        f"{department} {birth}",
        lambda b, _: department_fits(b.values[department], b.values[birth][4:]),
        only=f"{department} 2A 2B 20 96",
    )


def birth_year_of_nir(short: str, nir: str, birth: str) -> Rule:
    """Characters 2 and 3 of the NIR are the last two digits of the birth year."""
    return rule(short, f"{nir} {birth}", lambda b, _: b.values[nir][1:3] == b.values[birth][6:])


def plausible_age(short: str) -> Rule:
    """Born less than 120 years ago, and not in the future."""
    _, number = split_id(short)

    def holds(b: Block, c: Context) -> bool:
        year = b.values[number][4:]
        return not c.this_year or not year.isdigit() or c.this_year - _OLDEST < int(year) <= c.this_year

    return rule(short, number, holds)


def provisional_of_company(short: str) -> Rule:
    """Characters 2 to 10 of a provisional number are the SIREN of the company."""
    _, number = split_id(short)
    return rule(short, number, lambda b, c: not c.siren or b.values[number][1:10] == c.siren)


def required_without(short: str, other: str) -> Rule:
    """The bearer is required when ``other`` is absent."""
    _, number = split_id(short)
    return rule(short, "", lambda _b, _c: False, absent=f"{number} {other}")


def known_contract(short: str, natures: str = "", *, previous: bool = False) -> Rule:
    """The number is that of a contract of the person (for some natures only; ``previous``: block 45 counts too)."""
    _, number = split_id(short)
    concerned = codes(natures)

    def holds(b: Block, c: Context) -> bool:
        if concerned and c.nature not in concerned:
            return True
        value = b.values[number]
        if value in c.numbered or c.unsure("S21.G00.40", "009"):
            return True
        return previous and any(block.values.get("002") == value for block in c.run.of("S21.G00.45"))

    return rule(short, number, holds)


def _alone_in_08(line: int | None, c: Context) -> Iterable[int]:
    """A signal 08 speaks of one person, employed or not: known once the whole declaration has been read."""
    return [line] if line is not None and c.people_after("S89.G00.91") else []


def _diploma_of_apprentice(c: Context) -> Iterable[Block]:
    apprentice = any(contract.get("008") in _APPRENTICES for contract in c.contracts())
    return [root for root in c.run.of("S21.G00.30") if apprentice and "025" not in root.numbers]


def _exposed_contract(b: Block, c: Context) -> bool:
    contract = c.contract(b.values["002"])
    scheme = contract.get("020") if contract else None
    return scheme is None or scheme in _HARDSHIP_SCHEMES


def _not_both_unknown(b: Block, _: Context) -> bool:
    return (b.values["002"], b.values["004"]) != ("SN", "SP")


_MISSION = "03"
_GROUP_SENIORITY = ("06", "07")
_SENIORITY_NATURES = codes("01 02 03 07 08 82 91 92")


def _seniority_for_cover(c: Context) -> Iterable[Block]:
    covered = c.run.of("S21.G00.70")
    permanent = any(contract.get("007") not in (_MISSION, None) for contract in c.contracts())
    known = any(b.unsure("001") or b.values["001"] in _GROUP_SENIORITY for b in c.run.of("S21.G00.86"))
    return c.run.blocks[:1] if covered and permanent and not known else ()


def _seniority_once(c: Context) -> Iterable[Block]:
    seen = set()
    for block in c.run.of("S21.G00.86"):
        key = (block.get("005"), block.get("001"))
        if key in seen:
            yield block
        seen.add(key)


def _seniority_in_company(c: Context) -> Iterable[Block]:
    known = set()
    for block in c.run.of("S21.G00.86"):
        if block.unsure("001") or block.unsure("005"):
            return
        if block.values["001"] == "07":
            known.add(block.values["005"])
    for contract in c.contracts():
        if (
            contract.get("007") in _SENIORITY_NATURES
            and not contract.unsure("009")
            and contract.values["009"] not in known
        ):
            yield contract


_SENIORITY_LIMITS = {"03": 99, "02": 1188, "01": 36234}


def _seniority_in_range(b: Block, _: Context) -> bool:
    value = b.values["003"]
    limit = _SENIORITY_LIMITS.get(b.values["002"])
    return limit is None or not value.isdigit() or int(value) < limit


def _seniority_not_null(b: Block, _: Context) -> bool:
    return b.values["001"] not in _WITH_VALUE or not b.values["003"].isdigit() or int(b.values["003"]) != 0


_WITH_VALUE = codes("02 03 04 06 07")


def month_index(text: str) -> int | None:
    """MMAAAA as a number of months, None when unreadable."""
    return int(text[2:]) * 12 + int(text[:2]) - 1 if len(text) == 6 and text.isdigit() else None


def month_limit(short: str, *, strict: bool) -> Rule:
    """A month MMAAAA that is not after the main month (``strict``: before it)."""
    _, number = split_id(short)

    def holds(b: Block, c: Context) -> bool:
        month = month_index(b.values[number])
        if month is None or not c.month:
            return True
        current = c.year * 12 + int(c.month[5:]) - 1
        return month < current if strict else month <= current

    return rule(short, number, holds)


RULES: tuple[Rule | RunRule, ...] = (
    birth_department_of_nir("30.001/CCH-11", "001", "006"),
    run_rule("30.001/CCH-14", "", lambda c: c.tally.doubles),
    run_rule("30.001/CCH-15", "", lambda c: _alone_in_08(c.tally.first_number, c), natures="08"),
    rule("30.004/CSL-11", "002 004", _not_both_unknown),
    birth_year_of_nir("30.006/CCH-11", "001", "006"),
    plausible_age("30.006/CCH-12"),
    required("30.007/CCH-11", other_than("014", "99")),
    exclusive("30.009/CCH-12", "011 012"),
    required_with("30.010/CCH-11", "009"),
    birth_department("30.014/CCH-11", "014", "006"),
    required_without("30.020/CCH-12", "001"),
    provisional_of_company("30.020/CCH-13"),
    run_rule("30.020/CCH-14", "", lambda c: c.tally.provisional_doubles),
    run_rule("30.020/CCH-15", "", lambda c: _alone_in_08(c.tally.first_provisional, c), natures="08"),
    run_rule("30.025/CCH-11", "40.008", _diploma_of_apprentice),
    local_rule("30.029/CCH-11", "014", lambda b, _: b.values["014"] != "99", absent="029 007"),
    local_rule("31.001/CCH-12", "", lambda b, _: b.numbers != ("001",)),
    by_month_end("31.001/SIG-11"),
    plausible_age("31.011/CCH-12"),
    rule("34.001/CCH-11", "002", _exposed_contract),
    known_contract("34.002/CCH-11"),
    run_rule("86.001/CCH-12", "70", _seniority_for_cover),
    run_rule("86.001/CCH-13", "86", _seniority_once, several=True),
    run_rule("86.001/CCH-14", "40", _seniority_in_company, natures="01"),
    local_rule("86.003/CCH-11", "002 003", _seniority_in_range),
    local_rule("86.003/CCH-12", "001 003", _seniority_not_null),
    known_contract("86.005/CCH-11"),
    month_limit("98.004/CCH-11", strict=True),
)
