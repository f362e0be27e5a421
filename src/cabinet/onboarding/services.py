"""« Nouveau client »: what each step keeps, what the registry fills in, and the one save that creates anything."""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from bocage.identifiers import check_number
from cabinet.accounts.actors import Actor, worker
from cabinet.accounts.selectors import managers
from cabinet.clients.completion import note_asked, waiting_for_registry
from cabinet.clients.details import CORRECTABLE, CompanyDetails
from cabinet.clients.models import Client, FiscalYear
from cabinet.clients.services import (
    AlreadyFollowed,
    FileCodeTaken,
    check_siret_free,
    complete_from_registry,
    create_client,
    open_year,
)
from cabinet.connectors import pulling
from cabinet.connectors.checking import link_new_client
from cabinet.dossiers.services import open_dossier
from cabinet.imports import services as imports
from cabinet.imports.models import Import
from cabinet.imports.storage import Incoming
from cabinet.onboarding.checks import Problem, problems, years_of
from cabinet.onboarding.drafts import DraftGone, OpenDraft, access_draft, change_draft, discard, purge_drafts
from cabinet.onboarding.selectors import draft_files, saved_client
from cabinet.onboarding.steps import CompanyStep, DataStep, Found, OrganisationStep, Payload, Step, TypedYear, to_bytes
from cabinet.registry.enums import LookupCase
from cabinet.registry.services import LookupOutcome, look_up

logger = logging.getLogger(__name__)

COMPLETED_AT_ONCE = 20
"""Clients completed in one go of the recurring work: the registry limits how often it is asked."""

__all__ = [
    "DraftChanged",
    "StepsWrong",
    "ask_registry",
    "complete_pending",
    "discard",
    "fingerprint",
    "keep_company",
    "keep_data",
    "keep_organisation",
    "purge_drafts",
    "receive_file",
    "remove_file",
    "save",
    "take_file_dates",
]


class StepsWrong(Exception):
    """A step does not hold (any more): nothing was created."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__(found[0].code)
        self.found = found


class DraftChanged(Exception):
    """The draft is no longer what the person read before saving: another tab changed it."""


# Step 1


def ask_registry(actor: Actor, draft_id: UUID, typed: CompanyStep, *, again: bool = False) -> OpenDraft:
    """Ask the registry about the number of ``typed``, fill the fields in, and keep the step.

    What the person had corrected for the same number stays. A number that is wrong or already followed is not asked.
    Call it outside any transaction: the registry may take its three seconds.
    """
    found = None
    if _worth_asking(actor, typed.typed):
        outcome = look_up(typed.typed, again=again)
        found = _answer(outcome)
    filled = typed if found is None else _fill(typed, found)
    return keep_company(actor, draft_id, filled)


def _worth_asking(actor: Actor, typed: str) -> bool:
    key = check_number(typed)
    if not key.valid:
        return False
    try:
        check_siret_free(actor.firm.id, key.digits)
    except AlreadyFollowed:
        return False
    return True


def _answer(outcome: LookupOutcome) -> Found | None:
    if outcome.case is LookupCase.BAD_KEY:
        return None
    details = outcome.details
    found = Found(
        number=outcome.key.digits,
        case=outcome.case,
        successor=outcome.successor or "",
        moved_office=outcome.moved_office,
        kept_siren=outcome.kept_siren,
        open_establishments=outcome.open_establishments,
        sites=tuple((site.siret, site.label, site.address, site.is_head_office) for site in outcome.sites),
        sites_complete=outcome.sites_complete,
        closed_on=outcome.closed_on.isoformat() if outcome.closed_on else "",
        reason=outcome.reason or "",
        source=outcome.source,
        source_label=outcome.source_label,
        read_at=outcome.read_at.isoformat() if outcome.read_at else "",
        seconds=round(outcome.seconds, 2),
    )
    if details is None:
        return found
    return replace(
        found,
        name=details.name,
        ape=details.ape,
        ape_2025=details.ape_2025,
        ape_2025_label=details.ape_2025_label,
        idcc=", ".join(details.idcc),
        street=details.street,
        postcode=details.postcode,
        town=details.town,
        country=details.country,
        commune=details.commune,
        territory=details.territory,
        head_office=details.head_office,
        legal_form=details.legal_form,
        is_head_office=details.is_head_office,
        is_open=details.is_open,
        opened_on=details.opened_on.isoformat() if details.opened_on else "",
        size_band=details.size_band,
        size_year=details.size_year,
        partial=details.partial,
        masked=details.masked,
        updated_on=details.updated_on.isoformat() if details.updated_on else "",
    )


def _fill(typed: CompanyStep, found: Found) -> CompanyStep:
    """The fields from the answer; those that the person changed for the same number stay."""
    before = typed.answer
    values = {}
    for name in CORRECTABLE:
        held = getattr(typed, name)
        kept = before is not None and held and held != getattr(before, name)
        values[name] = held if kept else getattr(found, name) if found.has_company else ""
    same = before is not None
    return replace(typed, found=found, create_closed=typed.create_closed and same, **values)


def keep_company(actor: Actor, draft_id: UUID, company: CompanyStep, *, reached: Step | None = None) -> OpenDraft:
    """Keep the first step as typed; the files already there are judged against its company."""

    def change(payload: Payload) -> Payload:
        return replace(payload, company=company)

    with transaction.atomic():
        opened = change_draft(actor, draft_id, change, reached=reached)
        if company.siret:
            imports.expect(draft_id=draft_id, siren=company.siret[:9])
    return opened


# Steps 2 and 3


def keep_organisation(
    actor: Actor, draft_id: UUID, organisation: OrganisationStep, *, reached: Step | None = None
) -> OpenDraft:
    """Keep the second step."""
    return change_draft(actor, draft_id, lambda payload: replace(payload, organisation=organisation), reached=reached)


def keep_data(
    actor: Actor, draft_id: UUID, years: Mapping[str, TypedYear], *, skipped: bool, reached: Step | None = None
) -> OpenDraft:
    """Keep the dates typed, and whether the step is skipped. Dates of files that are gone are forgotten."""

    def change(payload: Payload) -> Payload:
        known = {"", *(str(one.id) for one in draft_files(actor.firm, draft_id))}
        kept = {key: year for key, year in {**payload.data.years, **years}.items() if key in known and not year.blank}
        return replace(payload, data=DataStep(skipped=skipped, years=kept))

    return change_draft(actor, draft_id, change, reached=reached)


def take_file_dates(actor: Actor, draft_id: UUID, fec: Import) -> OpenDraft:
    """The dates of the FEC in place of those typed."""
    start, end = fec.period_start, fec.period_end
    taken = TypedYear(start.isoformat() if start else "", end.isoformat() if end else "")
    return keep_data(actor, draft_id, {str(fec.id): taken}, skipped=False)


@transaction.atomic
def receive_file(actor: Actor, draft_id: UUID, incoming: Incoming, *, too_large: bool = False) -> Import:
    """Take a file for the client to come. Raises Http404, DraftGone: the caller then discards the file."""
    opened = access_draft(actor, draft_id, lock=True)
    return imports.receive(actor=actor, incoming=incoming, to=opened.holder, too_large=too_large)


@transaction.atomic
def remove_file(actor: Actor, draft_id: UUID, imported: Import) -> None:
    """Take a file back: it, its facts and the dates typed for it go."""
    access_draft(actor, draft_id, lock=True)
    imports.delete(actor=actor, imported=imported)
    keep_data(actor, draft_id, {}, skipped=False)


# Saving


def fingerprint(opened: OpenDraft) -> str:
    """What the person has before their eyes when they save: everything typed, and which files there are."""
    files = sorted(str(one.id) for one in draft_files(opened.row.firm, opened.id))
    return hashlib.sha256(to_bytes(opened.payload) + ",".join(files).encode()).hexdigest()[:32]


@transaction.atomic
def save(actor: Actor, draft_id: UUID, *, seen: str | None = None) -> Client:
    """Create the client, its dossier with a first mission, its fiscal years and its imports; the draft then goes.

    Saving twice gives the same client. ``seen`` is the fingerprint of what the person read.
    Raises StepsWrong (nothing is created), DraftChanged, DraftGone, Http404.
    """
    try:
        opened = access_draft(actor, draft_id, lock=True)
    except DraftGone:
        already = saved_client(actor, draft_id)
        if already is None:
            raise
        return already
    wrong = problems(actor, draft_id, opened.payload, before=Step.SUMMARY)
    if wrong:
        raise StepsWrong(wrong)
    if seen is not None and seen != fingerprint(opened):
        raise DraftChanged
    client = _create(actor, opened)
    link_new_client(client)
    years = _open_years(actor, opened, client)
    manager = managers(actor.firm).get(id=client.manager_id)
    latest = max(years.values(), key=lambda year: year.end, default=None)
    open_dossier(actor=actor, client=client, manager=manager, year=latest)
    if not opened.payload.data.skipped:
        by_file = {UUID(key): year for key, year in years.items() if key}
        imports.adopt(actor=actor, draft_id=draft_id, client=client, years=by_file)
        pulling.adopt(draft_id=draft_id, client=client)
    else:
        pulling.forget_draft(draft_id)
    imports.discard_draft(firm=opened.row.firm, draft_id=draft_id)
    opened.row.delete()
    return client


def _create(actor: Actor, opened: OpenDraft) -> Client:
    try:
        return create_client(
            actor=actor,
            details=opened.payload.company.details(),
            organisation=opened.payload.organisation_terms(),
            client_id=opened.row.client_id,
            salt=bytes(opened.row.salt),
            master_name=bytes(opened.row.master_name),
        )
    except AlreadyFollowed:
        # Another draft with this SIRET was saved between the check and the insertion.
        raise StepsWrong([Problem(Step.COMPANY, "typed", "already_followed")]) from None
    except FileCodeTaken:
        raise StepsWrong([Problem(Step.COMPANY, "file_code", "taken")]) from None


def _open_years(actor: Actor, opened: OpenDraft, client: Client) -> dict[str, FiscalYear]:
    """Key of the dates (the FEC's id, or ``""``) → the fiscal year opened with them."""
    data = opened.payload.data
    if data.skipped:
        return {}
    years = {}
    for year in years_of(data, draft_files(actor.firm, opened.id)):
        if year.start is not None and year.end is not None:
            years[year.key] = open_year(actor=actor, client=client, start=year.start, end=year.end)
    return years


# In the background


def complete_pending() -> int:
    """Complete clients created while the registry did not answer; how many were. For the recurring work.

    It stops as soon as the registry does not answer: the next run goes on.
    """
    completed = 0
    for client in waiting_for_registry(COMPLETED_AT_ONCE):
        outcome = look_up(client.siret, in_background=True)
        answer = _answer(outcome)
        if outcome.nobody_answers:
            break
        if answer is None or not answer.has_company:
            note_asked(client)
            continue
        filled = _fill(CompanyStep(typed=client.siret), answer)
        completed += complete_from_registry(actor=worker(client.firm), client=client, details=filled.details())
    return completed


def company_from_registry(siret: str) -> tuple[bool, CompanyDetails | None]:
    """Whether the registry answered, and the company when it knows it: for lists, where nobody waits."""
    outcome = look_up(siret, in_background=True)
    answer = _answer(outcome)
    if answer is None or answer.case == LookupCase.UNREACHABLE:
        return False, None
    return True, _fill(CompanyStep(typed=siret), answer).details() if answer.has_company else None
