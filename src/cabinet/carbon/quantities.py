"""Real quantities: given by a person, with their reason, in the place of the euros of their category."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from django.db import transaction

from bocage.indicators.carbon import checked_quantity
from cabinet.accounts.actors import Actor
from cabinet.audit.services import Subject, record
from cabinet.carbon.models import GivenQuantity
from cabinet.carbon.selectors import release_for
from cabinet.carbon.tasks import refresh_after_change
from cabinet.clients.models import FiscalYear
from cabinet.clients.services import refuse_when_inactive
from cabinet.dossiers.proofs import Proof, forget_proof, sealed


class OutOfYearError(Exception):
    """The month is not one of the fiscal year."""


@dataclass(frozen=True, slots=True)
class Terms:
    """A quantity before it is kept; ``month`` is the first day of its month, None for the whole year."""

    category: str
    factor: str
    amount: Decimal
    unit: str
    origin: str
    site: str
    month: date | None
    reason: str


def _subject(year: FiscalYear, given: GivenQuantity) -> Subject:
    return Subject(label=f"{given.category}, exercice {year.label}", id=given.id, client_id=year.client_id)


def _said(given: GivenQuantity) -> str:
    return f"{given.amount.normalize():f} {given.unit}"


def give(*, actor: Actor, year: FiscalYear, terms: Terms, proof: Proof | None = None) -> GivenQuantity:
    """Keep a quantity and its document, and have the estimate computed again.

    Raises QuantityError for what cannot be used, OutOfYearError, BadProofError, PermissionDenied for a deactivated
    client.
    """
    refuse_when_inactive(year.client)
    checked_quantity(terms.category, terms.amount, terms.unit, terms.factor, terms.origin, release=release_for(year))
    if terms.month is not None and not year.start.replace(day=1) <= terms.month <= year.end:
        raise OutOfYearError
    with sealed(proof) as document, transaction.atomic():
        given = GivenQuantity.objects.create(
            year=year,
            category=terms.category,
            factor=terms.factor,
            amount=terms.amount,
            unit=terms.unit,
            origin=terms.origin,
            site=terms.site,
            month=terms.month,
            reason=terms.reason,
            author=actor.collaborator,
            author_name=actor.author.label,
            **document,
        )
        record(
            "carbon.quantity_given",
            author=actor.author,
            subject=_subject(year, given),
            changes={"quantité": (None, _said(given)), "justificatif": (None, given.file_name or None)},
        )
        transaction.on_commit(partial(refresh_after_change, year.client_id))
    return given


@transaction.atomic
def withdraw(*, actor: Actor, given: GivenQuantity) -> None:
    """Forget a quantity: the euros of its category count again, unless another one is left."""
    year = given.year
    refuse_when_inactive(year.client)
    record(
        "carbon.quantity_withdrawn",
        author=actor.author,
        subject=_subject(year, given),
        changes={"quantité": (_said(given), None)},
    )
    forget_proof(given)
    given.delete()
    transaction.on_commit(partial(refresh_after_change, year.client_id))
