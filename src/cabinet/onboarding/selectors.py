"""Reading drafts, their files, and what a step needs to show."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cabinet.accounts.actors import Actor
from cabinet.accounts.models import Collaborator, Firm
from cabinet.accounts.permissions import Role
from cabinet.accounts.selectors import managers
from cabinet.clients.access import visible_clients
from cabinet.clients.models import Client
from cabinet.imports.access import draft_imports
from cabinet.imports.models import Import
from cabinet.onboarding.drafts import read_payload
from cabinet.onboarding.models import Draft
from cabinet.onboarding.steps import OrganisationStep, Step
from cabinet.portfolios.access import usable_portfolios


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft to resume: ``name`` or ``number`` may be empty when nothing was typed yet."""

    id: UUID
    name: str
    number: str
    step: Step
    updated_at: datetime


def drafts_of(actor: Actor) -> list[DraftLine]:
    """The actor's own drafts, latest first; those that nothing was typed in are left out."""
    if actor.collaborator is None:
        return []
    lines = []
    for row in Draft.objects.filter(firm=actor.firm, owner=actor.collaborator):
        payload = read_payload(row)
        if payload is None or not payload.company.typed:
            continue
        lines.append(DraftLine(row.id, payload.company.name, payload.company.typed, Step(row.step), row.updated_at))
    return lines


def saved_client(actor: Actor, draft_id: UUID) -> Client | None:
    """The client that this draft became, if the actor sees it: a client keeps the identity of its draft."""
    return visible_clients(actor).filter(id=draft_id).first()


def draft_files(firm: Firm, draft_id: UUID) -> list[Import]:
    """The files of a draft, in the order in which they came."""
    return list(draft_imports(firm, draft_id).order_by("received_at", "file_name"))


def draft_file(firm: Firm, draft_id: UUID, import_id: UUID) -> Import | None:
    """One file of the draft; None for anything else."""
    return draft_imports(firm, draft_id).filter(id=import_id).first()


def followed_client(actor: Actor, siret: str) -> Client | None:
    """The client of that SIRET, if the actor sees it."""
    return visible_clients(actor).filter(siret=siret).first()


def administrators(firm: Firm) -> list[Collaborator]:
    """Whom to ask for access: the firm's administrators who can sign in."""
    return list(managers(firm).filter(group__role=Role.ADMINISTRATOR))


def proposed_manager(actor: Actor) -> Collaborator | None:
    """Who is proposed to be in charge: the firm's own choice, else the person who creates the client."""
    person = actor.collaborator
    wished = [actor.firm.default_manager_id, person.id if person else None]
    able = {one.id: one for one in managers(actor.firm).filter(id__in=[one for one in wished if one])}
    return next((able[one] for one in wished if one in able), None)


def future_readers(actor: Actor, organisation: OrganisationStep) -> list[Collaborator]:
    """Who will see the client once it exists, by the rule of :mod:`cabinet.portfolios.access`.

    Call it once the step was found right.
    """
    chosen = usable_portfolios(actor).filter(id__in=organisation.portfolio_ids)
    shared = set(chosen.values_list("members", flat=True)) | set(chosen.values_list("responsables", flat=True))
    return [
        person
        for person in managers(actor.firm).select_related("group")
        if "clients.view_all" in person.group.held or person.id in shared or str(person.id) == organisation.manager_id
    ]
