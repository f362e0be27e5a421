"""What a FEC changes from the one that it would replace, before anybody decides."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cabinet.imports.access import access_import
from cabinet.web.actor import ActorRequest
from cabinet.web.dossier.comparison import page_of


@require_safe
def comparison(request: ActorRequest, import_id: UUID) -> HttpResponse:
    """Entries added, removed and changed, totals by account, and the two answers."""
    imported = access_import(request.actor, import_id, "dossier.view")
    page = page_of(request, imported)
    return render(request, "dossier/comparison.html", {"page": page, "head": page.head})
