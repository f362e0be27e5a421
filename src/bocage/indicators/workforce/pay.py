"""Paid hours, gross pay, the gap between women and men, the minimum wage."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median

import duckdb

from bocage.identifiers import Period
from bocage.identifiers.period import last_day_of_month
from bocage.indicators.workforce.chains import NOT_EMPLOYEES
from bocage.indicators.workforce.exact import rounded_decimal
from bocage.indicators.workforce.presence import WORK_STUDY
from bocage.referentials.smic import hourly_smic

GROSS, BASE = "001", "010"
PAID = "01"
HOUR_UNITS = ("10", "21", "35")
DAY_UNITS = ("12", "20")
QUOTA_HOURS = ("10", "21")
"""40.011: contracts whose quota is a number of hours a month."""
HOURS_A_DAY = Decimal(7)
SMIC_TOLERANCE = Decimal("0.01")
"""151.67 hours a month is itself a rounded number."""


def read_work(connection: duckdb.DuckDBPyConnection, period: Period, hours_a_day: Decimal = HOURS_A_DAY) -> None:
    """Write ``work(pid, hours, gross, benefits)``: what each person was paid for the months of the period.

    ``hours``: paid hours, and paid days at ``hours_a_day``. ``gross``: type 001. ``benefits``: in kind, participation,
    intéressement (block 54). Lines of a later month that correct one of the period are inside.
    """
    first, last = period.start.replace(day=1), period.end
    connection.execute(
        """
        CREATE TABLE work AS
        WITH employed AS (
            SELECT r.contract, r.pid FROM rows r JOIN facts_contracts c USING (contract)
            WHERE NOT list_contains($3::VARCHAR[], coalesce(c.nature, ''))
        ), worked AS (
            SELECT e.pid, sum(CASE WHEN list_contains($4::VARCHAR[], h.unit) THEN h.quantity ELSE 0 END)
                   + sum(CASE WHEN list_contains($5::VARCHAR[], h.unit) THEN h.quantity ELSE 0 END) * $6::DECIMAL(6, 2)
                   AS hours
            FROM facts_hours h JOIN employed e USING (contract)
            WHERE h.kind = $7 AND h.month BETWEEN $1 AND $2 GROUP BY e.pid
        ), paid AS (
            SELECT e.pid, sum(p.amount) AS gross FROM facts_pay p JOIN employed e USING (contract)
            WHERE p.kind = $8 AND p.month BETWEEN $1 AND $2 GROUP BY e.pid
        ), given AS (
            SELECT e.pid, sum(x.amount) AS benefits FROM facts_extras x JOIN employed e USING (contract)
            WHERE x.block = '54' AND x.month BETWEEN $1 AND $2 GROUP BY e.pid
        )
        SELECT pid, coalesce(hours, 0) AS hours, coalesce(gross, 0) AS gross, coalesce(benefits, 0) AS benefits
        FROM worked FULL JOIN paid USING (pid) FULL JOIN given USING (pid)
        """,
        [first, last, list(NOT_EMPLOYEES), list(HOUR_UNITS), list(DAY_UNITS), hours_a_day, PAID, GROSS],
    )


@dataclass(frozen=True, slots=True)
class PayGap:
    """(men − women) / men, in %. The gaps are None when a sex has nobody with paid hours."""

    women: int
    men: int
    mean: Decimal | None
    median: Decimal | None


def pay_gap(connection: duckdb.DuckDBPyConnection, *, with_benefits: bool = False) -> PayGap:
    """The gap in hourly pay between women and men: individual rates first, then their mean and their median."""
    rows = connection.execute(
        """
        SELECT p.sex, w.gross + CASE WHEN $1 THEN w.benefits ELSE 0 END, w.hours
        FROM work w JOIN persons p USING (pid) WHERE w.hours > 0 AND p.sex IS NOT NULL ORDER BY w.pid
        """,
        [with_benefits],
    ).fetchall()
    rates: dict[str, list[Decimal]] = {"F": [], "M": []}
    for sex, pay, hours in rows:
        rates[sex].append(Decimal(pay) / Decimal(hours))
    women, men = rates["F"], rates["M"]
    if not women or not men:
        return PayGap(len(women), len(men), None, None)
    mean = _gap(sum(women, Decimal(0)) / len(women), sum(men, Decimal(0)) / len(men))
    return PayGap(len(women), len(men), mean, _gap(median(women), median(men)))


def _gap(women: Decimal, men: Decimal) -> Decimal | None:
    return rounded_decimal((men - women) / men * 100, 2) if men else None


@dataclass(frozen=True, slots=True)
class MinimumWage:
    """Contract-months compared with the SMIC of their month, and those below it."""

    compared: int
    below: int


def minimum_wage(connection: duckdb.DuckDBPyConnection, months: list[date]) -> MinimumWage:
    """Base pay of whole months against the hourly SMIC, contracts in hours whose quota did not move in the month.

    Apprentices, contrats de professionnalisation and internships are left out (VSME §193).
    """
    amounts = {month: hourly_smic(month) for month in months}
    known = [(month, smic) for month, smic in amounts.items() if smic is not None]
    row = connection.execute(
        """
        WITH months AS (
            SELECT unnest($1::DATE[]) AS first, unnest($2::DATE[]) AS last, unnest($3::DECIMAL(8, 2)[]) AS floor
        ), base AS (
            SELECT r.chain, p.month, sum(p.amount) AS amount
            FROM facts_pay p JOIN rows r USING (contract) JOIN facts_contracts k USING (contract)
            WHERE p.kind = $4 AND p.start <= p.month AND p."end" >= last_day(p.month)
                AND NOT list_contains($5::VARCHAR[], coalesce(k.nature, ''))
            GROUP BY r.chain, p.month
        ), terms AS (
            SELECT h.chain, m.first, min(h.quota) AS quota, max(h.quota) AS highest,
                   bool_and(list_contains($6::VARCHAR[], coalesce(h.unit, ''))) AS in_hours,
                   bool_or(list_contains($7::VARCHAR[], coalesce(h.scheme, ''))) AS study
            FROM history h JOIN months m ON h.valid_from <= m.last AND h.valid_to >= m.first
            GROUP BY h.chain, m.first
        )
        SELECT count(*), count(*) FILTER (b.amount < t.quota * m.floor)
        FROM base b JOIN months m ON m.first = b.month JOIN chains c USING (chain)
        JOIN terms t ON t.chain = b.chain AND t.first = m.first
        WHERE c.start <= m.first AND (c."end" IS NULL OR c."end" >= m.last) AND b.amount > 0
            AND t.in_hours AND NOT t.study AND t.quota > 0 AND t.quota = t.highest
        """,
        [
            [month for month, _ in known],
            [last_day_of_month(month) for month, _ in known],
            [smic - SMIC_TOLERANCE for _, smic in known],
            BASE,
            list(NOT_EMPLOYEES),
            list(QUOTA_HOURS),
            list(WORK_STUDY),
        ],
    ).fetchall()[0]
    return MinimumWage(row[0], row[1])
