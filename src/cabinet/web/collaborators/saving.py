"""From a form to the services: everything is saved together, or the form says what is refused."""

from dataclasses import replace

from django.db import transaction

from cabinet.accounts import invitations, services
from cabinet.accounts.actors import Actor
from cabinet.accounts.authority import LastAdministrator, RightsNotHeld
from cabinet.accounts.invitations import NoLogin, Sent
from cabinet.accounts.models import Collaborator
from cabinet.onboarding.departures import StillInCharge, UnknownSuccessor, deactivate_collaborator, delete_collaborator
from cabinet.portfolios.services import choose_portfolios
from cabinet.web.collaborators.forms import CollaboratorForm
from cabinet.web.collaborators.pages import Departure

TAKEN = "Cette adresse sert déjà à un collaborateur ou à un compte Bocage. Donnez-en une autre."
NOT_HELD = "Ce groupe donne des droits que vous n’avez pas. Un administrateur peut le choisir."
LAST = "C’est le dernier administrateur qui se connecte. Donnez d’abord ce groupe à quelqu’un d’autre."
ADDRESS = "Cette personne se connecte déjà avec son adresse\u00a0: seul un administrateur peut la changer."
ONESELF = "Vous ne pouvez pas fermer votre propre accès. Demandez-le à un autre administrateur."
NOBODY = "Choisissez qui reprend les dossiers et les missions."
SUCCESSOR_GONE = "Cette personne ne peut plus reprendre de dossiers. Choisissez-en une autre."
WRONG_NAME = "Ce nom n’est pas celui du collaborateur. Recopiez-le tel qu’il est écrit au-dessous du champ."


@transaction.atomic
def _create(actor: Actor, form: CollaboratorForm) -> tuple[Collaborator, Sent | None]:
    person = services.create_collaborator(
        actor=actor, person=form.person, group=form.chosen_group, with_login=form.wants_login
    )
    choose_portfolios(actor=actor, person=person, chosen=form.chosen_portfolios)
    return person, invitations.invite(actor=actor, person=person) if form.wants_login else None


@transaction.atomic
def _change(actor: Actor, person: Collaborator, form: CollaboratorForm) -> tuple[Collaborator, Sent | None]:
    before = person.email
    person = services.change_collaborator(
        actor=actor, collaborator=person, person=form.person, group=form.chosen_group, open_login=form.wants_login
    )
    choose_portfolios(actor=actor, person=person, chosen=form.chosen_portfolios)
    waits = person.user is not None and not person.user.has_usable_password() and person.is_active
    if waits and (form.wants_login or before != person.email):
        return person, invitations.invite(actor=actor, person=person)
    return person, None


def keep(
    actor: Actor, form: CollaboratorForm, person: Collaborator | None = None
) -> tuple[Collaborator, Sent | None] | None:
    """The person saved, and the letter to send; None when the form says what is refused."""
    if not form.is_valid():
        return None
    try:
        return _create(actor, form) if person is None else _change(actor, person, form)
    except services.EmailTaken:
        form.add_error("email", TAKEN)
    except services.AddressOfAnother:
        form.add_error("email", ADDRESS)
    except RightsNotHeld:
        form.add_error("group", NOT_HELD)
    except LastAdministrator:
        form.add_error("group", LAST)
    return None


def invite_again(actor: Actor, person: Collaborator) -> Sent | None:
    """A new link; None for somebody who already signs in, or cannot."""
    try:
        return invitations.invite(actor=actor, person=person)
    except NoLogin:
        return None


def depart(actor: Actor, page: Departure) -> Departure | None:
    """Hand over and let go; None once done, else the page with what is refused."""
    form, work = page.form, delete_collaborator if page.deleting else deactivate_collaborator
    if not form.is_valid():
        return replace(page, error=SUCCESSOR_GONE)
    if page.deleting and not form.names(page.person):
        return replace(page, name_error=WRONG_NAME)
    try:
        work(actor=actor, person=page.person, successor=form.chosen)
    except StillInCharge:
        return replace(page, error=NOBODY)
    except UnknownSuccessor:
        return replace(page, error=SUCCESSOR_GONE)
    except LastAdministrator:
        return replace(page, error=LAST)
    except services.OneselfError:
        return replace(page, error=ONESELF)
    return None
