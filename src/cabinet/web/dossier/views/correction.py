"""The corrected FEC: what would change, then the file."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cabinet.imports.access import access_import
from cabinet.imports.correcting import corrected_file, proposal_of
from cabinet.web.actor import ActorRequest
from cabinet.web.dossier.report import headed


@require_safe
def correction(request: ActorRequest, import_id: UUID) -> HttpResponse:
    """The list of what a corrected file changes."""
    imported = access_import(request.actor, import_id, "dossier.view")
    head = headed(request, imported, "FEC corrigé")
    return render(
        request, "dossier/correction.html", {"head": head, "imported": imported, "proposal": proposal_of(imported)}
    )


@require_safe
def corrected(request: ActorRequest, import_id: UUID) -> HttpResponseBase:
    """The corrected file itself."""
    made = corrected_file(access_import(request.actor, import_id, "dossier.view"))
    if made is None:
        raise Http404
    name, content = made
    return FileResponse(content, as_attachment=True, filename=name, content_type="application/octet-stream")
