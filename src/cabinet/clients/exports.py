"""A list of clients that left the product: who took it, how many, narrowed by what."""

from django.db import transaction

from cabinet.accounts.actors import Actor
from cabinet.audit.services import Subject, record


@transaction.atomic
def note_export(*, actor: Actor, count: int, form: str, narrowed_by: str) -> None:
    """Write it in the journal. ``form`` is ``CSV`` or ``XLSX``; ``narrowed_by`` the filters in words, or empty."""
    record(
        "clients.exported",
        author=actor.author,
        subject=Subject(label=f"{count} client{'s' if count > 1 else ''}, {form}"),
        changes={"filtre": (None, narrowed_by)} if narrowed_by else None,
    )
