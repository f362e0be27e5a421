"""The coverage calendar of one fiscal year: months × FEC and DSN, and what is missing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from cabinet.clients.models import FiscalYear
from cabinet.dossiers.selectors import Figures
from cabinet.imports.coverage import Cell, Declared, YearCoverage, coverage_with, declarations_of
from cabinet.web.components.formats import MONTHS, SHORT_MONTHS, siret
from cabinet.web.components.parts import CalendarMonth
from cabinet.web.dossier.frame import Head


@dataclass(frozen=True, slots=True)
class YearCalendar:
    """What a year has and lacks."""

    coverage: YearCoverage
    months: tuple[CalendarMonth, ...]
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


def calendar_of(head: Head, year: FiscalYear, figures: Figures) -> YearCalendar:
    """The calendar of a year; the DSN cell holds the head count at the end of the month when it is known."""
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
                short=SHORT_MONTHS[day.month - 1],
                fec=_fec_state(mine.fec, entries, key),
                dsn=_state(month.cell),
                entries=entries.get(key),
                people=counted.get(key, declared.get(day)),
                dsn_url=reverse("import_report", args=[source]) if source else "",
            )
        )
    shown = {month.first_day for month in mine.months}
    return YearCalendar(mine, tuple(months), _notes(figures, [one for one in rows if one.month in shown]))


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
