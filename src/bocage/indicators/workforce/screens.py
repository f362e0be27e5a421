"""What the screens show beside the indicators: pyramids, months, families of exits, pay by category, estimates.

Nothing leaves this module that a small group would make speak: what is hidden has no value at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bocage.identifiers import Period
from bocage.indicators.result import Part, Result
from bocage.indicators.workforce.ages import AGE_BANDS, SENIORITY_BANDS, Tenure, banded, tenures
from bocage.indicators.workforce.assembling import Workforce, assemble
from bocage.indicators.workforce.coverage import coverage_of
from bocage.indicators.workforce.disability import Disability, disability
from bocage.indicators.workforce.egapro import Egapro, egapro
from bocage.indicators.workforce.estimates import estimates
from bocage.indicators.workforce.hiding import Cell, hide_small, hide_table
from bocage.indicators.workforce.hourly_pay import HourlyPay, hourly_pay
from bocage.indicators.workforce.movements import MonthMoves, exits_by_family, moves_by_month
from bocage.indicators.workforce.pay import read_work
from bocage.indicators.workforce.presence import PERMANENT, describe_presence, month_ends
from bocage.indicators.workforce.safety import read_stops
from bocage.indicators.workforce.views import Tables


@dataclass(frozen=True, slots=True)
class PyramidRow:
    """Persons of one band; None: hidden, the group is too small."""

    band: str
    women: int | None
    men: int | None


@dataclass(frozen=True, slots=True)
class Details:
    """Everything of a period that the indicators do not hold.

    Pyramids and contracts are empty when the last month is missing: nothing is known of the last day then.
    """

    ages: tuple[PyramidRow, ...]
    seniorities: tuple[PyramidRow, ...]
    natures: tuple[Cell, ...]
    """Nature of contract (40.007) → persons present on the last day."""
    recourses: tuple[Cell, ...]
    """Why a temporary contract (40.021) → persons present on the last day."""
    moves: tuple[MonthMoves, ...]
    exits: tuple[Cell, ...]
    """Family of motives → exits of the period."""
    pay: tuple[HourlyPay, ...]
    exposed: int
    """Persons exposed to a factor of the compte professionnel de prévention: a count, always shown."""
    exposures: Mapping[str, int | None]
    """Factor (34.001) → persons; None: hidden. Empty when every factor is: with the total, their names would tell."""
    disability: Disability
    egapro: Egapro
    estimates: tuple[Result, ...]


def details(facts: Sequence[Tables], period: Period, *, siren: str | None = None) -> Details:
    """The details of a period of whole months. Raises SeveralCompanies as the indicators do."""
    with assemble(facts, period, siren=siren) as workforce:
        read_period(workforce)
        return details_of(workforce)


def read_period(workforce: Workforce) -> None:
    """Write the tables of presence, pay and stops that indicators and details stand on. To be called once."""
    connection, period = workforce.connection, workforce.period
    describe_presence(connection, sorted({period.start, period.end, *month_ends(workforce.months)}))
    read_work(connection, period)
    read_stops(connection, period)


def details_of(workforce: Workforce) -> Details:
    """The same, of a company whose period was read."""
    connection, period = workforce.connection, workforce.period
    known = tenures(connection, period.end) if workforce.has_last_month else []
    exposed, exposures = _exposed(workforce), _exposures(workforce)
    oeth, index = disability(workforce), egapro(workforce)
    factors = [Part({"factor": cell.name}, cell.value) for cell in exposures]
    return Details(
        _pyramid(known, AGE_BANDS, [person.age for person in known]),
        _pyramid(known, SENIORITY_BANDS, [person.seniority for person in known]),
        tuple(_natures(workforce)) if workforce.has_last_month else (),
        tuple(_recourses(workforce)) if workforce.has_last_month else (),
        tuple(moves_by_month(connection, workforce.months)),
        tuple(exits_by_family(connection, period)),
        tuple(hourly_pay(connection, period)),
        exposed,
        {cell.name: cell.value for cell in exposures},
        oeth,
        index,
        tuple(estimates(exposed, factors, oeth, index, complete=coverage_of(workforce).complete)),
    )


def _pyramid(
    known: Sequence[Tenure], bands: Sequence[tuple[str, int, int]], years: Sequence[int | None]
) -> tuple[PyramidRow, ...]:
    """By band and sex. A band hidden in the plain breakdown by band is hidden here too: its sum would give it back."""
    counts = {(name, sex): 0 for name, _, _ in bands for sex in "FM"}
    for person, age in zip(known, years, strict=True):
        for name, low, high in bands:
            if age is not None and person.sex is not None and low <= age <= high:
                counts[name, person.sex] += 1
    totals = banded([age for age in years if age is not None], tuple(bands))
    plain = hide_small([Cell(band, persons, persons) for band, persons in totals.items()])
    shown = hide_table(counts, rows={cell.name for cell in plain if cell.value is None})
    return tuple(PyramidRow(name, shown[name, "F"], shown[name, "M"]) for name, _, _ in bands) if known else ()


def _natures(workforce: Workforce) -> list[Cell]:
    """Permanent ones, then temporary ones: each of the two has a public total, which is the count of a nature alone."""
    cells = _held(workforce, "nature")
    sides = [[cell for cell in cells if (cell.name in PERMANENT) is permanent] for permanent in (True, False)]
    return [cell for side in sides for cell in (hide_small(side) if len(side) > 1 else side)]


def _recourses(workforce: Workforce) -> list[Cell]:
    return hide_small(_held(workforce, "recourse", left_out=PERMANENT))


def _held(workforce: Workforce, field: str, *, left_out: Sequence[str] = ()) -> list[Cell]:
    """Value of a field → persons who hold a contract with it on the last day."""
    rows = workforce.connection.execute(
        f"""
        SELECT coalesce({field}, 'none'), count(DISTINCT pid) FROM presence
        WHERE day = $1 AND NOT list_contains($2::VARCHAR[], coalesce(nature, '')) GROUP BY ALL ORDER BY 1
        """,
        [workforce.period.end, list(left_out)],
    ).fetchall()
    return [Cell(name, persons, persons) for name, persons in rows]


_STANDING = """
    WITH told AS (
        SELECT r.pid, h.factor, r.seq FROM facts_hardship h JOIN rows r USING (contract)
        WHERE h.year = $1 AND r.month <= $2
    ), undone AS (SELECT pid, max(seq) AS seq FROM told WHERE factor = '99' GROUP BY pid)
    SELECT DISTINCT t.pid, t.factor FROM told t LEFT JOIN undone u USING (pid)
    WHERE t.factor <> '99' AND t.seq > coalesce(u.seq, 0)
"""
"""Factors that no later cancellation undoes."""


def _exposures(workforce: Workforce) -> list[Cell]:
    period = workforce.period
    rows = workforce.connection.execute(
        f"SELECT factor, count(DISTINCT pid) FROM ({_STANDING}) GROUP BY factor ORDER BY factor",
        [period.end.year, workforce.late_end],
    ).fetchall()
    cells = hide_small([Cell(factor, persons, persons) for factor, persons in rows])
    return cells if any(cell.value is not None for cell in cells) else []


def _exposed(workforce: Workforce) -> int:
    period = workforce.period
    row = workforce.connection.execute(
        f"SELECT count(DISTINCT pid) FROM ({_STANDING})", [period.end.year, workforce.late_end]
    ).fetchall()[0]
    return int(row[0])
