"""The row of a file that has arrived whole, whatever the door."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from cabinet.clients.models import Client
from cabinet.imports import storage
from cabinet.imports.enums import ImportState, Origin
from cabinet.imports.models import Import
from cabinet.jobs import services as jobs
from cabinet.jobs.models import Job

GONE = (ImportState.DELETED, ImportState.REFUSED, ImportState.REPLACED)
READ = "read_import"
"""The kind of the job that reads an import."""


@dataclass(frozen=True, slots=True)
class CameFrom:
    """The door of a file. ``source``: the tool behind a connection; ``reconstructed``: Bocage wrote it.

    ``start`` and ``end``: the fiscal year that was asked of that tool.
    """

    origin: Origin = Origin.WEB
    source: str = ""
    reconstructed: bool = False
    start: date | None = None
    end: date | None = None


DROPPED = CameFrom()
"""A person dropped it on a page."""


def new_row(incoming: storage.Incoming, *, firm_id: UUID, received_by_id: UUID | None, came_from: CameFrom) -> Import:
    """An import not saved yet, without the client or the draft that it is for."""
    return Import(
        firm_id=firm_id,
        received_by_id=received_by_id,
        origin=came_from.origin,
        source=came_from.source,
        reconstructed=came_from.reconstructed,
        expected_start=came_from.start,
        expected_end=came_from.end,
        file_name=incoming.file_name[-255:],
        size=incoming.size,
        sha256=incoming.sha256,
        file_salt=incoming.salt,
    )


def already_there(imported: Import) -> bool:
    """Whether the same client or draft already holds the same bytes, alive."""
    whole = Q(sha256=imported.sha256, size=imported.size)
    part = Q(parts__sha256=imported.sha256, parts__size=imported.size)
    same = Import.objects.filter(whole | part).exclude(id=imported.id)
    if imported.client_id is not None:
        same = same.filter(client_id=imported.client_id)
    else:
        same = same.filter(draft_id=imported.draft_id)
    return same.exclude(state__in=GONE).exists()


def holds(owner: Client | UUID, incoming: storage.Incoming, *, ever: bool) -> bool:
    """Whether a client (or the draft of that id) has these very bytes; with ``ever``, had them and let them go too."""
    same = Import.objects.filter(sha256=incoming.sha256, size=incoming.size)
    same = same.filter(draft_id=owner) if isinstance(owner, UUID) else same.filter(client=owner)
    return (same if ever else same.exclude(state__in=GONE)).exists()


def open_reading(imported: Import) -> Job:
    """The job that will read the import; :func:`cabinet.imports.tasks.enqueue` sends it to a worker."""
    return jobs.open_job(firm_id=imported.firm_id, kind=READ, object_id=imported.id)
