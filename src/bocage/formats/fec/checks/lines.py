"""Checks that look at one line at a time: one query counts them all, a second one finds the places of those met."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bocage.findings import MAX_PLACES, Severity
from bocage.formats.fec.checks.context import CheckContext, as_int, places
from bocage.formats.fec.checks.currencies import ISO_4217
from bocage.formats.fec.profile import DATES, TEXTS
from bocage.identifiers.period import minus_months
from bocage.tables import insert_lists

HUGE = Decimal(10) ** 12
OTHER_CODES = frozenset(
    (
        *("MAND-01", "MAND-02", "MAND-03", "NUM-03", "NUM-04", "NUM-08", "NUM-11", "DATE-13", "AUX-02", "AUX-03"),
        *("CUR-03", "SEP-02"),
    )
)
"""Checks of this module that are about one line and say nothing of its entry."""
_OLD_PIECE, _LATE_VALIDATION, _CASH_LIMIT = 365, 180, 1000
_WORDS = r"\b(erreurs?|r[eé]gul(aris\w*)?|annul([eé]|[eé]es?|[eé]s|er|ations?)?|attente|divers(es)?)\b"


@dataclass(frozen=True, slots=True)
class LineCheck:
    """A condition in SQL on the view ``rows``. ``count`` is given when the profile already tells it."""

    code: str
    condition: str
    column: str | None = None
    value: str | None = None
    severity: Severity | None = None
    count: int | None = None


_OPENING = (
    "coalesce(journal_code, '') || chr(31) || coalesce(journal_label, '') IN (SELECT code || chr(31) || label "
    "FROM journals WHERE {})"
)
_IN_OPENING, _IN_MISC = _OPENING.format("opening"), _OPENING.format("nature = 'misc'")


def _blank(context: CheckContext, field: str) -> str:
    return f"{field} IS NULL" + (f" AND {field}_raw IS NULL" if context.profile.odd.get(field) else "")


def _blanks(context: CheckContext, code: str, field: str, severity: Severity | None = None) -> LineCheck:
    return LineCheck(code, _blank(context, field), field, severity=severity, count=context.profile.blank(field))


def _mandatory(context: CheckContext) -> Iterator[LineCheck]:
    wanted = {
        "MAND-01": ("entry_number", "entry_date", "account", "account_label", "label"),
        "MAND-02": ("piece_ref", "piece_date"),
    }
    if context.regime.cash:
        wanted["MAND-03"] = ("settlement_date", "settlement_mode")
    else:
        wanted["MAND-02"] += ("journal_code", "journal_label")
    for code, fields in wanted.items():
        for field in fields:
            if context.available(field):
                yield _blanks(context, code, field)
    if context.available("valid_date"):
        yield _blanks(context, "DATE-05", "valid_date", Severity.WARNING if context.regime.cash else None)


def _amounts(context: CheckContext) -> Iterator[LineCheck]:
    profile = context.profile
    if (
        not context.columns.signed
        and context.separator != "xml"  # a line holds one of the two there
        and context.has("debit", "credit")
        and profile.blank("debit") + profile.blank("credit")
    ):
        yield LineCheck("NUM-03", f"({_blank(context, 'debit')}) OR ({_blank(context, 'credit')})")
    for field in ("debit", "credit"):
        if _beyond(profile.low[field], below=Decimal(0)):
            yield LineCheck("NUM-04", f"{field} < 0", field, field)
        if _beyond(profile.low[field], below=-HUGE, strict=False) or _beyond(profile.high[field], above=HUGE):
            yield LineCheck("NUM-11", f"abs({field}) >= {HUGE}", field, field)
    yield LineCheck("NUM-06", "debit <> 0 AND credit <> 0")
    unknown = " AND sens_raw IS NULL" if profile.unknown_sides else ""
    yield LineCheck("NUM-07", f"coalesce(debit, 0) = 0 AND coalesce(credit, 0) = 0{unknown}")
    if profile.unknown_sides:
        yield LineCheck("NUM-08", "sens_raw IS NOT NULL", "sens", "sens_raw", count=profile.unknown_sides)


def _beyond(bound: object, *, below: Decimal | None = None, above: Decimal | None = None, strict: bool = True) -> bool:
    """Whether a bound is ``above`` or more, or less than ``below`` (``below`` or less when it is not strict)."""
    if not isinstance(bound, Decimal):
        return False
    low = below is not None and (bound < below if strict else bound <= below)
    return low or (above is not None and bound >= above)


def _dates(context: CheckContext) -> Iterator[LineCheck]:
    closing, profile = context.closing, context.profile
    low, high = profile.low["entry_date"], profile.high["entry_date"]
    if closing is not None and isinstance(low, date) and isinstance(high, date):
        if high > closing:
            yield LineCheck("DATE-02", f"entry_date > {_day(closing)}", "entry_date", "entry_date")
        floor = minus_months(closing, 12)
        if low <= floor:
            yield LineCheck(
                "DATE-03", f"entry_date <= {_day(floor)} AND NOT ({_IN_OPENING})", "entry_date", "entry_date"
            )
    yield LineCheck("DATE-04", "valid_date < entry_date", "valid_date", "valid_date")
    yield LineCheck("DATE-07", "piece_date > entry_date", "piece_date", "piece_date")
    old = profile.low["piece_date"]
    if isinstance(old, date) and isinstance(high, date) and (high - old).days > _OLD_PIECE:
        yield LineCheck(
            "DATE-08", f"piece_date < entry_date - {_OLD_PIECE} AND NOT ({_IN_OPENING})", "piece_date", "piece_date"
        )
    yield LineCheck("DATE-09", "lettering_date < entry_date", "lettering_date", "lettering_date")
    for field in DATES:
        first, last = profile.low[field], profile.high[field]
        if isinstance(first, date) and isinstance(last, date) and (first.year < 1900 or last.year > 2099):
            yield LineCheck(
                "DATE-13", f"(year({field}) < 1900 OR year({field}) > 2099) AND {field}_raw IS NULL", field, field
            )
    yield LineCheck("AUD-08", f"valid_date > entry_date + {_LATE_VALIDATION}", "valid_date", "valid_date")


def _in_cells(context: CheckContext, code: str, condition: str, column: str, value: str) -> LineCheck:
    """A condition on the columns that ``cells`` keeps: counted there, a few thousands rows instead of all the lines."""
    count = as_int(context.row(f"SELECT sum(n) FROM cells WHERE {condition}")[0])
    return LineCheck(code, condition, column, value, count=count)


def _third_parties(context: CheckContext) -> Iterator[LineCheck]:
    profile = context.profile
    if context.has("aux", "aux_label"):
        yield _in_cells(context, "AUX-01", "(aux IS NULL) <> (aux_label IS NULL)", "aux", "coalesce(aux, aux_label)")
    if context.available("aux"):
        third = "(starts_with(account, '40') OR starts_with(account, '41'))"
        yield _in_cells(context, "AUX-02", "aux IS NOT NULL AND NOT starts_with(account, '4')", "aux", "aux")
        yield _in_cells(context, "AUX-03", f"aux IS NULL AND {third}", "account", "account")
    if context.has("lettering", "lettering_date"):
        filled = "lettering_date IS NULL"
        if profile.odd["lettering_date"]:
            filled += " AND (lettering_date_raw IS NULL OR regexp_full_match(lettering_date_raw, '[0/.-]+'))"
        yield LineCheck("LET-01", f"(lettering IS NULL) <> ({filled})", "lettering", "lettering")


def _unknown_currencies(context: CheckContext) -> LineCheck:
    """CUR-02, judged once a code."""
    met = context.rows("SELECT currency, count(*) FROM rows WHERE currency IS NOT NULL GROUP BY currency")
    unknown = [(str(code), as_int(count)) for code, count in met if str(code) not in ISO_4217]
    context.con.execute("CREATE OR REPLACE TABLE unknown_currencies (code VARCHAR)")
    insert_lists(context.con, "unknown_currencies", [[code for code, _ in unknown]], ["VARCHAR"])
    condition = "currency IN (SELECT code FROM unknown_currencies)"
    return LineCheck("CUR-02", condition, "currency", "currency", count=sum(count for _, count in unknown))


def _others(context: CheckContext) -> Iterator[LineCheck]:
    profile = context.profile
    if context.has("currency_amount", "currency") and (profile.filled["currency"] or profile.filled["currency_amount"]):
        yield LineCheck(
            "CUR-01",
            "(coalesce(currency_amount, 0) <> 0 AND currency IS NULL) OR "
            "(currency IS NOT NULL AND upper(currency) <> 'EUR' AND (currency_amount = 0 OR "
            "(currency_amount IS NULL AND currency_amount_raw IS NULL)))",
            "currency",
            "currency",
        )
    if profile.filled["currency"]:
        yield _unknown_currencies(context)
        yield LineCheck("CUR-03", "currency = 'EUR'", "currency", "currency")
    if context.separator == "tab" and context.piped:
        yield LineCheck("SEP-02", " OR ".join(f"coalesce(contains({field}, '|'), false)" for field in TEXTS))
    cash = as_int(context.row("SELECT count(*) FROM cells WHERE starts_with(account, '53')")[0])
    if cash and _beyond(profile.high["credit"], above=Decimal(_CASH_LIMIT)):
        yield LineCheck("AUD-06", f"starts_with(account, '53') AND credit >= {_CASH_LIMIT}", "credit", "credit")
    if any(journal.nature == "misc" for journal in context.journals):
        misc = f"starts_with(account, '70') AND {_IN_MISC}"
        count = as_int(context.row(f"SELECT sum(credits) FROM cells WHERE {misc}")[0])
        yield LineCheck("AUD-09", f"credit <> 0 AND {misc}", "account", "account", count=count)


def _day(day: date) -> str:
    return f"DATE '{day.isoformat()}'"


def every_check(context: CheckContext) -> list[LineCheck]:
    """The line checks that this file calls for."""
    return [
        *_mandatory(context),
        *_amounts(context),
        *_dates(context),
        *_third_parties(context),
        *_others(context),
        LineCheck("AUD-04", f"regexp_matches(label, '{_WORDS}', 'i')", "label", "label"),
    ]


def run(context: CheckContext) -> None:
    """Count the line checks in one pass, then look for the places of those that were met."""
    checks = every_check(context)
    open_checks = [check for check in checks if check.count is None]
    counted = context.row("SELECT " + ", ".join(f"count_if({check.condition})" for check in open_checks) + " FROM rows")
    counts = {id(check): as_int(count) for check, count in zip(open_checks, counted, strict=True)}
    for check in checks:
        count = counts.get(id(check), check.count or 0)
        if count:
            found = context.rows(
                f"SELECT line, {check.value or 'NULL'} FROM rows WHERE {check.condition} ORDER BY r LIMIT {MAX_PLACES}"
            )
            column = context.label(check.column) if check.column else None
            params = {"champ": column} if column else {}
            if check.code == "NUM-08":
                params["valeur"] = str(found[0][1])
            context.sink.add(
                check.code, count=count, places=places(found, column), params=params, severity=check.severity
            )
    _validation(context)


def _validation(context: CheckContext) -> None:
    """DATE-06: one validation date for several entries."""
    profile = context.profile
    low, high = profile.low["valid_date"], profile.high["valid_date"]
    if (
        isinstance(low, date)
        and low == high
        and profile.filled["valid_date"] == profile.lines
        and context.grouping.entries > 1
    ):
        context.sink.add("DATE-06", params={"date": str(low)})
