"""What the screens show beside the indicators: pyramids, hardship, OETH and Egapro estimates.

Estimates help to prepare a declaration; they are not one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bocage.identifiers import Period
from bocage.indicators.workforce.ages import AGE_BANDS, SENIORITY_BANDS, Tenure, tenures
from bocage.indicators.workforce.assembling import Workforce, assemble
from bocage.indicators.workforce.disability import Disability, disability
from bocage.indicators.workforce.egapro import Egapro, egapro
from bocage.indicators.workforce.hiding import SMALLEST_GROUP, hide_table
from bocage.indicators.workforce.pay import read_work
from bocage.indicators.workforce.presence import describe_presence, month_ends
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
    """Everything of a period that the indicators do not hold. Pyramids are empty when the last month is missing."""

    ages: tuple[PyramidRow, ...]
    seniorities: tuple[PyramidRow, ...]
    exposed: int
    """Persons exposed to a factor of the compte professionnel de prévention."""
    exposures: Mapping[str, int | None]
    """Factor (34.001) → persons; None: hidden."""
    disability: Disability
    egapro: Egapro


def details(facts: Sequence[Tables], period: Period, *, siren: str | None = None) -> Details:
    """The details of a period of whole months. Raises SeveralCompanies as the indicators do."""
    with assemble(facts, period, siren=siren) as workforce:
        return details_of(workforce)


def details_of(workforce: Workforce) -> Details:
    """The same, of a company already assembled and not yet reported on."""
    connection, period = workforce.connection, workforce.period
    describe_presence(connection, sorted({period.end, *month_ends(workforce.months)}))
    read_work(connection, period)
    read_stops(connection, period)
    known = tenures(connection, period.end) if workforce.has_last_month else []
    exposures = _exposures(workforce)
    return Details(
        _pyramid(known, AGE_BANDS, [person.age for person in known]),
        _pyramid(known, SENIORITY_BANDS, [person.seniority for person in known]),
        _exposed(workforce),
        {factor: count if count >= SMALLEST_GROUP else None for factor, count in exposures.items()},
        disability(workforce),
        egapro(workforce),
    )


def _pyramid(
    known: Sequence[Tenure], bands: Sequence[tuple[str, int, int]], years: Sequence[int | None]
) -> tuple[PyramidRow, ...]:
    counts = {(name, sex): 0 for name, _, _ in bands for sex in "FM"}
    for person, age in zip(known, years, strict=True):
        for name, low, high in bands:
            if age is not None and person.sex is not None and low <= age <= high:
                counts[name, person.sex] += 1
    shown = hide_table(counts)
    return tuple(PyramidRow(name, shown[name, "F"], shown[name, "M"]) for name, _, _ in bands) if known else ()


_STANDING = """
    SELECT DISTINCT r.pid, h.factor FROM facts_hardship h JOIN rows r USING (contract)
    WHERE h.year = $1 AND r.month <= $2 AND h.factor <> '99'
        AND r.pid NOT IN (
            SELECT r.pid FROM facts_hardship h JOIN rows r USING (contract) WHERE h.year = $1 AND h.factor = '99'
        )
"""


def _exposures(workforce: Workforce) -> dict[str, int]:
    period = workforce.period
    return dict(
        workforce.connection.execute(
            f"SELECT factor, count(DISTINCT pid) FROM ({_STANDING}) GROUP BY factor ORDER BY factor",
            [period.end.year, workforce.late_end],
        ).fetchall()
    )


def _exposed(workforce: Workforce) -> int:
    period = workforce.period
    row = workforce.connection.execute(
        f"SELECT count(DISTINCT pid) FROM ({_STANDING})", [period.end.year, workforce.late_end]
    ).fetchall()[0]
    return int(row[0])
