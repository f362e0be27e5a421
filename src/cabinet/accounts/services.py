"""Firms, groups and people: the writes."""

from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db import transaction

from cabinet.accounts.actors import Actor, operator
from cabinet.accounts.authority import (
    RightsNotHeld,
    begin,
    begin_as_administrator,
    check_still_administered,
    may_give,
    may_manage_person,
)
from cabinet.accounts.invitations import close_invitations
from cabinet.accounts.models import Collaborator, Firm, Group, Position, User
from cabinet.accounts.names import search_name
from cabinet.accounts.permissions import CODES, DEFAULT_GROUPS, Role
from cabinet.accounts.sessions import end_sessions
from cabinet.audit.services import Subject, record


class EmailTaken(Exception):
    """The address already belongs to somebody of the firm, or to somebody who signs in."""


class AddressOfAnother(Exception):
    """Only an administrator changes the address with which somebody already signs in."""


class OneselfError(Exception):
    """Nobody deactivates or deletes themselves: another administrator does."""


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of a collaborator before they exist."""

    first_name: str
    last_name: str
    email: str
    position: Position = Position.ACCOUNTANT
    is_director: bool = False


@transaction.atomic
def create_firm(*, name: str, administrator: Person, password: str | None) -> tuple[Firm, Collaborator]:
    """A firm, its three default groups and its first administrator. Raises EmailTaken.

    Without a password, the administrator chooses one through the password reset page.
    """
    firm = Firm.objects.create(name=name)
    for role, (label, codes) in DEFAULT_GROUPS.items():
        Group.objects.create(firm=firm, name=label, role=role, codes=sorted(codes))
    actor = operator(firm)
    record("firm.created", author=actor.author, subject=Subject(label=name, id=firm.id))
    group = Group.objects.get(firm=firm, role=Role.ADMINISTRATOR)
    person = create_collaborator(actor=actor, person=administrator, group=group, with_login=True, password=password)
    return firm, person


@transaction.atomic
def create_collaborator(
    *, actor: Actor, person: Person, group: Group, with_login: bool, password: str | None = None
) -> Collaborator:
    """A person of the firm, with or without a login; the welcome is :func:`cabinet.accounts.invitations.invite`.

    Raises EmailTaken, RightsNotHeld for a group that may do more than the actor, PermissionDenied.
    """
    held = begin(actor, "collaborators.manage")
    _check_group(actor, held, group)
    email = person.email.strip().lower()
    _check_email(actor, email, with_login=with_login)
    user = User.objects.create_user(email, password) if with_login else None
    collaborator = Collaborator.objects.create(firm=actor.firm, user=user, group=group, **_columns(person))
    record(
        "collaborator.created",
        author=actor.author,
        subject=subject_of(collaborator),
        changes={"groupe": (None, group.name), "compte": (None, "oui" if with_login else "non")},
    )
    return collaborator


def subject_of(collaborator: Collaborator) -> Subject:
    """The person, as the journal writes them."""
    return Subject(label=collaborator.full_name, id=collaborator.id)


def _columns(person: Person) -> dict[str, Any]:
    last_name, first_name, email = person.last_name.strip(), person.first_name.strip(), person.email.strip().lower()
    return {
        "last_name": last_name,
        "first_name": first_name,
        "email": email,
        "search_name": search_name(last_name, first_name, email),
        "position": Position(person.position),
        "is_director": person.is_director,
    }


def _check_group(actor: Actor, held: frozenset[str], group: Group) -> None:
    if group.firm_id != actor.firm.id or not may_give(held, group):
        raise RightsNotHeld(group.name)


def _check_email(actor: Actor, email: str, *, with_login: bool, besides: Collaborator | None = None) -> None:
    others = Collaborator.objects.filter(firm=actor.firm, email__iexact=email)
    users = User.objects.filter(email__iexact=email)
    if besides is not None:
        others, users = others.exclude(id=besides.id), users.exclude(collaborator=besides)
    if others.exists() or (with_login and users.exists()):
        raise EmailTaken(email)


@transaction.atomic
def change_collaborator(
    *, actor: Actor, collaborator: Collaborator, person: Person, group: Group, open_login: bool = False
) -> Collaborator:
    """Every field of a person; ``open_login`` gives a login to somebody who had none.

    Raises EmailTaken, RightsNotHeld, LastAdministrator, AddressOfAnother, and PermissionDenied for a person who may do
    more than the actor.
    """
    held = begin(actor, "collaborators.manage")
    collaborator = Collaborator.objects.select_related("group", "user").get(id=collaborator.id, firm=actor.firm)
    if not may_manage_person(held, collaborator):
        raise PermissionDenied
    if group.id != collaborator.group_id:
        _check_group(actor, held, group)
    columns = _columns(person)
    moved = columns["email"] != collaborator.email
    _check_email(actor, columns["email"], with_login=open_login or collaborator.user is not None, besides=collaborator)
    if moved and collaborator.user is not None:
        _move_login(held, collaborator, collaborator.user, columns["email"])
    changes = _changes(collaborator, columns, group)
    if open_login and collaborator.user is None and collaborator.is_active:
        collaborator.user = User.objects.create_user(columns["email"], None)
        changes["compte"] = ("non", "oui")
    for field, value in columns.items():
        setattr(collaborator, field, value)
    collaborator.group = group
    collaborator.save()
    check_still_administered(actor.firm)
    if changes:
        record("collaborator.changed", author=actor.author, subject=subject_of(collaborator), changes=changes)
    return collaborator


def _move_login(held: frozenset[str], collaborator: Collaborator, user: User, email: str) -> None:
    """Who changes the address of a login can take it over: only administrators do, once a password was chosen."""
    if user.has_usable_password() and held != CODES:
        raise AddressOfAnother
    user.email = email
    user.save(update_fields=["email"])
    EmailAddress.objects.filter(user=user).delete()
    close_invitations(collaborator)


_WORDS = {
    "last_name": "nom",
    "first_name": "prénom",
    "email": "e-mail",
    "position": "poste",
    "is_director": "dirigeant(e)",
}


def _changes(collaborator: Collaborator, columns: dict[str, Any], group: Group) -> dict[str, tuple[Any, Any]]:
    changes: dict[str, tuple[Any, Any]] = {}
    for field, word in _WORDS.items():
        before, after = getattr(collaborator, field), columns[field]
        if before != after:
            labels = (Position(before).label, Position(after).label) if field == "position" else (before, after)
            changes[word] = labels
    if collaborator.group_id != group.id:
        changes["groupe"] = (collaborator.group.name, group.name)
    return changes


@transaction.atomic
def deactivate(*, actor: Actor, collaborator: Collaborator) -> None:
    """Close the person's access at once: sessions end, links die. What they were in charge of is handed over before,

    by :mod:`cabinet.onboarding.departures`. Raises LastAdministrator, OneselfError, PermissionDenied.
    """
    collaborator = _leaving(actor, collaborator)
    if not collaborator.is_active:
        return
    collaborator.is_active = False
    collaborator.save(update_fields=["is_active"])
    close_invitations(collaborator)
    if collaborator.user is not None:
        collaborator.user.is_active = False
        collaborator.user.save(update_fields=["is_active"])
        end_sessions(collaborator.user)
    check_still_administered(actor.firm)
    record("collaborator.deactivated", author=actor.author, subject=subject_of(collaborator))


@transaction.atomic
def reactivate(*, actor: Actor, collaborator: Collaborator) -> None:
    """Open the access again, with the group and portfolios as they were left. Raises PermissionDenied."""
    begin_as_administrator(actor)
    collaborator = Collaborator.objects.select_related("user").get(id=collaborator.id, firm=actor.firm)
    if collaborator.is_active:
        return
    collaborator.is_active = True
    collaborator.save(update_fields=["is_active"])
    if collaborator.user is not None:
        collaborator.user.is_active = True
        collaborator.user.save(update_fields=["is_active"])
    record("collaborator.reactivated", author=actor.author, subject=subject_of(collaborator))


@transaction.atomic
def delete(*, actor: Actor, collaborator: Collaborator) -> None:
    """Remove the person and their login for good; the journal keeps their name beside what they did.

    Raises LastAdministrator, OneselfError, PermissionDenied, and ProtectedError while they are in charge of something.
    """
    collaborator = _leaving(actor, collaborator)
    subject, user = subject_of(collaborator), collaborator.user
    if user is not None:
        end_sessions(user)
    collaborator.delete()
    if user is not None:
        user.delete()
    check_still_administered(actor.firm)
    record("collaborator.deleted", author=actor.author, subject=subject)


def _leaving(actor: Actor, collaborator: Collaborator) -> Collaborator:
    begin_as_administrator(actor)
    if actor.collaborator is not None and actor.collaborator.id == collaborator.id:
        raise OneselfError
    return Collaborator.objects.select_related("user", "group").get(id=collaborator.id, firm=actor.firm)
