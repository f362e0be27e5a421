"""Social indicators, from the payroll facts of one company.

Facts are written import by import; :func:`compute` and its neighbours take the tables of all the imports of a client,
in any order, and say what a period holds. Nothing here names a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bocage.identifiers import Period
from bocage.indicators.result import Result
from bocage.indicators.workforce.assembling import SeveralCompanies, Workforce, assemble
from bocage.indicators.workforce.catalogue import DEFINITIONS, ESTIMATES
from bocage.indicators.workforce.coverage import Coverage, EstablishmentCoverage, coverage_of
from bocage.indicators.workforce.labels import part_label
from bocage.indicators.workforce.presence import Headcount, describe_presence, headcounts, month_ends
from bocage.indicators.workforce.results import Report
from bocage.indicators.workforce.screens import Details, PyramidRow, details, details_of, read_period
from bocage.indicators.workforce.views import Tables

__all__ = [
    "DEFINITIONS",
    "ESTIMATES",
    "Coverage",
    "Details",
    "EstablishmentCoverage",
    "Headcount",
    "PyramidRow",
    "SeveralCompanies",
    "Study",
    "Tables",
    "Workforce",
    "assemble",
    "compute",
    "coverage",
    "coverage_of",
    "details",
    "headcount_by_month",
    "part_label",
    "report",
    "study",
]


def compute(facts: Sequence[Tables], period: Period, *, siren: str | None = None) -> list[Result]:
    """Every social indicator of a period of whole months, in the order of the catalogue.

    ``facts``: the tables of each import of the client. Raises SeveralCompanies when they speak of several SIREN and
    ``siren`` does not choose.
    """
    with assemble(facts, period, siren=siren) as workforce:
        return report(workforce)


def report(workforce: Workforce) -> list[Result]:
    """The same, of a company already assembled. To be called once."""
    read_period(workforce)
    return Report(workforce).results()


@dataclass(frozen=True, slots=True)
class Study:
    """Everything that a period of a company tells. ``months``: the declared ones."""

    results: tuple[Result, ...]
    months: tuple[Headcount, ...]
    details: Details
    coverage: Coverage


def study(facts: Sequence[Tables], period: Period, *, siren: str | None = None) -> Study | None:
    """Indicators, months, details and coverage in one reading of the facts; None when no month is declared."""
    with assemble(facts, period, siren=siren) as workforce:
        if not workforce.months:
            return None
        read_period(workforce)
        counts = headcounts(workforce.connection)
        return Study(
            tuple(Report(workforce).results()),
            tuple(counts[day] for day in month_ends(workforce.months)),
            details_of(workforce),
            coverage_of(workforce),
        )


def headcount_by_month(facts: Sequence[Tables], period: Period, *, siren: str | None = None) -> list[Headcount]:
    """The persons present at the end of each month declared: total, by sex, permanent and temporary."""
    with assemble(facts, period, siren=siren) as workforce:
        describe_presence(workforce.connection, month_ends(workforce.months))
        return list(headcounts(workforce.connection).values())


def coverage(facts: Sequence[Tables], period: Period, *, siren: str | None = None) -> Coverage:
    """The months of a period declared and missing, by établissement."""
    with assemble(facts, period, siren=siren) as workforce:
        return coverage_of(workforce)
