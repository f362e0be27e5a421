"""Payment delays: invoices and what settled them, first in first out, by letter or else by third party.

A supplier's invoice is a credit on 401 dated by its voucher (else by its entry); its payment is a debit posted in a
bank or cash journal, dated by its entry, never by DateLet, which is often blank. Customers are mirrored on 411. A
credit note or a transfer settles its invoice too, but nobody was paid then: it takes its place in the queue and gives
no delay. Opening lines keep the dates of their invoices. Days are weighted by amount; a payment before its invoice
(deposit, code used again) is left out. Late is beyond 60 days, the longest term of code de commerce L441-10.

Where nobody letters, invoices and payments of one third party follow each other first in first out; what the opening
brought goes first and gives no delay, since its invoices are not told apart.
"""

from dataclasses import dataclass
from decimal import Decimal

import duckdb

from bocage.identifiers import quantize_cents
from bocage.indicators.result import Result, Status

DAYS = "days"
LATE_DAYS = 60

MATCHES = """
WITH sides AS (
    SELECT account, coalesce(aux, '') AS third, lettering, part, line, entry_date, is_opening,
           coalesce(piece_date, entry_date) AS invoice_date, journal_nature,
           CASE WHEN $sign = 1 THEN credit - debit ELSE debit - credit END AS due
    FROM read_parquet($lines) WHERE starts_with(account, $prefix) AND NOT is_closing),
groups AS (
    SELECT * REPLACE (CASE WHEN $lettered THEN lettering ELSE '' END AS lettering) FROM sides
    WHERE entry_date IS NOT NULL AND CASE WHEN $lettered THEN lettering IS NOT NULL
        ELSE third <> '' OR NOT regexp_full_match(account, $prefix || '0*') END),
invoices AS (
    SELECT account, third, lettering, invoice_date AS day, is_opening,
           sum(due) OVER running - due AS low, sum(due) OVER running AS high
    FROM groups WHERE due > 0 AND journal_nature <> 'bank'
    WINDOW running AS (PARTITION BY account, third, lettering ORDER BY
        CASE WHEN $lettered THEN invoice_date END, NOT is_opening, invoice_date, part, line ROWS UNBOUNDED PRECEDING)),
settlements AS (
    SELECT account, third, lettering, entry_date AS day, journal_nature = 'bank' AS paid,
           sum(-due) OVER running + due AS low, sum(-due) OVER running AS high
    FROM groups WHERE due < 0
    WINDOW running AS (PARTITION BY account, third, lettering ORDER BY
        NOT is_opening, entry_date, part, line ROWS UNBOUNDED PRECEDING)),
matched AS (
    SELECT date_diff('day', i.day, p.day) AS days, least(i.high, p.high) - greatest(i.low, p.low) AS amount,
           i.is_opening
    FROM invoices i JOIN settlements p USING (account, third, lettering)
    WHERE p.paid AND i.low < p.high AND p.low < i.high AND ($lettered OR NOT i.is_opening))
SELECT sum(amount * days), sum(amount), sum(amount) FILTER (days > $late), sum(amount) FILTER (NOT is_opening),
       (SELECT sum(due) FROM sides WHERE NOT is_opening AND journal_nature <> 'bank'
        AND (due > 0 OR journal_nature IN ('purchases', 'sales')))
FROM matched WHERE days >= 0
"""


@dataclass(frozen=True, slots=True)
class Delays:
    """What the accounts tell of one side: amounts in euros."""

    weighted_days: Decimal
    matched: Decimal
    late: Decimal
    matched_of_year: Decimal
    """The part of ``matched`` whose invoices are of the year: the opening has none in ``invoiced``."""
    invoiced: Decimal
    """Invoices of the year, credit notes taken off."""
    lettered: bool


def measure(connection: duckdb.DuckDBPyConnection, lines: str, *, prefix: str, supplier: bool) -> Delays | None:
    """Match invoices with payments on the accounts that begin with ``prefix``; None without any match."""
    row = connection.execute(
        "SELECT count(*) FROM read_parquet($lines) WHERE starts_with(account, $prefix) AND lettering IS NOT NULL",
        {"lines": lines, "prefix": prefix},
    ).fetchone()
    lettered = bool(row and row[0])
    sign = 1 if supplier else -1
    values = {"lines": lines, "prefix": prefix, "sign": sign, "late": LATE_DAYS, "lettered": lettered}
    row = connection.execute(MATCHES, values).fetchone()
    if row is None or not row[1]:
        return None
    days, matched, late, of_year, invoiced = (Decimal(value or 0) for value in row)
    return Delays(days, matched, late, of_year, invoiced, lettered)


def compute_delays(connection: duckdb.DuckDBPyConnection, lines: str) -> list[Result]:
    """Days of suppliers and customers, and the share of suppliers' invoices paid late."""
    suppliers = measure(connection, lines, prefix="401", supplier=True)
    customers = measure(connection, lines, prefix="411", supplier=False)
    return [
        _days("supplier_payment_days", suppliers, "401"),
        _days("customer_payment_days", customers, "411"),
        _late(suppliers),
    ]


def _coverage(delays: Delays) -> tuple[Status, str | None]:
    """Computed when letters cover nine tenths of what the year invoiced, else partial."""
    if not delays.lettered:
        return Status.PARTIAL, "without_lettering"
    whole = delays.invoiced <= 0 or delays.matched_of_year * 10 >= delays.invoiced * 9
    return (Status.COMPUTED, None) if whole else (Status.PARTIAL, "lettering_partial")


def _days(code: str, delays: Delays | None, prefix: str) -> Result:
    formula = (
        "jours entre la pièce et son règlement, pondérés par le montant : "
        "par lettre, sinon premier entré, premier réglé par tiers"
    )
    sources = (f"accounts {prefix}", "EcritureLet", "PieceDate", "EcritureDate")
    if delays is None:
        return Result(code, None, DAYS, Status.MISSING, formula, sources, reason="no_lettering")
    status, reason = _coverage(delays)
    return Result(code, quantize_cents(delays.weighted_days / delays.matched), DAYS, status, formula, sources, reason)


def _late(delays: Delays | None) -> Result:
    formula = f"part des montants réglés plus de {LATE_DAYS} jours après la pièce"
    sources = ("accounts 401", "EcritureLet", "PieceDate", "EcritureDate")
    if delays is None:
        return Result("supplier_late_share", None, "%", Status.MISSING, formula, sources, reason="no_lettering")
    status, reason = _coverage(delays)
    value = quantize_cents(delays.late * 100 / delays.matched)
    return Result("supplier_late_share", value, "%", status, formula, sources, reason)
