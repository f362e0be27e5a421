"""Entries, exits, and the three rates that people call turnover."""

from dataclasses import dataclass

import duckdb

from bocage.identifiers import Period
from bocage.indicators.workforce.chains import NOT_AN_EXIT

LEAVERS = frozenset(
    {
        *(f"{motive:03d}" for motive in (*range(11, 27), *range(33, 40), 43, 58, 59, 65, 66, 70, 71)),
        *(f"{motive:03d}" for motive in (*range(82, 85), *range(86, 98), *range(110, 116), 117)),
    }
)
"""Motives (62.002) of VSME §182-183: left by choice, dismissal, retirement or death in service. The term of a contract
(031, 032, 081, 085, 098, 118) and 999 are left out."""


@dataclass(frozen=True, slots=True)
class Movements:
    """Spells of employment that begin or end in a period."""

    entries: int
    exits: int
    leavers: int
    """Exits that the voluntary standard counts."""


def movements(connection: duckdb.DuckDBPyConnection, period: Period) -> Movements:
    """Count the movements of a period."""
    entries = connection.execute(
        "SELECT count(*) FROM spells WHERE start BETWEEN $1 AND $2", [period.start, period.end]
    ).fetchall()[0][0]
    ended = connection.execute(
        'SELECT motive, count(*) FROM spells WHERE "end" BETWEEN $1 AND $2 GROUP BY motive', [period.start, period.end]
    ).fetchall()
    exits = sum(count for motive, count in ended if motive not in NOT_AN_EXIT)
    return Movements(entries, exits, sum(count for motive, count in ended if motive in LEAVERS))
