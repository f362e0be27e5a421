"""Controls of what follows the individuals: 85 (places of work), S89 (fees, rights, shares, people not employed)."""

from collections.abc import Iterator

from bocage.formats.dsn.controls.base import (
    Holds,
    Rule,
    RunRule,
    all_or_none,
    among,
    by_month_end,
    by_next_month_end,
    cents,
    codes,
    exclusive,
    in_order,
    period_past,
    present_iff,
    required,
    required_with,
    rule,
    run_rule,
    values_need,
)
from bocage.formats.dsn.controls.context import Context
from bocage.formats.dsn.controls.pay import no_rate, withheld
from bocage.formats.dsn.controls.people import (
    birth_department,
    birth_department_of_nir,
    birth_year_of_nir,
    department_fits,
    month_limit,
    plausible_age,
    provisional_of_company,
    required_without,
)
from bocage.formats.dsn.controls.syntax import siren_key, siret_key
from bocage.formats.dsn.controls.tax import tax_correction
from bocage.formats.dsn.tree import Block
from bocage.identifiers.company import luhn_ok

_COMPANY_PLACE = "01"
_SITE = "03"


def _not_a_siret(b: Block, _: Context) -> bool:
    value = b.values["001"]
    return b.values["010"] != _SITE or len(value) != 14 or not value.isdigit() or not luhn_ok(value)


def _activity_of_user(b: Block, c: Context) -> bool:
    return b.values["001"] not in c.tally.users


def _company_key(b: Block, _: Context) -> bool:
    return b.values["010"] != _COMPANY_PLACE or siren_key(b.values["001"][:9])


def _establishment_key(b: Block, _: Context) -> bool:
    return b.values["010"] != _COMPANY_PLACE or siret_key(b.values["001"])


def _some_amount(b: Block, _: Context) -> bool:
    details = [child for child in b.children if child.code in ("S89.G00.33", "S89.G00.35", "S89.G00.43")]
    unsure = any(child.rejected or len(child.numbers) < 2 for child in details)
    return unsure or any((cents(value) or 0) > 0 for child in details for value in child.values.values())


def _person_or_company(b: Block, _: Context) -> bool:
    person = {"002", "003"} <= set(b.numbers)
    company = {"004", "005", "006"} <= set(b.numbers)
    either = any(number in b.numbers for number in ("002", "003"))
    other = any(number in b.numbers for number in ("004", "005", "006"))
    return (person and not other) or (company and not either)


def _fee_key(b: Block, _: Context) -> bool:
    return siret_key(b.values["004"] + b.values["005"])


def _year_at_most(b: Block, c: Context, number: str) -> bool:
    return not c.year or not b.values[number].isdigit() or int(b.values[number]) <= c.year


def _declared_birth(nir: str) -> Holds:
    def holds(b: Block, c: Context) -> bool:
        return department_fits(b.values[nir][5:7], c.tally.birth_years.get(b.values[nir], ""))

    return holds


def _among_employees(number: str, identifier: str) -> Holds:
    """The value is the NIR (001) or the provisional number (020) of somebody declared."""

    def holds(b: Block, c: Context) -> bool:
        known = c.tally.birth_years if identifier == "001" else c.tally.provisional
        return b.values[number] in known or f"S21.G00.30.{identifier}" in c.tally.unsure

    return holds


def _named_employee(block: str, nir: str, provisional: str, ids: tuple[str, str, str, str, str]) -> tuple[Rule, ...]:
    """A block of the end that names an employee by NIR, else by provisional number."""
    birth, known, without, company, known_provisional = ids
    return (
        rule(f"{block}.{nir}/{birth}", nir, _declared_birth(nir)),
        rule(f"{block}.{nir}/{known}", nir, _among_employees(nir, "001")),
        rule(f"{block}.{nir}/{without}", "", lambda _b, _c: False, absent=f"{nir} {provisional}"),
        provisional_of_company(f"{block}.{provisional}/{company}"),
        rule(f"{block}.{provisional}/{known_provisional}", provisional, _among_employees(provisional, "020")),
    )


def _twice(c: Context, number: str) -> Iterator[Block]:
    seen: set[str] = set()
    for block in c.people_after("S89.G00.91"):
        value = block.values.get(number)
        if value is not None and value in seen:
            yield block
        if value is not None:
            seen.add(value)


def _no_employee_in_08(number: str) -> Holds:
    return lambda b, c: c.nature != "08" or not c.tally.individuals or number not in b.numbers


_EXECUTIVE_BASES = codes("01 02 03 05")
_NOT_COVERED = "10"


def _status_known(b: Block, _: Context) -> bool:
    known = b.parent is None or {"017", "018"} <= set(b.parent.numbers)
    return b.values["001"] not in _EXECUTIVE_BASES or known


def _pension_status(b: Block) -> str | None:
    return b.parent.get("018") if b.parent else None


def _siblings_with(types: str, bases: str) -> Holds:
    concerned, wanted = codes(types), codes(bases)

    def holds(b: Block, _: Context) -> bool:
        if b.values["001"] not in concerned or b.parent is None or _pension_status(b) in (_NOT_COVERED, None):
            return True
        present = {other.get("002") for other in b.parent.of("S89.G00.92") if other.get("001") == b.values["001"]}
        return wanted <= present

    return holds


def _tax_base_only(b: Block, _: Context) -> bool:
    return b.values["001"] in _EXECUTIVE_BASES or b.values["002"] == "50"


def _tax_base_for_each(c: Context) -> Iterator[Block]:
    groups: dict[tuple[str | None, ...], list[Block]] = {}
    for block in c.run.of("S89.G00.92"):
        groups.setdefault(tuple(block.get(number) for number in ("001", "004", "005", "011")), []).append(block)
    for blocks in groups.values():
        if not any(block.unsure("002") or block.values["002"] == "50" for block in blocks):
            yield blocks[0]


def _contribution(b: Block, _: Context) -> bool:
    concerned = b.values["001"] in ("01", "02", "03") and _pension_status(b) not in (_NOT_COVERED, None)
    return not concerned or bool(b.of("S89.G00.94"))


def _contribution_of_05(b: Block, _: Context) -> bool:
    concerned = (b.values["001"], b.values["002"]) == ("05", "50") and _pension_status(b) not in (_NOT_COVERED, None)
    return not concerned or bool(b.of("S89.G00.94"))


def _under_tax_base(b: Block, _: Context) -> bool:
    return b.parent is None or b.parent.get("002") in ("50", None)


_TAX_BASE = among("002", "50")

RULES: tuple[Rule | RunRule, ...] = (
    rule("85.001/CCH-11", "001 010", _company_key),
    rule("85.001/CCH-12", "001 010", _establishment_key),
    rule("85.001/CCH-13", "001 010", _not_a_siret),
    required("85.002/CCH-11", among("010", _COMPANY_PLACE)),
    rule("85.002/CCH-12", "001", _activity_of_user, absent="002"),
    exclusive("85.004/CCH-12", "006 007"),
    required_with("85.005/CCH-11", "004"),
    required_without("85.011/CCH-11", "006"),
    rule("S89.32.001/CCH-12", "", _some_amount),
    all_or_none("S89.32.003/CCH-11", "002 003"),
    rule("S89.32.003/CCH-12", "", _person_or_company),
    rule("S89.32.005/CCH-11", "004 005", _fee_key),
    all_or_none("S89.32.006/CCH-11", "004 005 006"),
    exclusive("S89.32.011/CCH-12", "013 014"),
    required_with("S89.32.012/CCH-11", "011"),
    rule("S89.32.017/CCH-11", "017", lambda b, c: _year_at_most(b, c, "017")),
    *_named_employee("S89.67", "001", "002", ("CCH-11", "CCH-13", "CCH-14", "CCH-11", "CCH-12")),
    rule("S89.67.005/CCH-11", "005", lambda b, c: _year_at_most(b, c, "005")),
    required("S89.87.004/CCH-11", among("001", "02")),
    present_iff("S89.87.005/CCH-11", among("001", "02")),
    by_month_end("S89.87.005/SIG-12"),
    present_iff("S89.87.006/CCH-11", among("001", "02")),
    by_month_end("S89.87.006/SIG-12"),
    *_named_employee("S89.87", "007", "008", ("CCH-11", "CCH-13", "CCH-14", "CCH-12", "CCH-13")),
    present_iff("S89.88.005/CCH-11", among("001", "02")),
    present_iff("S89.88.006/CCH-11", among("001", "02")),
    by_month_end("S89.88.006/SIG-12"),
    present_iff("S89.88.007/CCH-11", among("001", "02")),
    by_month_end("S89.88.007/SIG-12"),
    *_named_employee("S89.88", "008", "009", ("CCH-11", "CCH-13", "CCH-14", "CCH-12", "CCH-13")),
    by_month_end("S89.89.005/SIG-11"),
    *_named_employee("S89.89", "007", "008", ("CCH-11", "CCH-13", "CCH-14", "CCH-12", "CCH-13")),
    birth_department_of_nir("S89.91.001/CCH-11", "001", "006"),
    run_rule("S89.91.001/CCH-13", "", lambda c: _twice(c, "001")),
    rule("S89.91.001/CCH-14", "001", _no_employee_in_08("001")),
    birth_year_of_nir("S89.91.006/CCH-11", "001", "006"),
    plausible_age("S89.91.006/CCH-12"),
    exclusive("S89.91.009/CCH-11", "011 012"),
    required_with("S89.91.010/CCH-11", "009"),
    values_need("S89.91.018/CCH-11", "01", among("017", "03 04")),
    values_need("S89.91.018/SIG-12", "02", among("017", "05")),
    birth_department("S89.91.019/CCH-11", "019", "006"),
    required_without("S89.91.021/CCH-12", "001"),
    provisional_of_company("S89.91.021/CCH-13"),
    run_rule("S89.91.021/CCH-14", "", lambda c: _twice(c, "021")),
    rule("S89.91.021/CCH-15", "021", _no_employee_in_08("021")),
    rule("S89.92.001/CCH-11", "001", _status_known),
    rule("S89.92.001/CCH-12", "001", _siblings_with("01 02 03", "23 43")),
    rule("S89.92.001/CCH-13", "001", _siblings_with("05", "51 52 53")),
    rule("S89.92.001/CCH-14", "001 002", _tax_base_only),
    run_rule("S89.92.001/CCH-15", "S89.92", _tax_base_for_each),
    in_order("S89.92.005/CCH-11", "004", "005"),
    by_month_end("S89.92.005/SIG-12"),
    present_iff("S89.92.006/CCH-12", _TAX_BASE),
    present_iff("S89.92.007/CCH-11", _TAX_BASE),
    rule("S89.92.008/CCH-11", "008", no_rate("008", "007", "010")),
    present_iff("S89.92.008/CCH-12", _TAX_BASE),
    present_iff("S89.92.009/CCH-11", among("008", "01")),
    rule("S89.92.010/CCH-11", "007 010 013", withheld("010", "013", "007")),
    present_iff("S89.92.010/CCH-12", _TAX_BASE),
    by_next_month_end("S89.92.011/CCH-12"),
    present_iff("S89.92.013/CCH-11", _TAX_BASE),
    period_past("S89.92.015/CCH-11", "005"),
    present_iff("S89.92.016/CCH-11", _TAX_BASE),
    present_iff("S89.92.017/CCH-11", _TAX_BASE),
    rule("S89.93.001/CCH-11", "", _under_tax_base),
    month_limit("S89.93.001/CCH-12", strict=False),
    *tax_correction("S89.93"),
    rule("S89.94.001/CCH-11", "001", _contribution, block="S89.92"),
    rule("S89.94.001/CCH-12", "001 002", _contribution_of_05, block="S89.92"),
)
