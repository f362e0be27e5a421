"""Fetching from the firm's tools, from the tab « Données »."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cabinet.clients.access import access_client
from cabinet.clients.models import Client
from cabinet.clients.services import refuse_when_inactive
from cabinet.connectors.access import companies_of_client
from cabinet.connectors.listing import ask_years
from cabinet.connectors.models import ToolCompany
from cabinet.connectors.pulling import ask
from cabinet.connectors.services import set_nightly
from cabinet.web.actor import ActorRequest
from cabinet.web.connections.fetching import chosen_company, draw_fetching, spans_asked
from cabinet.web.dossier.data import fetch_urls

NOTHING_CHOSEN = "Choisissez d’abord ce qu’il faut importer."


def _back(client: Client) -> HttpResponse:
    return HttpResponseRedirect(reverse("dossier_data", args=[client.id]) + "#outils")


def _asked(request: ActorRequest, client_id: UUID) -> tuple[Client, ToolCompany | None]:
    """The client, and its company that a button named; None when it is no longer there."""
    client = access_client(request.actor, client_id, "data.import")
    refuse_when_inactive(client)
    return client, chosen_company(companies_of_client(client), request.POST)


@require_safe
def state(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """The card, asked again while something is on its way; once nothing is, the page is drawn again."""
    client = access_client(request.actor, client_id, "data.import")
    fetching = draw_fetching(companies_of_client(client), client)
    response = render(request, "connections/_fetch.html", {"fetching": fetching, **fetch_urls(client)})
    if not fetching.busy:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def years(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """Have the tool say its fiscal years."""
    client, company = _asked(request, client_id)
    if company is not None:
        ask_years(company)
    return _back(client)


@require_POST
def pull(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """Have what was chosen fetched."""
    client, company = _asked(request, client_id)
    spans = spans_asked(company, request.POST) if company is not None else []
    if company is None or not spans:
        messages.warning(request, NOTHING_CHOSEN)
    else:
        ask(actor=request.actor, company=company, to=client, spans=spans)
    return _back(client)


@require_POST
def nightly(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """Each night, or no more."""
    client, company = _asked(request, client_id)
    if company is not None:
        set_nightly(actor=request.actor, company=company, nightly=not company.nightly)
    return _back(client)
