"""The page where creation leads."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cabinet.web.actor import ActorRequest
from cabinet.web.dossier.frame import open_head
from cabinet.web.dossier.overview import overview_of


@require_safe
def overview(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """What is known, what is missing, what comes next; asked again while files are read, whole once they are."""
    page = overview_of(open_head(request, client_id, "dossier_overview"))
    if request.htmx:
        if page.running or page.recomputing:
            return render(request, "dossier/overview.html#running", {"page": page, "head": page.head})
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "dossier/overview.html", {"page": page, "head": page.head})
