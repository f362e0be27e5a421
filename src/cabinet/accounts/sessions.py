"""The open sessions of a person: where they are signed in, and how that ends."""

from allauth.usersessions.models import UserSession

from cabinet.accounts.models import User


def end_sessions(user: User, *, but: str | None = None) -> int:
    """Sign the person out everywhere, except of the session with the key ``but``. How many were ended."""
    sessions = [one for one in UserSession.objects.filter(user=user) if one.session_key != but]
    for session in sessions:
        session.end()
    return len(sessions)
