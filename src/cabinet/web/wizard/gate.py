"""The door of each step: the permission, the owner, the steps before it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from bocage.wording import Sentence, sentence
from cabinet.accounts.actors import Actor
from cabinet.onboarding.checks import problems
from cabinet.onboarding.drafts import DraftGone, OpenDraft, access_draft, new_draft
from cabinet.onboarding.selectors import saved_client
from cabinet.onboarding.steps import Payload, Step
from cabinet.web.components.notices import confirm, refuse
from cabinet.web.uploads import SealedUpload
from cabinet.web.wizard.words import describe

ROUTES = {
    Step.COMPANY: "wizard_company",
    Step.ORGANISATION: "wizard_organisation",
    Step.DATA: "wizard_data",
    Step.SUMMARY: "wizard_summary",
}

type View = Callable[..., HttpResponse]


class WizardRequest(HttpRequest):
    """A request of somebody signed in, seen by htmx's middleware."""

    actor: Actor
    htmx: Any


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is there, on which step of which draft."""

    actor: Actor
    opened: OpenDraft
    step: Step

    @property
    def id(self) -> UUID:
        return self.opened.id

    @property
    def payload(self) -> Payload:
        return self.opened.payload

    def url(self, route: str, *arguments: object) -> str:
        """The address of a view of this draft."""
        return reverse(route, args=[self.id, *arguments])


def go(request: WizardRequest, url: str) -> HttpResponse:
    """Send the person elsewhere, whether the page or htmx asked."""
    return HttpResponseClientRedirect(url) if request.htmx else HttpResponseRedirect(url)


def may_create(request: WizardRequest) -> Actor:
    """The actor. Raises PermissionDenied without ``clients.create``, and for who is nobody of the firm."""
    actor = request.actor
    if not actor.can("clients.create") or actor.collaborator is None:
        raise PermissionDenied
    return actor


def may_import(visit: Visit) -> None:
    """Raises PermissionDenied without ``data.import``."""
    if not visit.actor.can("data.import"):
        raise PermissionDenied


def step_view(step: Step) -> Callable[[View], View]:
    """A view of one step: it receives the request and a :class:`Visit`.

    A draft that became a client leads to its dossier; one that is gone to a new one; a wrong earlier step to that step,
    with the reason. Somebody else's draft is not found. Files that the view does not take are forgotten.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: WizardRequest, draft_id: UUID, **arguments: Any) -> HttpResponse:
            try:
                return _enter(request, draft_id, step, view, arguments)
            finally:
                release_uploads(request)

        return guarded

    return decorate


def _enter(request: WizardRequest, draft_id: UUID, step: Step, view: View, arguments: dict[str, Any]) -> HttpResponse:
    actor = may_create(request)
    try:
        opened = access_draft(actor, draft_id)
    except DraftGone:
        fresh = Visit(actor, new_draft(actor, draft_id), step)
        return _gone(request, actor, draft_id, step) or view(request, fresh, **arguments)
    visit = Visit(actor, opened, step)
    wrong = problems(actor, draft_id, opened.payload, before=step)
    if not wrong:
        return view(request, visit, **arguments)
    said = describe(wrong[0], typed=opened.payload.company.typed)
    return turn_away(request, said.words, visit.url(ROUTES[wrong[0].step]))


def turn_away(request: WizardRequest, words: Sentence, url: str) -> HttpResponse:
    """Say why on the page at ``url``; the drop zone, which goes nowhere, gets a line of its list instead."""
    if "X-Bocage-Upload" in request.headers:
        return render(request, "wizard/_lost_file.html", {"words": words}, status=409)
    refuse(request, f"{words.message} {words.remedy}".strip())
    return go(request, url)


def release_uploads(request: HttpRequest) -> None:
    """Forget the files of the request that nobody took: those that were taken have left their place."""
    if request.method == "POST":
        for _name, sent in request.FILES.lists():
            for one in sent:
                if isinstance(one, SealedUpload):
                    one.incoming.discard()


def _gone(request: WizardRequest, actor: Actor, draft_id: UUID, step: Step) -> HttpResponse | None:
    """Where to go when there is no draft; None to begin one at this address."""
    client = saved_client(actor, draft_id)
    if client is not None:
        confirm(request, f"{client.name} est déjà créé : voici son dossier.")
        return go(request, reverse("dossier_overview", args=[client.id]))
    if step is Step.COMPANY:
        return None
    return turn_away(request, sentence("onboarding", "draft_gone"), reverse("wizard_start"))
