"""Files: received, settled, replaced, deleted. Reading itself is in :mod:`cabinet.imports.reading`."""

import re
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from bocage.formats.base import BytesSource
from bocage.formats.catalogue import identify
from bocage.identifiers.company import luhn_ok
from cabinet.accounts.actors import Actor
from cabinet.accounts.models import Firm
from cabinet.audit.services import Subject, record
from cabinet.clients.models import Client, FiscalYear
from cabinet.clients.services import refuse_when_inactive
from cabinet.imports import parts, settling, storage
from cabinet.imports.enums import Doubt, ImportKind, ImportState, Refusal
from cabinet.imports.lacking import refresh
from cabinet.imports.models import Import
from cabinet.imports.receiving import DROPPED, CameFrom, already_there, new_row, open_reading
from cabinet.imports.states import move
from cabinet.imports.tasks import enqueue


class NotSettled(Exception):
    """The import is not in a state that allows this."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A wizard's draft that holds files for a client to come."""

    draft_id: UUID
    salt: bytes
    master_name: bytes
    siren: str


def subject_of(imported: Import) -> Subject:
    """The import, as the journal writes it."""
    return Subject(label=imported.file_name, id=imported.id, client_id=imported.client_id)


@transaction.atomic
def receive(
    *,
    actor: Actor,
    incoming: storage.Incoming,
    to: Client | Holder,
    came_from: CameFrom = DROPPED,
    too_large: bool = False,
) -> Import:
    """Take a file that has arrived whole, and have it read in the background.

    The same bytes already held by the same client or draft are recognised and not read twice. A part of a FEC is read
    together with those that are there.
    Raises PermissionDenied for a deactivated client: nothing is kept then.
    """
    if isinstance(to, Client) and not to.is_active:
        incoming.discard()
        refuse_when_inactive(to)
    person = actor.collaborator
    person_id = person.id if person else None
    imported = new_row(incoming, firm_id=actor.firm.id, received_by_id=person_id, came_from=came_from)
    if isinstance(to, Client):
        imported.client, imported.expected_siren = to, to.siren
        imported.subject_salt, imported.subject_master = to.salt, to.master_name
    else:
        imported.draft_id, imported.expected_siren = to.draft_id, to.siren
        imported.subject_salt, imported.subject_master = to.salt, to.master_name
    part = parts.is_part(incoming)
    completed = parts.completed_by(imported) if part else None
    imported.save()
    storage.keep_original(imported.id, incoming)
    record(
        "import.received", author=actor.author, subject=subject_of(imported), changes={"octets": (None, incoming.size)}
    )
    if too_large or incoming.size > settings.UPLOAD_MAX_FILE_BYTES:
        settling.refuse(imported, Refusal.TOO_LARGE, actor=actor)
    elif completed is None and already_there(imported):
        settling.refuse(imported, Refusal.SAME_FILE, actor=actor)
    else:
        if part:
            parts.gather(imported, completed, actor=actor)
        enqueue(open_reading(imported), imported.size)
    return imported


def recognise(incoming: storage.Incoming) -> str:
    """What the beginning of a file says it is: ``fec``, ``xlsx``, ``dsn``, ``zip``, ``pdf``…"""
    return identify(BytesSource(incoming.file_name, incoming.head)).kind


_DECLARED = re.compile(rb"S21\.G00\.06\.001,'(\d{9})'(?:.*?S21\.G00\.11\.001,'(\d{5})')?", re.DOTALL)


def company_named(incoming: storage.Incoming) -> tuple[str, str]:
    """The SIREN and the SIRET that a file gives at its beginning or in its name; empty for what it does not say.

    It only tells where to put the file: what it holds is read, and refused if need be, like any other.
    """
    if (found := _DECLARED.search(incoming.head)) is not None:
        siren = found[1].decode()
        return siren, siren + found[2].decode() if found[2] else ""
    named = incoming.file_name[:9]
    follows = incoming.file_name[9:12].upper() == "FEC"
    return (named, "") if follows and named.isascii() and named.isdigit() and luhn_ok(named) else ("", "")


@transaction.atomic
def withdraw_waiting(*, actor: Actor, client: Client, source: str, start: date, end: date) -> None:
    """Take back the FEC of a period that a tool sent before and nobody answered: it is about to send a newer one."""
    rows = Import.objects.select_for_update(of=("self",)).filter(
        client=client,
        source=source,
        kind=ImportKind.FEC,
        state=ImportState.TO_CHECK,
        period_start__gte=start,
        period_end__lte=end,
    )
    for imported in rows:
        if Doubt.REPLACES in imported.doubts:
            delete(actor=actor, imported=imported)


@transaction.atomic
def confirm_company(*, actor: Actor, imported: Import) -> None:
    """A person says that a FEC whose name bears no valid SIREN is this client's."""
    if imported.client is not None:
        refuse_when_inactive(imported.client)
    imported.confirmed_company = True
    imported.save(update_fields=["confirmed_company"])
    if imported.state == ImportState.TO_CHECK:
        settling.settle(imported, actor=actor)


@transaction.atomic
def accept(*, actor: Actor, imported: Import) -> None:
    """A person accepts a file that waited for their word: it replaces what it must replace. Raises NotSettled."""
    if imported.state != ImportState.TO_CHECK or imported.client is None:
        raise NotSettled
    refuse_when_inactive(imported.client)
    imported.confirmed_company = True
    settling.accept(imported, actor=actor, replace=True)


@transaction.atomic
def refuse(*, actor: Actor, imported: Import) -> None:
    """A person turns a file down. Raises NotSettled."""
    if imported.state != ImportState.TO_CHECK:
        raise NotSettled
    if imported.client is not None:
        refuse_when_inactive(imported.client)
    settling.refuse(imported, Refusal.BY_PERSON, actor=actor)


@transaction.atomic
def delete(*, actor: Actor, imported: Import) -> None:
    """Remove a file, its facts and its figures for good; its row leaves every list."""
    if imported.client is not None:
        if imported.state == ImportState.ACCEPTED and not actor.can("data.delete"):
            raise PermissionDenied
        refuse_when_inactive(imported.client)
    was_accepted = imported.state == ImportState.ACCEPTED
    move(imported, ImportState.DELETED)
    imported.report, imported.tables, imported.has_original = {}, {}, False
    imported.save()
    imported.months.all().delete()
    record("import.deleted", author=actor.author, subject=subject_of(imported))
    import_id = imported.id
    transaction.on_commit(partial(storage.remove_files, import_id))
    if was_accepted and imported.client is not None:
        settling.choose_months(imported.client)
        refresh(imported.client.id)
        settling.tell_followers(imported.client_id)


@transaction.atomic
def adopt(*, actor: Actor, draft_id: UUID, client: Client, years: dict[UUID, FiscalYear]) -> None:
    """Hand a draft's files over to the client just created, and settle those that are read.

    ``years``: the fiscal year chosen for each FEC. Refused files are not kept.
    """
    # Locked: a worker may be about to write what it has just read.
    rows = Import.objects.select_for_update().filter(draft_id=draft_id).exclude(state=ImportState.DELETED)
    for imported in rows:
        if imported.state == ImportState.REFUSED:
            delete(actor=actor, imported=imported)
            continue
        imported.client, imported.draft_id = client, None
        imported.expected_siren = client.siren
        imported.year = years.get(imported.id)
        imported.save()
        if imported.state == ImportState.TO_CHECK:
            settling.settle(imported, actor=actor)
    refresh(client.id)


@transaction.atomic
def discard_draft(*, firm: Firm, draft_id: UUID) -> None:
    """Destroy the files of a draft that is given up or too old."""
    for imported in Import.objects.filter(firm=firm, draft_id=draft_id):
        transaction.on_commit(partial(storage.remove_files, imported.id))
        imported.delete()


@transaction.atomic
def expect(*, draft_id: UUID, siren: str) -> None:
    """The draft's company changed: its files are judged against the new one."""
    for imported in Import.objects.filter(draft_id=draft_id).exclude(expected_siren=siren):
        imported.expected_siren = siren
        imported.save(update_fields=["expected_siren"])
        if imported.state in {ImportState.TO_CHECK, ImportState.REFUSED} and imported.refusal in {
            "",
            Refusal.OTHER_COMPANY,
        }:
            settling.judge_draft(imported)


@transaction.atomic
def erase_files(*, client: Client) -> int:
    """Every file of a client about to be deleted; the number of files that went."""
    ids = list(Import.objects.filter(client=client).values_list("id", flat=True))
    kept = Import.objects.filter(client=client).exclude(state=ImportState.DELETED).count()
    Import.objects.filter(client=client).delete()
    for import_id in ids:
        transaction.on_commit(partial(storage.remove_files, import_id))
    return kept


def matching_year(client: Client, imported: Import) -> FiscalYear | None:
    """The client's fiscal year whose dates match a FEC's period, by the rule of :func:`period_matches`."""
    return settling.matching_year(client, imported)


def period_matches(imported: Import, start: date, end: date) -> bool:
    """Whether dates typed by a person match a FEC: they contain every entry, and end on its coherent closing date."""
    return settling.period_matches(imported, start, end)


__all__ = [
    "Holder",
    "ImportKind",
    "NotSettled",
    "accept",
    "adopt",
    "confirm_company",
    "delete",
    "discard_draft",
    "erase_files",
    "expect",
    "matching_year",
    "period_matches",
    "receive",
    "refuse",
]
