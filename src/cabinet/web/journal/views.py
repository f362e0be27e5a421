"""The journal of the firm."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cabinet.audit.selectors import entries_of_firm
from cabinet.web.actor import ActorRequest
from cabinet.web.journal.entries import page_of


@require_GET
def journal(request: ActorRequest) -> HttpResponse:
    actor = request.actor
    if not actor.can("journal.view"):
        raise PermissionDenied
    entries = page_of(entries_of_firm(actor.firm.id), request.GET.get("page"), actor)
    return render(request, "journal/journal.html", {"entries": entries})
