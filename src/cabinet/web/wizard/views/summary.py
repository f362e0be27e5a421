"""Step 4: everything read back, then the one save."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bocage.wording import sentence
from cabinet.onboarding.drafts import DraftGone
from cabinet.onboarding.services import DraftChanged, StepsWrong, save
from cabinet.onboarding.steps import Step
from cabinet.web.components.notices import confirm
from cabinet.web.wizard.gate import ROUTES, Visit, WizardRequest, go, step_view, turn_away
from cabinet.web.wizard.recap import draw_recap
from cabinet.web.wizard.words import describe

PAGE = "wizard/summary.html"


@require_http_methods(["GET", "HEAD", "POST"])
@step_view(Step.SUMMARY)
def summary(request: WizardRequest, visit: Visit) -> HttpResponse:
    """*Récapitulatif*, and *Enregistrer*."""
    if request.method != "POST":
        return render(request, PAGE, draw_recap(visit))
    if request.POST.get("go") == "previous":
        return go(request, visit.url("wizard_data"))
    try:
        client = save(visit.actor, visit.id, seen=request.POST.get("seen", ""))
    except StepsWrong as error:
        words = describe(error.found[0], typed=visit.payload.company.typed).words
        return turn_away(request, words, visit.url(ROUTES[error.found[0].step]))
    except DraftChanged:
        return turn_away(request, sentence("onboarding", "draft_changed"), visit.url("wizard_summary"))
    except DraftGone:
        return turn_away(request, sentence("onboarding", "draft_gone"), reverse("wizard_start"))
    confirm(request, f"{client.name} est créé.")
    return go(request, reverse("dossier_overview", args=[client.id]))
