"""Lists of clients: received and checked, chosen row by row, imported in the background, purged."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import batched
from time import monotonic
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from bocage.identifiers import check_number
from cabinet.accounts.actors import Actor, actor_of
from cabinet.accounts.models import Collaborator
from cabinet.accounts.names import fold
from cabinet.accounts.selectors import managers
from cabinet.audit.services import Origin, Subject, record
from cabinet.clients.details import CompanyDetails, Organisation
from cabinet.clients.models import Client
from cabinet.clients.services import (
    AlreadyFollowed,
    FileCodeTaken,
    UnknownManager,
    UnknownPortfolio,
    WouldBeInvisible,
    create_client,
)
from cabinet.connectors.checking import link_new_client
from cabinet.dossiers.services import open_dossier
from cabinet.jobs import services as jobs
from cabinet.jobs.models import Job
from cabinet.onboarding.models import ClientSheet, RowState, SheetRow
from cabinet.onboarding.services import company_from_registry
from cabinet.onboarding.sheets.checking import CHOICE, Directory, check_rows, portfolio_names
from cabinet.onboarding.sheets.reading import read_sheet
from cabinet.onboarding.sheets.sealing import Content, open_row, seal_row

IMPORT = "import_clients"
"""The kind of the job."""
BATCH = 500
READ_AT_ONCE = 50
"""Rows of one transaction: their lines of the journal are chained together."""
PATIENCE_SECONDS = 5
"""How long the registry may take before the job says again that it goes on."""
UNREACHABLE_IN_A_ROW = 3
"""After so many silences, the registry is left alone: the clients are completed later, like any other."""


class AlreadyStarted(Exception):
    """The import of this list was asked for: its rows no longer change."""


class NothingToImport(Exception):
    """No row is chosen."""


class UnknownPerson(Exception):
    """The person in charge is not an active collaborator with a login."""


def access_sheet(actor: Actor, sheet_id: UUID) -> ClientSheet:
    """The gate: the owner's alone. Raises Http404, and PermissionDenied when the permission was taken back."""
    person = actor.collaborator
    sheet = ClientSheet.objects.select_related("firm", "manager").filter(id=sheet_id, firm=actor.firm).first()
    if sheet is None or person is None or sheet.owner_id != person.id:
        raise Http404
    if not actor.can("clients.bulk_import"):
        raise PermissionDenied
    return sheet


def sheets_of(actor: Actor) -> QuerySet[ClientSheet]:
    """The actor's own lists, latest first."""
    if actor.collaborator is None:
        return ClientSheet.objects.none()
    return ClientSheet.objects.filter(firm=actor.firm, owner=actor.collaborator)


@transaction.atomic
def receive_sheet(*, actor: Actor, file_name: str, data: bytes) -> ClientSheet:
    """Read and check a list; nothing is created. Raises UnreadableSheet, PermissionDenied, Http404 for nobody.

    Rows with a blocking problem cannot be chosen; those that need a decision are not chosen yet; the others are.
    """
    if not actor.can("clients.bulk_import"):
        raise PermissionDenied
    owner = actor.collaborator
    if owner is None:
        raise Http404
    usual = actor.firm.default_manager_id
    manager = (managers(actor.firm).filter(id=usual).first() if usual else None) or owner
    sheet = ClientSheet.objects.create(firm=actor.firm, owner=owner, manager=manager, file_name=file_name[:255])
    count = 0
    for some in batched(check_rows(actor, read_sheet(data)), BATCH, strict=False):
        count += len(some)
        SheetRow.objects.bulk_create(
            SheetRow(
                sheet=sheet,
                number=row.line.number,
                sealed=seal_row(sheet, row.line.values, row.troubles),
                doubtful=bool(row.troubles),
                blocked=row.blocked,
                chosen=not row.blocked and not any(trouble.code in CHOICE for trouble in row.troubles),
            )
            for row in some
        )
    record("clients.sheet_read", author=actor.author, subject=_subject(sheet, count))
    return sheet


def _subject(sheet: ClientSheet, count: int) -> Subject:
    return Subject(label=f"{count} ligne{'s' if count > 1 else ''}", id=sheet.id)


@transaction.atomic
def choose_rows(*, sheet: ClientSheet, shown: Iterable[int], chosen: Iterable[int]) -> None:
    """Among the lines ``shown`` on a page, import those ``chosen`` and no other. Raises AlreadyStarted."""
    _refuse_started(_lock(sheet))
    rows = SheetRow.objects.filter(sheet=sheet, blocked=False, number__in=list(shown))
    rows.update(chosen=False)
    rows.filter(number__in=list(chosen)).update(chosen=True)


@transaction.atomic
def choose_all(*, sheet: ClientSheet, chosen: bool) -> None:
    """Take every row that needs a decision, or leave them all. Raises AlreadyStarted."""
    _refuse_started(_lock(sheet))
    rows = SheetRow.objects.filter(sheet=sheet, blocked=False)
    rows.filter(doubtful=True).update(chosen=chosen)


@transaction.atomic
def choose_manager(*, actor: Actor, sheet: ClientSheet, manager_id: UUID) -> None:
    """Who is in charge of the rows that name nobody known. Raises AlreadyStarted, UnknownPerson."""
    locked = _lock(sheet)
    _refuse_started(locked)
    person = managers(actor.firm).filter(id=manager_id).first()
    if person is None:
        raise UnknownPerson
    locked.manager = person
    locked.save(update_fields=["manager"])


def _lock(sheet: ClientSheet) -> ClientSheet:
    return ClientSheet.objects.select_for_update(of=("self",)).get(id=sheet.id)


def _refuse_started(sheet: ClientSheet) -> None:
    if sheet.started_at is not None:
        raise AlreadyStarted


@transaction.atomic
def start_import(*, actor: Actor, sheet: ClientSheet) -> Job:
    """Ask for the import: its job, to be enqueued by the caller. Raises AlreadyStarted, NothingToImport."""
    locked = _lock(sheet)
    _refuse_started(locked)
    count = SheetRow.objects.filter(sheet=sheet, chosen=True, blocked=False).count()
    if not count:
        raise NothingToImport
    locked.started_at = timezone.now()
    locked.save(update_fields=["started_at"])
    record("clients.sheet_imported", author=actor.author, subject=_subject(sheet, count))
    return jobs.open_job(firm_id=sheet.firm_id, kind=IMPORT, object_id=sheet.id)


@transaction.atomic
def delete_sheet(*, actor: Actor, sheet: ClientSheet) -> None:
    """Forget a list: the clients created from it stay. Raises AlreadyStarted while its import runs."""
    if Job.objects.filter(kind=IMPORT, object_id=sheet.id, ended_at__isnull=True).exists():
        raise AlreadyStarted
    subject = _subject(sheet, sheet.rows.count())
    sheet.delete()
    record("clients.sheet_deleted", author=actor.author, subject=subject)


def purge_sheets() -> int:
    """Forget the lists older than a draft may be; how many went. For the recurring work."""
    old = ClientSheet.objects.filter(created_at__lt=timezone.now() - timedelta(days=settings.DRAFT_DAYS))
    running = Job.objects.filter(kind=IMPORT, ended_at__isnull=True).values("object_id")
    gone, _each = old.exclude(id__in=running).delete()
    return gone


# In the background


def import_rows(job: Job) -> bool:
    """Create the clients of the rows that wait, some at a time; False when the job was taken away meanwhile.

    A row says what became of it in the transaction that creates its client: whatever stops the worker, the next one
    goes on at the first row that waits, and creates nothing twice. The registry is asked before that transaction, which
    would else keep everybody from writing while a source is slow to answer.
    """
    sheet = ClientSheet.objects.select_related("firm", "owner__user", "manager").get(id=job.object_id)
    actor = _acting(sheet)
    importer = _Importer(actor, sheet)
    rows = SheetRow.objects.filter(sheet=sheet, chosen=True, blocked=False)
    total, done = rows.count(), rows.exclude(state=RowState.WAITING).count()
    while True:
        some = list(rows.filter(state=RowState.WAITING).order_by("number")[:READ_AT_ONCE])
        if not some:
            return True
        read, told = [], monotonic()
        for row in some:
            if monotonic() - told > PATIENCE_SECONDS:
                if not jobs.beat(job.id, tries=job.tries, share=done / total, step=_how_far(done, total)):
                    return False
                told = monotonic()
            content = open_row(sheet, row)
            read.append((row, content, importer.company(content) if content else None))
        with transaction.atomic():
            done += len(some)
            if not jobs.beat(job.id, tries=job.tries, share=done / total, step=_how_far(done, total)):
                return False
            for row, content, details in read:
                importer.create(row, content, details)


def _how_far(done: int, total: int) -> str:
    return f"{done:,} sur {total:,}".replace(",", "\u00a0")


def _acting(sheet: ClientSheet) -> Actor:
    """The owner, with the rights that they hold now. Raises PermissionDenied when they may no longer import."""
    actor = actor_of(sheet.owner.user) if sheet.owner.user is not None else None
    if actor is None or not actor.can("clients.bulk_import"):
        raise PermissionDenied
    return replace(actor, origin=Origin.WORKER)


class _Importer:
    """Creates clients for one list; remembers who is who, and whether the registry answers."""

    def __init__(self, actor: Actor, sheet: ClientSheet) -> None:
        self._actor = actor
        self._manager: Collaborator = sheet.manager
        self._directory = Directory.of(actor)
        self._people = {person.id: person for person in managers(actor.firm)}
        self._silences = 0

    def create(self, row: SheetRow, content: Content | None, details: CompanyDetails | None) -> None:
        """The client of a row, or the reason why there is none; ``content`` is None when it can no longer be read."""
        if content is None or details is None:
            self._settle(row, RowState.REFUSED, reason="unreadable")
            return
        try:
            with transaction.atomic():
                client = self._save(content, details)
                left = "unknown" if details.to_complete else "nameless" if details.name == details.siret else ""
                self._settle(row, RowState.CREATED, reason=left, client_id=client.id)
        except AlreadyFollowed:
            self._settle(row, RowState.REFUSED, reason="already_followed")
        except FileCodeTaken:
            self._settle(row, RowState.REFUSED, reason="file_code_taken")
        except (UnknownManager, UnknownPortfolio, WouldBeInvisible):
            self._settle(row, RowState.REFUSED, reason="organisation")

    def _save(self, content: Content, details: CompanyDetails) -> Client:
        values, wrong = content.values, {trouble["code"] for trouble in content.problems}
        found = self._directory.manager(values.get("manager", ""))
        manager = self._people[found[0]] if len(found) == 1 else self._manager
        names = portfolio_names(values.get("portfolios", ""))
        known = {self._directory.portfolios[key] for name in names if (key := fold(name)) in self._directory.portfolios}
        organisation = Organisation(
            manager_id=manager.id,
            portfolio_ids=tuple(known),
            file_code=values.get("file_code", ""),
            contact_name=values.get("contact_name", ""),
            contact_email="" if "wrong_email" in wrong else values.get("contact_email", ""),
        )
        client = create_client(actor=self._actor, details=details, organisation=organisation)
        link_new_client(client)
        open_dossier(actor=self._actor, client=client, manager=manager, year=None)
        return client

    @staticmethod
    def _settle(row: SheetRow, state: RowState, *, reason: str = "", client_id: UUID | None = None) -> None:
        row.state, row.reason, row.client_id = state, reason, client_id
        row.save(update_fields=["state", "reason", "client_id"])

    def company(self, content: Content) -> CompanyDetails:
        """What the registry says, under the name of the file when it gives one; else what is known, to be completed."""
        values = content.values
        siret, found = check_number(values["siret"], expected="siret").digits, None
        if self._silences < UNREACHABLE_IN_A_ROW:
            answered, found = company_from_registry(siret)
            self._silences = 0 if answered else self._silences + 1
        typed = values.get("name", "")
        if found is None:
            return CompanyDetails(siret=siret, name=typed or siret, to_complete=True)
        if not (typed or found.name):  # partial diffusion: its number stands in for what is not public
            return replace(found, name=siret)
        if not typed or typed == found.name:
            return found
        corrected = {**found.corrected, "name": found.name} if found.name else found.corrected
        return replace(found, name=typed, corrected=corrected)
