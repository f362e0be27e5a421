"""Drafts: opened, changed, given up, purged. For their owner only; what they hold is sealed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from cabinet.accounts.actors import Actor
from cabinet.connectors.pulling import forget_draft
from cabinet.imports.services import Holder, discard_draft
from cabinet.keys.ring import Purpose, UnknownMasterKey, master_keys
from cabinet.keys.streams import Damaged, seal, unseal
from cabinet.onboarding.models import Draft
from cabinet.onboarding.steps import Payload, Step, from_bytes, to_bytes


class DraftGone(Exception):
    """There is no such draft: it was given up, saved or purged, or it was never begun."""


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft and what it holds. ``row`` is not in the database while nothing was kept yet."""

    row: Draft
    payload: Payload

    @property
    def id(self) -> UUID:
        return self.row.id

    @property
    def is_kept(self) -> bool:
        return not self.row._state.adding

    @property
    def holder(self) -> Holder:
        """The draft, as the imports know it: files are judged against its company."""
        return Holder(
            draft_id=self.row.id,
            salt=bytes(self.row.salt),
            master_name=bytes(self.row.master_name),
            siren=self.payload.company.siret[:9],
        )


def new_draft(actor: Actor, draft_id: UUID) -> OpenDraft:
    """A draft that is not kept yet: the client to come takes its identity."""
    row = Draft(
        id=draft_id,
        client_id=draft_id,
        firm=actor.firm,
        owner=actor.collaborator,
        master_name=master_keys()[0].name,
    )
    return OpenDraft(row, Payload())


def access_draft(actor: Actor, draft_id: UUID, *, lock: bool = False) -> OpenDraft:
    """The gate. Raises Http404 for somebody else's draft, DraftGone when there is none (any more)."""
    rows = Draft.objects.select_related("firm")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(id=draft_id).first()
    if row is None:
        raise DraftGone
    if actor.collaborator is None or row.owner_id != actor.collaborator.id or row.firm_id != actor.firm.id:
        raise Http404
    payload = read_payload(row)
    if payload is None:
        raise DraftGone
    return OpenDraft(row, payload)


def read_payload(row: Draft) -> Payload | None:
    """What the draft holds; None when its key has left the ring or its bytes are damaged."""
    try:
        return from_bytes(unseal(bytes(row.sealed), purpose=Purpose.DRAFT, salt=bytes(row.salt)))
    except (Damaged, UnknownMasterKey, ValueError):
        return None


@transaction.atomic
def change_draft(
    actor: Actor, draft_id: UUID, change: Callable[[Payload], Payload], *, reached: Step | None = None
) -> OpenDraft:
    """Change what the draft holds, and keep it; it is begun if need be.

    ``change`` receives what is kept at that moment: two tabs on one draft do not lose each other's steps.
    ``reached`` is the step that opens next.
    """
    try:
        opened = access_draft(actor, draft_id, lock=True)
    except DraftGone:
        if Draft.objects.filter(id=draft_id).exists():
            raise
        opened = new_draft(actor, draft_id)
    row, payload = opened.row, change(opened.payload)
    row.sealed = seal(to_bytes(payload), purpose=Purpose.DRAFT, salt=bytes(row.salt))
    row.step = max(row.step, reached or row.step)
    row.save(force_insert=row._state.adding)
    return OpenDraft(row, payload)


@transaction.atomic
def discard(actor: Actor, draft_id: UUID) -> None:
    """Give up a draft: its files, its content and its keys go. Raises Http404, DraftGone."""
    row = access_draft(actor, draft_id, lock=True).row
    forget_draft(row.id)
    discard_draft(firm=row.firm, draft_id=row.id)
    row.delete()


def purge_drafts() -> int:
    """Give up the drafts that nobody has touched for ``DRAFT_DAYS``; how many went. For the recurring work."""
    old = Draft.objects.filter(updated_at__lt=timezone.now() - timedelta(days=settings.DRAFT_DAYS))
    purged = 0
    for draft_id in list(old.values_list("id", flat=True)):
        with transaction.atomic():
            row = old.select_for_update().filter(id=draft_id).first()
            if row is not None:
                forget_draft(row.id)
                discard_draft(firm=row.firm, draft_id=row.id)
                row.delete()
                purged += 1
    return purged
