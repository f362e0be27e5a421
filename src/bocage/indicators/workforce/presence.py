"""Who is there on a day: contracts, then persons, with their traits.

A person has a trait when at least one present contract has it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import duckdb

from bocage.identifiers.period import last_day_of_month
from bocage.indicators.workforce.chains import NOT_EMPLOYEES

PERMANENT = ("01", "07", "08", "09", "82", "91")
"""Natures (40.007) without an end; the rest is temporary, so that the sum holds."""
PART_TIME = ("20", "40", "41", "42")
"""Modalities (40.014), part time by right included."""
APPRENTICES = ("64", "65", "81")
"""Schemes (40.008)."""
WORK_STUDY = (*APPRENTICES, "61")
"""Apprentices and contrats de professionnalisation."""
NO_AGREEMENT = ("9999", "9998")
"""Collective agreements (40.017) that are none, or not yet in force."""
EXECUTIVES = "03"
MANAGERS = "04"
"""Statuses (40.002): cadre dirigeant, cadre."""


def _listed(codes: Sequence[str]) -> str:
    return ", ".join(f"'{code}'" for code in codes)


def describe_presence(connection: duckdb.DuckDBPyConnection, days: Sequence[date]) -> None:
    """Write ``days(day)`` and the views below over the tables of an assembled company.

    - ``presence(day, pid, chain, <fields of history>)``: employee contracts on each day;
    - ``persons(pid, sex, birth_year)``;
    - ``persons_on(day, pid, sex, <traits>)``: permanent, part_time, apprentice, work_study, disabled, covered,
      executive, manager.
    """
    connection.execute("CREATE TABLE days AS SELECT unnest($1::DATE[]) AS day", [list(days)])
    connection.execute(
        f"""
        CREATE VIEW presence AS
        SELECT d.day, c.pid, h.*
        FROM days d
        JOIN chains c ON c.start <= d.day AND (c."end" IS NULL OR c."end" >= d.day)
        JOIN history h ON h.chain = c.chain AND d.day BETWEEN h.valid_from AND h.valid_to
        WHERE coalesce(h.nature, '') NOT IN ({_listed(NOT_EMPLOYEES)})
        """
    )
    connection.execute(
        """
        CREATE TABLE persons AS
        SELECT r.pid, arg_max(c.sex, r.seq) FILTER (c.sex IS NOT NULL) AS sex,
               arg_max(c.birth_year, r.seq) FILTER (c.birth_year IS NOT NULL) AS birth_year
        FROM rows r JOIN facts_contracts c USING (contract) GROUP BY r.pid
        """
    )
    connection.execute(
        f"""
        CREATE VIEW persons_on AS
        SELECT p.day, p.pid, any_value(w.sex) AS sex,
               bool_or(coalesce(p.nature, '') IN ({_listed(PERMANENT)})) AS permanent,
               bool_or(coalesce(p.modality, '') IN ({_listed(PART_TIME)})) AS part_time,
               bool_or(coalesce(p.scheme, '') IN ({_listed(APPRENTICES)})) AS apprentice,
               bool_or(coalesce(p.scheme, '') IN ({_listed(WORK_STUDY)})) AS work_study,
               bool_or(p.disabled) AS disabled,
               bool_or(coalesce(p.idcc, '9999') NOT IN ({_listed(NO_AGREEMENT)})) AS covered,
               bool_or(coalesce(p.status, '') = '{EXECUTIVES}') AS executive,
               bool_or(coalesce(p.status, '') = '{MANAGERS}') AS manager
        FROM presence p JOIN persons w USING (pid)
        GROUP BY p.day, p.pid
        """
    )


@dataclass(frozen=True, slots=True)
class Headcount:
    """Persons present on one day. A person of unknown sex is neither in ``women`` nor in ``men``."""

    day: date
    total: int
    women: int
    men: int
    permanent: int
    part_time: int
    apprentices: int
    work_study: int
    disabled: int
    covered: int

    @property
    def temporary(self) -> int:
        """The rest of the permanent ones."""
        return self.total - self.permanent

    @property
    def unknown_sex(self) -> int:
        """Persons whose sex no declaration tells."""
        return self.total - self.women - self.men

    @property
    def month(self) -> str:
        """As ``"2025-03"``."""
        return f"{self.day:%Y-%m}"


def headcounts(connection: duckdb.DuckDBPyConnection) -> dict[date, Headcount]:
    """The persons present on each of ``days``, 0 included."""
    rows = connection.execute(
        """
        SELECT d.day, count(p.pid), count(*) FILTER (p.sex = 'F'), count(*) FILTER (p.sex = 'M'),
               count(*) FILTER (p.permanent), count(*) FILTER (p.part_time), count(*) FILTER (p.apprentice),
               count(*) FILTER (p.work_study), count(*) FILTER (p.disabled), count(*) FILTER (p.covered)
        FROM days d LEFT JOIN persons_on p USING (day) GROUP BY d.day ORDER BY d.day
        """
    ).fetchall()
    return {row[0]: Headcount(*row) for row in rows}


def working_time(connection: duckdb.DuckDBPyConnection, day: date) -> Fraction:
    """Full-time equivalent on ``day``: the sum of the ratios of the present contracts."""
    rows = connection.execute(
        "SELECT quota, reference, count(*) FROM presence WHERE day = $1 GROUP BY ALL", [day]
    ).fetchall()
    return sum((ratio(quota, reference) * count for quota, reference, count in rows), Fraction(0))


def ratio(quota: object, reference: object) -> Fraction:
    """Working time of a contract over full time, at most 1; 0 when full time is 0 or unknown."""
    if quota is None or not reference:
        return Fraction(0)
    return min(Fraction(str(quota)) / Fraction(str(reference)), Fraction(1))


def categories(connection: duckdb.DuckDBPyConnection, day: date) -> dict[str, int]:
    """Status (40.002) → persons with at least one present contract of that status, by code."""
    rows = connection.execute(
        """
        SELECT status, count(DISTINCT pid) FROM presence WHERE day = $1 AND status IS NOT NULL
        GROUP BY status ORDER BY status
        """,
        [day],
    ).fetchall()
    return dict(rows)


def management(connection: duckdb.DuckDBPyConnection, day: date) -> tuple[int, int]:
    """Women and men in management: cadres dirigeants when there are some, else with the other cadres."""
    row = connection.execute(
        """
        SELECT count(*) FILTER (executive AND sex = 'F'), count(*) FILTER (executive AND sex = 'M'),
               count(*) FILTER (sex = 'F'), count(*) FILTER (sex = 'M')
        FROM persons_on WHERE day = $1 AND (executive OR manager)
        """,
        [day],
    ).fetchall()[0]
    return (row[0], row[1]) if row[0] + row[1] else (row[2], row[3])


def month_ends(months: Sequence[date]) -> list[date]:
    """The last day of each month."""
    return [last_day_of_month(month) for month in months]
