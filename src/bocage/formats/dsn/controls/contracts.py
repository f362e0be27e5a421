"""Controls of the contract: block 40."""

from collections.abc import Iterable

from bocage.formats.dsn.controls.base import (
    DAYS,
    Holds,
    Rule,
    RunRule,
    among,
    both,
    by_file_date,
    by_month_end,
    cents,
    codes,
    day,
    forbidden,
    in_order,
    local_rule,
    other_than,
    present_iff,
    required,
    rule,
    run_rule,
    values_need,
    values_refused,
)
from bocage.formats.dsn.controls.company import repeated
from bocage.formats.dsn.controls.context import Context
from bocage.formats.dsn.tree import Block

CANCELLED_END = "099"
PRIVATE_SECTOR = among("026", "99")
_NOT_SPECIAL_SCHEME = other_than("020", "134")

_JOB_COMPLEMENTS = (
    ("40.005/CCH-11", codes("389b"), codes("T389N T389M C389N C389M")),
    ("40.005/CCH-12", codes("352a"), codes("NP352 P352")),
    ("40.005/CCH-13", codes("463a 463b 463c 463d 463e"), codes("06 07 08 09")),
    ("40.005/CCH-14", codes("643a"), codes("C643 L643")),
    ("40.005/SIG-20", codes("546d"), codes("546dN 546dM")),
)
"""Jobs (40.004) and the complements (40.005) that go with them, and with no other."""


def _complement(short: str, jobs: frozenset[str], complements: frozenset[str]) -> Rule:
    return rule(short, "004", lambda b, _: (b.values["004"] in jobs) == (b.get("005") in complements), reads="004 005")


def real_ends(contract: Block) -> list[Block]:
    """The blocks 62 that end the contract: a motif 099 cancels an end declared by error."""
    ends = contract.of("S21.G00.62")
    return [end for end in ends if end.values.get("002") not in (CANCELLED_END, None)] if ends else ends


def _starts_before_its_end(b: Block, _: Context) -> bool:
    ends = real_ends(b)
    if not ends:
        return True
    start = DAYS[b.values["001"]]
    days = (day(end, "001") for end in ends)
    return start is None or all(end is None or start <= end for end in days)


def _starts_after_birth(b: Block, _: Context) -> bool:
    start = DAYS[b.values["001"]]
    birth = day(b.parent, "006") if b.parent else None
    return start is None or birth is None or start > birth


def pensions(contract: Block) -> set[str | None]:
    """The complementary pension schemes (71.002) of a contract."""
    return {child.get("002") for child in contract.of("S21.G00.71")}


def _has_pension(contract: Block, wanted: frozenset[str]) -> bool:
    children = contract.of("S21.G00.71")
    return any(child.unsure("002") or child.values["002"] in wanted for child in children)


def _executive_pension(b: Block, _: Context) -> bool:
    concerned = b.values["003"] in ("01", "02") and b.values["020"] != "134"
    return not concerned or _has_pension(b, _EXECUTIVE_SCHEMES)


def _employee_pension(b: Block, _: Context) -> bool:
    concerned = b.values["003"] == "04" and b.values["002"] != "04" and b.values["020"] != "134"
    return not concerned or _has_pension(b, _EMPLOYEE_SCHEMES)


_EXECUTIVE_SCHEMES = codes("RETC RUAA CNBF")
_EMPLOYEE_SCHEMES = codes("RETA RUAA")


def _status_of_public_pension(b: Block, _: Context) -> bool:
    return b.values["003"] in ("04", "98", "99") or not pensions(b) & {"IRCANTEC", "CRPNPAC"}


def _paid(c: Context) -> Iterable[Block]:
    if c.unsure("S21.G00.51", "010"):
        return []
    paid = {amount.values.get("010") for amount in c.run.of("S21.G00.51")}
    return [contract for contract in c.contracts() if not contract.unsure("009") and contract.values["009"] not in paid]


def _not_only_zeros(b: Block, _: Context) -> bool:
    return b.values["007"] != "03" or b.values["009"].strip("0") != ""


def _within(units: str, limit: int) -> Holds:
    concerned = codes(units)

    def holds(b: Block, _: Context) -> bool:
        if b.values["011"] not in concerned:
            return True
        return all((cents(b.get(number)) or 0) <= limit for number in ("012", "013"))

    return holds


def _has_activity(c: Context) -> Iterable[Block]:
    if c.unsure("S21.G00.51", "010"):
        return
    active = {activity.parent.values.get("010") for activity in c.run.of("S21.G00.53") if activity.parent}
    for contract in c.contracts():
        if contract.values.get("011") not in ("10", "12") or contract.unsure("009") or contract.values["009"] in active:
            continue
        days = (day(end, "001") for end in real_ends(contract))
        if not any(end is not None and end < c.month_first for end in days):
            yield contract


def _reference_time(b: Block, _: Context) -> bool:
    return b.values["011"] not in ("10", "12", "20", "21") or cents(b.values["012"]) != 0


def _workplace_declared(c: Context, named: dict[str, list[int]]) -> Iterable[int]:
    if not c.siret or _unsure_places(c):
        return []
    known = {block.get("001") for block in c.people_after("S21.G00.85")} | {c.siret}
    return [line for place, lines in named.items() if place not in known for line in lines]


def _user_declared(c: Context) -> Iterable[int]:
    if _unsure_places(c):
        return []
    known = {block.get("001") for block in c.people_after("S21.G00.85")}
    return [line for place, lines in c.tally.users.items() if place not in known for line in lines]


def _unsure_places(c: Context) -> bool:
    return any(block.unsure("001") for block in c.people_after("S21.G00.85"))


def _mission_elsewhere(b: Block, c: Context) -> bool:
    return b.values["007"] != "03" or b.get("019") not in (None, c.siret)


_NATURES_WITHOUT_SCHEME_120 = "01 02 03 07 08 09 10 29 32 53 54 60 70 80 81 82 89 90 91 92 93"


def _reason_of_apprentice(b: Block, _: Context) -> bool:
    return b.values["021"] != "11" or b.get("007") == "03" or b.get("008") in ("64", "65", "81")


def _agreement_asked(_: Block, c: Context) -> bool:
    return c.value("S21.G00.11", "017") not in ("02", "03")


def _older_code(b: Block, _: Context) -> bool:
    start = DAYS[b.values["032"]]
    code = b.values["033"]
    return start is None or start >= _REFORM or (len(code) == 4 and code[0] == "C")


_REFORM = DAYS["01012010"] or 0


def _farm_risk(b: Block, _: Context) -> bool:
    return b.values["039"] != "300" or b.values["040"].startswith("RA") or b.values["040"] == "999ZZ"


def _farm_code(b: Block, _: Context) -> bool:
    return not b.values["040"].startswith("RA") or b.values["039"] == "300"


def _energy_risk(b: Block, _: Context) -> bool:
    return b.values["039"] != "147" or b.values["040"] == "401ZE"


def _temporary_work_risk(b: Block, _: Context) -> bool:
    return b.values["039"] not in ("200", "402") or b.values["040"] in ("745BD", "745BE", "752EE")


def _rate_of_risk(b: Block, _: Context) -> bool:
    return ("043" in b.numbers) == (b.values["040"] != "999ZZ")


def _supplied_elsewhere(b: Block, c: Context) -> bool:
    return b.values["074"] != "03" or b.values["019"] != c.siret


def _paid_hours_of_type_019(_: Block, c: Context) -> bool:
    amounts = (pay for pay in c.run.of("S21.G00.51") if pay.get("011") == "019")
    return any((cents(pay.get("012")) or 0) > 0 for pay in amounts)


def _short_time_suspension(_: Block, c: Context) -> bool:
    return any(stop.get("001") == "602" and "002" in stop.values for stop in c.run.of("S21.G00.65"))


_PUBLIC_SECTOR_ONLY = (
    "40.052/CCH-11 40.057/CCH-11 40.058/CCH-11 40.059/CCH-11 40.060/CCH-11 40.061/CCH-11 40.062/CCH-11 40.064/CCH-11 "
    "40.065/CCH-11 40.080/CCH-11"
)

_SCHEMES_BY_NATURE = (
    ("40.008/CCH-11", "81", "02 92"),
    ("40.008/CCH-12", "70", "02 92"),
    ("40.008/CCH-13", "80", "01 82 91"),
    ("40.008/CCH-14", "64 65", "01 02 03 08 91 92"),
    ("40.008/CCH-15", "21 41 42 61", "01 02 03 08 82 91 92"),
    ("40.008/CCH-16", "71", "02 03 92"),
)

RULES: tuple[Rule | RunRule, ...] = (
    rule("40.001/CCH-13", "001", _starts_before_its_end),
    rule("40.001/CCH-15", "001", _starts_after_birth),
    by_month_end("40.001/SIG-14"),
    values_need("40.003/CCH-11", "01", among("002", "03 04 08")),
    rule("40.003/CCH-16", "003 020", _executive_pension),
    rule("40.003/CCH-17", "002 003 020", _employee_pension),
    rule("40.003/SIG-12", "003", _status_of_public_pension),
    values_need("40.003/SIG-15", "02", among("002", "05")),
    *(_complement(*row) for row in _JOB_COMPLEMENTS),
    values_need("40.005/CCH-19", "S001", among("004", "424a")),
    *(values_need(short, values, among("007", natures)) for short, values, natures in _SCHEMES_BY_NATURE),
    run_rule("40.009/CCH-12", "40", lambda c: repeated(c.contracts(), "009"), several=True),
    run_rule("40.009/CCH-13", "40", _paid),
    rule("40.009/CCH-15", "007 009", _not_only_zeros),
    in_order("40.010/CCH-11", "001", "010"),
    required("40.010/CCH-12", among("007", "02 03 10 29 70 92")),
    values_need("40.011/CCH-11", "31", among("004", "352a")),
    rule("40.011/CCH-12", "011", _within("12 20", 3100), reads="011 012 013"),
    rule("40.011/CCH-13", "011", _within("10 21", 25000), reads="011 012 013"),
    run_rule("40.011/CCH-15", "40", _has_activity),
    rule("40.011/SIG-14", "011", lambda b, _: b.values["011"] != "32" or b.get("005") == "49", reads="005 011"),
    local_rule("40.012/CCH-11", "011 012", _reference_time),
    values_refused("40.014/CCH-11", "40 41 42", both(PRIVATE_SECTOR, _NOT_SPECIAL_SCHEME)),
    local_rule("40.018/CCH-14", "018", lambda b, c: b.values["018"] != "300" or c.deposit == "02"),
    run_rule("40.019/CCH-11", "", lambda c: _workplace_declared(c, c.tally.workplaces)),
    rule("40.019/CCH-12", "007", _mission_elsewhere, reads="007 019"),
    values_need("40.020/CCH-12", "120", other_than("007", _NATURES_WITHOUT_SCHEME_120)),
    rule("40.021/CCH-12", "021", _reason_of_apprentice, reads="007 008 021"),
    values_need("40.021/CCH-13", "14", among("007", "92")),
    required("40.021/SIG-11", both(among("007", "02 03 92"), among("008", "99"))),
    forbidden("40.027/CCH-11", other_than("029", "02")),
    local_rule("40.027/CCH-12", "033", lambda b, _: b.values["033"].startswith("C"), absent="027"),
    values_need("40.029/CCH-11", "05", among("008", "81")),
    local_rule("40.029/SIG-12", "", _agreement_asked, absent="029"),
    present_iff("40.030/CCH-11", among("029", "03 04")),
    by_month_end("40.030/SIG-12"),
    forbidden("40.031/CCH-11", among("029", "01 02 04 05")),
    by_file_date("40.031/SIG-13"),
    forbidden("40.032/CCH-11", other_than("029", "02")),
    present_iff("40.033/CCH-11", among("029", "02")),
    local_rule("40.033/CCH-12", "032 033", _older_code),
    local_rule("40.039/CCH-11", "039 040", _farm_risk),
    local_rule("40.040/CCH-11", "039 040", _energy_risk, absent="046"),
    local_rule("40.040/CCH-12", "039 040 046", _temporary_work_risk),
    local_rule(
        "40.040/CCH-15", "040 039", lambda b, _: not b.values["040"].startswith("RA") or b.values["039"] == "300"
    ),
    present_iff("40.042/CCH-11", among("018", "300")),
    local_rule("40.043/SIG-11", "040", _rate_of_risk),
    required("40.046/CCH-11", among("007", "03 53 54")),
    required("40.046/CCH-12", among("007", "08")),
    run_rule("40.046/CCH-13", "", _user_declared),
    forbidden("40.050/CCH-11", other_than("007", "02 10")),
    *(forbidden(short, PRIVATE_SECTOR) for short in _PUBLIC_SECTOR_ONLY.split()),
    forbidden("40.053/CCH-11", both(PRIVATE_SECTOR, _NOT_SPECIAL_SCHEME)),
    present_iff("40.054/CCH-11", among("053", "02")),
    local_rule("40.063/CCH-11", "", lambda b, _: ("062" in b.numbers) == ("063" in b.numbers)),
    present_iff("40.066/CCH-11", among("007", "20 21")),
    local_rule("40.074/CCH-11", "019 074", _supplied_elsewhere),
    forbidden("40.075/CCH-11", other_than("020", "136")),
    present_iff("40.076/CCH-11", among("007", "93")),
    rule("40.078/CCH-11", "078", _paid_hours_of_type_019),
    rule("40.078/CCH-12", "078", _short_time_suspension),
)
