"""Welcome e-mails: a link that lets somebody choose a first password, once, within seven days.

The link holds a random secret of which only the digest is kept: who reads the database cannot use it. The newest link
alone is good: sending another revokes those before.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from cabinet.accounts.actors import Actor
from cabinet.accounts.authority import begin, may_manage_person
from cabinet.accounts.models import Collaborator, Invitation, User
from cabinet.audit.services import Author, Origin, Subject, record

DAYS = 7
SECRET_BYTES = 32


class Unusable(Exception):
    """The link was used, revoked or replaced, is too old, or never existed; or its person has left."""


class NoLogin(Exception):
    """The person has no login to open, or has already chosen a password."""


class Access(StrEnum):
    """Whether somebody can sign in."""

    NONE = "none"
    INVITED = "invited"
    EXPIRED = "expired"
    REVOKED = "revoked"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Sent:
    """What to put in the letter. The secret is nowhere else."""

    invitation: Invitation
    secret: str


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _subject(person: Collaborator) -> Subject:
    return Subject(label=person.full_name, id=person.id)


def access_of(person: Collaborator, latest: Invitation | None) -> Access:
    """Where the person stands. ``latest`` is their newest invitation."""
    if person.user is None:
        return Access.NONE
    if person.user.has_usable_password():
        return Access.OPEN
    if latest is None or latest.expires_at <= timezone.now():
        return Access.EXPIRED
    return Access.REVOKED if latest.revoked_at else Access.INVITED


@transaction.atomic
def invite(*, actor: Actor, person: Collaborator) -> Sent:
    """A new link, the earlier ones revoked. Raises NoLogin, PermissionDenied."""
    held = begin(actor, "collaborators.manage")
    person = Collaborator.objects.select_related("user", "group").get(id=person.id, firm=actor.firm)
    if not may_manage_person(held, person):
        raise PermissionDenied
    if not person.is_active or person.user is None or person.user.has_usable_password():
        raise NoLogin
    close_invitations(person)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    invitation = Invitation.objects.create(
        collaborator=person,
        digest=_digest(secret),
        sent_to=person.email,
        expires_at=timezone.now() + timedelta(days=DAYS),
    )
    record("collaborator.invited", author=actor.author, subject=_subject(person))
    return Sent(invitation, secret)


@transaction.atomic
def revoke(*, actor: Actor, person: Collaborator) -> bool:
    """Make the link that waits useless; False when none waits. Raises PermissionDenied."""
    held = begin(actor, "collaborators.manage")
    person = Collaborator.objects.select_related("group").get(id=person.id, firm=actor.firm)
    if not may_manage_person(held, person):
        raise PermissionDenied
    closed = close_invitations(person)
    if closed:
        record("collaborator.invitation_revoked", author=actor.author, subject=_subject(person))
    return bool(closed)


def close_invitations(person: Collaborator) -> int:
    """Revoke every link of the person that is still good; how many there were. Inside the caller's transaction."""
    return Invitation.objects.filter(collaborator=person, used_at=None, revoked_at=None).update(
        revoked_at=timezone.now()
    )


def opened_by(secret: str) -> Invitation:
    """The invitation behind a link. Raises Unusable."""
    invitation = (
        Invitation.objects.select_related("collaborator__user", "collaborator__firm")
        .filter(
            digest=_digest(secret),
            used_at=None,
            revoked_at=None,
            expires_at__gt=timezone.now(),
            collaborator__is_active=True,
            collaborator__user__is_active=True,
        )
        .first()
    )
    if invitation is None or invitation.collaborator.user is None or invitation.collaborator.user.has_usable_password():
        raise Unusable
    return invitation


@transaction.atomic
def accept(*, secret: str, password: str, address: str | None = None) -> User:
    """Set the first password. Of two that come at once, one is served. Raises Unusable."""
    invitation = opened_by(secret)
    person = invitation.collaborator
    if not Invitation.objects.filter(id=invitation.id, used_at=None, revoked_at=None).update(used_at=timezone.now()):
        raise Unusable
    user = User.objects.get(collaborator=person)
    user.set_password(password)
    user.save(update_fields=["password"])
    author = Author(person.firm_id, person.full_name, Origin.WEB, id=person.id, address=address)
    record("collaborator.joined", author=author, subject=_subject(person))
    return user


def may_ask_for_reset(user: User) -> bool:
    """Whether « Mot de passe oublié » serves this person: not while the link of their welcome is revoked or too old."""
    person = Collaborator.objects.filter(user=user, is_active=True).first()
    if person is None or user.has_usable_password():
        return person is not None
    latest = person.invitations.first()
    return latest is None or (latest.revoked_at is None and latest.expires_at > timezone.now())
