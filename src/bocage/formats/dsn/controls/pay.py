"""Controls of payments: 50 and its children 51, 52, 53, 54, 56, 58."""

from collections.abc import Iterable, Iterator

from bocage.formats.dsn.controls.base import (
    DAYS,
    Holds,
    Rule,
    RunRule,
    all_or_none,
    among,
    by_file_date,
    by_month_end,
    by_next_month_end,
    cents,
    codes,
    day,
    in_order,
    local_rule,
    other_than,
    required,
    rule,
    run_rule,
    same_year,
)
from bocage.formats.dsn.controls.company import repeated
from bocage.formats.dsn.controls.context import Context
from bocage.formats.dsn.controls.contracts import real_ends
from bocage.formats.dsn.controls.people import known_contract, month_limit
from bocage.formats.dsn.controls.tax import tax_correction
from bocage.formats.dsn.tree import Block

_NET_SOCIAL = "03"
_BASIC_TYPES = codes("001 002 003 010")
_SEAMAN_LINE = "93"
_SEAMEN = ("91", "92")
_TOLERANCE_DAYS = 2


def _overseas(c: Context) -> bool:
    return (c.value("S21.G00.11", "004") or "").startswith("98")


def _has_net_social(payment: Block) -> bool:
    for child in payment.children:
        if child.code == "S21.G00.58" and (child.values.get("003") in (_NET_SOCIAL, None) or "003" in child.rejected):
            return True
    return False


def _net_social_of_month(b: Block, c: Context) -> bool:
    paid = DAYS[b.values["001"]]
    if paid is None or paid < c.month_first or _has_net_social(b) or not c.month or _overseas(c):
        return True
    others = (day(other, "001") for other in c.run.of("S21.G00.50") if other is not b)
    return any(other is not None and other > c.month_last for other in others)


def _net_social_of_next_month(b: Block, c: Context) -> bool:
    paid = DAYS[b.values["001"]]
    return paid is None or paid <= c.month_last or _has_net_social(b) or _overseas(c)


def _shared_benefit_names_contract(b: Block, _: Context) -> bool:
    if len({pay.get("010") for pay in b.of("S21.G00.51")} - {None}) < 2:
        return True
    return all("005" in other.numbers for other in b.of("S21.G00.54") if other.get("001") == "10")


def _unnumbered_payments(c: Context) -> Iterable[Block]:
    payments = c.run.of("S21.G00.50")
    return [payment for payment in payments if "003" not in payment.numbers] if len(payments) > 1 else []


def withheld(amount: str, base: str, rate: str) -> Holds:
    """The tax withheld is base × rate within one euro."""

    def holds(b: Block, _: Context) -> bool:
        paid, taxed, share = cents(b.values[amount]), cents(b.values[base]), cents(b.values[rate])
        if paid is None or taxed is None or share is None:
            return True
        return abs(paid * 10_000 - taxed * share) <= 100 * 10_000

    return holds


def no_rate(kind: str, rate: str, amount: str) -> Holds:
    """Type of rate 99: neither rate nor amount."""
    return lambda b, _: b.values[kind] != "99" or not (cents(b.get(rate)) or cents(b.get(amount)))


def _nonzero_basis(b: Block, c: Context, number: str) -> int | None:
    """The day of a pay line, when it is paid and lies in the month; None otherwise."""
    if not cents(b.values["013"]):
        return None
    value = DAYS[b.values[number]]
    return value if value is not None and c.month_first <= value <= c.month_last else None


def _pay_from_start(b: Block, c: Context) -> bool:
    start_of_pay = _nonzero_basis(b, c, "001")
    contract = c.contract(b.values["010"])
    start = day(contract, "001") if contract else None
    return start_of_pay is None or start is None or start_of_pay >= start - _TOLERANCE_DAYS


def _pay_until_end(b: Block, c: Context) -> bool:
    end_of_pay = _nonzero_basis(b, c, "002")
    contract = c.contract(b.values["010"])
    if end_of_pay is None or contract is None:
        return True
    for block in real_ends(contract):
        end = day(block, "001")
        if end is not None and end_of_pay > end + _TOLERANCE_DAYS:
            return False
    return True


def _types_by_contract(payment: Block) -> dict[str | None, dict[str | None, Block]]:
    found: dict[str | None, dict[str | None, Block]] = {}
    for pay in payment.children:
        if pay.code == "S21.G00.51":
            values = pay.values
            number = None if "010" in pay.rejected else values.get("010")
            found.setdefault(number, {}).setdefault(values.get("011"), pay)
    return found


def _incomplete_pay(c: Context) -> Iterator[Block]:
    natures = {contract.values.get("009"): contract.values.get("007") for contract in c.contracts()}
    for payment in c.run.of("S21.G00.50"):
        by_contract = _types_by_contract(payment)
        if None in by_contract:
            continue
        for number, types in by_contract.items():
            if number not in natures or natures[number] == _SEAMAN_LINE or None in types:
                continue
            if not types.keys() >= _BASIC_TYPES:
                yield next(iter(types.values()))


def _seaman_lines(c: Context, *, null: bool) -> Iterator[Block]:
    """Lines of service (93) linked by 40.076 to a seaman's contract whose type 002 is null, or is not."""
    contracts = c.contracts()
    lines = [contract for contract in contracts if contract.get("007") == _SEAMAN_LINE and "076" in contract.values]
    if not lines:
        return
    wanted = _BASIC_TYPES if null else frozenset({"002"})
    amounts: dict[str | None, list[int]] = {}
    for pay in c.run.of("S21.G00.51"):
        if pay.get("011") == "002":
            amounts.setdefault(pay.get("010"), []).append(cents(pay.get("013")) or 0)
    types: dict[str | None, set[str | None]] = {}
    for pay in c.run.of("S21.G00.51"):
        types.setdefault(pay.get("010"), set()).add(pay.get("011"))
    seamen = {contract.get("009") for contract in contracts if contract.get("007") in _SEAMEN}
    for line in lines:
        linked = line.get("076")
        if linked not in seamen or linked not in amounts or any(amounts[linked]) == null:
            continue
        if not types.get(line.get("009"), set()) >= wanted:
            yield line


def _pay_in_end_signal(c: Context) -> Iterator[Block]:
    for payment in c.run.of("S21.G00.50"):
        lines = payment.of("S21.G00.51")
        types = {pay.get("011") for pay in lines}
        if lines and None not in types and not types >= {"001", "002", "010"}:
            yield lines[0]


def _no_null_hours(b: Block, _: Context) -> bool:
    return b.values["011"] not in _BASIC_TYPES or cents(b.values["012"]) != 0


def _uncapped_base(c: Context) -> Iterator[Block]:
    for payment in c.run.of("S21.G00.50"):
        gross = None
        for block in payment.children:
            if block.code == "S21.G00.78":
                if block.values.get("001") in ("03", None):
                    break
            elif gross is None and block.code == "S21.G00.51":
                values = block.values
                gross = block if values.get("011") == "001" and cents(values.get("013")) else None
        else:
            if gross is not None:
                yield gross


def of_contract(block: Block, c: Context, number: str, link: str) -> str | None:
    """A rubrique of the contract that a block points to."""
    contract = c.contract(block.get(link))
    return contract.get(number) if contract else None


_CONTRACT_PREMIUMS = codes("001-025")


def _premium_once(c: Context) -> Iterator[Block]:
    for payment in c.run.of("S21.G00.50"):
        premiums = [p for p in payment.of("S21.G00.52") if p.get("001") in _CONTRACT_PREMIUMS]
        yield from repeated(premiums, "006", "001")


def _exclusive_indemnities(c: Context) -> Iterator[Block]:
    first: dict[str | None, Block] = {}
    for premium in c.run.of("S21.G00.52"):
        if premium.get("001") in ("009", "010"):
            other = first.setdefault(premium.get("006"), premium)
            if other.get("001") != premium.get("001"):
                yield premium


def _premium_suits_end(short: str, types: str, motifs: str) -> Rule:
    wanted = codes(motifs)

    def holds(b: Block, c: Context) -> bool:
        contract = c.contract(b.values["006"])
        ends = contract.of("S21.G00.62") if contract else []
        return all(end.get("002") in wanted for end in ends if "002" in end.values)

    return rule(short, "001 006", holds, only=f"001 {types}")


def _premium_nature(short: str, code: str, natures: str, *, wanted: bool) -> Rule:
    concerned = codes(natures)

    def holds(b: Block, c: Context) -> bool:
        if b.values["001"] != code:
            return True
        nature = of_contract(b, c, "007", "006")
        return nature is None or (nature in concerned) == wanted

    return rule(short, "001 006", holds)


_PREMIUM_902_END = DAYS["31032022"] or 0


def _period_of_902(b: Block, _: Context) -> bool:
    end = day(b, "004")
    return b.values["001"] != "902" or ("004" in b.numbers and (end is None or end <= _PREMIUM_902_END))


def _reference_of_902(b: Block, _: Context) -> bool:
    value, end = DAYS[b.values["007"]], DAYS[b.values["004"]]
    return b.values["001"] != "902" or value is None or end is None or value <= end


def _activity_at_most(units: str, limit: int, *, own_unit: bool) -> Holds:
    concerned = codes(units)

    def holds(b: Block, c: Context) -> bool:
        if own_unit:
            unit = b.values["003"]
        elif b.parent is None:
            return True
        else:
            unit = of_contract(b.parent, c, "011", "010") or ""
        amount = cents(b.values["002"])
        return unit not in concerned or amount is None or amount <= limit

    return holds


def _unit_only_with(number: str, value: str) -> Holds:
    def holds(b: Block, c: Context) -> bool:
        if b.parent is None:
            return True
        contract = c.contract(b.parent.get("010"))
        return contract is None or contract.get(number) == value

    return holds


_FLYING_JOBS = ("389b", "546d")


def _flight_hours(c: Context) -> Iterator[Block]:
    if not any(contract.values.get("004") in _FLYING_JOBS for contract in c.contracts()):
        return
    flying = {
        pay.get("010") for pay in c.run.of("S21.G00.51") if any(a.get("003") == "38" for a in pay.of("S21.G00.53"))
    }
    for contract in c.contracts():
        if contract.get("004") in _FLYING_JOBS and contract.get("009") not in flying:
            yield contract


_TYPES_OF_MONTH = "001 002 003 010 012 013 016-022 025"
_TYPES_WITH_HOURS = "012 013 016-020 025"
_INDEMNITIES_OF_DISMISSAL = "011 012 014 015 020 025 026 082 086 087 089 091 092 093 098 099 111 112 113 114 115 117"
_MOTIFS_OF_033 = "011 012 014 015 020 025 026 065 082 086 087 088 089 091 092 093 098 099 113 114 115 117"
RULES: tuple[Rule | RunRule, ...] = (
    by_next_month_end("50.001/CCH-13"),
    rule("50.001/CCH-14", "001", _net_social_of_month),
    rule("50.001/CCH-15", "001", _net_social_of_next_month),
    rule("50.001/CCH-16", "", _shared_benefit_names_contract),
    run_rule("50.003/CCH-11", "50", lambda c: repeated(c.run.of("S21.G00.50"), "003"), several=True),
    run_rule("50.003/CCH-12", "50", _unnumbered_payments, several=True),
    rule("50.007/CCH-11", "007", no_rate("007", "006", "009")),
    required("50.008/CCH-11", among("007", "01")),
    rule("50.009/CCH-11", "006 009 013", withheld("009", "013", "006")),
    rule("51.001/CCH-11", "001 010 011 013", _pay_from_start, only="011 002"),
    in_order("51.002/CCH-11", "001", "002"),
    rule("51.002/CCH-13", "002 010 011 013", _pay_until_end, only="011 002"),
    by_month_end("51.002/SIG-14", among("011", _TYPES_OF_MONTH)),
    known_contract("51.010/CCH-11", "01 09"),
    known_contract("51.010/CCH-12", "07", previous=True),
    run_rule("51.011/CCH-11", "51", _incomplete_pay, natures="01 09"),
    run_rule("51.011/CCH-12", "40.076", lambda c: _seaman_lines(c, null=False)),
    run_rule("51.011/CCH-13", "40.076", lambda c: _seaman_lines(c, null=True)),
    run_rule("51.011/CCH-15", "51", _pay_in_end_signal, natures="07"),
    local_rule("51.012/CCH-12", "011 012", _no_null_hours),
    required("51.012/SIG-11", among("011", _TYPES_WITH_HOURS)),
    local_rule("51.012/SIG-13", "011 012", lambda b, _: b.values["011"] not in _BASIC_TYPES),
    run_rule("51.013/SIG-11", "51", _uncapped_base),
    rule("51.014/CCH-11", "010 014", lambda b, c: of_contract(b, c, "026", "010") != "99"),
    run_rule("52.001/CCH-11", "52", _premium_once),
    run_rule("52.001/CCH-20", "52", _exclusive_indemnities),
    _premium_suits_end("52.001/CCH-21", "001", "043 110 099"),
    _premium_suits_end("52.001/CCH-22", "003 004", "038 099"),
    _premium_suits_end("52.001/CCH-23", "005 006", "039 059 099"),
    _premium_suits_end("52.001/CCH-24", "007 008 009 010", _INDEMNITIES_OF_DISMISSAL),
    _premium_suits_end("52.001/CCH-27", "016", "081 084 097 099"),
    _premium_suits_end("52.001/CCH-29", "032", "033 091 092 099"),
    _premium_suits_end("52.001/CCH-31", "033", _MOTIFS_OF_033),
    _premium_nature("52.001/CCH-32", "039", "01 02 03 07 08 53 54 60 82 91 92", wanted=False),
    _premium_nature("52.001/CCH-33", "045", "03", wanted=True),
    required("52.003/CCH-12", among("001", "026 027 029 902")),
    in_order("52.004/CCH-11", "003", "004"),
    required("52.004/CCH-13", among("001", "026 027 029")),
    rule("52.004/CCH-14", "001", _period_of_902),
    known_contract("52.006/CCH-11", "01"),
    known_contract("52.006/CCH-12", "07", previous=True),
    rule("52.007/CCH-13", "001 004 007", _reference_of_902),
    by_month_end("52.007/SIG-11"),
    by_file_date("52.007/SIG-12"),
    rule("53.001/CCH-11", "", lambda b, _: b.parent is None or b.parent.get("011") in ("002", None)),
    rule("53.002/CCH-11", "002", _activity_at_most("10 21", 325_000, own_unit=False), absent="003"),
    rule("53.002/CCH-12", "002", _activity_at_most("12 20", 40_300, own_unit=False), absent="003"),
    rule("53.003/CCH-12", "003", _unit_only_with("004", "352a"), only="003 31"),
    rule("53.003/CCH-13", "002 003", _activity_at_most("10 21", 325_000, own_unit=True), only="003 10 21"),
    rule("53.003/CCH-14", "002 003", _activity_at_most("12 20", 40_300, own_unit=True), only="003 12 20"),
    local_rule("53.003/CCH-15", "001 003", lambda b, _: b.values["003"] != "40" or b.values["001"] == "01"),
    run_rule("53.003/SIG-11", "40.004", _flight_hours),
    rule("53.003/SIG-13", "003", _unit_only_with("005", "49"), only="003 32"),
    in_order("54.004/CCH-11", "003", "004"),
    by_month_end("54.004/SIG-12", other_than("001", "92 93")),
    known_contract("54.005/CCH-11", "01"),
    known_contract("54.005/CCH-12", "07", previous=True),
    month_limit("56.001/CCH-11", strict=False),
    *tax_correction("56"),
    in_order("58.002/CCH-11", "001", "002"),
    by_next_month_end("58.002/CCH-12"),
    same_year("58.002/CCH-13", "001", "002"),
    all_or_none("58.002/CCH-14", "001 002"),
)
