"""Checks on entries, on numbers as the administration's own tool groups them, and on openings and closings."""

from datetime import date, timedelta

from bocage.findings import MAX_PLACES
from bocage.formats.fec.checks.context import CheckContext, as_decimal, as_int, euros, places
from bocage.identifiers import quantize_cents

_RATES = ("20", "19.6", "13", "10", "8.5", "7", "5.5", "2.1", "1.75", "1.05", "0.9", "0")
_TOLERANCE = "0.05"
NUMBER_FLAGS = (
    ("ALT-01", "several_codes"),
    ("ALT-02", "debit <> credit"),
    ("ALT-03", "day_min <> day_max"),
    ("ALT-04", "several_refs"),
    ("ALT-05", "several_piece_days"),
    ("ALT-06", "several_letterings"),
)
_FIXED_HOLIDAYS = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
_AFTER_EASTER = (1, 39, 50)
"""Easter Monday, Ascension, Whit Monday."""
_MOST_YEARS = 30


def run(context: CheckContext) -> None:
    """Every check of this module."""
    _entries(context)
    _file_balance(context)
    _numbers(context)
    _journals(context)
    _openings(context)
    _centralising(context)


def entry_conditions(context: CheckContext) -> list[tuple[str, str, str | None]]:
    """Code, condition on ``entries``, value to show."""
    vat = (
        "NOT opening AND NOT closing AND coalesce(vat, 0) <> 0 AND coalesce(base, 0) <> 0 AND sign(vat) = sign(base) "
        "AND NOT ("
        + " OR ".join(f"abs(vat * 100 - base * {rate}) <= abs(base) * {_TOLERANCE}" for rate in _RATES)
        + ")"
    )
    days = ", ".join(f"DATE '{day.isoformat()}'" for day in _holidays(context)) or "NULL"
    return [
        ("ENT-01", "unbalanced", "CAST(debit - credit AS VARCHAR)"),
        ("ENT-03", "day_min <> day_max", "entry_number"),
        ("ENT-04", "several_refs OR several_piece_days", "entry_number"),
        ("ENT-06", "last_row - first_row + 1 <> n", "entry_number"),
        ("ENT-07", "n = 1", "entry_number"),
        ("CLO-01", "closing", "entry_number"),
        ("VAT-01", vat, "entry_number"),
        ("AUD-03", f"NOT opening AND (isodow(day_min) = 7 OR day_min IN ({days}))", "entry_number"),
    ]


def _entries(context: CheckContext) -> None:
    checks = entry_conditions(context)
    counts = context.row(
        "SELECT " + ", ".join(f"count_if({condition})" for _, condition, _ in checks) + " FROM entries"
    )
    for (code, condition, value), count in zip(checks, counts, strict=True):
        if not as_int(count):
            continue
        found = context.rows(
            f"SELECT r.line, e.value FROM (SELECT first_row, {value or 'NULL'} AS value FROM entries WHERE {condition} "
            f"ORDER BY first_row LIMIT {MAX_PLACES}) e JOIN rows r ON r.r = e.first_row ORDER BY r.r"
        )
        params = {"ecart": euros(found[0][1])} if code == "ENT-01" else None
        context.sink.add(code, count=as_int(count), places=places(found), params=params)
    if context.grouping.key != "number":
        words = {"piece": "journal, pièce et date", "balance": "retour à zéro du solde"}[context.grouping.key]
        context.sink.add("ENT-05", params={"cle": words})
    if context.grouping.numbers_unusable:
        context.sink.add("SEQ-05")


def _file_balance(context: CheckContext) -> None:
    debit, credit = context.row("SELECT sum(debit), sum(credit) FROM entries")
    gap = quantize_cents(as_decimal(debit) - as_decimal(credit))
    if gap:
        context.sink.add("ENT-02", params={"ecart": euros(gap)})


def _holidays(context: CheckContext) -> list[date]:
    """French public holidays of the years that the file spans."""
    low, high = context.profile.low["entry_date"], context.profile.high["entry_date"]
    if not isinstance(low, date) or not isinstance(high, date) or high.year - low.year > _MOST_YEARS:
        return []
    days = []
    for year in range(low.year, high.year + 1):
        days += [date(year, month, day) for month, day in _FIXED_HOLIDAYS]
        days += [_easter(year) + timedelta(days=after) for after in _AFTER_EASTER]
    return days


def _easter(year: int) -> date:
    """Gregorian Easter (Meeus)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    shift = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * shift) // 451
    month, day = divmod(h + shift - 7 * m + 114, 31)
    return date(year, month, day + 1)


def numbers_source(context: CheckContext) -> str:
    """Where the numbers are judged: the table ``numbers``, or the entries themselves when each has its own."""
    if context.grouping.numbers_shared:
        return "numbers"
    return "(SELECT *, false AS several_codes FROM entries WHERE entry_number IS NOT NULL)"


def _numbers(context: CheckContext) -> None:
    """The administration's view: EcritureNum alone, over the whole file."""
    if not context.available("entry_number"):
        return
    source = numbers_source(context)
    if context.grouping.numbers_shared:
        context.con.execute(
            "CREATE OR REPLACE TABLE numbers AS SELECT entry_number, CAST(min(r) AS INTEGER) AS first_row, "
            "min(coalesce(journal_code, '')) <> max(coalesce(journal_code, '')) AS several_codes, "
            "coalesce(sum(debit), 0) AS debit, "
            "coalesce(sum(credit), 0) AS credit, min(entry_date) AS day_min, max(entry_date) AS day_max, "
            "min(coalesce(piece_ref, '')) <> max(coalesce(piece_ref, '')) AS several_refs, min(piece_date) <> "
            "max(piece_date) AS several_piece_days, "
            "min(lettering) <> max(lettering) AS several_letterings FROM rows WHERE entry_number IS NOT NULL GROUP "
            "BY entry_number"
        )
    counts = context.row(
        "SELECT " + ", ".join(f"count_if({condition})" for _, condition in NUMBER_FLAGS) + f" FROM {source}"
    )
    for (code, condition), count in zip(NUMBER_FLAGS, counts, strict=True):
        if as_int(count):
            found = context.rows(
                f"SELECT r.line, n.entry_number FROM (SELECT first_row, entry_number FROM {source} WHERE {condition} "
                f"ORDER BY first_row LIMIT {MAX_PLACES}) n JOIN rows r ON r.r = n.first_row ORDER BY r.r"
            )
            context.sink.add(code, count=as_int(count), places=places(found))


def _journals(context: CheckContext) -> None:
    """ENT-08: a journal that does not balance over a month."""
    if _balanced_by_month(context):
        return
    found = context.rows(
        "SELECT r.line, m.code, strftime(m.month, '%m/%Y') FROM (SELECT coalesce(journal_code, '') AS code, "
        "CAST(date_trunc('month', entry_date) AS DATE) AS month, min(rowid) AS first_row FROM store.staged "
        "GROUP BY ALL HAVING sum(coalesce(debit, 0)) <> sum(coalesce(credit, 0))) m "
        "JOIN rows r ON r.r = m.first_row ORDER BY r.r"
    )
    if found:
        params = {"journal": str(found[0][1]), "mois": str(found[0][2] or "date illisible")}
        context.sink.add("ENT-08", count=len(found), places=places([row[:2] for row in found]), params=params)


def _balanced_by_month(context: CheckContext) -> bool:
    """The usual case, told at once: entries of one journal and one month, all balanced."""
    if context.grouping.key == "balance" or context.profile.filled["entry_date"] < context.profile.lines:
        return False
    row = context.row(
        "SELECT count(*) FROM entries WHERE debit <> credit OR date_trunc('month', day_min) <> date_trunc('month', "
        "day_max)"
    )
    return not as_int(row[0])


def _openings(context: CheckContext) -> None:
    openings, balance, results = context.row(
        "SELECT count(*) FILTER (opening), sum(debit - credit) FILTER (opening), bool_or(has_results) FILTER "
        "(opening) FROM entries"
    )
    if not as_int(openings):
        context.sink.add("AN-05")
        return
    if as_decimal(balance) or results:
        context.sink.add("AN-02")
    last, first = context.row("SELECT max(last_row) FILTER (opening), min(first_row) FILTER (NOT opening) FROM entries")
    if first is not None and as_int(last) > as_int(first):
        late = "FROM lines WHERE opening AND r > ?"
        count = as_int(context.row(f"SELECT count(*) {late}", [first])[0])
        found = context.rows(f"SELECT line {late} ORDER BY r LIMIT {MAX_PLACES}", [first])
        context.sink.add("AN-01", count=count, places=places(found))
    detailed = context.rows(
        "SELECT min(l.line), l.account FROM lines l WHERE l.opening "
        "AND starts_with(account, '4') AND aux IS NOT NULL GROUP BY l.account HAVING count(DISTINCT aux) > 1 ORDER BY 1"
    )
    if detailed:
        context.sink.add("AN-04", count=len(detailed), places=places(detailed))


def _centralising(context: CheckContext) -> None:
    """CLO-02: entries of a journal named so that repeat the monthly totals of another journal, account by account."""
    named = [journal for journal in context.journals if "central" in f"{journal.code} {journal.label}".casefold()]
    if not named:
        return
    codes = sorted({journal.code for journal in named})
    marks = ", ".join("?" for _ in codes)
    context.con.execute(
        f"CREATE OR REPLACE TABLE centralised AS WITH monthly AS (SELECT coalesce(journal_code, '') AS code, "
        f"date_trunc('month', entry_date) AS month, account, "
        f"sum(coalesce(debit, 0)) AS debit, sum(coalesce(credit, 0)) AS credit FROM rows GROUP BY ALL), "
        f"repeated AS (SELECT c.month, c.account, c.code FROM monthly c JOIN monthly o ON c.month = o.month AND "
        f"c.account = o.account "
        f"AND c.code IN ({marks}) AND o.code NOT IN ({marks}) AND c.debit = o.debit AND c.credit = o.credit AND "
        f"c.debit + c.credit <> 0) "
        f"SELECT min(l.line) AS line, any_value(l.entry_number) AS number, l.entry_index FROM lines l "
        f"JOIN repeated p ON "
        f"date_trunc('month', l.entry_date) = p.month "
        f"AND l.account = p.account AND coalesce(l.journal_code, '') = p.code GROUP BY l.entry_index",
        [*codes, *codes],
    )
    found = context.rows("SELECT line, number FROM centralised ORDER BY line")
    if found:
        context.sink.add("CLO-02", count=len(found), places=places(found))
