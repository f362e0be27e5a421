"""The coverage calendar of one fiscal year: months × FEC and DSN, and what is missing."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from cabinet.clients.models import Client, FiscalYear
from cabinet.dossiers.selectors import Figures
from cabinet.imports.coverage import Cell, YearCoverage, coverage_of
from cabinet.imports.selectors import declared_people, imports_by_month
from cabinet.web.components.formats import MONTHS, SHORT_MONTHS
from cabinet.web.components.parts import CalendarMonth


@dataclass(frozen=True, slots=True)
class YearCalendar:
    """What a year has and lacks."""

    coverage: YearCoverage
    months: tuple[CalendarMonth, ...]

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


def calendar_of(client: Client, year: FiscalYear, figures: Figures) -> YearCalendar:
    """The calendar of a year; the DSN cell holds the head count at the end of the month when it is known."""
    coverage = coverage_of([client], timezone.localdate())[client.id]
    mine = next(one for one in coverage.years if one.year.id == year.id)
    declared, files = declared_people(client, year), imports_by_month(client, year)
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
                dsn_url=reverse("import_report", args=[source.id]) if source else "",
            )
        )
    return YearCalendar(mine, tuple(months))


def _state(cell: Cell) -> str:
    return {Cell.NOT_DUE: "none", Cell.READING: "to_check"}.get(cell, str(cell))


def _fec_state(cell: Cell, entries: dict[str, int], month: str) -> str:
    """An accepted FEC fills the months in which it has entries."""
    if cell is Cell.PRESENT and entries:
        return "present" if month in entries else "none"
    return _state(cell)
