"""Reading the files of one client: lists, what runs, what waits, which months are there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from cabinet.accounts.actors import Actor
from cabinet.clients.access import visible_clients
from cabinet.clients.models import Client, FiscalYear
from cabinet.imports.access import imports_of, visible_imports
from cabinet.imports.enums import ImportKind, ImportState
from cabinet.imports.models import DeclaredMonth, Import
from cabinet.imports.receiving import READ
from cabinet.jobs.models import Job, JobState


@dataclass(frozen=True, slots=True)
class Running:
    """How far the reading of a file is."""

    percent: int | None
    """None while it waits for a worker."""
    step: str
    is_paused: bool = False
    """The machine stopped it; it resumes by itself."""


def imports_for_list(client: Client) -> QuerySet[Import]:
    """The files of a client, latest first, with what a list shows of them."""
    return imports_of(client).select_related("year", "received_by", "replaced_by").order_by("-received_at", "id")


def is_reading(client: Client) -> bool:
    """Whether a file of the client is waiting or being read."""
    return imports_of(client).filter(state__in=(ImportState.RECEIVED, ImportState.READING)).exists()


def running_of(imports: list[Import]) -> dict[object, Running]:
    """Import id → how far its reading is, for those that are not read yet; one query."""
    waiting = [one.id for one in imports if not one.is_settled]
    if not waiting:
        return {}
    jobs = Job.objects.filter(kind=READ, object_id__in=waiting).order_by("created_at")
    return {job.object_id: Running(_percent(job), job.step, _is_paused(job)) for job in jobs}


def _is_paused(job: Job) -> bool:
    return job.state == JobState.WAITING and job.not_before is not None


def _percent(job: Job) -> int | None:
    return round(job.share * 100) if job.state == JobState.RUNNING else None


def count_by_state() -> dict[str, int]:
    """State → how many files, of the whole installation."""
    rows = Import.objects.order_by().values_list("state").annotate(count=Count("id"))
    return dict.fromkeys(ImportState.values, 0) | dict(rows)


def fec_of(year: FiscalYear) -> Import | None:
    """The FEC that the year holds."""
    return Import.objects.filter(year=year, kind=ImportKind.FEC, state=ImportState.ACCEPTED).first()


@dataclass(frozen=True, slots=True)
class DsnFile:
    """A DSN that the figures of some months stand on: its own months, empty for a signal."""

    import_id: UUID
    file_name: str
    months: tuple[date, ...]
    sirets: tuple[str, ...]


def dsn_files(client: Client, start: date, end: date) -> list[DsnFile]:
    """The accepted DSN of the months that two dates touch, by month, those replaced left out, then the signals."""
    rows = (
        DeclaredMonth.objects.filter(source__client=client, source__state=ImportState.ACCEPTED)
        .filter(Q(counts=True, month__gte=start.replace(day=1), month__lte=end) | Q(month__isnull=True))
        .order_by("month", "siret", "id")
        .values_list("source_id", "source__file_name", "month", "siret")
    )
    files: dict[UUID, tuple[str, set[date], set[str]]] = {}
    for source_id, name, month, siret in rows:
        _, months, sirets = files.setdefault(source_id, (name, set(), set()))
        sirets.add(siret)
        if month is not None:
            months.add(month)
    found = [DsnFile(key, name, tuple(sorted(ms)), tuple(sorted(places))) for key, (name, ms, places) in files.items()]
    return sorted(found, key=lambda one: (not one.months, one.months, one.sirets, one.file_name))


def last_declared_month(client: Client) -> date | None:
    """The latest month with a declaration that counts."""
    found: dict[str, date | None] = DeclaredMonth.objects.filter(source__client=client, counts=True).aggregate(
        last=Max("month")
    )
    return found["last"]


def given_way(actor: Actor, import_id: UUID) -> bool:
    """Whether an import within reach has given way to another that holds its parts."""
    return Import.objects.filter(
        client__in=visible_clients(actor), id=import_id, state=ImportState.DELETED, replaced_by__isnull=False
    ).exists()


def taken_in(imports: Sequence[Import]) -> list[UUID]:
    """The imports that have given way to one of these."""
    gone = Import.objects.filter(replaced_by__in=[one.id for one in imports], state=ImportState.DELETED)
    return list(gone.values_list("id", flat=True))


def with_members(actor: Actor, import_id: UUID) -> list[Import]:
    """A file, or the files that came out of it when it was an archive; empty when it is out of reach or gone."""
    within = visible_imports(actor).select_related("year", "received_by", "replaced_by", "client")
    found = within.filter(id=import_id) or within.filter(archive_id=import_id).order_by("file_name", "id")
    return list(found)
