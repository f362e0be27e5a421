"""The gate of people and groups: another firm's do not exist, and who may not manage them is refused."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from cabinet.accounts.actors import Actor
from cabinet.accounts.authority import may_manage_person
from cabinet.accounts.models import Collaborator, Group
from cabinet.accounts.permissions import CODES
from cabinet.accounts.selectors import people_of


def access_collaborator(
    actor: Actor, person_id: UUID, *, change: bool = False, administer: bool = False
) -> Collaborator:
    """A person of the actor's firm. ``change``: edit and invite; ``administer``: deactivate, delete, take factors away.

    Raises Http404 in another firm; PermissionDenied without the right, and to change who may do more than the actor.
    """
    person = people_of(actor.firm).filter(id=person_id).first()
    if person is None:
        raise Http404
    if not actor.can("collaborators.manage"):
        raise PermissionDenied
    if change and not may_manage_person(actor.codes, person):
        raise PermissionDenied
    if administer and actor.codes != CODES:
        raise PermissionDenied
    return person


def access_group(actor: Actor, group_id: UUID) -> Group:
    """A group of the actor's firm. Raises Http404, PermissionDenied."""
    group = Group.objects.filter(firm=actor.firm, id=group_id).first()
    if group is None:
        raise Http404
    if not actor.can("groups.manage"):
        raise PermissionDenied
    return group
