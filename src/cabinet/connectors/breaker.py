"""What protects a tool from us, and a key from being frozen: open until a time, or blocked until a person acts."""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from cabinet.connectors.core.errors import BLOCKING, ConnectorError, Failure
from cabinet.connectors.models import Connection

FAILURES_BEFORE_PAUSE = 5
PAUSES = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6))


def why_closed(connection: Connection) -> ConnectorError | None:
    """Why the tool is not to be called now; None when it may be."""
    if not connection.enabled or connection.blocked:
        return ConnectorError(Failure.NOT_USABLE)
    if connection.open_until is not None and connection.open_until > timezone.now():
        return ConnectorError(Failure.UNAVAILABLE, retry_at=connection.open_until)
    return None


def note_success(connection: Connection) -> None:
    """The tool answered: nothing stands against it any more."""
    Connection.objects.filter(id=connection.id).update(
        failures=0, pauses=0, open_until=None, worked_at=timezone.now(), error="", error_detail="", error_at=None
    )


def note_failure(connection: Connection, error: ConnectorError) -> None:
    """Remember a failure. Five silences in a row close the door for a while; a refused key, until it is changed.

    What the tool says of one company or one period does not stand against the connection.
    """
    row = Connection.objects.filter(id=connection.id)
    if error.failure not in BLOCKING | {
        Failure.UNAVAILABLE,
        Failure.OUR_CONFIGURATION,
        Failure.HOST_REFUSED,
        Failure.FOLDER_UNREACHABLE,
    }:
        return
    row.update(error=error.failure.value, error_detail=error.detail, error_at=timezone.now())
    if error.failure in BLOCKING:
        row.update(blocked=True)
    elif error.failure is Failure.UNAVAILABLE and error.retry_at is None:
        row.update(failures=F("failures") + 1)
        connection.refresh_from_db(fields=["failures", "pauses"])
        if connection.failures >= FAILURES_BEFORE_PAUSE:
            pause = PAUSES[min(connection.pauses, len(PAUSES) - 1)]
            # One call is tried when the pause ends: another silence opens the next, longer pause at once.
            row.update(open_until=timezone.now() + pause, pauses=F("pauses") + 1, failures=FAILURES_BEFORE_PAUSE - 1)
