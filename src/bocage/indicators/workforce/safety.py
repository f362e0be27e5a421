"""Stops of work, accidents, paid hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb

from bocage.identifiers import Period
from bocage.identifiers.period import last_day_of_month

CANCELLED = "99"
PARTIAL_STOPS = ("15", "16", "17", "18")
"""60.001: part-time work for health reasons, which is no full absence."""
COMMUTING, DISEASE, ACCIDENT = "04", "05", "06"
ABSENTEEISM_MOTIVES = ("01", "04", "05", "06")
"""Illness, commuting accident, occupational disease, accident at work: the default list, to be shown with the rate."""


@dataclass(frozen=True, slots=True)
class Absence:
    """Stops of one motive: calendar days lost in the period, persons away, stops begun in it."""

    motive: str
    days: int
    persons: int


@dataclass(frozen=True, slots=True)
class Accidents:
    """Accidents of the period, with a stop. ``at_work``: persons × dates; the others likewise."""

    at_work: int
    commuting: int
    diseases: int


def read_stops(connection: duckdb.DuckDBPyConnection, period: Period) -> None:
    """Write ``stops(chain, pid, motive, last_worked, occurred, days)``: the stops that touch the period.

    A stop is known by its contract and its last day worked; later declarations update it, motive 99 removes it.
    Days run from the day after ``last_worked`` to the eve of the return, else to the planned end, inside the contract
    and the period. ``occurred``: the date of the accident where a signal gives it, else ``last_worked``.
    """
    connection.execute(
        """
        CREATE TABLE stops AS
        WITH said AS (
            SELECT r.chain, r.pid, a.last_worked,
                   arg_max({'motive': a.motive, 'planned': a.planned_end, 'resumed': a.resumed, 'month': r.month},
                           {'seq': r.seq, 'standing': a.motive <> $3}) AS last
            FROM facts_absences a JOIN rows r USING (contract) GROUP BY r.chain, r.pid, a.last_worked
        ), signalled AS (
            SELECT p.pid, a.last_worked, arg_max(a.accident, s.seq) AS accident
            FROM facts_absences a JOIN facts_contracts c USING (contract) JOIN signals s USING (declaration)
            JOIN people p USING (person) WHERE a.accident IS NOT NULL GROUP BY p.pid, a.last_worked
        ), dated AS (
            SELECT s.chain, s.pid, s.last.motive AS motive, s.last_worked,
                   coalesce(g.accident, s.last_worked) AS occurred,
                   greatest(s.last_worked + 1, c.start, $1) AS first,
                   least(coalesce((s.last.resumed - 1)::DATE, s.last.planned, last_day(s.last.month)),
                         coalesce(c."end", $2), $2) AS until
            FROM said s JOIN chains c USING (chain) LEFT JOIN signalled g
                ON g.pid = s.pid AND g.last_worked = s.last_worked
            WHERE c.employee AND s.last.motive <> $3
        )
        SELECT chain, pid, motive, last_worked, occurred, greatest(date_diff('day', first, until) + 1, 0) AS days
        FROM dated WHERE last_worked <= $2
        """,
        [period.start, period.end, CANCELLED],
    )


def absences(connection: duckdb.DuckDBPyConnection) -> list[Absence]:
    """Full absences by motive, as long as some day is lost."""
    rows = connection.execute(
        """
        SELECT motive, sum(days)::INTEGER, count(DISTINCT pid) FROM stops
        WHERE days > 0 AND NOT list_contains($1::VARCHAR[], motive) GROUP BY motive ORDER BY motive
        """,
        [list(PARTIAL_STOPS)],
    ).fetchall()
    return [Absence(*row) for row in rows]


def accidents(connection: duckdb.DuckDBPyConnection, period: Period) -> Accidents:
    """Accidents dated in the period. A relapse is a new stop of the same accident: it bears the same date."""
    rows = dict(
        connection.execute(
            """
            SELECT motive, count(DISTINCT {'pid': pid, 'day': occurred}) FROM stops
            WHERE occurred BETWEEN $1 AND $2 AND list_contains($3::VARCHAR[], motive) GROUP BY motive
            """,
            [period.start, period.end, [COMMUTING, DISEASE, ACCIDENT]],
        ).fetchall()
    )
    return Accidents(rows.get(ACCIDENT, 0), rows.get(COMMUTING, 0), rows.get(DISEASE, 0))


def contract_days(connection: duckdb.DuckDBPyConnection, months: Sequence[date]) -> int:
    """Calendar days under an employee contract in ``months``, contract by contract."""
    row = connection.execute(
        """
        SELECT coalesce(sum(date_diff('day', greatest(c.start, m.first), least(coalesce(c."end", m.last), m.last)) + 1),
                        0)::BIGINT
        FROM chains c JOIN (SELECT unnest($1::DATE[]) AS first, unnest($2::DATE[]) AS last) m
            ON c.start <= m.last AND (c."end" IS NULL OR c."end" >= m.first)
        WHERE c.employee
        """,
        [list(months), [last_day_of_month(month) for month in months]],
    ).fetchall()[0]
    return int(row[0])


def paid_hours(connection: duckdb.DuckDBPyConnection) -> Decimal:
    """Paid hours of the period: the sum of ``work`` (see :mod:`bocage.indicators.workforce.pay`)."""
    row = connection.execute("SELECT coalesce(sum(hours), 0) FROM work").fetchall()[0]
    return Decimal(row[0])
