"""Entries, exits, and the three rates that people call turnover."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import duckdb

from bocage.identifiers import Period
from bocage.identifiers.period import last_day_of_month
from bocage.indicators.workforce.chains import NOT_AN_EXIT
from bocage.indicators.workforce.hiding import Cell, hide_small

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


FAMILIES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "resignation": frozenset({"058", "059"}),
        "dismissal": frozenset(
            {"011", "012", "014", "015", "020", "025", "026", "065", "070", "071", "113", "115", "117"}
            | {f"{motive:03d}" for motive in (*range(86, 90), *range(91, 94))}
        ),
        "agreed": frozenset({"043", "084", "110", "111", "112", "114"}),
        "retirement": frozenset({"038", "039"}),
        "trial": frozenset({"034", "035"}),
        "early": frozenset({"033", "036", "037", "082", "083", "094", "095", "096", "097"}),
        "death": frozenset({"066"}),
        "term": frozenset({"031", "032", "081", "085", "098", "118"}),
    }
)
"""Families of motives (62.002), in the order in which they are shown; any other motive is « other »."""
OTHER = "other"


def family_of(motive: str) -> str:
    """The family of a motive."""
    return next((name for name, motives in FAMILIES.items() if motive in motives), OTHER)


@dataclass(frozen=True, slots=True)
class MonthMoves:
    """Entries and exits of one month, the whole company."""

    month: str
    """As ``"2025-03"``."""
    entries: int
    exits: int


def moves_by_month(connection: duckdb.DuckDBPyConnection, months: Sequence[date]) -> list[MonthMoves]:
    """The movements of each declared month; the figures of a whole company are shown whatever their size."""
    rows = connection.execute(
        """
        SELECT strftime(m.first, '%Y-%m'), count(*) FILTER (s.start BETWEEN m.first AND m.last),
               count(*) FILTER (s."end" BETWEEN m.first AND m.last
                                AND NOT list_contains($3::VARCHAR[], coalesce(s.motive, '')))
        FROM (SELECT unnest($1::DATE[]) AS first, unnest($2::DATE[]) AS last) m CROSS JOIN spells s
        GROUP BY m.first ORDER BY m.first
        """,
        [list(months), [last_day_of_month(month) for month in months], list(NOT_AN_EXIT)],
    ).fetchall()
    return [MonthMoves(*row) for row in rows]


def exits_by_family(connection: duckdb.DuckDBPyConnection, period: Period) -> list[Cell]:
    """Exits by family of motives, small ones hidden.

    Two sums are public: the exits that the turnover counts, and the others. Each is a total of its own.
    """
    counts = Counter(
        family_of(motive or "")
        for motive, count in connection.execute(
            'SELECT motive, count(*) FROM spells WHERE "end" BETWEEN $1 AND $2 GROUP BY motive',
            [period.start, period.end],
        ).fetchall()
        if motive not in NOT_AN_EXIT
        for _ in range(count)
    )
    sides: tuple[list[Cell], list[Cell]] = ([], [])
    for name in (*FAMILIES, OTHER):
        if counts[name]:
            sides[name in {"term", OTHER}].append(Cell(name, counts[name], counts[name]))
    return [cell for side in sides for cell in hide_small(side)]
