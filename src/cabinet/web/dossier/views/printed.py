"""What a person takes away of a FEC: its check and its description, as PDF."""

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from cabinet.audit.services import record_download
from cabinet.imports.access import access_import
from cabinet.imports.models import Import
from cabinet.imports.printed import can_print, check_pdf, description_pdf
from cabinet.web.actor import ActorRequest

WORDS = {"controle-fec": "Contrôle d’un FEC (PDF)", "description-fec": "Description d’un FEC (PDF)"}


def _pdf(request: ActorRequest, import_id: UUID, kind: str, write: Callable[[Import], bytes]) -> HttpResponse:
    imported = access_import(request.actor, import_id, "dossier.view")
    if not can_print(imported):
        raise Http404
    end = f"-{imported.period_end:%Y%m%d}" if imported.period_end else ""
    record_download(request.actor.author, WORDS[kind], client_id=imported.client_id)
    response = HttpResponse(write(imported), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{kind}-{imported.expected_siren}{end}.pdf"'
    return response


@require_safe
def check(request: ActorRequest, import_id: UUID) -> HttpResponse:
    """The check of a FEC."""
    return _pdf(request, import_id, "controle-fec", check_pdf)


@require_safe
def description(request: ActorRequest, import_id: UUID) -> HttpResponse:
    """The description of a FEC."""
    return _pdf(request, import_id, "description-fec", description_pdf)
