"""The files of step 3: received, listed while they are read, confirmed, replaced, removed."""

from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from bocage.wording import sentence
from cabinet.imports import services as imports
from cabinet.imports.enums import ImportState
from cabinet.imports.models import Import
from cabinet.onboarding.drafts import DraftGone, access_draft
from cabinet.onboarding.selectors import draft_file
from cabinet.onboarding.services import receive_file, remove_file, take_file_dates
from cabinet.onboarding.steps import Step
from cabinet.web.uploads import sent_files
from cabinet.web.wizard.data import draw_data
from cabinet.web.wizard.forms import ReplacementForm
from cabinet.web.wizard.gate import Visit, WizardRequest, step_view, turn_away

PAGE = "wizard/data.html"


def take_uploads(request: WizardRequest, visit: Visit) -> list[Import]:
    """Take the files of the request. Raises PermissionDenied without ``data.import``, DraftGone, Http404."""
    uploads = sent_files(request, visit.actor, "documents")
    if uploads and not visit.actor.can("data.import"):
        raise PermissionDenied
    return [receive_file(visit.actor, visit.id, one.incoming, too_large=one.too_large) for one in uploads]


@require_http_methods(["GET", "HEAD", "POST"])
@step_view(Step.DATA)
def files(request: WizardRequest, visit: Visit) -> HttpResponse:
    """GET: the list, or 204 while nothing that it shows changed. POST: what the drop zone sends."""
    if request.method == "POST":
        try:
            take_uploads(request, visit)
        except DraftGone:
            return turn_away(request, sentence("onboarding", "draft_gone"), reverse("wizard_start"))
        return render(request, "wizard/_sent_file.html", {"visit": visit})
    context = draw_data(visit)
    seen = request.GET.get("vu", "")
    if seen == context["page"].files.mark:
        return HttpResponse(status=204)
    years_seen = request.GET.get("exercices")
    return render(request, f"{PAGE}#files", {**context, "years_changed": years_seen != context["page"].years_mark})


def _file_view(act: Callable[[Visit, Import], object]) -> Callable[..., HttpResponse]:
    """A view that does one thing to one file of the draft, then shows the list again.

    A file that is already gone (a second click, another tab) is no error: the list shows what is.
    """

    @require_POST
    @step_view(Step.DATA)
    def view(request: WizardRequest, visit: Visit, import_id: UUID) -> HttpResponse:
        imported = draft_file(visit.actor.firm, visit.id, import_id)
        if imported is not None:
            act(visit, imported)
        if not request.htmx:
            return HttpResponseRedirect(visit.url("wizard_data"))
        fresh = Visit(visit.actor, access_draft(visit.actor, visit.id), visit.step)
        return render(request, f"{PAGE}#files", {**draw_data(fresh), "years_changed": True})

    return view


remove = _file_view(lambda visit, imported: remove_file(visit.actor, visit.id, imported))
confirm_company = _file_view(lambda visit, imported: imports.confirm_company(actor=visit.actor, imported=imported))
take_dates = _file_view(lambda visit, imported: take_file_dates(visit.actor, visit.id, imported))


@require_http_methods(["GET", "HEAD", "POST"])
@step_view(Step.DATA)
def replace_file(request: WizardRequest, visit: Visit, import_id: UUID) -> HttpResponse:
    """*Remplacer*: another file in its place; nothing is removed before a new one is there."""
    imported = draft_file(visit.actor.firm, visit.id, import_id)
    if request.method == "POST":
        taken = take_uploads(request, visit)
        if imported is not None and any(one.state != ImportState.REFUSED for one in taken):
            remove_file(visit.actor, visit.id, imported)
        return HttpResponseRedirect(visit.url("wizard_data"))
    if imported is None:
        return HttpResponseRedirect(visit.url("wizard_data"))
    in_drawer = bool(request.htmx) and request.htmx.target == "drawer-content"
    form = ReplacementForm(auto_id="nouveau_%s")  # the page under the drawer has a field of that name
    context = {"imported": imported, "visit": visit, "form": form, "alone": not in_drawer}
    return render(request, "wizard/replace.html#sheet" if in_drawer else "wizard/replace.html", context)
