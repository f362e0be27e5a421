"""Payment delays from lettering: invoices and payments of one group, first in first out.

A supplier's invoice is a credit on 401 dated by its voucher (else by its entry); its payment is a debit posted in a
bank or cash journal, dated by its entry, never by DateLet, which is often blank. Customers are mirrored on 411. Opening
lines keep the dates of their invoices. Days are weighted by amount; a payment before its invoice (deposit, code used
again) is left out. Late is beyond 60 days, the longest term of code de commerce L441-10.
"""

from dataclasses import dataclass
from decimal import Decimal

import duckdb

from bocage.identifiers import quantize_cents
from bocage.indicators.result import Result, Status

DAYS = "days"
LATE_DAYS = 60

MATCHES = """
WITH lettered AS (
    SELECT account, coalesce(aux, '') AS third, lettering, line, entry_date,
           coalesce(piece_date, entry_date) AS invoice_date,
           CASE WHEN $sign = 1 THEN credit - debit ELSE debit - credit END AS due, journal_nature
    FROM read_parquet($lines)
    WHERE lettering IS NOT NULL AND starts_with(account, $prefix) AND NOT is_closing AND entry_date IS NOT NULL),
invoices AS (
    SELECT account, third, lettering, invoice_date AS day, due AS amount,
           sum(due) OVER running - due AS low, sum(due) OVER running AS high
    FROM lettered WHERE due > 0 AND journal_nature <> 'bank'
    WINDOW running AS (PARTITION BY account, third, lettering ORDER BY invoice_date, line ROWS UNBOUNDED PRECEDING)),
payments AS (
    SELECT account, third, lettering, entry_date AS day, -due AS amount,
           sum(-due) OVER running + due AS low, sum(-due) OVER running AS high
    FROM lettered WHERE due < 0 AND journal_nature = 'bank'
    WINDOW running AS (PARTITION BY account, third, lettering ORDER BY entry_date, line ROWS UNBOUNDED PRECEDING)),
matched AS (
    SELECT date_diff('day', i.day, p.day) AS days, least(i.high, p.high) - greatest(i.low, p.low) AS amount
    FROM invoices i JOIN payments p USING (account, third, lettering)
    WHERE i.low < p.high AND p.low < i.high)
SELECT sum(amount * days), sum(amount), sum(amount) FILTER (days > $late),
       (SELECT sum(amount) FROM invoices),
       (SELECT sum(CASE WHEN $sign = 1 THEN credit - debit ELSE debit - credit END) FROM read_parquet($lines)
        WHERE starts_with(account, $prefix) AND NOT is_closing AND NOT is_opening AND journal_nature <> 'bank'
          AND (CASE WHEN $sign = 1 THEN credit - debit ELSE debit - credit END) > 0)
FROM matched WHERE days >= 0
"""


@dataclass(frozen=True, slots=True)
class Delays:
    """What lettering tells of one side: amounts in euros."""

    weighted_days: Decimal
    matched: Decimal
    late: Decimal
    invoiced: Decimal


def measure(connection: duckdb.DuckDBPyConnection, lines: str, *, prefix: str, supplier: bool) -> Delays | None:
    """Match invoices with payments on the accounts that begin with ``prefix``; None without any match."""
    row = connection.execute(
        MATCHES, {"lines": lines, "prefix": prefix, "sign": 1 if supplier else -1, "late": LATE_DAYS}
    ).fetchone()
    if row is None or not row[1]:
        return None
    return Delays(Decimal(row[0]), Decimal(row[1]), Decimal(row[2] or 0), Decimal(row[4] or 0))


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
    """Computed when lettering covers nine tenths of what was invoiced, else partial."""
    whole = delays.invoiced <= 0 or delays.matched * 10 >= delays.invoiced * 9
    return (Status.COMPUTED, None) if whole else (Status.PARTIAL, "lettering_partial")


def _days(code: str, delays: Delays | None, prefix: str) -> Result:
    formula = "jours entre la pièce et son règlement lettré, pondérés par le montant"
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
