"""The headcount of article L130-1 of the code de la sécurité sociale, by its article R130-1.

A month is the sum, over employees, of the working-time ratio by calendar day present, over the days of the month.
The year is the mean of the months with at least one employee, cut after two decimals. Suspended contracts stay in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import duckdb

from bocage.identifiers.period import last_day_of_month
from bocage.indicators.workforce.chains import NOT_EMPLOYEES
from bocage.indicators.workforce.exact import truncated
from bocage.indicators.workforce.presence import ratio

LEFT_OUT_SCHEMES = ("61", "64", "65", "81", "21", "41", "42")
"""40.008: contrats de professionnalisation, apprentices, CUI (code du travail, L1111-3)."""
REPLACEMENT = "01"
"""40.021: replaces an employee who is away (L1111-2)."""
AGENCY = ("03", "08")
"""40.007: agency staff count at the agency."""


@dataclass(frozen=True, slots=True)
class LegalHeadcount:
    """``months``: each month asked, exact. ``year``: None when no month has an employee."""

    months: dict[date, Fraction]
    year: Decimal | None


def legal_headcount(connection: duckdb.DuckDBPyConnection, months: Sequence[date]) -> LegalHeadcount:
    """The figure of each month and of the year."""
    connection.execute("CREATE OR REPLACE TEMP TABLE legal_months (first DATE, last DATE)")
    connection.execute(
        "INSERT INTO legal_months SELECT unnest($1::DATE[]), unnest($2::DATE[])",
        [list(months), [last_day_of_month(month) for month in months]],
    )
    left_out = [*LEFT_OUT_SCHEMES]
    rows = connection.execute(
        """
        SELECT first, quota, reference, sum(days), any_value(last)
        FROM (
            SELECT m.first, m.last, h.quota, h.reference,
                   NOT (list_contains($2::VARCHAR[], coalesce(h.scheme, ''))
                        OR list_contains($3::VARCHAR[], coalesce(h.nature, '')) OR coalesce(h.recourse, '') = $4)
                   AS counted,
                   CASE WHEN counted THEN
                       date_diff('day', greatest(c.start, h.valid_from, m.first),
                                 least(coalesce(c."end", m.last), h.valid_to, m.last)) + 1
                   ELSE 0 END AS days
            FROM legal_months m
            JOIN chains c ON c.start <= m.last AND (c."end" IS NULL OR c."end" >= m.first)
            JOIN history h ON h.chain = c.chain AND h.valid_from <= m.last AND h.valid_to >= m.first
                AND h.valid_from <= coalesce(c."end", m.last) AND h.valid_to >= c.start
            WHERE NOT list_contains($1::VARCHAR[], coalesce(h.nature, ''))
        )
        GROUP BY first, quota, reference
        """,
        [list(NOT_EMPLOYEES), left_out, list(AGENCY), REPLACEMENT],
    ).fetchall()
    figures = dict.fromkeys(months, Fraction(0))
    employing = set()
    for first, quota, reference, days, last in rows:
        employing.add(first)
        figures[first] += ratio(quota, reference) * int(days) / last.day
    counted = [figures[month] for month in months if month in employing]
    year = truncated(sum(counted, Fraction(0)) / len(counted), 2) if counted else None
    return LegalHeadcount(figures, year)
