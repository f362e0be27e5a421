"""Age and seniority of those present on the last day of a period, in full years."""

from dataclasses import dataclass
from datetime import date
from math import floor

import duckdb

AGE_BANDS = (("<30", 0, 29), ("30-39", 30, 39), ("40-49", 40, 49), ("50+", 50, 200))
SENIORITY_BANDS = (("<2", 0, 1), ("2-4", 2, 4), ("5-9", 5, 9), ("10-19", 10, 19), ("20+", 20, 200))
DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Tenure:
    """One person present: sex (F, M, None), age and seniority in full years (None when unknown).

    ``pid`` is the number of the person in the assembled company: it means nothing elsewhere.
    """

    pid: int
    sex: str | None
    age: int | None
    seniority: int | None


def tenures(connection: duckdb.DuckDBPyConnection, day: date) -> list[Tenure]:
    """Everyone present on ``day``, a day of ``days``, without their names."""
    rows = connection.execute(
        """
        WITH said AS (
            SELECT r.chain, arg_max({'month': r.month, 'value': c.seniority, 'unit': c.seniority_unit}, r.seq) AS last
            FROM rows r JOIN facts_contracts c USING (contract) WHERE r.month <= $1 GROUP BY r.chain
        ), born AS (
            SELECT r.pid, arg_max(c.birth, r.seq) AS birth
            FROM rows r JOIN facts_contracts c USING (contract) WHERE c.birth IS NOT NULL GROUP BY r.pid
        ), aged AS (  -- the nearest month that says an age, by the birth date declared last
            SELECT r.pid,
                   arg_min({'month': r.month, 'age': c.age}, abs(date_diff('day', last_day(r.month), $1))) AS near
            FROM rows r JOIN facts_contracts c USING (contract) JOIN born b ON b.pid = r.pid AND b.birth = c.birth
            GROUP BY r.pid
        )
        SELECT p.pid, w.sex, w.birth_year, a.near.month, a.near.age, s.last.month, s.last.value, s.last.unit, c.start
        FROM presence p JOIN chains c USING (chain) JOIN persons w ON w.pid = p.pid
        LEFT JOIN said s USING (chain) LEFT JOIN aged a ON a.pid = p.pid
        WHERE p.day = $1 ORDER BY p.pid
        """,
        [day],
    ).fetchall()
    found: dict[int, Tenure] = {}
    for pid, sex, born, aged_in, age, month, value, unit, start in rows:
        current = month is not None and (month.year, month.month) == (day.year, day.month)
        years = _declared(value, unit) if current else None
        if years is None:
            years = _elapsed(start, day)
        before = found.get(pid)
        if before is not None and before.seniority is not None:
            years = max(years, before.seniority)
        found[pid] = Tenure(pid, sex, _age(born, aged_in, age, day), years)
    return list(found.values())


def _age(born: int | None, month: date | None, age: int | None, day: date) -> int | None:
    """Exact in December, and when the last month declared is that of ``day``; else from the nearest month known."""
    if born is None:
        return None
    if (day.month, day.day) == (12, 31) or month is None or age is None:
        return day.year - born
    return age + day.year - month.year


def _declared(value: int | None, unit: str | None) -> int | None:
    if value is None:
        return None
    match unit:
        case "01":
            return floor(value / DAYS_A_YEAR)
        case "02":
            return value // 12
        case "03":
            return value
        case _:
            return None


def _elapsed(start: date, day: date) -> int:
    return max(day.year - start.year - ((day.month, day.day) < (start.month, start.day)), 0)


def banded(years: list[int], bands: tuple[tuple[str, int, int], ...]) -> dict[str, int]:
    """Band → persons, empty bands left out."""
    counts = {name: sum(low <= age <= high for age in years) for name, low, high in bands}
    return {name: count for name, count in counts.items() if count}
