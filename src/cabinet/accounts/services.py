"""Firms, groups and people: the writes."""

from dataclasses import dataclass

from django.db import transaction

from cabinet.accounts.actors import Actor, operator
from cabinet.accounts.models import Collaborator, Firm, Group, Position, User
from cabinet.accounts.permissions import DEFAULT_GROUPS, Role
from cabinet.audit.services import Subject, record


class EmailTaken(Exception):
    """The address already belongs to somebody who signs in."""


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
    """A person of the firm, with or without a login. Raises EmailTaken."""
    email = person.email.strip().lower()
    if Collaborator.objects.filter(firm=actor.firm, email__iexact=email).exists():
        raise EmailTaken(email)
    user = None
    if with_login:
        if User.objects.filter(email__iexact=email).exists():
            raise EmailTaken(email)
        user = User.objects.create_user(email, password)
    collaborator = Collaborator.objects.create(
        firm=actor.firm,
        user=user,
        group=group,
        first_name=person.first_name.strip(),
        last_name=person.last_name.strip(),
        email=email,
        position=person.position,
        is_director=person.is_director,
    )
    record(
        "collaborator.created",
        author=actor.author,
        subject=Subject(label=collaborator.full_name, id=collaborator.id),
        changes={"groupe": (None, group.name), "compte": (None, "oui" if with_login else "non")},
    )
    return collaborator
