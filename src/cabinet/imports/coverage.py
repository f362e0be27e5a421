"""What data each client has, by year and by month, and what is missing: for lists, many clients at a time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from bocage.identifiers.period import minus_months
from cabinet.clients.models import Client, FiscalYear
from cabinet.imports.enums import ImportKind, ImportState, Refusal
from cabinet.imports.models import DeclaredMonth, Import

DSN_DUE_DAYS = 15
"""A monthly DSN is due on the 5th or the 15th of the next month: before the 15th, nothing is missing yet."""

RUNNING = (ImportState.RECEIVED, ImportState.READING)
"""A file that nobody can judge yet."""
_HARMLESS = (Refusal.SAME_FILE, Refusal.BY_PERSON)


class Cell(StrEnum):
    """What stands for a FEC or for the DSN of a month."""

    PRESENT = "present"
    TO_CHECK = "to_check"
    READING = "reading"
    REFUSED = "refused"
    MISSING = "missing"
    NOT_DUE = "not_due"


@dataclass(frozen=True, slots=True)
class MonthCoverage:
    """The DSN of one month."""

    first_day: date
    cell: Cell


@dataclass(frozen=True, slots=True)
class YearCoverage:
    """One fiscal year: its FEC and its months."""

    year: FiscalYear
    fec: Cell
    months: tuple[MonthCoverage, ...]

    @property
    def declared(self) -> int:
        """Months whose DSN is there."""
        return sum(month.cell is Cell.PRESENT for month in self.months)

    @property
    def missing_months(self) -> tuple[date, ...]:
        """Months whose DSN is due and that nothing was received for."""
        return tuple(month.first_day for month in self.months if month.cell is Cell.MISSING)

    @property
    def is_complete(self) -> bool:
        """A FEC and every month."""
        return self.fec is Cell.PRESENT and self.declared == len(self.months)

    @property
    def is_empty(self) -> bool:
        """Neither FEC nor DSN, in any state."""
        return self.fec in {Cell.MISSING, Cell.NOT_DUE} and all(
            month.cell in {Cell.MISSING, Cell.NOT_DUE} for month in self.months
        )


@dataclass(slots=True)
class ClientCoverage:
    """One client: its years, latest first, and the files that ask for somebody."""

    years: list[YearCoverage] = field(default_factory=list)
    running: list[Import] = field(default_factory=list)
    to_check: list[Import] = field(default_factory=list)
    refused: list[Import] = field(default_factory=list)

    @property
    def latest(self) -> YearCoverage | None:
        """The latest fiscal year."""
        return self.years[0] if self.years else None


_RANK = (Cell.PRESENT, Cell.TO_CHECK, Cell.REFUSED)
"""What a month is when its declarations differ: the first of these."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration of a month: what it makes of the month, None once another took its place."""

    month: date
    siret: str
    cell: Cell | None
    people: int
    source_id: UUID


def declarations_of(client: Client) -> list[Declared]:
    """Every monthly declaration of a client, by month, the latest file last; one query."""
    rows = (
        DeclaredMonth.objects.filter(source__client=client, month__isnull=False)
        .order_by("month", "source__received_at", "id")
        .values_list("month", "siret", "counts", "individuals", "source_id", "source__state")
    )
    waiting = {ImportState.TO_CHECK: Cell.TO_CHECK, ImportState.REFUSED: Cell.REFUSED}
    return [
        Declared(
            month.replace(day=1),
            siret,
            Cell.PRESENT if counts else waiting.get(ImportState(state)),
            people or 0,
            source_id,
        )
        for month, siret, counts, people, source_id, state in rows
        if month is not None
    ]


def missing_from(month: date) -> date:
    """The day from which a month without a DSN is missing: the one after it was due."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) + timedelta(days=DSN_DUE_DAYS)


def last_due_month(today: date) -> date:
    """The last day of the latest month whose DSN is due."""
    return (today - timedelta(days=DSN_DUE_DAYS)).replace(day=1) - timedelta(days=1)


@cache
def months_of(start: date, end: date) -> tuple[date, ...]:
    """The first day of each month that the dates touch."""
    count = (end.year - start.year) * 12 + end.month - start.month + 1
    return tuple(minus_months(end.replace(day=1), back) for back in reversed(range(count)))


def standing_refusals() -> QuerySet[Import]:
    """Refused files that nothing made good since: a FEC by an accepted FEC, a DSN by one of its period, others by any.

    A file dropped twice, or turned down by a person, asks for nobody.
    """
    later = Import.objects.filter(
        client=OuterRef("client"), state=ImportState.ACCEPTED, received_at__gt=OuterRef("received_at")
    )
    made_good = (
        Q(Exists(later.filter(kind=ImportKind.FEC)), kind=ImportKind.FEC)
        | Q(Exists(later.filter(kind=OuterRef("kind"), period_end=OuterRef("period_end"))))
        | Q(Exists(later), kind__in=(ImportKind.OTHER, ImportKind.ARCHIVE))
    )
    return Import.objects.filter(state=ImportState.REFUSED).exclude(refusal__in=_HARMLESS).filter(~made_good)


def coverage_of(clients: Sequence[Client], today: date) -> dict[UUID, ClientCoverage]:
    """The coverage of each client, in three queries whatever their number."""
    ids = [client.id for client in clients]
    return _covered(ids, FiscalYear.objects.filter(client__in=ids), _cells_of_months(ids), today)


def _covered(
    ids: Sequence[UUID], years: Iterable[FiscalYear], months: dict[UUID, dict[date, Cell]], today: date
) -> dict[UUID, ClientCoverage]:
    found = {client_id: ClientCoverage() for client_id in ids}
    fecs: dict[UUID, Cell] = {}
    for one in _imports_of(ids):
        coverage = found[_known(one.client_id)]
        if one.state in RUNNING:
            coverage.running.append(one)
        elif one.state == ImportState.TO_CHECK:
            coverage.to_check.append(one)
        elif one.state == ImportState.ACCEPTED and one.year_id:
            fecs[one.year_id] = Cell.PRESENT
        elif one.state == ImportState.REFUSED:
            coverage.refused.append(one)
            _mark_refused(months[_known(one.client_id)], one)
    for year in years:
        coverage = found[year.client_id]
        fec = fecs.get(year.id) or _pending_fec(coverage, year) or (Cell.MISSING if year.end < today else Cell.NOT_DUE)
        coverage.years.append(YearCoverage(year, fec, _months(year, months[year.client_id], today)))
    return found


def coverage_with(
    client: Client, years: Sequence[FiscalYear], declared: Iterable[Declared], today: date
) -> ClientCoverage:
    """The coverage of one client whose years and declarations are at hand, in one query."""
    months: dict[date, Cell] = {}
    for one in declared:
        if one.cell is not None:
            months[one.month] = min(one.cell, months.get(one.month, Cell.REFUSED), key=_RANK.index)
    return _covered([client.id], years, {client.id: months}, today)[client.id]


_COLUMNS = ("client_id", "kind", "state", "year_id", "refusal", "period_start", "period_end", "file_name", "size")


def _imports_of(ids: Iterable[UUID]) -> QuerySet[Import]:
    """The files that ask for somebody, and the accepted FEC, latest first."""
    asking = Q(state__in=(*RUNNING, ImportState.TO_CHECK)) | Q(id__in=standing_refusals().order_by().values("id"))
    accepted = Q(state=ImportState.ACCEPTED, kind=ImportKind.FEC)
    return Import.objects.filter(asking | accepted, client__in=ids).only(*_COLUMNS).order_by("-received_at", "id")


def _mark_refused(months: dict[date, Cell], one: Import) -> None:
    if one.kind == ImportKind.DSN and one.period_start and one.period_end:
        for first in months_of(one.period_start, one.period_end):
            months.setdefault(first, Cell.REFUSED)


def _known(client_id: UUID | None) -> UUID:
    if client_id is None:
        raise LookupError("an import of a client has a client")
    return client_id


def _pending_fec(coverage: ClientCoverage, year: FiscalYear) -> Cell | None:
    """What waits for this year: its own year when it has one, else its period, which a file still being read lacks."""
    for cell, imports in (
        (Cell.TO_CHECK, coverage.to_check),
        (Cell.READING, coverage.running),
        (Cell.REFUSED, coverage.refused),
    ):
        for one in imports:
            meant = (
                one.year_id == year.id if one.year_id else one.period_end and year.start <= one.period_end <= year.end
            )
            if one.kind == ImportKind.FEC and meant:
                return cell
    return None


def _cells_of_months(ids: Iterable[UUID]) -> dict[UUID, dict[date, Cell]]:
    """Client → month → what its declarations are, the best of them first."""
    rows = (
        DeclaredMonth.objects.filter(source__client__in=ids)
        .filter(Q(counts=True) | Q(source__state__in=(ImportState.TO_CHECK, ImportState.REFUSED)))
        .order_by()
        .values_list("source__client_id", "month", "counts", "source__state")
        .distinct()
    )
    found: dict[UUID, dict[date, Cell]] = defaultdict(dict)
    for client_id, month, counts, state in rows:
        if month is None:
            continue
        cell = Cell.PRESENT if counts else Cell.TO_CHECK if state == ImportState.TO_CHECK else Cell.REFUSED
        first = month.replace(day=1)
        found[client_id][first] = min(cell, found[client_id].get(first, Cell.REFUSED), key=_RANK.index)
    return found


def _months(year: FiscalYear, cells: dict[date, Cell], today: date) -> tuple[MonthCoverage, ...]:
    """A month that began before the year did is shown, and never missed."""
    until = last_due_month(today)
    return tuple(
        MonthCoverage(first, cells.get(first) or (Cell.MISSING if year.start <= first <= until else Cell.NOT_DUE))
        for first in months_of(year.start, year.end)
    )
