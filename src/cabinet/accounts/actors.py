"""Who acts: a person signed in, or an operator at the command line."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet

from cabinet.accounts.models import Collaborator, Firm, User
from cabinet.accounts.permissions import CODES, known
from cabinet.audit.services import Author, Origin

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a second factor; recovery codes only stand in for one of these."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A firm, what may be done in it, and for the journal, by whom and from where."""

    firm: Firm
    codes: frozenset[str]
    collaborator: Collaborator | None
    origin: Origin
    address: str | None = None
    session: str = ""
    """Which session of the person it is, by a name that opens nothing: see :func:`session_name`."""
    lacks_second_factor: bool = False
    """The firm requires a second factor and the person has none yet: they set it up before anything else."""

    def can(self, code: str) -> bool:
        """Whether the actor holds the permission. Raises KeyError for an unknown code."""
        return known(code) in self.codes

    @property
    def author(self) -> Author:
        """The actor, as the journal writes it."""
        person = self.collaborator
        return Author(
            firm_id=self.firm.id,
            label=person.full_name if person else "Exploitation",
            origin=self.origin,
            id=person.id if person else None,
            address=self.address,
            session=self.session,
        )


def session_name(key: str | None) -> str:
    """Eight signs that tell the lines of one session from those of another; the key cannot be found from them."""
    return hashlib.sha256(key.encode()).hexdigest()[:8] if key else ""


class PersonBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth is not typed
    """Signs in by e-mail, and reads the person with the user that a session names: every page asks for both."""

    def get_user(self, user_id: UUID) -> User | None:
        """The user, with what :func:`actor_of` needs."""
        return users_with_person().filter(pk=user_id, is_active=True).first()


def users_with_person() -> QuerySet[User]:
    """Users with their person, firm, group, and whether they have a second factor."""
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
    people = User.objects.select_related("collaborator__firm", "collaborator__group")
    return people.annotate(has_second_factor=Exists(factors))


def actor_of(user: User, *, address: str | None = None, session: str = "") -> Actor | None:
    """The actor behind a signed-in user; None for somebody who has left the firm.

    One query, none for a user that :class:`PersonBackend` has just read.
    """
    known_as = user if hasattr(user, "has_second_factor") else users_with_person().get(pk=user.pk)
    person: Collaborator | None = getattr(known_as, "collaborator", None)
    if person is None or not person.is_active or not known_as.is_active:
        return None
    return Actor(
        firm=person.firm,
        codes=person.group.held,
        collaborator=person,
        origin=Origin.WEB,
        address=address,
        session=session,
        lacks_second_factor=person.firm.second_factor_required and not getattr(known_as, "has_second_factor", False),
    )


def operator(firm: Firm) -> Actor:
    """The operator at the command line: every right in one firm."""
    return Actor(firm=firm, codes=CODES, collaborator=None, origin=Origin.COMMAND)


def worker(firm: Firm) -> Actor:
    """The background worker, acting on what a person asked for."""
    return Actor(firm=firm, codes=CODES, collaborator=None, origin=Origin.WORKER)
