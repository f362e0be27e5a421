"""Controls of complementary cover and pension: 70, 71, 72, 73, 83, 84."""

from collections.abc import Iterable, Iterator

from bocage.formats.dsn.controls.base import DAYS, Holds, Rule, RunRule, by_month_end, day, in_order, rule, run_rule
from bocage.formats.dsn.controls.company import repeated
from bocage.formats.dsn.controls.context import Context
from bocage.formats.dsn.controls.people import birth_department_of_nir, plausible_age
from bocage.formats.dsn.tree import Block

_MISSION = "03"
_NO_PENSION = "90000"


def _affiliation_once(c: Context) -> Iterator[Block]:
    """70.012 is unique for a person, but missions may share one that covers them all alike."""
    groups: dict[str, list[Block]] = {}
    for block in c.run.of("S21.G00.70"):
        if "012" in block.values:
            groups.setdefault(block.values["012"], []).append(block)
    for blocks in groups.values():
        if len(blocks) > 1 and not _shared_by_missions(blocks):
            yield from blocks[1:]


def _shared_by_missions(blocks: list[Block]) -> bool:
    contracts = [block.parent for block in blocks if block.parent is not None]
    if len(contracts) < len(blocks) or any(contract.get("007") != _MISSION for contract in contracts):
        return False
    alike = {tuple(block.get(number) for number in ("013", "004", "005")) for block in blocks}
    profiles = {tuple(contract.get(number) for number in ("002", "003", "008", "017")) for contract in contracts}
    return len(alike) == 1 and len(profiles) == 1


def _known_scheme(b: Block, c: Context) -> bool:
    schemes = c.header.of("S21.G00.15")
    return any(scheme.unsure("005") or scheme.values["005"] == b.values["013"] for scheme in schemes)


def _one_affiliation_a_scheme(c: Context) -> Iterator[Block]:
    for contract in c.contracts():
        yield from repeated(contract.of("S21.G00.70"), "004", "005", "013")


def _alone(b: Block, _: Context) -> bool:
    return b.values["002"] != _NO_PENSION or b.parent is None or len(b.parent.of("S21.G00.71")) == 1


def _executive_scheme(b: Block, _: Context) -> bool:
    if b.values["002"] != "RETC" or b.parent is None or "003" not in b.parent.values:
        return True
    status = b.parent.values["003"]
    return status in ("01", "02") or (status == "04" and b.parent.get("002") == "04")


def _notaries(b: Block, _: Context) -> bool:
    return b.values["002"] != "CRPCEN" or b.parent is None or b.parent.get("016") in ("01", None)


def _religious_scheme(b: Block, _: Context) -> bool:
    return b.values["002"] == _NO_PENSION or b.parent is None or b.parent.get("020") != "140"


def _another_scheme(b: Block, _: Context) -> bool:
    declared = b.parent.get("002") if b.parent else None
    return declared in (None, "IRCANTEC") or b.values["001"] != declared


def _wrong_scheme_has_period(c: Context) -> Iterable[Block]:
    periods, schemes = c.run.of("S21.G00.83"), c.run.of("S21.G00.72")
    return (periods or schemes)[:1] if bool(periods) != bool(schemes) else ()


def _before_month(b: Block, c: Context, number: str) -> bool:
    value = DAYS[b.values[number]]
    return value is None or value < c.month_first


def _inside_period(number: str, limit: str, *, after: bool) -> Holds:
    def holds(b: Block, _: Context) -> bool:
        value, bound = DAYS[b.values[number]], day(b.parent, limit) if b.parent else None
        return value is None or bound is None or (value >= bound if after else value <= bound)

    return holds


RULES: tuple[Rule | RunRule, ...] = (
    run_rule("70.012/CCH-11", "70", _affiliation_once, several=True),
    rule("70.013/CCH-11", "013", _known_scheme),
    run_rule("70.013/CCH-12", "70", _one_affiliation_a_scheme),
    by_month_end("70.014/SIG-11"),
    in_order("70.015/CCH-11", "014", "015"),
    by_month_end("70.015/SIG-12"),
    rule("71.002/CCH-12", "002", _alone),
    rule("71.002/CCH-13", "002", _executive_scheme),
    rule("71.002/SIG-11", "002", _notaries),
    rule("71.002/SIG-14", "002", _religious_scheme),
    rule("72.001/CCH-11", "001", _another_scheme),
    by_month_end("73.004/SIG-11"),
    plausible_age("73.005/CCH-11"),
    birth_department_of_nir("73.007/CCH-11", "007", "005"),
    in_order("73.011/CCH-11", "004", "011"),
    run_rule("83.001/CCH-11", "72 83", _wrong_scheme_has_period),
    in_order("83.002/CCH-11", "001", "002"),
    rule("83.002/CCH-12", "002", lambda b, c: _before_month(b, c, "002")),
    rule("84.002/CCH-11", "002", _inside_period("002", "001", after=True)),
    in_order("84.003/CCH-11", "002", "003"),
    rule("84.003/CCH-12", "003", lambda b, c: _before_month(b, c, "003")),
    rule("84.003/CCH-13", "003", _inside_period("003", "002", after=False)),
)
