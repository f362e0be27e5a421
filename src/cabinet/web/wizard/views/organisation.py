"""Step 2: who is in charge, in which portfolios."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from cabinet.accounts.selectors import managers
from cabinet.onboarding.checks import Problem, organisation_problems
from cabinet.onboarding.selectors import proposed_manager
from cabinet.onboarding.services import keep_organisation
from cabinet.onboarding.steps import OrganisationStep, Step
from cabinet.portfolios.access import usable_portfolios
from cabinet.web.components.picking import SEARCH
from cabinet.web.wizard.forms import OrganisationForm
from cabinet.web.wizard.frame import draw_frame
from cabinet.web.wizard.gate import Visit, WizardRequest, go, step_view
from cabinet.web.wizard.words import describe

PAGE = "wizard/organisation.html"


def _sent(request: WizardRequest) -> OrganisationStep:
    return OrganisationStep(
        manager_id=request.POST.get("manager_id", ""), portfolio_ids=tuple(request.POST.getlist("portfolio_ids"))
    )


def _context(visit: Visit, organisation: OrganisationStep, blocks: Sequence[Problem]) -> dict[str, Any]:
    proposed = proposed_manager(visit.actor)
    if not organisation.manager_id and proposed is not None and not blocks:
        organisation = replace(organisation, manager_id=str(proposed.id))
    form = OrganisationForm.showing(
        organisation,
        [describe(one) for one in blocks],
        people=managers(visit.actor.firm),
        portfolios=usable_portfolios(visit.actor),
    )
    return {
        "frame": draw_frame(visit, blocks),
        "visit": visit,
        "form": form,
        "has_portfolios": bool(form.fields["portfolio_ids"].choices),  # type: ignore[attr-defined]
        "may_create_portfolio": visit.actor.can("portfolios.create"),
        "sees_everything": visit.actor.can("clients.view_all"),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@step_view(Step.ORGANISATION)
def organisation(request: WizardRequest, visit: Visit) -> HttpResponse:
    """The page of the step, and where its form goes."""
    if request.method != "POST":
        passed = visit.opened.row.step > Step.ORGANISATION
        blocks = organisation_problems(visit.actor, visit.payload) if passed else []
        return render(request, PAGE, _context(visit, visit.payload.organisation, blocks))
    sent = _sent(request)
    if SEARCH in request.POST:
        keep_organisation(visit.actor, visit.id, sent)
        return render(request, PAGE, _context(visit, sent, []))
    if request.POST.get("go") == "previous":
        keep_organisation(visit.actor, visit.id, sent)
        return go(request, visit.url("wizard_company"))
    blocks = organisation_problems(visit.actor, replace(visit.payload, organisation=sent))
    opened = keep_organisation(visit.actor, visit.id, sent, reached=None if blocks else Step.DATA)
    if not blocks:
        return go(request, visit.url("wizard_data"))
    return render(request, PAGE, _context(Visit(visit.actor, opened, visit.step), sent, blocks), status=422)


@require_POST
@step_view(Step.ORGANISATION)
def keep_organisation_draft(request: WizardRequest, visit: Visit) -> HttpResponse:
    """The choices, kept as they are."""
    opened = keep_organisation(visit.actor, visit.id, _sent(request))
    frame = draw_frame(Visit(visit.actor, opened, visit.step))
    return render(request, "wizard/_saved.html", {"frame": frame, "outside": False})
