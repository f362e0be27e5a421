"""Somebody leaves: what they were in charge of goes to someone else first; then their access closes, or they go.

Here rather than beside the people, because clients, missions, portfolios and drafts are all handed over or given up.
"""

from dataclasses import dataclass

from django.db import transaction

from cabinet.accounts import services
from cabinet.accounts.actors import Actor
from cabinet.accounts.authority import begin_as_administrator
from cabinet.accounts.models import Collaborator
from cabinet.accounts.selectors import managers
from cabinet.clients.handover import clients_in_charge, hand_over_clients
from cabinet.dossiers.handover import hand_over_missions, missions_in_charge
from cabinet.imports.services import discard_draft
from cabinet.onboarding.models import Draft
from cabinet.portfolios.handover import hand_over_portfolios, portfolios_run_alone
from cabinet.portfolios.models import Portfolio


class StillInCharge(Exception):
    """Dossiers or missions have nobody to take them over yet."""


class UnknownSuccessor(Exception):
    """Who takes over is somebody else, active, with a login, in the same firm."""


@dataclass(frozen=True, slots=True)
class Charge:
    """What somebody is in charge of. ``missions`` counts those still open, ``all_missions`` the finished ones too."""

    clients: int
    missions: int
    all_missions: int
    portfolios: tuple[Portfolio, ...]

    def needs_successor(self, *, deleting: bool) -> bool:
        """Whether someone must take over: portfolios alone do not ask for it, an administrator runs them all."""
        return bool(self.clients or (self.all_missions if deleting else self.missions))


def charge_of(person: Collaborator) -> Charge:
    """What would have to be handed over."""
    return Charge(
        clients=clients_in_charge(person).count(),
        missions=missions_in_charge(person, finished=False).count(),
        all_missions=missions_in_charge(person, finished=True).count(),
        portfolios=tuple(portfolios_run_alone(person)),
    )


def successors(person: Collaborator) -> list[Collaborator]:
    """Who may take over."""
    return list(managers(person.firm).exclude(id=person.id))


@transaction.atomic
def deactivate_collaborator(*, actor: Actor, person: Collaborator, successor: Collaborator | None = None) -> None:
    """Hand over, then close the access. Raises StillInCharge, UnknownSuccessor, and what ``accounts`` raises."""
    begin_as_administrator(actor)
    _hand_over(actor, person, successor, deleting=False)
    services.deactivate(actor=actor, collaborator=person)


@transaction.atomic
def delete_collaborator(*, actor: Actor, person: Collaborator, successor: Collaborator | None = None) -> None:
    """Hand over, give up their drafts, delete. Raises what :func:`deactivate_collaborator` raises."""
    begin_as_administrator(actor)
    _hand_over(actor, person, successor, deleting=True)
    for draft in Draft.objects.filter(owner=person).select_related("firm"):
        discard_draft(firm=draft.firm, draft_id=draft.id)
        draft.delete()
    services.delete(actor=actor, collaborator=person)


def _hand_over(actor: Actor, person: Collaborator, successor: Collaborator | None, *, deleting: bool) -> None:
    if successor is None:
        if charge_of(person).needs_successor(deleting=deleting):
            raise StillInCharge
        return
    if successor.id == person.id or not managers(actor.firm).filter(id=successor.id).exists():
        raise UnknownSuccessor
    hand_over_clients(actor=actor, person=person, successor=successor)
    hand_over_missions(actor=actor, person=person, successor=successor, finished=deleting)
    hand_over_portfolios(actor=actor, person=person, successor=successor)
