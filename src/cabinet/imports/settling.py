"""Once a file is read: is it this client's, for which year, does it wait for a person, what does it replace?"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from bocage.identifiers.declaration import DeclarationId, select
from cabinet.accounts.actors import Actor
from cabinet.audit.services import Subject, record
from cabinet.clients.models import Client, FiscalYear
from cabinet.clients.services import OverlappingYear, assume_years, open_year
from cabinet.imports import parts, storage
from cabinet.imports.enums import Doubt, ImportKind, ImportState, Refusal
from cabinet.imports.lacking import refresh
from cabinet.imports.models import DeclaredMonth, Import
from cabinet.imports.states import move


def _subject(imported: Import) -> Subject:
    return Subject(label=imported.file_name, id=imported.id, client_id=imported.client_id)


def refuse(imported: Import, refusal: Refusal, *, actor: Actor) -> None:
    """Refuse a file; what it says stays readable in its report, its bytes and facts go."""
    if imported.state == ImportState.RECEIVED:
        move(imported, ImportState.READING)
    move(imported, ImportState.REFUSED)
    imported.refusal, imported.doubts, imported.tables = refusal, [], {}
    imported.has_original = refusal == Refusal.WORKER_FAILED
    imported.save(update_fields=["refusal", "doubts", "tables", "has_original"])
    record("import.refused", author=actor.author, subject=_subject(imported), changes={"motif": (None, refusal.label)})
    gone = storage.remove_facts if imported.has_original else storage.remove_files
    transaction.on_commit(partial(gone, imported.id))


def judge_draft(imported: Import) -> None:
    """A draft's file only waits: nothing is accepted before the client exists."""
    wrong = bool(imported.siren) and imported.siren != imported.expected_siren
    imported.refusal = Refusal.OTHER_COMPANY if wrong else ""
    imported.doubts = [] if wrong else [*_company_doubts(imported), *_content_doubts(imported)]
    imported.save(update_fields=["refusal", "doubts"])
    state = ImportState.REFUSED if wrong else ImportState.TO_CHECK
    if imported.state != state:
        move(imported, state)


def _company_doubts(imported: Import) -> list[str]:
    unnamed = imported.kind == ImportKind.FEC and not imported.siren and not imported.confirmed_company
    return [Doubt.COMPANY_UNNAMED] if unnamed else []


def _content_doubts(imported: Import) -> list[str]:
    """What the file holds too little or too much of to be one fiscal year."""
    doubts: list[str] = [Doubt.PART_MISSING] if parts.lacking(imported) else []
    if any(one["code"] == "FILE-12" for one in imported.report.get("findings") or []):
        doubts.append(Doubt.SEVERAL_YEARS)
    return doubts


def settle(imported: Import, *, actor: Actor) -> None:
    """Accept the file, refuse it, or leave it to a person with the reasons why."""
    if imported.client is None:
        judge_draft(imported)
        if imported.state != ImportState.REFUSED:
            _take_in(imported, (ImportState.TO_CHECK,), actor=actor)
        return
    if imported.siren and imported.siren != imported.client.siren:
        refuse(imported, Refusal.OTHER_COMPANY, actor=actor)
        return
    _take_in(imported, (ImportState.TO_CHECK,), actor=actor)
    imported.doubts = [
        *_company_doubts(imported),
        *_content_doubts(imported),
        *_year_doubts(imported.client, imported),
        *_period_doubts(imported),
    ]
    imported.save(update_fields=["doubts"])
    if imported.doubts:
        if imported.state != ImportState.TO_CHECK:
            move(imported, ImportState.TO_CHECK)
        return
    accept(imported, actor=actor, replace=False)


def _period_doubts(imported: Import) -> list[str]:
    """Entries outside the fiscal year that was asked of a tool: it may have sent another, or all its books."""
    start, end, first, last = (
        imported.expected_start,
        imported.expected_end,
        imported.first_entry,
        imported.last_entry,
    )
    if imported.kind != ImportKind.FEC or start is None or end is None or first is None or last is None:
        return []
    return [] if start <= first and last <= end else [Doubt.OTHER_PERIOD]


def _year_doubts(client: Client, imported: Import) -> list[str]:
    if imported.kind != ImportKind.FEC:
        return []
    year = imported.year or matching_year(client, imported)
    if year is not None:
        taken = Import.objects.filter(year=year, kind=ImportKind.FEC, state=ImportState.ACCEPTED).exclude(
            id__in=[imported.id, *(one.id for one in parts.within(imported))]
        )
        return [Doubt.REPLACES] if taken.exists() else []
    overlap = client.years.filter(
        start__lte=imported.period_end, end__gte=imported.period_start, assumed=False
    ).exists()
    return [Doubt.YEAR_OVERLAPS] if overlap else []


def accept(imported: Import, *, actor: Actor, replace: bool) -> None:
    """Accept a read file of a client: its year is opened, what it replaces is marked, followers are told.

    ``replace`` is False when nobody was asked: a file that takes the place of another then waits instead.
    """
    client = imported.client
    if client is None:
        raise ValueError("a draft's file cannot be accepted")
    if imported.kind == ImportKind.FEC and not _take_year(client, imported, actor=actor, replace=replace):
        return
    _take_in(imported, (ImportState.ACCEPTED,), actor=actor)
    move(imported, ImportState.ACCEPTED)
    imported.doubts = []
    if imported.kind == ImportKind.DSN:
        imported.has_original = False
        transaction.on_commit(partial(storage.remove_original, imported.id))
    imported.save()
    record("import.accepted", author=actor.author, subject=_subject(imported))
    if imported.kind == ImportKind.DSN:
        months = imported.months.filter(month__isnull=False).values_list("month", flat=True)
        assume_years(actor=actor, client=client, months=[month for month in months if month])
        choose_months(client)
    refresh(client.id)
    tell_followers(client.id)


def _take_in(imported: Import, states: Sequence[ImportState], *, actor: Actor) -> None:
    """The imports in those states whose parts this one holds give way to it."""
    for other in parts.within(imported):
        if other.state in states:
            parts.give_way(other, to=imported, actor=actor)


def _take_year(client: Client, imported: Import, *, actor: Actor, replace: bool) -> bool:
    """Give the FEC its fiscal year; False when it must wait for a person."""
    year = imported.year or matching_year(client, imported)
    if year is None:
        if imported.period_start is None or imported.period_end is None:
            raise ValueError("a usable FEC has a period")
        try:
            year = open_year(actor=actor, client=client, start=imported.period_start, end=imported.period_end)
        except OverlappingYear:
            imported.doubts = [Doubt.YEAR_OVERLAPS]
            imported.save(update_fields=["doubts"])
            if imported.state != ImportState.TO_CHECK:
                move(imported, ImportState.TO_CHECK)
            return False
    fewer = {one.id for one in parts.within(imported)}
    for previous in Import.objects.filter(year=year, kind=ImportKind.FEC, state=ImportState.ACCEPTED):
        if previous.id in fewer:
            continue
        if not replace:
            imported.doubts = [Doubt.REPLACES]
            imported.save(update_fields=["doubts"])
            if imported.state != ImportState.TO_CHECK:
                move(imported, ImportState.TO_CHECK)
            return False
        move(previous, ImportState.REPLACED)
        previous.replaced_by = imported
        previous.save(update_fields=["replaced_by"])
        record("import.replaced", author=actor.author, subject=_subject(previous))
    imported.year = year
    return True


def period_matches(imported: Import, start: date, end: date) -> bool:
    """Whether typed dates contain every entry of a FEC and end on the closing date of its name, when it is coherent."""
    if imported.first_entry and not (start <= imported.first_entry <= end):
        return False
    if imported.last_entry and not (start <= imported.last_entry <= end):
        return False
    return imported.coherent_closing is None or imported.coherent_closing == end


def matching_year(client: Client, imported: Import) -> FiscalYear | None:
    """The client's fiscal year for this FEC: the same dates first, else one that matches."""
    years = list(client.years.all())
    same = [year for year in years if (year.start, year.end) == (imported.period_start, imported.period_end)]
    return next(iter(same + [year for year in years if period_matches(imported, year.start, year.end)]), None)


def choose_months(client: Client) -> None:
    """Say again which declarations count, and which DSN imports no longer do."""
    rows = list(
        DeclaredMonth.objects.filter(
            source__client=client, source__state__in=(ImportState.ACCEPTED, ImportState.REPLACED)
        ).order_by("source__received_at", "id")
    )
    selection = select(
        [
            DeclarationId(row.siret, row.month, row.nature, row.type, row.fraction, row.scope, row.file_date, row.ordre)
            for row in rows
        ]
    )
    kept = {rows[position].id for position in selection.kept}
    DeclaredMonth.objects.filter(id__in=[row.id for row in rows]).update(counts=False)
    DeclaredMonth.objects.filter(id__in=kept).update(counts=True)
    _mark_replaced(client, rows, selection.superseded)


def _mark_replaced(client: Client, rows: list[DeclaredMonth], superseded: Mapping[int, int]) -> None:
    """An import is *remplacé* once each of its monthly declarations is superseded by another import."""
    for imported in Import.objects.filter(
        client=client, kind=ImportKind.DSN, state__in=(ImportState.ACCEPTED, ImportState.REPLACED)
    ):
        mine = [position for position, row in enumerate(rows) if row.source_id == imported.id]
        takers = [rows[superseded[position]].source_id for position in mine if position in superseded]
        gone = bool(mine) and len(takers) == len(mine) and imported.id not in takers
        if gone and imported.state == ImportState.ACCEPTED:
            move(imported, ImportState.REPLACED)
            imported.replaced_by_id = takers[-1]
            imported.save(update_fields=["replaced_by"])
        elif not gone and imported.state == ImportState.REPLACED:
            move(imported, ImportState.ACCEPTED)
            imported.replaced_by = None
            imported.save(update_fields=["replaced_by"])


def tell_followers(client_id: UUID | None) -> None:
    """Call what the settings name, once the transaction is committed."""
    for path in settings.IMPORT_FOLLOWERS:
        transaction.on_commit(partial(import_string(path), client_id))
