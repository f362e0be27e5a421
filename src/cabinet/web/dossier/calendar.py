"""The coverage calendar of one fiscal year: months × FEC and DSN, and what is missing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django.urls import reverse
from django.utils import timezone

from cabinet.clients.models import FiscalYear
from cabinet.dossiers.selectors import Figures
from cabinet.imports.coverage import Cell, Declared, YearCoverage, coverage_with, declarations_of
from cabinet.web.components.formats import MONTHS, SHORT_MONTHS, siret
from cabinet.web.components.parts import CalendarMonth, EstablishmentRow
from cabinet.web.dossier.frame import Head


@dataclass(frozen=True, slots=True)
class YearCalendar:
    """What a year has and lacks."""

    coverage: YearCoverage
    months: tuple[CalendarMonth, ...]
    establishments: tuple[EstablishmentRow, ...]
    """Empty when there is one only."""
    notes: tuple[str, ...]
    """By établissement: months without DSN, declarations replaced."""

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the months whose DSN is due and absent."""
        return tuple(month_name(day) for day in self.coverage.missing_months)


def month_name(day: date) -> str:
    """« octobre 2025 »."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def of_month(name: str) -> str:
    """« d’octobre 2025 », « de mars 2025 »."""
    return f"d’{name}" if name[0] in "ao" else f"de {name}"


def calendar_of(
    head: Head, year: FiscalYear, figures: Figures, findings: Mapping[date, int] = MappingProxyType({})
) -> YearCalendar:
    """The calendar of a year; the DSN cell holds the head count at the end of the month when it is known.

    ``findings``: month → findings between months that speak of it.
    """
    rows = declarations_of(head.client)
    coverage = coverage_with(head.client, head.known_years, rows, timezone.localdate())
    mine = next(one for one in coverage.years if one.year.id == year.id)
    declared: Counter[date] = Counter()
    for one in rows:
        if one.cell is Cell.PRESENT:
            declared[one.month] += one.people
    files = {one.month: one.source_id for one in rows if one.cell in {Cell.PRESENT, Cell.TO_CHECK}}
    counted = {str(cell["by"]["month"]): int(cell["value"]) for cell in figures.cells("headcount_by_month")}
    entries = {str(cell["by"]["month"]): int(cell["value"]) for cell in figures.cells("entries_by_month")}
    months = []
    for month in mine.months:
        day, key = month.first_day, f"{month.first_day:%Y-%m}"
        source = files.get(day)
        months.append(
            CalendarMonth(
                month=month_name(day),
                short=_short(day, year),
                fec=_fec_state(mine.fec, entries, key),
                dsn=_state(month.cell),
                entries=entries.get(key),
                people=counted.get(key, declared.get(day)),
                dsn_url=reverse("import_report", args=[source]) if source else "",
                findings=findings.get(day, 0),
            )
        )
    shown = [month.first_day for month in mine.months]
    mine_only = [one for one in rows if one.month in set(shown)]
    return YearCalendar(mine, tuple(months), _establishments(figures, mine_only, shown), _notes(figures, mine_only))


def _short(day: date, year: FiscalYear) -> str:
    """« oct. »; the first month and January say their year when the fiscal year spans two."""
    word = SHORT_MONTHS[day.month - 1]
    says_year = year.start.year != year.end.year and (day.month == 1 or day == year.start.replace(day=1))
    return f"{word} {day:%y}" if says_year else word


def _establishments(figures: Figures, rows: Sequence[Declared], days: Sequence[date]) -> tuple[EstablishmentRow, ...]:
    """The months of each établissement, by the five digits that end its SIRET."""
    missing = {
        (date.fromisoformat(f"{month}-01"), str(cell["by"]["siret"]))
        for cell in figures.cells("payroll_coverage")
        if "siret" in cell["by"]
        for month in filter(None, cell["by"]["missing"].split(","))
    }
    cells: dict[tuple[date, str], tuple[str, str]] = {place: (str(Cell.MISSING), "") for place in missing}
    for one in sorted(rows, key=lambda one: one.cell is Cell.PRESENT):
        if one.cell is not None:
            cells[one.month, one.siret] = _state(one.cell), reverse("import_report", args=[one.source_id])
    numbers = sorted({number for _, number in cells})
    if len(numbers) < 2:
        return ()
    return tuple(
        EstablishmentRow(
            number[-5:], f"Établissement {siret(number)}", [cells.get((day, number), ("none", "")) for day in days]
        )
        for number in numbers
    )


def _notes(figures: Figures, rows: Sequence[Declared]) -> tuple[str, ...]:
    """What the cells cannot say: an établissement without a month that another has, declarations replaced."""
    notes = []
    for cell in figures.cells("payroll_coverage"):
        by = cell["by"]
        if "siret" in by and by["missing"]:
            months = ", ".join(month_name(date.fromisoformat(f"{month}-01")) for month in by["missing"].split(","))
            notes.append(f"Établissement {siret(by['siret'])}\u00a0: sans DSN pour {months}.")
    standing = {(one.month, one.siret) for one in rows if one.cell is Cell.PRESENT}
    replaced = {(one.month, one.siret) for one in rows if one.cell is None} & standing
    for month, number in sorted(replaced):
        notes.append(
            f"Établissement {siret(number)}\u00a0: la DSN {of_month(month_name(month))} en remplace une autre."
        )
    return tuple(notes)


def _state(cell: Cell) -> str:
    return {Cell.NOT_DUE: "none", Cell.READING: "to_check"}.get(cell, str(cell))


def _fec_state(cell: Cell, entries: dict[str, int], month: str) -> str:
    """An accepted FEC fills the months in which it has entries."""
    if cell is Cell.PRESENT and entries:
        return "present" if month in entries else "none"
    return _state(cell)
