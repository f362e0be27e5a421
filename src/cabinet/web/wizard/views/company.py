"""Step 1: the number, what the registry fills in, what the person corrects."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cabinet.clients.details import CORRECTABLE
from cabinet.onboarding.checks import company_problems
from cabinet.onboarding.services import ask_registry, keep_company
from cabinet.onboarding.steps import CompanyStep, Step, typed_company
from cabinet.web.wizard.company import draw_card
from cabinet.web.wizard.frame import draw_frame
from cabinet.web.wizard.gate import Visit, WizardRequest, go, may_create, step_view

PAGE = "wizard/company.html"


@require_GET
def start(request: WizardRequest) -> HttpResponse:
    """« Nouveau client »: an address of its own, so that two tabs are two drafts. Nothing is kept yet."""
    may_create(request)
    return HttpResponseRedirect(reverse("wizard_company", args=[uuid.uuid4()]))


def _sent(request: HttpRequest, visit: Visit) -> CompanyStep:
    """The step as the form sends it; *Le prendre* and *Choisir* send another number."""
    values = {name: str(value) for name, value in request.POST.items()}
    if "take" in values:
        values["typed"] = values["take"]
    return typed_company(values, visit.payload.company)


@require_http_methods(["GET", "HEAD", "POST"])
@step_view(Step.COMPANY)
def company(request: WizardRequest, visit: Visit) -> HttpResponse:
    """The page of the step, and where its form goes."""
    if request.method != "POST":
        passed = visit.opened.is_kept and visit.opened.row.step > Step.COMPANY
        blocks = company_problems(visit.actor, visit.payload.company) if passed else []
        context = {"frame": draw_frame(visit, blocks), "card": draw_card(visit, visit.payload.company, blocks)}
        return render(request, PAGE, {**context, "visit": visit, "renumber": False})
    if "ask" in request.POST or "take" in request.POST:
        return _ask(request, visit)
    sent = _sent(request, visit)
    if sent.answer is None:
        sent = ask_registry(visit.actor, visit.id, sent).payload.company
    blocks = company_problems(visit.actor, sent)
    reached = None if blocks else Step.ORGANISATION
    opened = keep_company(visit.actor, visit.id, sent, reached=reached)
    if not blocks:
        return go(request, visit.url("wizard_organisation"))
    fresh = Visit(visit.actor, opened, Step.COMPANY)
    context = {"frame": draw_frame(fresh, blocks), "card": draw_card(fresh, sent, blocks), "visit": fresh}
    return render(request, PAGE, {**context, "renumber": False}, status=422)


def _ask(request: WizardRequest, visit: Visit) -> HttpResponse:
    """*Vérifier*, *Interroger à nouveau*, *Le prendre*, *Choisir*, or the page itself once a number is complete."""
    again = request.POST.get("ask") == "again"
    opened = ask_registry(visit.actor, visit.id, _sent(request, visit), again=again)
    if not request.htmx:
        return HttpResponseRedirect(visit.url("wizard_company"))
    fresh = Visit(visit.actor, opened, Step.COMPANY)
    context = {"card": draw_card(fresh, opened.payload.company), "frame": draw_frame(fresh), "visit": fresh}
    return render(request, f"{PAGE}#answer", {**context, "renumber": "take" in request.POST})


@require_POST
@step_view(Step.COMPANY)
def check(request: WizardRequest, visit: Visit) -> HttpResponse:
    """The number as it is being typed: its key at once, then the registry if it is complete. Keeps nothing."""
    sent = _sent(request, visit)
    card = draw_card(visit, sent, asking=True)
    context = {"card": card, "frame": draw_frame(visit), "visit": visit, "renumber": False}
    return render(request, f"{PAGE}#answer", context)


@require_POST
@step_view(Step.COMPANY)
def keep_company_draft(request: WizardRequest, visit: Visit) -> HttpResponse:
    """What is typed, kept as it is, whatever its worth; a corrected field comes back with its note."""
    opened = keep_company(visit.actor, visit.id, _sent(request, visit))
    fresh = Visit(visit.actor, opened, Step.COMPANY)
    name = request.htmx.trigger_name or ""
    context: dict[str, Any] = {"frame": draw_frame(fresh), "visit": fresh, "name": ""}
    if name in CORRECTABLE:
        card = draw_card(fresh, opened.payload.company)
        context |= {"name": name, "bound": card.form[name], "corrected": card.corrected[name]}
    return render(request, f"{PAGE}#kept", context)
