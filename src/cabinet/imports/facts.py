"""Where the fact tables of accepted imports are: the only thing that the rooms above need to know of the storage."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db.models import QuerySet

from cabinet.clients.models import Client, FiscalYear
from cabinet.imports.enums import ImportKind, ImportState
from cabinet.imports.models import Import
from cabinet.imports.storage import facts_dir


@dataclass(frozen=True, slots=True)
class AccountingFacts:
    """The tables of the FEC that a fiscal year holds."""

    import_id: UUID
    tables: Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class PayrollFacts:
    """The tables of one DSN import."""

    import_id: UUID
    tables: Mapping[str, Path]


def tables_of(imported: Import) -> Mapping[str, Path]:
    """Name of a fact table → its Parquet file."""
    folder = facts_dir(imported.id)
    return {name: folder / file_name for name, file_name in imported.tables.items()}


def companion_dir(import_id: UUID, name: str) -> Path:
    """A folder for what another room derives from the facts of an import: it goes when they go."""
    return facts_dir(import_id) / name


def accounting_facts(year: FiscalYear) -> AccountingFacts | None:
    """The facts of the year's accepted FEC."""
    imported = Import.objects.filter(year=year, kind=ImportKind.FEC, state=ImportState.ACCEPTED).first()
    return None if imported is None else AccountingFacts(imported.id, tables_of(imported))


def clients_with_books() -> QuerySet[Import, UUID]:
    """The ids of the clients that have an accepted FEC, each once, in order."""
    books = Import.objects.filter(kind=ImportKind.FEC, state=ImportState.ACCEPTED, client__isnull=False)
    return books.order_by("client_id").values_list("client_id", flat=True).distinct()


def payroll_facts(client: Client) -> list[PayrollFacts]:
    """The facts of every DSN import of the client, replaced ones too: the norm's rule chooses among declarations."""
    found = Import.objects.filter(
        client=client, kind=ImportKind.DSN, state__in=(ImportState.ACCEPTED, ImportState.REPLACED)
    ).order_by("received_at", "id")
    return [PayrollFacts(imported.id, tables_of(imported)) for imported in found if imported.tables]
