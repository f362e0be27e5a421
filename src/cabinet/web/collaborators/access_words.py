"""Whether somebody can sign in, in words."""

from dataclasses import dataclass

from django.utils import timezone

from cabinet.accounts.invitations import Access, access_of
from cabinet.accounts.models import Collaborator, Invitation
from cabinet.web.components.formats import plural


@dataclass(frozen=True, slots=True)
class AccessWord:
    """The state of somebody's access: a word, its tone and sign, and whether a link can be sent or revoked."""

    access: Access
    word: str
    tone: str = "plain"
    icon: str = ""
    can_invite: bool = False
    can_revoke: bool = False


def access_word(person: Collaborator) -> AccessWord:
    """The word for a person that ``people_of`` gave: the newest invitation came with them."""
    invitations: list[Invitation] = person.latest_invitations  # type: ignore[attr-defined]  # set by the prefetch
    latest = invitations[0] if invitations else None
    access = access_of(person, latest)
    if not person.is_active:
        return AccessWord(access, "Désactivé", "quiet", "archive")
    if access == Access.INVITED and latest is not None:
        days = max(1, (latest.expires_at - timezone.now()).days + 1)
        return AccessWord(access, f"Invité, encore {plural(days, 'jour')}", "quiet", "mail", True, True)
    return {
        Access.OPEN: AccessWord(access, "Se connecte"),
        Access.NONE: AccessWord(access, "Sans accès"),
        Access.EXPIRED: AccessWord(access, "Invitation à renvoyer", "warn", "alert-triangle", True),
        Access.REVOKED: AccessWord(access, "Invitation révoquée", "quiet", "x", True),
    }[access]
