"""Looking for the suppliers of a dossier in the registry, in the background; then what a person decides.

The search proposes and never chooses. Decisions are kept for every year of the dossier, and the firm remembers the
company behind the name: neither the client nor any figure.
"""

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.tasks import task
from django.utils import timezone

from bocage.identifiers import Naf, Siren
from bocage.registry.recognition import Match, Trap, activity_traps, memory_key
from cabinet.accounts.actors import Actor
from cabinet.audit.services import Subject, record
from cabinet.carbon.models import KnownSupplier, SupplierIdentity, SupplierSpend, SupplierState
from cabinet.carbon.suppliers import RECOGNITION, remembered, to_recognise
from cabinet.carbon.tasks import refresh_after_change
from cabinet.clients.models import Client
from cabinet.clients.services import refuse_when_inactive
from cabinet.dossiers.selectors import client_of_dossier
from cabinet.jobs import running
from cabinet.jobs.models import Job
from cabinet.jobs.services import AFTER
from cabinet.registry.names import search_names

FAILED = "recognition_failed"
AT_ONCE = 40
"""Suppliers looked for in one go: a worker gives its turn back, and a crash loses little."""


_UNDONE = ("state", "siren", "company", "naf")


class StaleError(Exception):
    """The company is no candidate of this supplier any more."""


def start(client: Client) -> None:
    """Have the suppliers of a client looked for, those that were not found before too, unless they are already."""
    refuse_when_inactive(client)
    SupplierIdentity.objects.filter(client=client, state=SupplierState.SEARCHED).delete()
    job = running.open_once(firm_id=client.firm_id, kind=RECOGNITION, object_id=client.id)
    if job is not None:
        enqueue(job)


def enqueue(job: Job) -> None:
    """Send a job to a worker once the transaction is committed."""
    transaction.on_commit(lambda: recognise_suppliers.enqueue(str(job.id)))


@task(queue_name="batch", priority=AFTER)
def recognise_suppliers(job_id: str) -> None:
    """Look for some suppliers of one client, then come back for the others. Safe to run twice."""
    running.run(UUID(job_id), _recognise, enqueue=enqueue, error=FAILED)


def take_up_abandoned() -> int:
    """Enqueue again the searches whose worker died; how many there were."""
    return running.take_up(RECOGNITION, enqueue=enqueue, error=FAILED)


def _recognise(job: Job) -> bool:
    client = client_of_dossier(job.object_id)
    if client is None:
        return False
    waiting = to_recognise(client)
    answered = [recognise(client, spend) for spend in waiting[:AT_ONCE]]
    # When no source answers, what is left stays « à reconnaître »: a later search takes it up.
    if len(waiting) > AT_ONCE and any(answered):
        following = running.open_once(firm_id=client.firm_id, kind=RECOGNITION, object_id=client.id)
        if following is not None:
            enqueue(following)
    return True


def recognise(client: Client, spend: SupplierSpend) -> bool:
    """Keep the candidates of a supplier; False when a source that could know did not answer."""
    own = Siren.parse(client.siret[:9])
    names = search_names(spend.name, own=own)
    known = [_from_memory(one, own) for one in remembered(client.firm_id, spend.name)]
    sirens = {one["siren"] for one in known}
    candidates = [*known, *(_candidate(one) for one in names.matches if one.company.siren not in sirens)]
    if not candidates and not names.complete:
        return False
    _keep(client, spend, candidates)
    return True


def propose_number(client: Client, spend: SupplierSpend, number: str) -> str:
    """Make the company of a SIREN or SIRET that a person typed a candidate; its SIREN, empty when nobody bears it.

    Raises PermissionDenied in a deactivated dossier.
    """
    refuse_when_inactive(client)
    names = search_names(number, own=Siren.parse(client.siret[:9]))
    found = next((one for one in names.matches if one.by_number), None)
    if found is None:
        return ""
    identity = SupplierIdentity.objects.filter(client=client, key=spend.key).first()
    others = [one for one in identity.candidates if one["siren"] != found.company.siren] if identity else []
    if identity is None:
        _keep(client, spend, [_candidate(found)])
    else:
        SupplierIdentity.objects.filter(id=identity.id).update(candidates=[_candidate(found), *others])
    return str(found.company.siren)


def _keep(client: Client, spend: SupplierSpend, candidates: list[dict[str, Any]]) -> None:
    SupplierIdentity.objects.update_or_create(
        client=client,
        key=spend.key,
        defaults={
            "name": spend.name,
            "candidates": candidates,
            "state": SupplierState.PROPOSED if candidates else SupplierState.SEARCHED,
            "searched_at": timezone.now(),
        },
    )


def _candidate(one: Match) -> dict[str, Any]:
    company = one.company
    office = company.establishment(company.head_office) if company.head_office else None
    place = office or next(iter(company.establishments), None)
    return {
        "siren": str(company.siren),
        "company": company.name or "",
        "naf": str(company.activities.naf_rev2 or ""),
        "town": (place.address.town if place else None) or "",
        "score": f"{one.score}",
        "traps": [trap.value for trap in one.traps],
        "by_number": one.by_number,
        "remembered": False,
    }


def _from_memory(one: KnownSupplier, own: Siren | None) -> dict[str, Any]:
    naf = Naf.parse(one.naf)
    traps = [*([Trap.OWN] if one.siren == own else []), *(activity_traps(naf) if naf else ())]
    return {
        "siren": one.siren,
        "company": one.company,
        "naf": one.naf,
        "town": one.town,
        "score": "1.000",
        "traps": [trap.value for trap in traps],
        "by_number": False,
        "remembered": True,
    }


@transaction.atomic
def confirm(*, actor: Actor, client: Client, choices: Mapping[str, str]) -> int:
    """Take the company (SIREN) of each supplier (key) among its candidates; how many changed.

    Raises StaleError when one is no candidate, PermissionDenied for a deactivated client: nothing is kept then.
    """
    refuse_when_inactive(client)
    found = {
        one.key: one for one in SupplierIdentity.objects.select_for_update().filter(client=client, key__in=choices)
    }
    changed = 0
    for key, siren in choices.items():
        identity = found.get(key)
        chosen = next((one for one in identity.candidates if one["siren"] == siren), None) if identity else None
        if identity is None or chosen is None:
            raise StaleError(key)
        if (identity.state, identity.siren) == (SupplierState.CONFIRMED, siren):
            continue
        was = identity.company
        _decide(identity, actor, SupplierState.CONFIRMED, chosen)
        _remember(client, identity, chosen)
        _journal("carbon.supplier_confirmed", actor, identity, (was or None, f"{identity.company} ({siren})"))
        changed += 1
    _after(client, changed)
    return changed


@transaction.atomic
def refuse(*, actor: Actor, client: Client, keys: Collection[str]) -> int:
    """« Aucune de ces sociétés »: set suppliers (keys) aside; how many changed. Their candidates stay, to change mind.

    Raises PermissionDenied for a deactivated client.
    """
    refuse_when_inactive(client)
    rows = SupplierIdentity.objects.select_for_update().filter(client=client, key__in=keys)
    changed = 0
    for identity in rows.exclude(state=SupplierState.REFUSED):
        was = f"{identity.company} ({identity.siren})" if identity.siren else None
        _decide(identity, actor, SupplierState.REFUSED, None)
        _journal("carbon.supplier_refused", actor, identity, (was, "aucune des sociétés proposées"))
        changed += 1
    _after(client, changed)
    return changed


@transaction.atomic
def undo(*, actor: Actor, client: Client, key: str) -> bool:
    """Put back what the last decision on a supplier replaced; False when there is none."""
    refuse_when_inactive(client)
    identity = SupplierIdentity.objects.select_for_update().filter(client=client, key=key).first()
    if identity is None or not identity.before:
        return False
    was = f"{identity.company} ({identity.siren})" if identity.siren else None
    words, siren = memory_key(identity.name)[:255], identity.siren
    for name in _UNDONE:
        setattr(identity, name, identity.before[name])
    identity.before = None
    identity.save()
    if siren and siren != identity.siren:
        _forget(client, words, siren)
    now = f"{identity.company} ({identity.siren})" if identity.siren else None
    _journal("carbon.supplier_undone", actor, identity, (was, now))
    _after(client, 1)
    return True


def _decide(
    identity: SupplierIdentity,
    actor: Actor,
    state: SupplierState,
    chosen: Mapping[str, Any] | None,
) -> None:
    identity.before = {name: getattr(identity, name) for name in _UNDONE}
    identity.state = state
    identity.siren, identity.company, identity.naf = (
        (chosen["siren"], chosen["company"][:255], chosen["naf"]) if chosen else ("", "", "")
    )
    identity.author, identity.author_name = actor.collaborator, actor.author.label
    identity.decided_at = timezone.now()
    identity.save()


def _remember(client: Client, identity: SupplierIdentity, chosen: Mapping[str, Any]) -> None:
    """The name and the company, for the next dossier; a person is not remembered."""
    words = memory_key(identity.name)[:255]
    if not words or Trap.PERSON.value in chosen["traps"]:
        return
    KnownSupplier.objects.update_or_create(
        firm=client.firm,
        words=words,
        siren=identity.siren,
        defaults={"company": identity.company, "naf": identity.naf, "town": chosen["town"][:100]},
    )


def _forget(client: Client, words: str, siren: str) -> None:
    """An error does not spread: what nobody else in the firm confirmed is not remembered any more."""
    others = SupplierIdentity.objects.filter(client__firm=client.firm, siren=siren, state=SupplierState.CONFIRMED)
    if not any(memory_key(name)[:255] == words for name in others.values_list("name", flat=True)):
        KnownSupplier.objects.filter(firm=client.firm, words=words, siren=siren).delete()


def _journal(action: str, actor: Actor, identity: SupplierIdentity, change: tuple[str | None, str | None]) -> None:
    subject = Subject(label=identity.name or identity.key, id=identity.id, client_id=identity.client_id)
    record(action, author=actor.author, subject=subject, changes={"société": change})


def _after(client: Client, changed: int) -> None:
    if changed:
        transaction.on_commit(partial(refresh_after_change, client.id))
