"""What the registry says of the clients since they were read: found at night, a few at a time, shown until settled.

Each client is asked about once a week, and committed by itself: a run that is killed leaves the rest to the next one.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from time import monotonic
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from cabinet.accounts.actors import Actor, worker
from cabinet.accounts.names import fold
from cabinet.audit.services import record
from cabinet.clients.models import Client, NewsKind, RegistryNews
from cabinet.clients.services import subject_of
from cabinet.registry.enums import LookupCase
from cabinet.registry.services import LookupOutcome, look_up

COMPARED: Final = (
    "name",
    "ape",
    "ape_2025",
    "legal_form",
    "is_head_office",
    "opened_on",
    "closed_on",
    "size_band",
    "idcc",
    "street",
    "postcode",
    "town",
    "country",
)
"""The fields on which a client and the registry can differ."""
_WATCHED: Final = tuple(name for name in COMPARED if name not in {"opened_on", "closed_on", "size_band"})
"""Those whose change is worth telling: bands change every year, a closing is told apart."""

AT_ONCE, SECONDS = 200, 240.0
"""Clients of a run, and how long it may last: less than the scheduler's lease."""
EVERY, OVERDUE = timedelta(days=7), timedelta(days=9)
"""Asked about every week at night; by day too, two days later, on a machine that sleeps at night."""
_NIGHT: Final = frozenset({22, 23, 0, 1, 2, 3, 4, 5})


def watch_registry() -> int:
    """Ask about the clients that are due; how many answers there were. For the recurring work.

    It stops as soon as no source answers: the next run goes on from there.
    """
    late, asked = monotonic() + SECONDS, 0
    for client_id, siret in _due():
        if monotonic() > late:
            break
        outcome = look_up(siret, again=True, in_background=True)
        if outcome.nobody_answers:
            break
        note_outcome(client_id, siret, outcome)
        asked += 1
    return asked


def _due() -> list[tuple[UUID, str]]:
    now = timezone.now()
    at_night = timezone.localtime(now).hour in _NIGHT
    checked_before, made_before = (now - EVERY, now) if at_night else (now - OVERDUE, now - (OVERDUE - EVERY))
    never = Q(registry_checked_at__isnull=True, created_at__lte=made_before)
    rows = Client.objects.filter(never | Q(registry_checked_at__lte=checked_before), is_active=True, to_complete=False)
    rows = rows.order_by(F("registry_checked_at").asc(nulls_first=True), "created_at", "id")
    return list(rows.values_list("id", "siret")[:AT_ONCE])


@transaction.atomic
def note_outcome(client_id: UUID, siret: str, outcome: LookupOutcome) -> None:
    """Keep what the registry says of a client that it does not say itself, or that there is nothing left to say.

    Told twice, the same news is the same row: who dismissed it is not bothered again. A client that is gone or has
    another number since the question is left alone.
    """
    client = Client.objects.select_for_update(of=("self",)).select_related("firm").filter(id=client_id).first()
    if client is None or client.siret != siret:
        return
    Client.objects.filter(id=client.id).update(registry_checked_at=timezone.now())
    if outcome.case is LookupCase.UNKNOWN:
        return
    _harvest(client, outcome)
    told = RegistryNews.objects.filter(client=client).first()
    news = _news(client, outcome)
    if news is None:
        RegistryNews.objects.filter(client=client).delete()
        return
    if told is not None and _says(told) == _says(news):
        return
    news.save(force_insert=told is None)
    record("client.registry_news", author=worker(client.firm).author, subject=subject_of(client), changes=_told(news))


def _harvest(client: Client, outcome: LookupOutcome) -> None:
    """Keep the code of the other nomenclature while the registry gives both: nothing will match them better later."""
    details = outcome.details
    if details is None or not details.ape_2025 or client.ape_2025 or outcome.case is LookupCase.DUPLICATE:
        return
    client.ape_2025 = details.ape_2025
    client.save(update_fields=["ape_2025"])
    told = {"ape_2025": (None, details.ape_2025)}
    record("client.completed", author=worker(client.firm).author, subject=subject_of(client), changes=told)


def dismiss_news(*, actor: Actor, client: Client) -> None:
    """Stop telling what the registry says now. Another change will be told."""
    if RegistryNews.objects.filter(client=client, dismissed=False).update(dismissed=True):
        record("client.registry_dismissed", author=actor.author, subject=subject_of(client))


def news_of(client: Client) -> RegistryNews | None:
    """What the registry says of this client, unless it was dismissed."""
    return RegistryNews.objects.filter(client=client, dismissed=False).first()


def found_values(outcome: LookupOutcome) -> dict[str, Any]:
    """What the registry knows, field by field, as a form writes it. What is empty or hidden is left out."""
    details = outcome.details
    if details is None:
        return {}
    values: dict[str, Any] = {name: getattr(details, name) for name in COMPARED}
    values["idcc"] = ", ".join(details.idcc)
    values["is_head_office"] = "" if details.is_head_office is None else str(details.is_head_office)
    return {name: value for name, value in values.items() if value and name not in details.masked}


def _news(client: Client, outcome: LookupOutcome) -> RegistryNews | None:
    duplicate = outcome.case is LookupCase.DUPLICATE
    closed = outcome.case is LookupCase.FOUND_CLOSED and client.closed_on is None
    found = {} if duplicate else _changed(client, found_values(outcome))
    if not (duplicate or closed or found):
        return None
    kind = NewsKind.DUPLICATE if duplicate else NewsKind.CLOSED if closed else NewsKind.CHANGED
    return RegistryNews(
        client=client,
        kind=kind,
        found=found,
        closed_on=outcome.closed_on if closed else None,
        follows=outcome.kept_siren or (outcome.successor or "" if closed else ""),
        source=outcome.source,
        read_at=outcome.read_at or timezone.now(),
    )


def _changed(client: Client, found: Mapping[str, Any]) -> dict[str, str]:
    """The registry's values that are not what it said when it was last read.

    A field that a person corrected is compared with what it was corrected from, so that their correction is no news. A
    field that the registry did not fill in is none either: sources do not all give the same ones.
    """
    if not client.registry_source:
        return {}
    held = {name: str(value) for name in _WATCHED if (value := getattr(client, name)) not in ("", None)}
    known = held | client.corrected
    return {
        name: str(found[name])
        for name in _WATCHED
        if name in found and name in known and _letters(known[name]) != _letters(str(found[name]))
    }


def _letters(text: str) -> str:
    """Sources do not write an address with the same commas."""
    return re.sub(r"[^a-z0-9]+", " ", fold(text)).strip()


def _says(news: RegistryNews) -> tuple[object, ...]:
    return (news.kind, news.found, news.closed_on, news.follows)


def _told(news: RegistryNews) -> dict[str, tuple[Any, Any]]:
    changes: dict[str, tuple[Any, Any]] = {
        name: (str(getattr(news.client, name)), value) for name, value in news.found.items()
    }
    if news.kind == NewsKind.CLOSED:
        changes["closed_on"] = (None, news.closed_on or "inconnue")
    if news.follows:
        changes["continue sous le numéro"] = (None, news.follows)
    return changes
