"""Answering a data point by hand, and taking the answer back."""

from dataclasses import dataclass

from django.db import transaction

from bocage.referentials.vsme import Datapoint
from bocage.vsme import read_value
from cabinet.accounts.actors import Actor
from cabinet.audit.services import Subject, record
from cabinet.clients.models import FiscalYear
from cabinet.clients.services import refuse_when_inactive
from cabinet.dossiers.proofs import Proof, forget_proof, sealed
from cabinet.vsme.models import Kind, PointAnswer


@dataclass(frozen=True, slots=True)
class Said:
    """An answer before it is kept: ``value`` as typed, empty unless ``kind`` gives one."""

    kind: Kind
    value: str
    reason: str


def _subject(year: FiscalYear, point: Datapoint) -> Subject:
    return Subject(label=f"{point.disclosure}, {point.label_fr}, exercice {year.label}", client_id=year.client_id)


def answer(*, actor: Actor, year: FiscalYear, point: Datapoint, said: Said, proof: Proof | None = None) -> PointAnswer:
    """Keep what somebody says of a data point, in the place of what was said before; without a new document, the former
    one stays.

    The journal says that it was answered, never the value: some are about pay. Raises BadAnswer for a value that does
    not fit, BadProofError, PermissionDenied for a deactivated client.
    """
    refuse_when_inactive(year.client)
    gives = said.kind is Kind.ANSWERED
    if gives:
        read_value(point, said.value)
    with sealed(proof) as document, transaction.atomic():
        before = PointAnswer.objects.select_for_update().filter(year=year, concept=point.concept).first()
        if before is not None and proof is not None:
            forget_proof(before)
        kept, _ = PointAnswer.objects.update_or_create(
            year=year,
            concept=point.concept,
            defaults={
                "kind": said.kind,
                "value": said.value.strip() if gives else "",
                "reason": said.reason.strip(),
                "author": actor.collaborator,
                "author_name": actor.author.label,
                **(document if proof else {}),
            },
        )
        changes = {"réponse": (before.get_kind_display() if before else None, said.kind.label)}
        record("vsme.answered", author=actor.author, subject=_subject(year, point), changes=changes)
    return kept


@transaction.atomic
def withdraw(*, actor: Actor, year: FiscalYear, point: Datapoint) -> None:
    """Forget what was answered: what the files tell stands again. Nothing happens when nothing was answered."""
    refuse_when_inactive(year.client)
    kept = PointAnswer.objects.filter(year=year, concept=point.concept).first()
    if kept is not None:
        forget_proof(kept)
        kept.delete()
        record("vsme.withdrawn", author=actor.author, subject=_subject(year, point))
