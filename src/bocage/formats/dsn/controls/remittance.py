"""Controls of what the establishment pays: 20, 55, 22, 23, 44, 82.

The lists of bodies are not published with the norm. A prévoyance body is known by the form of its identifier; an
Urssaf by being the SIRET that receives a bordereau (block 22), which no other body addressed by SIRET does.
"""

import re
from collections.abc import Callable, Iterable

from bocage.formats.dsn.controls.base import (
    Rule,
    RunRule,
    among,
    by_month_end,
    by_next_month_end,
    cents,
    codes,
    day,
    in_order,
    local_rule,
    period_past,
    present_iff,
    required,
    rule,
    run_rule,
    values_wanted,
)
from bocage.formats.dsn.controls.context import Context
from bocage.formats.dsn.controls.envelope import declares_nobody
from bocage.formats.dsn.tree import Block

_PREVOYANCE = re.compile(r"P[0-9A-Z]{4}|A[0-9A-Z]{5}|[0-9A-Z]{9}", re.ASCII)
_TAX = "DGFIP"
_ENERGY_ENTITIES = codes("CNIEG_COT_RS CNIEG_COT_POOL CNIEG_COT_RDC")
_ENERGY_SCHEME = "147"
_MOBILITY = "900 901 911 917 921 927"
_WITHOUT_AMOUNT = codes("002 004 006 008 010 014")
_MAX_TAX_CENTS = 99_999_999_900


def is_prevoyance(identifier: str) -> bool:
    """An insurer, an institution de prévoyance, a mutuelle or another body of complementary cover."""
    return _PREVOYANCE.fullmatch(identifier) is not None


def _is_urssaf(identifier: str, c: Context) -> bool:
    if len(identifier) != 14 or not identifier.isdigit():
        return False
    return any(block.get("001") == identifier for block in c.header.of("S21.G00.22"))


def _pays_for_another(b: Block, c: Context) -> bool:
    payer = b.get("012")
    return payer is not None and bool(c.siret) and payer != c.siret


def _forbidden_when_paid_by_another(b: Block, c: Context) -> bool:
    return not _pays_for_another(b, c)


def _components(b: Block, c: Context) -> bool:
    """A payment to a prévoyance body is broken down, but for a null one made by another SIRET."""
    if not is_prevoyance(b.values["001"]) or b.of("S21.G00.55"):
        return True
    amount, payer = cents(b.get("005")), b.get("012")
    return not ((amount is not None and amount != 0) or payer is None or payer == c.siret)


def _scheme_without_component(b: Block, c: Context) -> bool:
    if not is_prevoyance(b.values["001"]) or b.of("S21.G00.55"):
        return True
    wanted = (b.get("001"), b.get("008"))
    return any((s.get("002"), s.get("003")) == wanted for s in c.header.of("S21.G00.15"))


def _energy_entity(c: Context, code: str) -> Iterable[Block]:
    if _ENERGY_SCHEME in c.tally.schemes or "S21.G00.40.020" in c.tally.unsure:
        return []
    return [block for block in c.header.of(code) if block.get("002") in _ENERGY_ENTITIES]


def _sum_of_components(b: Block, _: Context) -> bool:
    parts = [cents(child.get("001")) for child in b.of("S21.G00.55")]
    total = cents(b.values["005"])
    if not parts or total is None or not is_prevoyance(b.values["001"]) or None in parts:
        return True
    return total == max(sum(part for part in parts if part is not None), 0)


def _small_tax(b: Block, _: Context) -> bool:
    amount = cents(b.values["005"])
    return b.values["001"] != _TAX or amount is None or amount <= _MAX_TAX_CENTS


def _one_month(first: str, last: str) -> Callable[[Block, Context], bool]:
    return lambda b, c: b.values[first][2:] == b.values[last][2:] or not _is_urssaf(b.values["001"], c)


def _null_when_paid_elsewhere(b: Block, c: Context) -> bool:
    if not _pays_for_another(b, c) or not (is_prevoyance(b.values["001"]) or b.values["001"] == _TAX):
        return True
    return cents(b.get("005")) in (0, None)


def _payer_of_mode_06(b: Block, c: Context) -> bool:
    return b.values["010"] != "06" or "012" in b.rejected or not c.siret or _pays_for_another(b, c)


def _same_company(b: Block, c: Context) -> bool:
    return b.values["001"] != _TAX or not c.siren or b.values["012"][:9] == c.siren


def _no_credit(c: Context) -> Iterable[Block]:
    latest = c.tally.last_payment
    if declares_nobody(c) or latest is None:
        return
    for block in c.header.of("S21.G00.22"):
        amount, end = cents(block.get("005")), day(block, "004")
        if amount is not None and amount < 0 and end is not None and end >= latest:
            identifier = block.get("001") or ""
            if _is_urssaf(identifier, c):
                yield block


def _own_scheme(b: Block, c: Context) -> bool:
    schemes = c.header.of("S21.G00.15")
    if b.parent is None or b.parent.unsure("001") or any(s.unsure("001") or s.unsure("002") for s in schemes):
        return True
    wanted = (b.parent.get("001"), b.parent.get("008"), b.values["003"])
    return any((s.get("002"), s.get("003"), s.get("001")) == wanted for s in schemes)


_PERIOD_MONTHS = {"M": 1, "T": 3, "S": 6, "A": 12, "E": 12}


def _next_period_at_most(b: Block, c: Context) -> bool:
    """Not later than the period that follows the one ended on the last day of the main month."""
    text = b.values["004"]
    length = _PERIOD_MONTHS.get(text[4:5])
    if not c.month or length is None or not (text[:4] + text[5:]).isdigit():
        return True
    rank = max(int(text[5:]), 1) - 1
    start = int(text[:4]) * 12 + rank * length
    current = c.year * 12 + int(c.month[5:]) - 1
    return start <= current + length


def _year_at_most(number: str) -> Callable[[Block, Context], bool]:
    return lambda b, c: not c.year or not b.values[number].isdigit() or int(b.values[number]) <= c.year


_INDIVIDUAL_SCHEMES = codes("021-023 025-035 041-045 047-050 060-069 071-080 091")
_FUNDS = codes("01-37")
_YEARLY = codes("060-068 071 072 073")
_SCHEME_ONLY = codes("001-020 036-040 046 090")


def _scheme_references(c: Context) -> set[str]:
    return {s.values["005"] for s in c.header.of("S21.G00.15") if "005" in s.values}


def _not_for_a_scheme(b: Block, c: Context) -> bool:
    if b.values["002"] not in _INDIVIDUAL_SCHEMES:
        return True
    return b.values["005"] not in _FUNDS and b.values["005"] not in _scheme_references(c)


def _names_a_scheme(b: Block, c: Context) -> bool:
    return b.values["002"] not in _SCHEME_ONLY or b.values["005"] in _scheme_references(c)


def _one_year(b: Block, _: Context) -> bool:
    return b.values["002"] not in _YEARLY or b.values["003"][4:] == b.values["004"][4:]


def _go_together(first: str, second: str) -> Callable[[Context], Iterable[Block]]:
    """For one period, the two codes stand together or not at all."""

    def breaches(c: Context) -> Iterable[Block]:
        periods: dict[tuple[str | None, str | None], dict[str, Block]] = {}
        for block in c.header.of("S21.G00.82"):
            if block.get("002") in (first, second):
                key = (block.get("003"), block.get("004"))
                periods.setdefault(key, {}).setdefault(block.values["002"], block)
        return [next(iter(found.values())) for found in periods.values() if len(found) == 1]

    return breaches


RULES: tuple[Rule | RunRule, ...] = (
    rule("20.001/CCH-12", "001", _components),
    rule("20.001/CCH-13", "001", _scheme_without_component),
    required("20.002/CCH-11", among("001", _TAX)),
    values_wanted("20.002/CCH-11", "DGFIP_PAS DGFIP_SATD", among("001", _TAX)),
    run_rule("20.002/CCH-12", "", lambda c: _energy_entity(c, "S21.G00.20")),
    rule("20.003/CCH-12", "003 012", _forbidden_when_paid_by_another),
    rule("20.004/CCH-12", "004 012", _forbidden_when_paid_by_another),
    rule("20.005/CCH-12", "001 005", _sum_of_components),
    rule("20.005/CCH-13", "001 005", _small_tax),
    rule("20.006/CCH-11", "001 006 007", _one_month("006", "007")),
    in_order("20.007/CCH-11", "006", "007"),
    by_month_end("20.007/CCH-13"),
    local_rule("20.008/CCH-15", "001 008", lambda b, _: is_prevoyance(b.values["001"])),
    local_rule("20.010/CCH-12", "010", lambda b, _: b.values["010"] != "05", absent="004"),
    values_wanted("20.010/CCH-14", "05 06", among("001", _TAX)),
    local_rule("20.010/SIG-13", "010", lambda b, _: b.values["010"] != "05", absent="003"),
    rule("20.010/SIG-14", "010 012", lambda b, c: b.values["010"] == "06" or not _pays_for_another(b, c)),
    rule("20.012/CCH-11", "001 012", _null_when_paid_elsewhere),
    rule("20.012/CCH-12", "010", _payer_of_mode_06),
    local_rule("20.012/CCH-13", "001 010 012", lambda b, _: (b.values["001"], b.values["010"]) != (_TAX, "05")),
    rule("20.012/CCH-14", "001 012", _same_company),
    period_past("20.013/CCH-11", "007"),
    required("20.014/CCH-11", among("002", "DGFIP_SATD")),
    run_rule("22.002/CCH-13", "", lambda c: _energy_entity(c, "S21.G00.22")),
    rule("22.003/CCH-11", "001 003 004", _one_month("003", "004")),
    in_order("22.004/CCH-11", "003", "004"),
    by_month_end("22.004/CCH-12"),
    run_rule("22.005/CCH-11", "", _no_credit),
    period_past("22.006/CCH-11", "004"),
    required("23.006/CCH-11", among("001", _MOBILITY)),
    period_past("23.007/CCH-11", "004", of_parent=True),
    local_rule("44.001/CCH-11", "001", lambda b, _: b.values["001"] not in ("005", "009", "015", "016"), absent="002"),
    local_rule("44.001/CCH-12", "001 002", lambda b, _: b.values["001"] not in _WITHOUT_AMOUNT),
    rule("44.003/CCH-11", "003", _year_at_most("003")),
    present_iff("44.004/CCH-11", among("001", "002")),
    rule("55.003/CCH-11", "003", _own_scheme),
    rule("55.004/CCH-11", "004", _next_period_at_most),
    period_past("55.005/CCH-11", "007", of_parent=True),
    rule("82.002/CCH-14", "002 005", _not_for_a_scheme),
    rule("82.002/CCH-21", "002 003 004", _one_year),
    run_rule("82.002/CCH-22", "", _go_together("065", "066")),
    run_rule("82.002/CCH-23", "", _go_together("066", "067")),
    run_rule("82.002/CCH-24", "", _go_together("065", "068")),
    by_next_month_end("82.003/CCH-11", among("002", "001-007 009-012 017-020 036-040 046 090")),
    by_month_end("82.003/CCH-12", among("002", "021-035 041-045 047-050 054")),
    values_wanted("82.005/CCH-12", "01-37", among("002", "024 054")),
    rule("82.005/CCH-14", "002 005", _names_a_scheme),
    period_past("82.006/CCH-11", "004"),
)
