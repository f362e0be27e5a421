"""Second factors of other people: removed for somebody who has lost theirs."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from cabinet.accounts.actors import Actor
from cabinet.accounts.authority import begin_as_administrator
from cabinet.accounts.models import Collaborator, User
from cabinet.accounts.services import subject_of
from cabinet.accounts.sessions import end_sessions
from cabinet.audit.services import record


def remove_factors(user: User) -> int:
    """Every authenticator of the user, recovery codes included, and their sessions; how many authenticators."""
    removed: int = Authenticator.objects.filter(user=user).delete()[0]
    end_sessions(user)
    return removed


@transaction.atomic
def forget_second_factor(*, actor: Actor, person: Collaborator) -> bool:
    """For a lost telephone: the person signs in with their password alone, and sets up another. False when none was.

    Raises PermissionDenied: administrators only, since it takes a protection away.
    """
    begin_as_administrator(actor)
    person = Collaborator.objects.select_related("user").get(id=person.id, firm=actor.firm)
    if person.user is None or not remove_factors(person.user):
        return False
    record("collaborator.factor_removed", author=actor.author, subject=subject_of(person))
    return True
