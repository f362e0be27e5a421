"""Checks on lettering, on invoices booked twice, and on the distribution of amounts."""

from decimal import Decimal

from bocage.findings import MAX_PLACES
from bocage.formats.fec.checks.context import CheckContext, as_decimal, as_int, euros, places
from bocage.formats.fec.entries import begins

_FEWEST_FOR_BENFORD = 500
_BENFORD = tuple(
    Decimal(text) for text in ("0.301", "0.176", "0.125", "0.097", "0.079", "0.067", "0.058", "0.051", "0.046")
)
_FAR_FROM_BENFORD = Decimal("0.015")
_ROUND_SHARE = Decimal("0.25")


def run(context: CheckContext) -> None:
    """Every check of this module."""
    _lettering(context)
    _twice(context)
    _amounts(context)


def _lettering(context: CheckContext) -> None:
    """LET-02: a lettering group that does not come to nil."""
    groups = (
        "SELECT lettering, min(r) AS first_row, sum(coalesce(debit, 0) - coalesce(credit, 0)) AS gap FROM rows WHERE "
        "lettering IS NOT NULL "
        "GROUP BY account, aux, lettering HAVING gap <> 0"
    )
    count = as_int(context.row(f"SELECT count(*) FROM ({groups})")[0])
    if count:
        found = context.rows(
            f"SELECT r.line, g.lettering, g.gap FROM (SELECT * FROM ({groups}) ORDER BY first_row LIMIT "
            f"{MAX_PLACES}) g "
            "JOIN rows r ON r.r = g.first_row ORDER BY r.r"
        )
        params = {"lettrage": str(found[0][1]), "ecart": euros(found[0][2])}
        shown = [(line, f"{code} {as_decimal(gap):f}") for line, code, gap in found]
        context.sink.add("LET-02", count=count, places=places(shown), params=params)


def _twice(context: CheckContext) -> None:
    """AUD-05: one third party, one piece reference (or one day and one amount), in two entries."""
    context.con.execute(
        "CREATE OR REPLACE TABLE invoices AS SELECT l.entry_index, min(l.r) AS first_row, coalesce(aux, account) AS "
        "third, "
        "any_value(piece_ref) AS ref, any_value(l.entry_date) AS day, sum(coalesce(l.debit, 0) - coalesce(l.credit, "
        "0)) AS amount FROM lines l "
        f"WHERE (({begins('40')} AND l.credit > 0) OR ({begins('41')} AND l.debit > 0)) "
        "AND NOT l.opening GROUP BY l.entry_index, third"
    )
    context.con.execute(
        "CREATE OR REPLACE TABLE twice AS "
        "SELECT first_row FROM (SELECT i.first_row, row_number() OVER (PARTITION BY i.third, i.ref ORDER BY "
        "i.first_row) AS rank FROM invoices i "
        "JOIN (SELECT third, ref FROM invoices WHERE ref IS NOT NULL GROUP BY ALL HAVING count(*) > 1) g ON i.third "
        "= g.third AND i.ref = g.ref) "
        "WHERE rank > 1 UNION "
        "SELECT first_row FROM (SELECT i.first_row, row_number() OVER (PARTITION BY i.third, i.day, i.amount ORDER "
        "BY i.first_row) AS rank "
        "FROM invoices i JOIN (SELECT third, day, amount FROM invoices WHERE day IS NOT NULL GROUP BY ALL HAVING "
        "count(*) > 1) g "
        "ON i.third = g.third AND i.day = g.day AND i.amount = g.amount) WHERE rank > 1"
    )
    count = as_int(context.row("SELECT count(*) FROM twice")[0])
    if count:
        found = context.rows(
            f"SELECT r.line FROM (SELECT first_row FROM twice ORDER BY first_row LIMIT {MAX_PLACES}) p JOIN rows r "
            f"ON r.r = p.first_row ORDER BY r.r"
        )
        context.sink.add("AUD-05", count=count, places=places(found))


def _amounts(context: CheckContext) -> None:
    """AUD-01 and AUD-02, over expense and revenue amounts that are not nil."""
    row = context.row(
        "SELECT count(*), count_if(value % 100 = 0), "
        + ", ".join(f"count_if(digit = '{digit}')" for digit in range(1, 10))
        + " FROM (SELECT value, ltrim(CAST(value AS VARCHAR), '0.')[1] AS digit FROM (SELECT abs(coalesce(debit, 0) "
        "- coalesce(credit, 0)) AS value "
        "FROM store.staged WHERE " + begins("6", "7") + ") WHERE value <> 0)"
    )
    total, whole, *digits = (as_int(item) for item in row)
    if not total:
        return
    share = Decimal(whole) / total
    if share >= _ROUND_SHARE and total >= 20:
        context.sink.add("AUD-01", params={"part": f"{share * 100:.0f}"})
    if total >= _FEWEST_FOR_BENFORD:
        gap = (
            sum((abs(Decimal(n) / total - wanted) for n, wanted in zip(digits, _BENFORD, strict=True)), Decimal(0)) / 9
        )
        if gap > _FAR_FROM_BENFORD:
            context.sink.add("AUD-02", params={"ecart": f"{gap * 100:.1f}".replace(".", ",")})
