"""Groups of a firm: the writes. Administrators always hold everything; the three default groups stay."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db import transaction

from cabinet.accounts.actors import Actor
from cabinet.accounts.authority import RightsNotHeld, begin, check_still_administered, may_give
from cabinet.accounts.models import Collaborator, Group
from cabinet.accounts.permissions import PERMISSIONS, Role, known
from cabinet.audit.services import Subject, record


class GroupNameTaken(Exception):
    """Another group of the firm bears this name."""


class ProtectedGroup(Exception):
    """One of the three default groups cannot be deleted or renamed, nor administrators lose a permission."""


class GroupNotEmpty(Exception):
    """The group still has people: they move to another one first."""


def _labels(codes: Collection[str]) -> str:
    return ", ".join(permission.label for permission in PERMISSIONS if permission.code in codes)


def _check_name(actor: Actor, name: str, *, besides: Group | None = None) -> None:
    others = Group.objects.filter(firm=actor.firm, name__iexact=name)
    if besides is not None:
        others = others.exclude(id=besides.id)
    if others.exists():
        raise GroupNameTaken(name)


@transaction.atomic
def create_group(*, actor: Actor, name: str, codes: Collection[str]) -> Group:
    """A new group. Raises GroupNameTaken, RightsNotHeld, PermissionDenied; KeyError for an unknown code."""
    held = begin(actor, "groups.manage")
    wanted = frozenset(known(code) for code in codes)
    if not wanted <= held:
        raise RightsNotHeld
    _check_name(actor, name)
    group = Group.objects.create(firm=actor.firm, name=name, codes=sorted(wanted))
    record(
        "group.created",
        author=actor.author,
        subject=Subject(label=name, id=group.id),
        changes={"permissions": (None, _labels(wanted))},
    )
    return group


@transaction.atomic
def change_group(*, actor: Actor, group: Group, name: str, codes: Collection[str]) -> Group:
    """Its name and permissions. Raises GroupNameTaken, ProtectedGroup, RightsNotHeld, PermissionDenied.

    Who holds a permission may give it and take it back; the others stay as they are.
    """
    held = begin(actor, "groups.manage")
    group = Group.objects.get(id=group.id, firm=actor.firm)
    wanted = frozenset(known(code) for code in codes)
    if group.role == Role.ADMINISTRATOR or (group.is_protected and name != group.name):
        raise ProtectedGroup
    if not (wanted ^ group.held) <= held:
        raise RightsNotHeld
    _check_name(actor, name, besides=group)
    changes: dict[str, tuple[str, str]] = {}
    if group.name != name:
        changes["nom"] = (group.name, name)
    if added := wanted - group.held:
        changes["permissions données"] = ("", _labels(added))
    if removed := group.held - wanted:
        changes["permissions retirées"] = (_labels(removed), "")
    if changes:
        group.name, group.codes = name, sorted(wanted)
        group.save(update_fields=["name", "codes"])
        record("group.changed", author=actor.author, subject=Subject(label=name, id=group.id), changes=changes)
    return group


@transaction.atomic
def delete_group(*, actor: Actor, group: Group, move_to: Group | None = None) -> None:
    """Delete a group of the firm's own, its people moved to ``move_to``.

    Raises ProtectedGroup, GroupNotEmpty, RightsNotHeld (for either group), PermissionDenied.
    """
    held = begin(actor, "groups.manage")
    group = Group.objects.get(id=group.id, firm=actor.firm)
    if group.is_protected:
        raise ProtectedGroup
    if not may_give(held, group):
        raise RightsNotHeld
    moved = 0
    if group.collaborators.exists():
        if move_to is None or move_to.id == group.id:
            raise GroupNotEmpty
        if move_to.firm_id != actor.firm.id:
            raise PermissionDenied
        if not may_give(held, move_to):
            raise RightsNotHeld
        moved = Collaborator.objects.filter(group=group).update(group=move_to)
    subject = Subject(label=group.name, id=group.id)
    group.delete()
    check_still_administered(actor.firm)
    changes = {"collaborateurs": (moved, move_to.name)} if moved and move_to else None
    record("group.deleted", author=actor.author, subject=subject, changes=changes)
