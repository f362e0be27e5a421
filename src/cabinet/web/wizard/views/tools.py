"""Fetching from the firm's tools, from step 3: for the company of the draft, found by its SIRET or its SIREN."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from cabinet.connectors.listing import ask_years
from cabinet.connectors.models import ToolCompany
from cabinet.connectors.pulling import ask
from cabinet.onboarding.steps import Step
from cabinet.web.components.notices import refuse
from cabinet.web.connections.fetching import chosen_company, draw_fetching, spans_asked
from cabinet.web.wizard.data import companies_of_draft, fetch_urls
from cabinet.web.wizard.gate import Visit, WizardRequest, may_import, step_view


def _back(visit: Visit) -> HttpResponse:
    return HttpResponseRedirect(visit.url("wizard_data") + "#outils")


def _company(request: WizardRequest, visit: Visit) -> ToolCompany | None:
    may_import(visit)
    return chosen_company(companies_of_draft(visit), request.POST)


@require_safe
@step_view(Step.DATA)
def state(request: WizardRequest, visit: Visit) -> HttpResponse:
    """The card, asked again while something is on its way; once nothing is, the page is drawn again."""
    fetching = draw_fetching(companies_of_draft(visit), visit.id)
    response = render(request, "connections/_fetch.html", {"fetching": fetching, **fetch_urls(visit)})
    if not fetching.busy:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@step_view(Step.DATA)
def years(request: WizardRequest, visit: Visit) -> HttpResponse:
    """Have the tool say its fiscal years."""
    company = _company(request, visit)
    if company is not None:
        ask_years(company)
    return _back(visit)


@require_POST
@step_view(Step.DATA)
def pull(request: WizardRequest, visit: Visit) -> HttpResponse:
    """Have what was chosen fetched for the client to come."""
    company = _company(request, visit)
    spans = spans_asked(company, request.POST) if company is not None else []
    if company is None or not spans or not visit.opened.is_kept:
        refuse(request, "Choisissez d’abord ce qu’il faut importer.")
    else:
        ask(actor=visit.actor, company=company, to=visit.opened.holder, spans=spans)
    return _back(visit)
