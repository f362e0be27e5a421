"""Checks on entries, on numbers as the administration's own tool groups them, and on openings and closings."""

from bocage.findings import MAX_PLACES
from bocage.formats.fec.checks.context import CheckContext, as_decimal, as_int, euros, places

_RATES = ("20", "19.6", "13", "10", "8.5", "7", "5.5", "2.1", "1.75", "1.05", "0.9", "0")
_TOLERANCE = "0.05"
_FLAGS = (
    ("ALT-01", "code_min <> code_max"),
    ("ALT-02", "debit <> credit"),
    ("ALT-03", "date_min <> date_max"),
    ("ALT-04", "ref_min <> ref_max"),
    ("ALT-05", "piece_date_min <> piece_date_max"),
    ("ALT-06", "let_min <> let_max"),
)
_FIXED_HOLIDAYS = ("01-01", "05-01", "05-08", "07-14", "08-15", "11-01", "11-11", "12-25")


def run(context: CheckContext) -> None:
    """Every check of this module."""
    _entries(context)
    _file_balance(context)
    _numbers(context)
    _journals(context)
    _openings(context)
    _centralising(context)


def _entry_conditions(context: CheckContext) -> list[tuple[str, str, str | None]]:
    """Code, condition on ``entries``, value to show."""
    vat = (
        "NOT opening AND NOT closing AND coalesce(vat, 0) <> 0 AND coalesce(base, 0) <> 0 AND sign(vat) = sign(base) AND NOT ("
        + " OR ".join(f"abs(vat * 100 - base * {rate}) <= abs(base) * {_TOLERANCE}" for rate in _RATES)
        + ")"
    )
    days = ", ".join(f"'{day}'" for day in _FIXED_HOLIDAYS)
    return [
        ("ENT-01", "unbalanced", "CAST(debit - credit AS VARCHAR)"),
        ("ENT-03", "date_min <> date_max", "entry_number"),
        ("ENT-04", "ref_min <> ref_max OR piece_date_min <> piece_date_max", "entry_number"),
        ("ENT-06", "last_row - first_row + 1 <> n", "entry_number"),
        ("ENT-07", "n = 1", "entry_number"),
        ("CLO-01", "closing", "entry_number"),
        ("VAT-01", vat, "entry_number"),
        ("AUD-03", f"NOT opening AND (isodow(date_min) = 7 OR strftime(date_min, '%m-%d') IN ({days}))", "entry_number"),
    ]


def _entries(context: CheckContext) -> None:
    checks = _entry_conditions(context)
    counts = context.row("SELECT " + ", ".join(f"count(*) FILTER ({condition})" for _, condition, _ in checks) + " FROM entries")
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
    gap = as_decimal(debit) - as_decimal(credit)
    if gap:
        context.sink.add("ENT-02", params={"ecart": euros(gap)})


def _numbers(context: CheckContext) -> None:
    """The administration's view: EcritureNum alone, over the whole file."""
    if not context.available("entry_number"):
        return
    context.con.execute(
        "CREATE OR REPLACE TABLE numbers AS SELECT entry_number, min(first_row) AS first_row, min(coalesce(journal_code, '')) AS code_min, "
        "max(coalesce(journal_code, '')) AS code_max, sum(coalesce(debit, 0)) AS debit, sum(coalesce(credit, 0)) AS credit, "
        "min(date_min) AS date_min, max(date_max) AS date_max, min(ref_min) AS ref_min, max(ref_max) AS ref_max, "
        "min(piece_date_min) AS piece_date_min, max(piece_date_max) AS piece_date_max, min(let_min) AS let_min, max(let_max) AS let_max "
        f"FROM {_number_source(context)} WHERE entry_number IS NOT NULL GROUP BY entry_number"
    )
    counts = context.row("SELECT " + ", ".join(f"count(*) FILTER ({condition})" for _, condition in _FLAGS) + " FROM numbers")
    for (code, condition), count in zip(_FLAGS, counts, strict=True):
        if as_int(count):
            found = context.rows(
                f"SELECT r.line, n.entry_number FROM (SELECT first_row, entry_number FROM numbers WHERE {condition} "
                f"ORDER BY first_row LIMIT {MAX_PLACES}) n JOIN rows r ON r.r = n.first_row ORDER BY r.r"
            )
            context.sink.add(code, count=as_int(count), places=places(found))


def _number_source(context: CheckContext) -> str:
    """Entries by number when lines were grouped by it; else the lines themselves."""
    if context.grouping.key == "number":
        return "entries"
    return (
        "(SELECT entry_number, r AS first_row, journal_code, debit, credit, entry_date AS date_min, entry_date AS date_max, "
        "coalesce(piece_ref, '') AS ref_min, coalesce(piece_ref, '') AS ref_max, piece_date AS piece_date_min, piece_date AS piece_date_max, "
        "lettering AS let_min, lettering AS let_max FROM rows)"
    )


def _journals(context: CheckContext) -> None:
    """ENT-08: a journal that does not balance over a month."""
    found = context.rows(
        "SELECT r.line, m.code, m.month, m.total FROM (SELECT coalesce(journal_code, '') AS code, strftime(entry_date, '%Y-%m') AS month, "
        "min(r) AS first_row, count(*) OVER () AS total FROM rows GROUP BY code, month "
        "HAVING sum(coalesce(debit, 0)) <> sum(coalesce(credit, 0))) m JOIN rows r ON r.r = m.first_row ORDER BY r.r"
    )
    if found:
        params = {"journal": str(found[0][1]), "mois": str(found[0][2] or "date illisible")}
        context.sink.add("ENT-08", count=len(found), places=places([row[:2] for row in found]), params=params)


def _openings(context: CheckContext) -> None:
    openings, balance, results = context.row(
        "SELECT count(*) FILTER (opening), sum(debit - credit) FILTER (opening), bool_or(has_results) FILTER (opening) FROM entries"
    )
    if not as_int(openings):
        context.sink.add("AN-05")
        return
    if as_decimal(balance) or results:
        context.sink.add("AN-02")
    late = "SELECT l.line FROM lines l JOIN entries e USING (entry_index) WHERE e.opening AND l.r > (SELECT min(first_row) FROM entries WHERE NOT opening)"
    count = as_int(context.row(f"SELECT count(*) FROM ({late})")[0])
    if count:
        found = context.rows(f"{late} ORDER BY l.r LIMIT {MAX_PLACES}")
        context.sink.add("AN-01", count=count, places=places(found))
    detailed = context.rows(
        "SELECT min(l.line), l.account FROM lines l JOIN entries e USING (entry_index) WHERE e.opening AND account[1] = '4' "
        "AND aux IS NOT NULL GROUP BY l.account HAVING count(DISTINCT aux) > 1 ORDER BY 1"
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
    found = context.rows(
        f"WITH monthly AS (SELECT coalesce(journal_code, '') AS code, date_trunc('month', entry_date) AS month, account, "
        f"sum(coalesce(debit, 0)) AS debit, sum(coalesce(credit, 0)) AS credit FROM rows GROUP BY ALL), "
        f"repeated AS (SELECT c.month, c.account, c.code FROM monthly c JOIN monthly o ON c.month = o.month AND c.account = o.account "
        f"AND c.code IN ({marks}) AND o.code NOT IN ({marks}) AND c.debit = o.debit AND c.credit = o.credit AND c.debit + c.credit <> 0) "
        f"SELECT min(l.line), any_value(l.entry_number), l.entry_index FROM lines l JOIN repeated p ON date_trunc('month', l.entry_date) = p.month "
        f"AND l.account = p.account AND coalesce(l.journal_code, '') = p.code GROUP BY l.entry_index ORDER BY 1",
        [*codes, *codes],
    )
    if found:
        context.sink.add("CLO-02", count=len(found), places=places([row[:2] for row in found]))
