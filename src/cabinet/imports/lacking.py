"""Which clients lack a FEC or a DSN: a summary for each client, and the lists that are narrowed by it.

Finding it out of the imports of ten thousand clients takes most of a second. So whatever changes the fiscal years, the
accepted FEC or the declarations that count of a client says so here (:func:`refresh`), and a list compares two days.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from cabinet.clients.models import Client, FiscalYear
from cabinet.imports.coverage import RUNNING, missing_from, months_of, standing_refusals
from cabinet.imports.enums import ImportKind, ImportState
from cabinet.imports.models import DeclaredMonth, Import, MissingData

AT_ONCE = 500
"""How many clients are summed up together: what SQLite takes as parameters, and what fits in memory."""


class Lack(StrEnum):
    """By what a list of clients can be narrowed."""

    FEC = "fec"
    DSN = "dsn"
    REFUSED = "refused"
    TO_CHECK = "to_check"
    RUNNING = "running"


def refresh(client_id: UUID) -> None:
    """Say again what a client lacks, at the end of a transaction that changed it.

    The row is held until then: of two files accepted at the same time, the second one to come here sees the first.
    """
    MissingData.objects.get_or_create(client_id=client_id)
    MissingData.objects.select_for_update().get(client_id=client_id)
    refresh_many([client_id])


def refresh_many(client_ids: Iterable[UUID]) -> None:
    """Say again what each of the clients lacks, in four queries for :data:`AT_ONCE` of them."""
    ids = list(client_ids)
    for first in range(0, len(ids), AT_ONCE):
        some = ids[first : first + AT_ONCE]
        latest = _latest_years(some)
        rows = _summaries(latest)
        MissingData.objects.filter(client__in=[one for one in some if one not in latest]).delete()
        MissingData.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["client"], update_fields=["fec_from", "dsn_from"]
        )


def _latest_years(client_ids: list[UUID]) -> dict[UUID, FiscalYear]:
    found: dict[UUID, FiscalYear] = {}
    for year in FiscalYear.objects.filter(client__in=client_ids).order_by("-end", "id"):
        found.setdefault(year.client_id, year)
    return found


def _summaries(latest: dict[UUID, FiscalYear]) -> list[MissingData]:
    years = [year.id for year in latest.values()]
    accepted = Import.objects.filter(year__in=years, kind=ImportKind.FEC, state=ImportState.ACCEPTED).order_by()
    with_fec = set(accepted.values_list("year_id", flat=True))
    declared: dict[UUID, set[date]] = defaultdict(set)
    months = DeclaredMonth.objects.filter(source__client__in=list(latest), counts=True, month__isnull=False).order_by()
    for client_id, month in months.values_list("source__client_id", "month"):
        if client_id is not None and month is not None:
            declared[client_id].add(month.replace(day=1))
    return [
        MissingData(
            client_id=client_id,
            fec_from=None if year.id in with_fec else year.end + timedelta(days=1),
            dsn_from=_first_gap(year, declared[client_id]),
        )
        for client_id, year in latest.items()
    ]


def _first_gap(year: FiscalYear, declared: set[date]) -> date | None:
    """A month that began before the year did is never missed."""
    gaps = (first for first in months_of(year.start, year.end) if first >= year.start and first not in declared)
    first = next(gaps, None)
    return missing_from(first) if first else None


def with_lack(clients: QuerySet[Client], lack: Lack, today: date) -> QuerySet[Client]:
    """Those of the clients that lack this; a FEC or a DSN, on their latest fiscal year."""
    return clients.filter(lacks(lack, today))


def lacks(lack: Lack, today: date) -> Q:
    """The same, as a condition on clients. Without a fiscal year, a FEC is lacking, and no month is known to be due."""
    match lack:
        case Lack.REFUSED:
            return Q(Exists(standing_refusals().filter(client=OuterRef("pk"))))
        case Lack.TO_CHECK:
            return _has_import(ImportState.TO_CHECK)
        case Lack.RUNNING:
            return _has_import(*RUNNING)
        case Lack.FEC:
            return Q(missing_data__isnull=True) | Q(missing_data__fec_from__lte=today)
        case Lack.DSN:
            return Q(missing_data__dsn_from__lte=today)


def lacks_anything(today: date) -> Q:
    """A FEC or a DSN of the latest fiscal year, or what a person says of a file to check."""
    return lacks(Lack.FEC, today) | lacks(Lack.DSN, today) | lacks(Lack.TO_CHECK, today)


def _has_import(*states: ImportState) -> Q:
    return Q(Exists(Import.objects.filter(client=OuterRef("pk"), state__in=states)))
