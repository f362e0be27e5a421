"""Who did what in this dossier, when."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cabinet.audit.selectors import entries_of_client
from cabinet.web.actor import ActorRequest
from cabinet.web.dossier.frame import open_head
from cabinet.web.journal.entries import page_of


@require_safe
def journal(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """The tab « Journal »."""
    head = open_head(request, client_id, "dossier_journal")
    entries = page_of(entries_of_client(head.client.id), request.GET)
    return render(request, "dossier/journal.html", {"head": head, "page": entries})
