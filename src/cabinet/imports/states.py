"""The one place where an import changes state."""

from django.utils import timezone

from cabinet.imports.enums import TRANSITIONS, ImportState
from cabinet.imports.models import Import

SETTLED = {ImportState.ACCEPTED, ImportState.REFUSED, ImportState.REPLACED, ImportState.DELETED}


class WrongTransitionError(RuntimeError):
    """The state asked for cannot follow the present one."""


def move(imported: Import, state: ImportState) -> None:
    """Change the state in memory and in the database. Raises WrongTransitionError."""
    if state not in TRANSITIONS[ImportState(imported.state)]:
        raise WrongTransitionError(f"{imported.state} → {state}")
    imported.state = state
    fields = ["state"]
    if state in SETTLED:
        imported.settled_at = timezone.now()
        fields.append("settled_at")
    imported.save(update_fields=fields)
