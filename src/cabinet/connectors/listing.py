"""The fiscal years that a tool has for a company: asked for in the background, kept for who chooses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from cabinet.connectors import breaker
from cabinet.connectors.checking import connector_of
from cabinet.connectors.core.errors import ConnectorError
from cabinet.connectors.core.port import Company, Year
from cabinet.connectors.models import ToolCompany
from cabinet.connectors.sending import YEARS, send
from cabinet.jobs import running
from cabinet.jobs.models import Job, JobState

MAX_YEARS = 60


def ask_years(company: ToolCompany) -> None:
    """Have the tool say its fiscal years, once at a time."""
    job = running.open_once(firm_id=company.connection.firm_id, kind=YEARS, object_id=company.id)
    if job is not None:
        send(job)


def list_years(job: Job) -> bool:
    """Ask the tool, and keep its answer or its refusal; False when the company is gone."""
    row = ToolCompany.objects.select_related("connection__firm").filter(id=job.object_id).first()
    if row is None:
        return False
    connection, kept = row.connection, ToolCompany.objects.filter(id=row.id)
    try:
        closed = breaker.why_closed(connection)
        if closed is not None:
            raise closed
        years = connector_of(connection).years(as_company(row))[:MAX_YEARS]
    except ConnectorError as error:
        breaker.note_failure(connection, error)
        kept.update(years_error=error.failure.value, years_detail=error.detail, years_at=timezone.now())
        return True
    breaker.note_success(connection)
    latest_first = sorted(years, key=lambda year: year.start, reverse=True)
    kept.update(
        years=[_as_json(year) for year in latest_first], years_error="", years_detail="", years_at=timezone.now()
    )
    return True


def as_company(row: ToolCompany) -> Company:
    """The company, as its connector knows it."""
    return Company(row.ref, row.name, row.siren, row.siret, row.code, row.active)


def _as_json(year: Year) -> dict[str, Any]:
    return {"ref": year.ref, "start": year.start.isoformat(), "end": year.end.isoformat(), "closed": year.closed}


def years_of(row: ToolCompany) -> list[Year]:
    """The fiscal years that are kept, latest first."""
    return [
        Year(one["ref"], date.fromisoformat(one["start"]), date.fromisoformat(one["end"]), one["closed"])
        for one in row.years
    ]


@dataclass(frozen=True, slots=True)
class Busy:
    """What is being asked of tools now: ids of the objects of the jobs that wait or run."""

    ids: frozenset[UUID]


def busy_with(ids: Iterable[UUID], *kinds: str) -> Busy:
    """Which of these connections, companies or pulls have a job that is not over; one query."""
    live = (JobState.WAITING, JobState.RUNNING)
    found = Job.objects.filter(kind__in=kinds, object_id__in=list(ids), state__in=live)
    return Busy(frozenset(found.values_list("object_id", flat=True)))
