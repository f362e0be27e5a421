"""Which months of a period are declared, by établissement."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from bocage.identifiers.period import last_day_of_month
from bocage.indicators.workforce.assembling import Workforce, months_of


@dataclass(frozen=True, slots=True)
class EstablishmentCoverage:
    """Months of the period as ``"2025-03"``; those before it opened or after it closed are in neither list."""

    siret: str
    present: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """``missing``: months without any declaration of the company."""

    present: tuple[str, ...]
    missing: tuple[str, ...]
    establishments: tuple[EstablishmentCoverage, ...]

    @property
    def complete(self) -> bool:
        """Whether every month of every établissement is there."""
        return not self.missing and not any(establishment.missing for establishment in self.establishments)


def coverage_of(workforce: Workforce) -> Coverage:
    """The months of an assembled company.

    A month is missing for an établissement between two declared months, before its first one when someone was already
    under contract there, after its last one when someone still was.
    """
    declared: dict[str, set[date]] = defaultdict(set)
    for position in workforce.selection.kept:
        identity = workforce.headers[position].identity
        if identity.month is not None:
            declared[identity.siret].add(identity.month)
    wanted = months_of(workforce.period)
    establishments = []
    for siret, months in sorted(declared.items()):
        present = [month for month in wanted if month in months]
        before, after = _people_outside(workforce, siret, min(months), max(months))
        missing = [
            month
            for month in wanted
            if month not in months
            and (
                min(months) < month < max(months) or (before and month < min(months)) or (after and month > max(months))
            )
        ]
        if present or missing:
            establishments.append(EstablishmentCoverage(siret, _names(present), _names(missing)))
    return Coverage(_names(workforce.months), _names(workforce.months_missing), tuple(establishments))


def _people_outside(workforce: Workforce, siret: str, first: date, last: date) -> tuple[bool, bool]:
    """Whether someone was under contract there before the first month declared, and after the last one."""
    row = workforce.connection.execute(
        """
        SELECT coalesce(bool_or(start < $2), false), coalesce(bool_or("end" IS NULL OR "end" > $3), false)
        FROM chains WHERE siret = $1 AND employee
        """,
        [siret, first, last_day_of_month(last)],
    ).fetchall()[0]
    return bool(row[0]), bool(row[1])


def _names(months: list[date] | tuple[date, ...]) -> tuple[str, ...]:
    return tuple(f"{month:%Y-%m}" for month in months)
