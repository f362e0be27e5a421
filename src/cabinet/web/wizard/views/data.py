"""Step 3: files and fiscal years."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from cabinet.onboarding.checks import data_problems
from cabinet.onboarding.selectors import draft_files
from cabinet.onboarding.services import keep_data
from cabinet.onboarding.steps import Step, TypedYear
from cabinet.web.wizard.data import draw_data
from cabinet.web.wizard.gate import Visit, WizardRequest, go, step_view
from cabinet.web.wizard.views.files import take_uploads

PAGE = "wizard/data.html"


def sent_years(request: WizardRequest) -> dict[str, TypedYear]:
    """The dates of the form, by the key of their year."""
    found: dict[str, dict[str, str]] = {}
    for name, value in request.POST.items():
        key, dash, side = name.rpartition("-")
        if side in {"start", "end"}:
            found.setdefault(key if dash else "", {})[side] = str(value).strip()
    return {key: TypedYear(**sides) for key, sides in found.items()}


@require_http_methods(["GET", "HEAD", "POST"])
@step_view(Step.DATA)
def data(request: WizardRequest, visit: Visit) -> HttpResponse:
    """The page of the step, and where its form goes."""
    if request.method != "POST":
        passed = visit.opened.row.step > Step.DATA
        blocks = data_problems(visit.payload.data, draft_files(visit.actor.firm, visit.id)) if passed else []
        return render(request, PAGE, draw_data(visit, blocks))
    dropped = take_uploads(request, visit)
    action = request.POST.get("go", "")
    skipped = action == "skip" and not dropped
    opened = keep_data(visit.actor, visit.id, sent_years(request), skipped=skipped)
    fresh = Visit(visit.actor, opened, Step.DATA)
    if action == "previous":
        return go(request, fresh.url("wizard_organisation"))
    if dropped or action not in {"next", "skip"}:
        # Without JavaScript, the files come with the form: they are shown before going on.
        return go(request, fresh.url("wizard_data"))
    blocks = data_problems(opened.payload.data, draft_files(visit.actor.firm, visit.id))
    if blocks:
        return render(request, PAGE, draw_data(fresh, blocks), status=422)
    keep_data(visit.actor, visit.id, {}, skipped=skipped, reached=Step.SUMMARY)
    return go(request, fresh.url("wizard_summary"))


@require_POST
@step_view(Step.DATA)
def keep_dates(request: WizardRequest, visit: Visit) -> HttpResponse:
    """The dates as typed, kept, and what is to be said of each year."""
    opened = keep_data(visit.actor, visit.id, sent_years(request), skipped=False)
    return render(request, f"{PAGE}#verdicts", draw_data(Visit(visit.actor, opened, Step.DATA)))
