"""Reading who the suppliers of a dossier are: what the books say of them, and what people decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from bocage.identifiers import Naf, Siren
from bocage.indicators import carbon
from bocage.registry.recognition import memory_key, search_words
from cabinet.carbon.models import Estimate, KnownSupplier, SupplierIdentity, SupplierSpend, SupplierState
from cabinet.clients.models import Client, FiscalYear
from cabinet.jobs.models import Job, JobState

RECOGNITION = "carbon_recognition"
"""The kind of the jobs that look for the suppliers of a client in the registry."""


class Filter(StrEnum):
    """What the list shows."""

    ALL = "tous"
    SEARCHED = "a-reconnaitre"
    PROPOSED = "a-confirmer"
    CONFIRMED = "confirmes"
    REFUSED = "ecartes"


STATES = {
    Filter.SEARCHED: SupplierState.SEARCHED,
    Filter.PROPOSED: SupplierState.PROPOSED,
    Filter.CONFIRMED: SupplierState.CONFIRMED,
    Filter.REFUSED: SupplierState.REFUSED,
}


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """A supplier of the list. ``identity`` is None while nobody looked for it."""

    spend: SupplierSpend
    identity: SupplierIdentity | None

    @property
    def state(self) -> SupplierState:
        """Where its recognition stands."""
        return SupplierState(self.identity.state) if self.identity else SupplierState.SEARCHED


def confirmed_suppliers(client: Client) -> tuple[carbon.Supplier, ...]:
    """The suppliers whose company a person confirmed, as the library takes them."""
    rows = SupplierIdentity.objects.filter(client=client, state=SupplierState.CONFIRMED).order_by("key")
    return tuple(carbon.Supplier(one.key, one.name, Siren.parse(one.siren), Naf.parse(one.naf)) for one in rows)


def listed(estimate: Estimate, client: Client, shown: Filter, text: str) -> QuerySet[SupplierSpend]:
    """The suppliers of an estimate that a filter and a search keep, what weighs most first."""
    spends = estimate.suppliers.filter(is_account=False).order_by("-kgco2e", "-amount", "id")
    known = SupplierIdentity.objects.filter(client=client)
    if shown is Filter.SEARCHED:
        spends = spends.exclude(key__in=known.exclude(state=SupplierState.SEARCHED).values("key"))
    elif shown is not Filter.ALL:
        spends = spends.filter(key__in=known.filter(state=STATES[shown]).values("key"))
    for word in text.split():
        companies = known.filter(Q(company__icontains=word) | Q(siren__startswith=word)).values("key")
        spends = spends.filter(Q(name__icontains=word) | Q(key__icontains=word) | Q(key__in=companies))
    return spends


def counts_of(estimate: Estimate, client: Client) -> dict[Filter, int]:
    """How many suppliers each filter keeps."""
    spends = estimate.suppliers.filter(is_account=False)
    known = SupplierIdentity.objects.filter(client=client, key__in=spends.values("key"))
    by_state = dict(known.values_list("state").annotate(count=Count("id")).order_by())
    found: dict[Filter, int] = {one: by_state.get(STATES[one].value, 0) for one in STATES if one is not Filter.SEARCHED}
    whole = spends.count()
    return {Filter.ALL: whole, Filter.SEARCHED: whole - sum(found.values()), **found}


def with_identities(client: Client, spends: Iterable[SupplierSpend]) -> list[SupplierRow]:
    """Some suppliers with what is known of them, in one query."""
    shown = list(spends)
    known = {one.key: one for one in SupplierIdentity.objects.filter(client=client, key__in=[s.key for s in shown])}
    return [SupplierRow(one, known.get(one.key)) for one in shown]


def named_in(year: FiscalYear, key: str) -> SupplierSpend:
    """A supplier of the books of a year. Raises Http404."""
    found = SupplierSpend.objects.filter(estimate__year=year, key=key, is_account=False).first()
    if found is None:
        raise Http404
    return found


def to_recognise(client: Client) -> list[SupplierSpend]:
    """The suppliers of every year that nobody decided about and whose label names somebody, heaviest first."""
    decided = SupplierIdentity.objects.filter(client=client).exclude(
        Q(state=SupplierState.SEARCHED, searched_at__isnull=True)
    )
    spends = (
        SupplierSpend.objects.filter(estimate__year__client=client, is_account=False)
        .exclude(key__in=decided.values("key"))
        .order_by("-doubt", "-amount", "id")
    )
    return list({one.key: one for one in reversed(spends) if search_words(one.name)}.values())[::-1]


def remembered(firm_id: UUID, label: str) -> list[KnownSupplier]:
    """The companies that the firm confirmed under the same name."""
    words = memory_key(label)[:255]
    return list(KnownSupplier.objects.filter(firm_id=firm_id, words=words).order_by("siren")) if words else []


def recognition_of(client_id: UUID) -> Job | None:
    """The last search of the client's suppliers."""
    return Job.objects.filter(kind=RECOGNITION, object_id=client_id).order_by("-created_at").first()


def is_recognising(job: Job | None) -> bool:
    """Whether the search is waiting or running."""
    return job is not None and job.state in (JobState.WAITING, JobState.RUNNING)
