"""Rules M5 and M7 on one kind of line: its branch, its ratio, or why it has no figure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from bocage.indicators.carbon.inventory import How
from bocage.indicators.carbon.matching import first_row_of
from bocage.indicators.carbon.ratios import KILO, Spread, spread
from bocage.indicators.carbon.suppliers import Rules, Supplier, UserRule
from bocage.referentials.carbon import MapRow, Ratio, Release, TraderRule, supplier_rule
from bocage.referentials.naf import ratio_branch_of_division

_GOODS_ACCOUNTS = ("601", "602", "605", "606", "607", "609", "6234", "2")
_STOCKS = ("6031", "6032", "6037")
_SUBCONTRACTING = "611"
_UNSPLIT = "energy_unsplit"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a line: ``rate`` in kgCO2e per euro, ``spread`` its half-width when the branch is unknown."""

    how: How
    category: str | None = None
    branch: str | None = None
    factor: str | None = None
    rate: Decimal = Decimal(0)
    spread: Decimal = Decimal(0)
    ghgp: str | None = None
    beges: str | None = None
    sub_post: str | None = None
    reason: str | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What the branches of a dossier depend on, beside its lines."""

    year: int
    own_branch: str | None
    suppliers: Mapping[str, Supplier]
    rules: Rules
    with_quantity: Collection[str]
    stock_consumed: bool
    release: Release


def outcome(
    context: Context, row: MapRow | None, account: str, supplier: str | None, worded: int | None = None
) -> Outcome:
    """What becomes of the lines of an account, a row of the map and a supplier.

    ``worded``: the rank of the user's rule whose words they bear.
    """
    if row is not None and row.role == "stock":
        counted = context.stock_consumed and account.startswith(_STOCKS)
        return Outcome(How.STOCK, "goods", ghgp="3.1", beges="4.1") if counted else _excluded(row, "stock_basis")
    if row is not None and row.role == "offset":
        return Outcome(How.REBATE)
    rule = context.rules.of(account, supplier, worded)
    if row is None or row.treatment == "exclude":
        if rule is None or not _brings_in(rule, row):
            return Outcome(How.EXCLUDED, reason="unmatched") if row is None else _excluded(row, "out_of_scope")
        row = replace(_row_of(_category(rule, account)), prefix=account, keywords=())
    if rule is None:
        return _valued(context, row, None, account, supplier)
    if rule.excluded:
        return replace(_excluded(row, "by_rule"), rule=rule.id)
    return replace(_valued(context, _ruled_row(row, rule), rule, account, supplier), rule=rule.id)


def _excluded(row: MapRow, reason: str) -> Outcome:
    return Outcome(How.EXCLUDED, row.category, reason=reason, sub_post=row.bilan_carbone or None)


def _brings_in(rule: UserRule, row: MapRow | None) -> bool:
    """Whether a rule counts what the map leaves out: it names the account, at least as precisely as the map does."""
    return not rule.excluded and len(rule.account or "") >= (len(row.prefix) if row else 1)


def _category(rule: UserRule, account: str) -> str:
    return rule.category or ("goods" if account.startswith(_GOODS_ACCOUNTS) else "services")


def _row_of(category: str) -> MapRow:
    found = first_row_of(category)
    if found is None:
        raise ValueError(category)
    return found


def _ruled_row(row: MapRow, rule: UserRule) -> MapRow:
    """The row, or that of the category that the user has chosen."""
    if not rule.category:
        return row
    return replace(_row_of(rule.category), prefix=row.prefix, keywords=row.keywords, treatment="include")


def _valued(context: Context, row: MapRow, rule: UserRule | None, account: str, supplier: str | None) -> Outcome:
    known = context.suppliers.get(supplier) if supplier else None
    answer = None if rule and rule.branch else _of_supplier(row, known, account)
    if answer is not None and answer.how is How.MISSING and not (rule and rule.category):
        return answer
    base = Outcome(
        How.MISSING,
        row.category,
        ghgp="+".join(row.ghgp) or None,
        beges="+".join(row.beges) or None,
        sub_post=row.bilan_carbone or None,
        reason="to_confirm" if row.treatment == "ask" else None,
    )
    if row.category in context.with_quantity:
        return replace(base, how=How.REPLACED, reason="by_quantity")
    if row.method == "physical_required":
        return replace(base, reason="quantity_needed")
    base = replace(base, ghgp=row.ghgp[-1] if row.ghgp else None, beges=row.beges[-1] if row.beges else None)
    branch, how = _branch(context, row, rule, answer)
    found = context.release.ratio(branch, context.year) if branch else None
    if found is None:
        name = "set:services" if row.prefix == _SUBCONTRACTING else "set:goods"
        return _unknown(base, spread(name, context.year, context.release))
    return _rated(base, how, found)


def _branch(context: Context, row: MapRow, rule: UserRule | None, answer: Outcome | None) -> tuple[str | None, How]:
    """The first that answers: the user, the supplier, the account, the client's own trade."""
    if rule and rule.branch:
        return rule.branch, How.USER
    if answer is not None and answer.branch:
        return answer.branch, answer.how
    if row.default_branch:
        return row.default_branch, How.ACCOUNT
    if row.prefix == _SUBCONTRACTING and not row.keywords and context.own_branch:
        return context.own_branch, How.OWN_TRADE
    return None, How.UNKNOWN


def _of_supplier(row: MapRow, supplier: Supplier | None, account: str) -> Outcome | None:
    """What the activity of the supplier says: a branch, an energy that waits for its quantity, or nothing."""
    if supplier is None or supplier.naf is None:
        return None
    if row.divisions is not None and supplier.naf.division not in row.divisions:
        return None
    rule = supplier_rule(supplier.naf)
    match rule.rule if rule else TraderRule.OWN:
        case TraderRule.OWN:
            return Outcome(How.SUPPLIER, branch=ratio_branch_of_division(supplier.naf.division))
        case TraderRule.PRODUCT if rule and account.startswith(_GOODS_ACCOUNTS):
            return Outcome(How.PRODUCT, branch=rule.branch)
        case TraderRule.ENERGY:
            return Outcome(How.MISSING, _UNSPLIT, reason="energy_to_split")
        case _:
            return None


def _rated(base: Outcome, how: How, found: Ratio) -> Outcome:
    reason = "own_trade" if how is How.OWN_TRADE else base.reason
    return replace(base, how=how, branch=found.branch, factor=found.id, rate=found.value / KILO, reason=reason)


def _unknown(base: Outcome, found: Spread) -> Outcome:
    return replace(
        base,
        how=How.UNKNOWN,
        factor=found.id,
        rate=found.median / KILO,
        spread=found.half_width / KILO,
        reason="branch_unknown",
    )
