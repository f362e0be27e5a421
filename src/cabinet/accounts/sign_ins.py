"""What happens at the door, written in the journal of the person's firm: signed in, refused, password chosen."""

from cabinet.accounts.models import Collaborator, User
from cabinet.audit.services import Author, Origin, Subject, record


def note_sign_in(user: User, action: str, *, address: str | None, session: str = "", means: str = "") -> None:
    """Add the line ``action`` about the person's own account; nothing for somebody who is in no firm.

    A refusal stands under the name of the account that was tried: who tried is not known.
    """
    person = Collaborator.objects.filter(user=user).first()
    if person is None:
        return
    author = Author(person.firm_id, person.full_name, Origin.WEB, id=person.id, address=address, session=session)
    changes = {"moyen": (None, means)} if means else None
    record(action, author=author, subject=Subject(label=person.full_name, id=person.id), changes=changes)


def note_refusal(email: str, *, address: str | None, means: str) -> None:
    """Somebody gave the address of an account and what does not open it; an unknown address leaves no line."""
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is not None:
        note_sign_in(user, "sign_in.failed", address=address, means=means)
