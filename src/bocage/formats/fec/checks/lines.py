"""Checks that look at one line at a time: one query counts them all, a second one finds the places of those met."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bocage.findings import MAX_PLACES, Severity
from bocage.formats.fec.checks.context import CheckContext, as_int, places
from bocage.formats.fec.checks.currencies import ISO_4217
from bocage.formats.fec.columns import BY_ID, STAGED_IDS
from bocage.identifiers.period import minus_months

HUGE = 10**12
_OLD_PIECE, _LATE_VALIDATION, _CASH_LIMIT = 365, 180, 1000
_WORDS = r"\b(erreurs?|regul(arisation|arisations)?|annul(e|ee|es|er|ation|ations)?|attente|divers(es)?)\b"


@dataclass(frozen=True, slots=True)
class LineCheck:
    """A condition in SQL on the view ``marked`` (lines with ``opening`` and ``nature``)."""

    code: str
    condition: str
    column: str | None = None
    value: str | None = None
    severity: Severity | None = None


def _blank(field: str) -> str:
    kind = BY_ID[field].kind
    return f"({field} IS NULL AND {field}_raw IS NULL)" if kind != "text" else f"{field} IS NULL"


def _mandatory(context: CheckContext) -> Iterator[LineCheck]:
    wanted = {"MAND-01": ("entry_number", "entry_date", "account", "account_label", "label"), "MAND-02": ("piece_ref", "piece_date")}
    if context.regime.cash:
        wanted["MAND-03"] = ("settlement_date", "settlement_mode")
    else:
        wanted["MAND-02"] += ("journal_code", "journal_label")
    for code, fields in wanted.items():
        for field in fields:
            if context.available(field):
                yield LineCheck(code, _blank(field), field)
    if context.available("valid_date"):
        yield LineCheck("DATE-05", _blank("valid_date"), "valid_date", severity=Severity.WARNING if context.regime.cash else None)


def _amounts(context: CheckContext) -> Iterator[LineCheck]:
    if not context.columns.signed and context.has("debit", "credit"):
        yield LineCheck("NUM-03", f"({_blank('debit')} OR {_blank('credit')})")
    yield LineCheck("NUM-04", "debit < 0", "debit", "debit")
    yield LineCheck("NUM-04", "credit < 0", "credit", "credit")
    yield LineCheck("NUM-06", "debit <> 0 AND credit <> 0")
    yield LineCheck("NUM-07", "coalesce(debit, 0) = 0 AND coalesce(credit, 0) = 0 AND sens_raw IS NULL")
    yield LineCheck("NUM-08", "sens_raw IS NOT NULL", "sens", "sens_raw")
    for field in ("debit", "credit"):
        yield LineCheck("NUM-11", f"abs({field}) >= {HUGE}", field, field)


def _dates(context: CheckContext) -> Iterator[LineCheck]:
    closing = context.closing
    if closing is not None:
        yield LineCheck("DATE-02", f"entry_date > {_day(closing)}", "entry_date", "entry_date")
        floor = minus_months(closing, 12)
        yield LineCheck("DATE-03", f"entry_date <= {_day(floor)} AND NOT opening", "entry_date", "entry_date")
    yield LineCheck("DATE-04", "valid_date < entry_date", "valid_date", "valid_date")
    yield LineCheck("DATE-07", "piece_date > entry_date", "piece_date", "piece_date")
    yield LineCheck("DATE-08", f"piece_date < entry_date - {_OLD_PIECE} AND NOT opening", "piece_date", "piece_date")
    yield LineCheck("DATE-09", "lettering_date < entry_date", "lettering_date", "lettering_date")
    for field in (field for field in STAGED_IDS if BY_ID[field].kind == "date"):
        if context.available(field):
            yield LineCheck("DATE-13", f"(year({field}) < 1900 OR year({field}) > 2099) AND {field}_raw IS NULL", field, field)
    yield LineCheck("AUD-08", f"valid_date > entry_date + {_LATE_VALIDATION}", "valid_date", "valid_date")


def _third_parties(context: CheckContext) -> Iterator[LineCheck]:
    if context.has("aux", "aux_label"):
        yield LineCheck("AUX-01", "(aux IS NULL) <> (aux_label IS NULL)", "aux", "coalesce(aux, aux_label)")
    yield LineCheck("AUX-02", "aux IS NOT NULL AND account[1] <> '4'", "aux", "aux")
    if context.available("aux"):
        yield LineCheck("AUX-03", "aux IS NULL AND account[1:2] IN ('40', '41')", "account", "account")
    if context.has("lettering", "lettering_date"):
        yield LineCheck(
            "LET-01", "(lettering IS NULL) <> (lettering_date IS NULL AND (lettering_date_raw IS NULL OR zero_lettering))",
            "lettering", "lettering",
        )  # fmt: skip


def _others(context: CheckContext) -> Iterator[LineCheck]:
    if context.has("currency_amount", "currency"):
        yield LineCheck(
            "CUR-01",
            "(coalesce(currency_amount, 0) <> 0 AND currency IS NULL) OR "
            "(currency IS NOT NULL AND upper(currency) <> 'EUR' AND coalesce(currency_amount, 0) = 0 AND currency_amount_raw IS NULL)",
            "currency",
            "currency",
        )
    codes = ", ".join(f"'{code}'" for code in sorted(ISO_4217))
    yield LineCheck("CUR-02", f"currency NOT IN ({codes})", "currency", "currency")
    yield LineCheck("CUR-03", "currency = 'EUR'", "currency", "currency")
    if context.separator == "tab":
        texts = [field for field in STAGED_IDS if BY_ID[field].kind == "text"]
        piped = " OR ".join(f"contains({field}, '|')" for field in texts)
        yield LineCheck("SEP-02", f"coalesce({piped}, false)")
    yield LineCheck("AUD-06", f"account[1:2] = '53' AND credit >= {_CASH_LIMIT}", "credit", "credit")
    yield LineCheck("AUD-09", "account[1:2] = '70' AND nature = 'misc' AND coalesce(credit, 0) <> 0", "account", "account")


def _day(day: date) -> str:
    return f"DATE '{day.isoformat()}'"


def checks_for(context: CheckContext) -> list[LineCheck]:
    """The line checks that this file calls for."""
    return [
        *_mandatory(context),
        *_amounts(context),
        *_dates(context),
        *_third_parties(context),
        *_others(context),
    ]


def run(context: CheckContext) -> None:
    """Count every line check in one pass, then look for the places of those that were met."""
    checks = checks_for(context)
    _define_marked(context)
    counted = ", ".join(f"count(*) FILTER ({check.condition})" for check in checks)
    counts = context.row(f"SELECT {counted} FROM marked")
    for check, count in zip(checks, counts, strict=True):
        if as_int(count):
            found = context.rows(
                f"SELECT line, {check.value or 'NULL'} FROM marked WHERE {check.condition} LIMIT {MAX_PLACES}"
            )
            column = context.label(check.column) if check.column else None
            params = {"champ": column} if column else None
            context.sink.add(
                check.code, count=as_int(count), places=places(found, column), params=params, severity=check.severity
            )
    _labels(context)
    _validation(context)


def _define_marked(context: CheckContext) -> None:
    """Lines with the marks of their journal; openings follow the journal of the entry's first line."""
    context.con.execute(
        "CREATE OR REPLACE VIEW marked AS SELECT l.*, coalesce(j.opening, false) AS opening, j.nature, "
        "regexp_full_match(l.lettering_date_raw, '[0/.-]+') AS zero_lettering FROM rows l "
        "LEFT JOIN journals j ON j.code = coalesce(l.journal_code, '') AND j.label = coalesce(l.journal_label, '')"
    )


def _labels(context: CheckContext) -> None:
    """AUD-04, on distinct labels: a few thousands instead of every line."""
    found = context.rows(
        "SELECT min(r), count(*) FROM (SELECT label, min(r) AS r, count(*) AS n FROM rows WHERE label IS NOT NULL GROUP BY label) "
        f"WHERE regexp_matches(strip_accents(lower(label)), '{_WORDS}')"
    )
    if not found or not as_int(found[0][1]):
        return
    condition = f"regexp_matches(strip_accents(lower(label)), '{_WORDS}')"
    counted = context.row(f"SELECT count(*) FROM rows WHERE {condition}")
    where = context.rows(f"SELECT line, label FROM rows WHERE {condition} LIMIT {MAX_PLACES}")
    context.sink.add("AUD-04", count=as_int(counted[0]), places=places(where, context.label("label")))


def _validation(context: CheckContext) -> None:
    """DATE-06: one validation date for several entries."""
    low, high, lines, dated = context.row("SELECT min(valid_date), max(valid_date), count(*), count(valid_date) FROM rows")
    if low is not None and low == high and as_int(lines) == as_int(dated) and context.grouping.entries > 1:
        context.sink.add("DATE-06", params={"date": str(low)})
