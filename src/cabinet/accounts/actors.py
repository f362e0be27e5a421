"""Who acts: a person signed in, or an operator at the command line."""

from dataclasses import dataclass

from cabinet.accounts.models import Collaborator, Firm, User
from cabinet.accounts.permissions import CODES, known
from cabinet.audit.services import Author, Origin


@dataclass(frozen=True, slots=True)
class Actor:
    """A firm, what may be done in it, and for the journal, by whom and from where."""

    firm: Firm
    codes: frozenset[str]
    collaborator: Collaborator | None
    origin: Origin
    address: str | None = None

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
        )


def actor_of(user: User, *, address: str | None = None) -> Actor | None:
    """The actor behind a signed-in user, in one query; None for somebody who has left the firm."""
    person = (
        Collaborator.objects.select_related("firm", "group")
        .filter(user=user, is_active=True, user__is_active=True)
        .first()
    )
    if person is None:
        return None
    return Actor(
        firm=person.firm,
        codes=frozenset(person.group.codes) & CODES,
        collaborator=person,
        origin=Origin.WEB,
        address=address,
    )


def operator(firm: Firm) -> Actor:
    """The operator at the command line: every right in one firm."""
    return Actor(firm=firm, codes=CODES, collaborator=None, origin=Origin.COMMAND)


def worker(firm: Firm) -> Actor:
    """The background worker, acting on what a person asked for."""
    return Actor(firm=firm, codes=CODES, collaborator=None, origin=Origin.WORKER)
