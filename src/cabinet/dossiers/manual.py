"""A figure replaced by what a person knows: with a reason, a proof if there is one, and the computed value beside."""

import os
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.http import Http404

from cabinet.accounts.actors import Actor
from cabinet.audit.services import Subject, record
from cabinet.clients.models import Client, FiscalYear
from cabinet.clients.services import refuse_when_inactive
from cabinet.dossiers.holdings import proof_name
from cabinet.dossiers.models import IndicatorSnapshot, ManualValue
from cabinet.keys.ring import Purpose, new_salt
from cabinet.keys.streams import seal, unseal
from cabinet.storage import door

MOST_BYTES = 5 * 1024 * 1024
FAMILIES = ("economic", "workforce")
"""Families whose figures may be replaced; carbon takes quantities, and a point of the VSME an answer."""
_KINDS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_SIGNED = frozenset({"EUR", "%", "points"})
_ABSURD = Decimal(10) ** 15


class BadValueError(Exception):
    """The value or its proof cannot be kept: ``code`` is value, kind, size or figure."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Proof:
    """An attached document, in memory; its kind is read from its bytes, never from its name."""

    name: str
    content: bytes

    @property
    def media_type(self) -> str:
        """The kind of the document. Raises BadValueError for another than PDF, PNG or JPEG, and beyond the limit."""
        if len(self.content) > MOST_BYTES:
            raise BadValueError("size")
        for head, kind in _KINDS.items():
            if self.content.startswith(head):
                return kind
        raise BadValueError("kind")


def can_replace(snapshot: IndicatorSnapshot) -> bool:
    """Whether a figure may be given by hand: a number, of a family that takes it, and not one that a group hides."""
    number = bool(snapshot.formula) and snapshot.unit != "yes/no"
    return number and snapshot.family in FAMILIES and snapshot.status != "hidden"


@transaction.atomic
def replace_figure(
    *, actor: Actor, snapshot: IndicatorSnapshot, value: Decimal, reason: str, proof: Proof | None
) -> ManualValue:
    """Say what a figure is; a former value by hand, and its proof, are gone.

    Raises BadValueError, PermissionDenied for a deactivated client.
    """
    year = snapshot.year
    refuse_when_inactive(year.client)
    if not can_replace(snapshot):
        raise BadValueError("figure")
    if not value.is_finite() or abs(value) >= _ABSURD or (value < 0 and snapshot.unit not in _SIGNED):
        raise BadValueError("value")
    media_type = proof.media_type if proof else ""
    former = ManualValue.objects.select_for_update().filter(year=year, code=snapshot.code).first()
    if former is not None:
        _drop(former)
    kept = ManualValue.objects.create(
        year=year,
        code=snapshot.code,
        value=value,
        reason=reason,
        author=actor.collaborator,
        author_name=actor.author.label,
        file_name=proof.name[:255] if proof else "",
        media_type=media_type,
        salt=new_salt() if proof else b"",
    )
    if proof:
        _write(kept, proof.content)
    record("figure.replaced", author=actor.author, subject=_subject(kept), changes=_told(snapshot, former, kept))
    return kept


@transaction.atomic
def restore_figure(*, actor: Actor, kept: ManualValue, snapshot: IndicatorSnapshot) -> None:
    """What the files say takes its place again; the proof is destroyed."""
    refuse_when_inactive(kept.year.client)
    record("figure.restored", author=actor.author, subject=_subject(kept), changes=_told(snapshot, kept, None))
    _drop(kept)


def manual_value(year: FiscalYear | None, code: str) -> ManualValue:
    """The value by hand of a figure. Raises Http404."""
    found = ManualValue.objects.select_related("year__client").filter(year=year, code=code).first()
    if year is None or found is None:
        raise Http404
    return found


def proof_of(kept: ManualValue) -> bytes:
    """The attached document. Raises Http404 when there is none."""
    if not kept.file_name:
        raise Http404
    return unseal(_path(kept.id).read_bytes(), purpose=Purpose.ATTACHMENT, salt=bytes(kept.salt))


def forget_proofs(client: Client) -> None:
    """Destroy the documents of a client that is being deleted, once that is committed."""
    for kept_id in ManualValue.objects.filter(year__client=client).values_list("id", flat=True):
        transaction.on_commit(partial(_remove, kept_id))


def _told(
    snapshot: IndicatorSnapshot, before: ManualValue | None, after: ManualValue | None
) -> dict[str, tuple[str | None, str | None]]:
    """What the journal keeps: amounts of the books, and never what the payroll says."""
    if snapshot.family != "economic":
        return {}

    def text(one: ManualValue | None) -> str | None:
        return f"{one.value.normalize():f}" if one else None

    return {"valeur saisie": (text(before), text(after))}


def _subject(kept: ManualValue) -> Subject:
    return Subject(label=f"{kept.code}, exercice {kept.year.label}", id=kept.id, client_id=kept.year.client_id)


def _path(kept_id: UUID) -> Path:
    path = door.place_of(proof_name(kept_id))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _write(kept: ManualValue, content: bytes) -> None:
    sealed = seal(content, purpose=Purpose.ATTACHMENT, salt=bytes(kept.salt))
    with os.fdopen(os.open(_path(kept.id), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        handle.write(sealed)
        handle.flush()
        os.fsync(handle.fileno())


def _drop(kept: ManualValue) -> None:
    transaction.on_commit(partial(_remove, kept.id))
    ManualValue.objects.filter(id=kept.id).delete()


def _remove(kept_id: UUID) -> None:
    door.remove(proof_name(kept_id))
