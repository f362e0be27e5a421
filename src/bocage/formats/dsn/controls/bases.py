"""Controls of contribution bases: 78, their components 79 and contributions 81."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator

from bocage.formats.dsn.controls.base import (
    Holds,
    Rule,
    RunRule,
    among,
    by_month_end,
    cents,
    codes,
    day,
    forbidden,
    in_order,
    local_rule,
    period_past,
    required,
    rule,
    run_rule,
    same_year,
)
from bocage.formats.dsn.controls.context import Context
from bocage.formats.dsn.controls.contracts import real_ends
from bocage.formats.dsn.tree import Block

_COVER = "31"
"""A base for complementary cover, tied to an affiliation by 78.005."""
_COVER_CONTRIBUTION = "059"
_MISSION = "03"
_LEAVE_BASES = codes("21 34 35 36 39 40")
_FUNDS = codes("01-37")
_PERFORMING_ARTS = codes("353b 353c 354b 354c 354e 354f 465b 637c")
_FAMILY_RELIEF = codes("018 106")


def _bases(c: Context, kinds: Container[str | None]) -> list[Block]:
    return [base for base in c.run.of("S21.G00.78") if base.values.get("001") in kinds]


def _funds(c: Context) -> set[str]:
    return {contract.values["022"][:2] for contract in c.contracts() if "022" in contract.values}


def _former_funds(c: Context) -> set[str]:
    return {change.values["023"][:2] for change in c.run.of("S21.G00.41") if "023" in change.values}


def _leave_base_without_fund(c: Context) -> list[Block]:
    found = _bases(c, _LEAVE_BASES)
    return [] if not found or _FUNDS & _funds(c) or (_FUNDS | {"99"}) & _former_funds(c) else found


def _leave_base_in_signal(c: Context) -> list[Block]:
    return [] if _FUNDS & _funds(c) else _bases(c, _LEAVE_BASES)


def _base_20(c: Context) -> list[Block]:
    found = _bases(c, ("20",))
    return [] if not found or _funds(c) or _former_funds(c) else found


def _base_20_in_signal(c: Context) -> list[Block]:
    return [] if _funds(c) else _bases(c, ("20",))


def _affiliation_without_base(c: Context) -> Iterator[Block]:
    if c.unsure("S21.G00.78", "001") or any(base.unsure("005") for base in _bases(c, (_COVER,))):
        return
    carried = {base.values.get("005") for base in _bases(c, (_COVER,))}
    for affiliation in c.run.of("S21.G00.70"):
        if not affiliation.unsure("012") and affiliation.values["012"] not in carried:
            yield affiliation


def _pilots(c: Context) -> Iterable[Block]:
    pensions = [block for block in c.run.of("S21.G00.71") if block.get("002") == "CRPNPAC"]
    return pensions[:1] if pensions and not _bases(c, ("41", "42")) else ()


def _in_month(base: Block, c: Context) -> bool:
    first, last = day(base, "002"), day(base, "003")
    return first is not None and last is not None and c.month_first <= first and last <= c.month_last


def _capped_and_uncapped(c: Context) -> Iterator[Block]:
    for payment in c.run.of("S21.G00.50"):
        periods: dict[str, dict[tuple[str, str], Block]] = {"02": {}, "03": {}}
        for base in payment.children:
            if base.code != "S21.G00.78":
                continue
            kind = base.values.get("001")
            if kind is None or (kind in periods and (base.unsure("002") or base.unsure("003"))):
                break
            if kind in periods and _in_month(base, c):
                periods[kind].setdefault((base.values["002"], base.values["003"]), base)
        else:
            if periods["02"].keys() != periods["03"].keys():
                for kind, other in (("02", "03"), ("03", "02")):
                    yield from (base for period, base in periods[kind].items() if period not in periods[other])


def _contract_of_affiliation(c: Context, identifier: str | None) -> Block | None:
    found = next((b for b in c.run.of("S21.G00.70") if b.values.get("012") == identifier), None)
    return found.parent if found and identifier is not None else None


def _sign(base: Block) -> int:
    amounts = [cents(child.get("004")) or 0 for child in base.of("S21.G00.81")]
    total = sum(amounts)
    return (total > 0) - (total < 0)


def _same_cover_twice(c: Context) -> Iterator[Block]:
    for payment in c.run.of("S21.G00.50"):
        seen: set[tuple[object, ...]] = set()
        for base in payment.of("S21.G00.78"):
            if base.get("001") != _COVER:
                continue
            contract = _contract_of_affiliation(c, base.get("005"))
            if contract is not None and contract.get("007") == _MISSION:
                continue
            key = (base.get("002"), base.get("003"), base.get("005"), _sign(base))
            if key in seen:
                yield base
            seen.add(key)


def _cover_in_one_month(b: Block, _: Context) -> bool:
    return b.values["001"] != _COVER or b.values["002"][2:] == b.values["003"][2:]


def _cover_during_contract(b: Block, c: Context) -> bool:
    contract = _contract_of_affiliation(c, b.values["005"])
    if contract is None or contract.get("007") == _MISSION:
        return True
    if contract.get("004") in _PERFORMING_ARTS:
        return True
    first, last, start = day(b, "002"), day(b, "003"), day(contract, "001")
    if first is None or last is None or start is None:
        return True
    ends = [end for end in (day(block, "001") for block in real_ends(contract)) if end is not None]
    return start <= first and last <= (min(ends) if ends else c.month_last)


def _null_cover(b: Block, _: Context) -> bool:
    return b.values["001"] != _COVER or cents(b.values["004"]) == 0


def _cover_names_affiliation(b: Block, c: Context) -> bool:
    if b.values["001"] != _COVER:
        return "005" not in b.numbers
    if "005" in b.rejected:
        return True
    affiliations = c.run.of("S21.G00.70")
    return "005" in b.values and any(a.unsure("012") or a.values["012"] == b.values["005"] for a in affiliations)


def _cover_of_paid_contract(b: Block, c: Context) -> bool:
    contract = _contract_of_affiliation(c, b.values["005"])
    if contract is None or b.parent is None:
        return True
    number = contract.get("009")
    return contract.unsure("009") or any(
        pay.unsure("010") or pay.values["010"] == number for pay in b.parent.of("S21.G00.51")
    )


def _children(b: Block, code: str) -> list[str]:
    return [child.values["001"] for child in b.of(code) if "001" in child.values]


def _unsure_children(b: Block, code: str) -> bool:
    return any(child.unsure("001") for child in b.of(code))


def _cover_has_component(b: Block, _: Context) -> bool:
    return bool(b.of("S21.G00.79"))


def _under_cover(b: Block) -> bool:
    return b.parent is not None and b.parent.get("001") == _COVER


_COVER_COMPONENTS = codes("10-21 23 24")
_NOT_COVER_COMPONENTS = codes("01-06 22 90 91")
_SINGLE_COMPONENTS = codes("10-16 24")


def _cover_component(b: Block, _: Context) -> bool:
    return not _under_cover(b) or b.values["001"] in _COVER_COMPONENTS


def _not_a_salary_component(b: Block, _: Context) -> bool:
    return not _under_cover(b) or b.values["001"] not in _NOT_COVER_COMPONENTS


def _flat_component(b: Block, _: Context) -> bool:
    if b.parent is None:
        return True
    return all((cents(child.get("004")) or 0) == 0 for child in b.parent.of("S21.G00.81"))


def _minimum_wage_component(b: Block, _: Context) -> bool:
    return b.parent is None or b.parent.get("001") in ("03", "19", None)


def _components_once(b: Block, _: Context) -> bool:
    counts = Counter(kind for kind in _children(b, "S21.G00.79") if kind in _SINGLE_COMPONENTS)
    return all(count == 1 for count in counts.values())


def _flat_component_alone(b: Block, _: Context) -> bool:
    return b.parent is None or len(b.parent.of("S21.G00.79")) == 1


def _null_flat_component(b: Block, _: Context) -> bool:
    return b.values["001"] != "23" or cents(b.values["004"]) in (0, None)


def _agirc_guarantee(b: Block, _: Context) -> bool:
    known = not {"060", "061"}.isdisjoint(_children(b, "S21.G00.81"))
    return known or _unsure_children(b, "S21.G00.81")


def _one_cover_contribution(b: Block, _: Context) -> bool:
    count = _children(b, "S21.G00.81").count(_COVER_CONTRIBUTION)
    return count == 1 or (count == 0 and _unsure_children(b, "S21.G00.81"))


def _has_amounts(kinds: str, numbers: str) -> Holds:
    concerned, wanted = codes(kinds), numbers.split()
    return lambda b, _: b.values["001"] not in concerned or all(number in b.numbers for number in wanted)


def _relief_base(b: Block, _: Context) -> bool:
    if b.values["001"] not in _FAMILY_RELIEF or b.parent is None or b.parent.unsure("001"):
        return True
    known = "01" in _children(b.parent, "S21.G00.79") or _unsure_children(b.parent, "S21.G00.79")
    return b.parent.values["001"] == "03" and known


def _contribution_of_cover(b: Block, _: Context) -> bool:
    return b.parent is None or b.parent.get("001") in (_COVER, None)


_CONTRIBUTION_OF_COVER = among("001", _COVER_CONTRIBUTION)

RULES: tuple[Rule | RunRule, ...] = (
    run_rule("78.001/CCH-11", "78", _leave_base_without_fund, natures="01 09"),
    run_rule("78.001/CCH-13", "70", _affiliation_without_base, natures="01"),
    rule("78.001/CCH-14", "001", lambda b, c: b.values["001"] != _COVER or c.nature != "07"),
    run_rule("78.001/CCH-24", "78", _base_20, natures="01 09"),
    run_rule("78.001/CCH-25", "78", _leave_base_in_signal, natures="07"),
    run_rule("78.001/CCH-26", "78", _base_20_in_signal, natures="07"),
    run_rule("78.001/SIG-18", "71", _pilots),
    run_rule("78.001/SIG-19", "78", _capped_and_uncapped),
    run_rule("78.001/SIG-23", "78.005", _same_cover_twice, several=True, natures="01"),
    in_order("78.003/CCH-12", "002", "003"),
    by_month_end("78.003/CCH-15"),
    same_year("78.003/CCH-16", "002", "003"),
    local_rule("78.003/SIG-11", "001 002 003", _cover_in_one_month),
    rule("78.003/SIG-17", "001 002 003 005", _cover_during_contract, only="001 31"),
    rule("78.004/CCH-11", "001 004", _null_cover),
    rule("78.005/CCH-11", "001", _cover_names_affiliation),
    rule("78.005/CCH-12", "001 005", _cover_of_paid_contract, only="001 31"),
    period_past("78.007/CCH-11", "003"),
    rule("79.001/CCH-11", "001", _cover_has_component, block="78", only="001 31"),
    rule("79.001/CCH-12", "001", _cover_component),
    rule("79.001/CCH-13", "001", _flat_component, only="001 23"),
    rule("79.001/CCH-14", "001", _minimum_wage_component, only="001 01"),
    rule("79.001/CCH-16", "001", _components_once, block="78", only="001 31"),
    rule("79.001/CCH-17", "001", _not_a_salary_component),
    rule("79.001/SIG-18", "001", _flat_component_alone, only="001 23"),
    rule("79.001/SIG-19", "001 004", _null_flat_component),
    period_past("79.005/CCH-11", "003", of_parent=True),
    rule("81.001/CCH-11", "001", _agirc_guarantee, block="78", only="001 28"),
    rule("81.001/CCH-13", "001", _contribution_of_cover, only="001 059"),
    rule("81.001/CCH-15", "001", _one_cover_contribution, block="78", only="001 31"),
    local_rule("81.001/CCH-16", "001", _has_amounts("018 106", "003 004")),
    rule("81.001/CCH-17", "001", _relief_base),
    forbidden("81.002/CCH-11", _CONTRIBUTION_OF_COVER),
    required("81.003/CCH-11", among("001", "060 061")),
    forbidden("81.003/CCH-12", _CONTRIBUTION_OF_COVER),
    required("81.004/CCH-11", _CONTRIBUTION_OF_COVER),
    required("81.004/CCH-12", among("001", "105 131 132")),
    required("81.004/CCH-13", among("001", "060 061")),
    forbidden("81.005/CCH-11", _CONTRIBUTION_OF_COVER),
    period_past("81.006/CCH-11", "003", of_parent=True),
)
