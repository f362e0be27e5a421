"""The obligation to employ disabled workers, estimated (code du travail, L5212-1 and following)."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from bocage.identifiers.period import last_day_of_month
from bocage.indicators.workforce.assembling import Workforce
from bocage.indicators.workforce.chains import NOT_EMPLOYEES
from bocage.indicators.workforce.exact import rounded
from bocage.indicators.workforce.hiding import is_small
from bocage.indicators.workforce.legal_headcount import legal_headcount
from bocage.indicators.workforce.presence import ratio
from bocage.referentials.oeth import QUOTA, SENIOR_AGE, SENIOR_WEIGHT, smic_hours
from bocage.referentials.smic import hourly_smic


@dataclass(frozen=True, slots=True)
class Disability:
    """``due``: units to employ, None when the company owes nothing. ``contribution`` in euros, before deductions.

    ``employed`` and ``contribution`` are None when ``hidden``: weighted by age, working time and days, they would tell
    of each of fewer than 5 persons. ``most`` is what nobody employed would cost.
    """

    headcount: Decimal | None
    """Legal headcount of the year (R130-1)."""
    due: int | None
    people: int
    """Persons declared as beneficiaries in the period: a count, always shown."""
    employed: Decimal | None
    """Units: working time by day, one and a half from 50 years on, mean of the months."""
    external: Decimal
    """Units of staff lent by others (block 13)."""
    contribution: Decimal | None
    most: Decimal | None
    hidden: bool


def disability(workforce: Workforce) -> Disability:
    """The estimate for the period of an assembled company.

    Deductions (subcontracting to adapted companies, expenses, occupations that need special skills) are not in a DSN.
    """
    months = workforce.months
    headcount = legal_headcount(workforce.connection, months).year
    units, people = _units(workforce)
    employed = sum(units.values(), Fraction(0)) / len(months) if months else Fraction(0)
    external, hidden = _external(workforce), is_small(people)
    shown = None if hidden else rounded(employed, 2)
    hours = smic_hours(Fraction(headcount)) if headcount is not None else None
    smic = hourly_smic(workforce.period.end)
    if headcount is None or hours is None:
        return Disability(headcount, None, people, shown, external, None, None, hidden)
    due = (Fraction(headcount) * QUOTA).__floor__()
    missing, most = (max(due - present - Fraction(external), Fraction(0)) for present in (employed, Fraction(0)))
    costs = [None if smic is None else rounded(units * hours * Fraction(smic), 2) for units in (missing, most)]
    return Disability(headcount, due, people, shown, external, None if hidden else costs[0], costs[1], hidden)


def _units(workforce: Workforce) -> tuple[dict[object, Fraction], int]:
    """Month → units employed, and how many persons they are."""
    months = workforce.months
    rows = workforce.connection.execute(
        """
        SELECT c.pid, m.first, h.quota, h.reference, m.last,
               coalesce(year(m.last) - p.birth_year >= $4, false) AS senior,
               sum(date_diff('day', greatest(c.start, h.valid_from, m.first),
                             least(coalesce(c."end", m.last), h.valid_to, m.last)) + 1)
        FROM (SELECT unnest($1::DATE[]) AS first, unnest($2::DATE[]) AS last) m
        JOIN chains c ON c.start <= m.last AND (c."end" IS NULL OR c."end" >= m.first)
        JOIN history h ON h.chain = c.chain AND h.valid_from <= m.last AND h.valid_to >= m.first
            AND h.valid_from <= coalesce(c."end", m.last) AND h.valid_to >= c.start
        JOIN persons p ON p.pid = c.pid
        WHERE h.disabled AND NOT list_contains($3::VARCHAR[], coalesce(h.nature, ''))
        GROUP BY ALL
        """,
        [list(months), [last_day_of_month(month) for month in months], list(NOT_EMPLOYEES), SENIOR_AGE],
    ).fetchall()
    units: dict[object, Fraction] = {}
    for _, first, quota, reference, last, senior, days in rows:
        weight = SENIOR_WEIGHT if senior else Fraction(1)
        units[first] = units.get(first, Fraction(0)) + ratio(quota, reference) * int(days) / last.day * weight
    return units, len({row[0] for row in rows})


def _external(workforce: Workforce) -> Decimal:
    """Units of block 13 for the year, as the last declaration of each établissement that has some gives them."""
    row = workforce.connection.execute(
        """
        SELECT coalesce(sum(units), 0) FROM (
            SELECT k.siret, x.kind, arg_max(x.units, k.seq) AS units
            FROM facts_external_disability x JOIN kept k USING (declaration) WHERE x.year = $1 GROUP BY k.siret, x.kind
        )
        """,
        [workforce.period.end.year],
    ).fetchall()[0]
    return Decimal(row[0])
