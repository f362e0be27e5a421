"""Controls of the envoi and of the declaration: S10, S20."""

from collections.abc import Iterable

from bocage.formats.dsn.controls.base import (
    DAYS,
    Rule,
    RunRule,
    among,
    codes,
    day,
    exclusive,
    forbidden,
    other_than,
    required,
    required_with,
    rule,
    run_rule,
    values_need,
    values_wanted,
)
from bocage.formats.dsn.controls.context import Context
from bocage.formats.dsn.controls.syntax import siret_key
from bocage.formats.dsn.tree import Block

_SIGNALS = "04 05 07 08"
_OVERSEAS = codes("986 987 988")
_WITHOUT_INDIVIDUAL = codes("02 05")


def declares_nobody(c: Context) -> bool:
    """Type 02 or 05."""
    return c.type in _WITHOUT_INDIVIDUAL


def _declared(c: Context) -> Iterable[Block]:
    return (c.declared,) if c.declared else ()


def event(c: Context) -> str | None:
    """S20.05.011: what a signal 08 is about."""
    return c.declared.get("011") if c.declared else None


def _one_subject(c: Context) -> Iterable[Block]:
    people, others = c.tally.individuals, len(c.people_after("S89.G00.91"))
    return _declared(c) if c.nature == "08" and {people, others} != {0, 1} else ()


def _seniority_with_scheme(c: Context) -> Iterable[Block]:
    missing = c.nature == "08" and c.header.of("S21.G00.15") and "S21.G00.86" not in c.tally.blocks
    return _declared(c) if missing else ()


def _affiliation_for_each_scheme(c: Context) -> Iterable[Block]:
    if c.nature != "08" or "S21.G00.70.013" in c.tally.unsure:
        return ()
    wanted = {block.values["005"] for block in c.header.of("S21.G00.15") if "005" in block.values}
    return () if wanted <= c.tally.adhesions else _declared(c)


def _somebody(c: Context) -> Iterable[Block]:
    nobody = not c.tally.individuals and not c.people_after("S89.G00.91")
    return _declared(c) if c.type in ("01", "03") and nobody else ()


def _cancelled_exists(c: Context) -> Iterable[Block]:
    """What can be told without the platform's history: the declaration cancelled cannot be younger than this one."""
    block = c.declared
    target = block.get("006") if block else None
    if block is None or target is None or c.type not in ("03", "04", "05"):
        return ()
    own = f"{block.get('007') or ''}{block.get('004') or ''}"
    built = day(block, "007")
    pointed = DAYS[target[:8]]
    return (block,) if target == own or (built is not None and pointed is not None and pointed > built) else ()


def _nonemployee_event(c: Context) -> Iterable[Block]:
    return _declared(c) if (event(c) == "06") != bool(c.people_after("S89.G00.91")) and event(c) else ()


def _scheme_expected(c: Context) -> Iterable[Block]:
    return _declared(c) if event(c) in ("03", "04", "05") and not c.header.of("S21.G00.15") else ()


def _scheme_refused(c: Context) -> Iterable[Block]:
    present = c.header.of("S21.G00.15") or c.people_after("S21.G00.85")
    return _declared(c) if event(c) in ("06", "07") and present else ()


def _contract_refused(c: Context) -> Iterable[Block]:
    return _declared(c) if event(c) == "07" and {"S21.G00.40", "S21.G00.86"} & c.tally.blocks else ()


def _not_a_nir(c: Context) -> Iterable[Block]:
    if c.declared is None or "009" not in c.declared.values:
        return ()
    return (c.declared,) if c.declared.values["009"] in c.tally.birth_years else ()


def _franc_zone(b: Block, c: Context) -> bool:
    postal = c.value("S21.G00.06", "005")
    return b.values["010"] != "02" or postal is None or postal[:3] in _OVERSEAS


def _nic_key(b: Block, _: Context) -> bool:
    return siret_key(b.values["001"] + b.values["002"])


RULES: tuple[Rule | RunRule, ...] = (
    rule("S10.01.002/CCH-11", "001 002", _nic_key),
    exclusive("S10.01.005/CCH-12", "007 008"),
    required_with("S10.01.006/CCH-11", "005"),
    run_rule("S20.05.001/CCH-11", "", _one_subject),
    run_rule("S20.05.001/CCH-12", "", _seniority_with_scheme),
    run_rule("S20.05.001/CCH-13", "", _affiliation_for_each_scheme),
    values_need("S20.05.002/CCH-13", "04", among("001", "07 08 09")),
    values_need("S20.05.002/CCH-14", "02 05", among("001", "01")),
    values_need("S20.05.002/CCH-15", "03", other_than("001", "08")),
    run_rule("S20.05.002/CCH-16", "", _somebody),
    values_wanted("S20.05.003/CCH-11", "11", among("001", _SIGNALS)),
    forbidden("S20.05.006/CCH-12", other_than("002", "03 04")),
    run_rule("S20.05.006/CID-11", "", _cancelled_exists),
    rule("S20.05.008/CCH-11", "008", lambda b, c: b.values["008"] != "02" or c.deposit != "01"),
    rule("S20.05.008/CCH-12", "008", lambda b, c: b.values["008"] != "03" or c.deposit != "02"),
    run_rule("S20.05.009/CCH-11", "", _not_a_nir),
    rule("S20.05.010/SIG-11", "010", _franc_zone),
    run_rule("S20.05.011/CCH-11", "", _nonemployee_event),
    run_rule("S20.05.011/CCH-12", "", _scheme_expected),
    run_rule("S20.05.011/CCH-13", "", _scheme_refused),
    run_rule("S20.05.011/CCH-14", "", _contract_refused),
    required("S20.05.012/CCH-11", among("011", "02 07")),
)
