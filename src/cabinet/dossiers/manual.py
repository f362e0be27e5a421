"""A figure replaced by what a person knows: with a reason, a proof if there is one, and the computed value beside."""

from decimal import Decimal

from django.db import transaction
from django.http import Http404

from cabinet.accounts.actors import Actor
from cabinet.audit.services import Subject, record
from cabinet.clients.models import FiscalYear
from cabinet.clients.services import refuse_when_inactive
from cabinet.dossiers.models import IndicatorSnapshot, ManualValue
from cabinet.dossiers.proofs import Proof, forget_proof, sealed

FAMILIES = ("economic", "workforce")
"""Families whose figures may be replaced; carbon takes quantities, and a point of the VSME an answer."""
_SIGNED = frozenset({"EUR", "%", "points"})
_ABSURD = Decimal(10) ** 15


class BadValueError(Exception):
    """The value cannot be kept: ``code`` is value or figure."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def can_replace(snapshot: IndicatorSnapshot) -> bool:
    """Whether a figure may be given by hand: a number, of a family that takes it, and not one that a group hides."""
    number = bool(snapshot.formula) and snapshot.unit != "yes/no"
    return number and snapshot.family in FAMILIES and snapshot.status != "hidden"


def replace_figure(
    *, actor: Actor, snapshot: IndicatorSnapshot, value: Decimal, reason: str, proof: Proof | None
) -> ManualValue:
    """Say what a figure is; a former value by hand, and its proof, are gone.

    Raises BadValueError, BadProofError, PermissionDenied for a deactivated client.
    """
    refuse_when_inactive(snapshot.year.client)
    if not can_replace(snapshot):
        raise BadValueError("figure")
    if not value.is_finite() or abs(value) >= _ABSURD or (value < 0 and snapshot.unit not in _SIGNED):
        raise BadValueError("value")
    with sealed(proof) as document, transaction.atomic():
        former = ManualValue.objects.select_for_update().filter(year=snapshot.year, code=snapshot.code).first()
        if former is not None:
            _drop(former)
        kept = ManualValue.objects.create(
            year=snapshot.year,
            code=snapshot.code,
            value=value,
            reason=reason,
            author=actor.collaborator,
            author_name=actor.author.label,
            **document,
        )
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


def _drop(kept: ManualValue) -> None:
    forget_proof(kept)
    ManualValue.objects.filter(id=kept.id).delete()
