"""A draft as a whole: taken up again, given up."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from cabinet.onboarding.drafts import DraftGone, access_draft, discard
from cabinet.onboarding.selectors import draft_files
from cabinet.onboarding.steps import Step
from cabinet.web.components.notices import confirm
from cabinet.web.wizard.gate import ROUTES, Visit, WizardRequest, go, may_create, step_view


@require_GET
@step_view(Step.COMPANY)
def resume(request: WizardRequest, visit: Visit) -> HttpResponse:
    """*Reprendre*: the step that was reached."""
    return go(request, visit.url(ROUTES[Step(visit.opened.row.step)]))


@require_http_methods(["GET", "HEAD", "POST"])
def discard_draft(request: WizardRequest, draft_id: UUID) -> HttpResponse:
    """Ask, then give the draft up with its files. Doing it twice is fine."""
    actor = may_create(request)
    try:
        opened = access_draft(actor, draft_id)
    except DraftGone:
        return HttpResponseRedirect(reverse("client_list"))
    if request.method != "POST":
        company = opened.payload.company
        files = draft_files(actor.firm, draft_id)
        return render(request, "wizard/discard.html", {"company": company, "files": len(files), "draft_id": draft_id})
    discard(actor, draft_id)
    confirm(request, "Le brouillon est supprimé.")
    return HttpResponseRedirect(reverse("client_list"))
