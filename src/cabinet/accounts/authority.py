"""Who may change whom: nobody gives a right that they do not hold, and a firm keeps an administrator.

Everything here runs inside the caller's transaction, once the firm is locked: two people who act on each other at the
same instant go one after the other, and each is judged by the rights they still hold then.
"""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from cabinet.accounts.actors import Actor
from cabinet.accounts.models import Collaborator, Firm, Group
from cabinet.accounts.permissions import CODES, Role, known
from cabinet.accounts.selectors import managers


class LastAdministrator(Exception):
    """The firm would be left without an administrator who can sign in."""


class RightsNotHeld(Exception):
    """The actor would give, or take, a permission that they do not hold."""


def lock(firm: Firm) -> None:
    """Take the firm for the rest of the transaction. SQLite needs nothing: its transactions take the whole file."""
    Firm.objects.select_for_update(no_key=True).get(id=firm.id)


def codes_now(actor: Actor) -> frozenset[str]:
    """What the actor may do at this instant; nothing for somebody who has just left."""
    if actor.collaborator is None:
        return actor.codes
    person = (
        Collaborator.objects.select_related("group")
        .filter(id=actor.collaborator.id, is_active=True, user__is_active=True)
        .first()
    )
    return person.group.held if person else frozenset()


def begin(actor: Actor, code: str) -> frozenset[str]:
    """Lock the firm and answer with the actor's rights. Raises PermissionDenied without ``code``."""
    lock(actor.firm)
    held = codes_now(actor)
    if known(code) not in held:
        raise PermissionDenied
    return held


def begin_as_administrator(actor: Actor) -> frozenset[str]:
    """The same, for what only administrators do. Raises PermissionDenied."""
    held = begin(actor, "collaborators.manage")
    if held != CODES:
        raise PermissionDenied
    return held


def may_manage_person(codes: frozenset[str], person: Collaborator) -> bool:
    """Whether somebody who holds ``codes`` may change ``person``: who may do more than they is out of their hands."""
    return "collaborators.manage" in codes and person.group.held <= codes


def may_give(codes: frozenset[str], group: Group) -> bool:
    """Whether somebody who holds ``codes`` may put people into the group."""
    return group.held <= codes


def able_administrators(firm: Firm) -> QuerySet[Collaborator]:
    """The administrators who have chosen a password: an invitation that nobody answered keeps no firm open."""
    return (
        managers(firm)
        .filter(group__role=Role.ADMINISTRATOR)
        .exclude(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    )


def check_still_administered(firm: Firm) -> None:
    """Call it after the change, in the same transaction. Raises LastAdministrator."""
    if not able_administrators(firm).exists():
        raise LastAdministrator
