"""The clients that the list shows, as a sheet: read a few hundred at a time, whatever their number."""

from collections.abc import Iterator, Sequence
from itertools import batched
from typing import Any
from uuid import UUID

from django.utils import timezone

from bocage.referentials.naf import naf_label
from cabinet.accounts.actors import Actor
from cabinet.clients.access import visible_clients
from cabinet.clients.models import Client
from cabinet.imports.coverage import ClientCoverage, coverage_of
from cabinet.web.clients.asking import Asked, with_names
from cabinet.web.clients.listing import FEC_SIGNS, state_of
from cabinet.web.components.states import STATES

CHUNK = 500
HEAD = (
    "Nom", "SIRET", "SIREN", "Code APE", "Activité", "Adresse", "Code postal", "Commune", "Pays", "Code dossier",
    "Personne de contact", "E-mail du contact", "Responsable", "Portefeuilles", "Dernier exercice", "FEC",
    "Mois déclarés", "Mois de l’exercice", "État",
)  # fmt: skip
WIDTHS = (34, 16, 11, 10, 40, 30, 12, 24, 14, 14, 24, 30, 24, 34, 16, 18, 14, 18, 16)


def ids_asked(asked: Asked) -> list[UUID]:
    """The clients of the list, in its order: what the export holds, even if somebody changes them meanwhile."""
    return list(asked.sorted(asked.clients()).values_list("id", flat=True))


def sheet_rows(actor: Actor, ids: Sequence[UUID]) -> Iterator[tuple[Any, ...]]:
    """The head, then one row a client. A client that left the actor's sight in between is left out."""
    yield HEAD
    today = timezone.localdate()
    for chunk in batched(ids, CHUNK, strict=False):
        found = {one.id: one for one in with_names(actor, visible_clients(actor).filter(id__in=chunk))}
        clients = [found[one] for one in chunk if one in found]
        coverages = coverage_of(clients, today)
        for client in clients:
            yield _row(client, coverages[client.id])


def _row(client: Client, coverage: ClientCoverage) -> tuple[Any, ...]:
    portfolios: list[Any] = client.shown_portfolios  # type: ignore[attr-defined]  # set by the prefetch
    latest = coverage.latest
    year = (latest.year.label, FEC_SIGNS[latest.fec][1], latest.declared, len(latest.months)) if latest else ("",) * 4
    return (
        client.name, client.siret, client.siren, client.ape, naf_label(client.ape) or "", client.street,
        client.postcode, client.town, client.country, client.file_code, client.contact_name, client.contact_email,
        client.manager.full_name, ", ".join(one.name for one in portfolios), *year,
        STATES[state_of(client, coverage)].word,
    )  # fmt: skip
