"""One file: its line, its report, and what a person decides of it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cabinet.audit.services import record_download
from cabinet.imports import services
from cabinet.imports.access import access_import
from cabinet.imports.enums import Doubt, ImportState
from cabinet.imports.models import Import
from cabinet.imports.selectors import given_way, running_of, taken_in, with_members
from cabinet.web.actor import ActorRequest
from cabinet.web.components.sheets import stream_csv
from cabinet.web.dossier.between import between_of_import
from cabinet.web.dossier.files import lines_of
from cabinet.web.dossier.findings_export import findings_rows
from cabinet.web.dossier.frame import rights_of
from cabinet.web.dossier.places import places_of
from cabinet.web.dossier.report import report_of
from cabinet.web.partials import page_or_part


def _back(imported: Import) -> HttpResponse:
    return HttpResponseRedirect(reverse("dossier_data", args=[imported.client_id]) + "#fichiers")


@require_safe
def line(request: ActorRequest, import_id: UUID) -> HttpResponse:
    """The line of a file, asked again while it is read; an archive answers with the files that came out of it, a part
    with nothing once another line stands for it."""
    found = with_members(request.actor, import_id)
    if not found and given_way(request.actor, import_id):
        return HttpResponse()
    if not found or found[0].client is None:
        raise Http404
    access_import(request.actor, found[0].id, "dossier.view")
    lines = lines_of(found, rights_of(request, found[0].client), running_of(found))
    return render(request, "dossier/_asked_again.html", {"lines": lines, "gone": taken_in(found)})


@require_safe
def report(request: ActorRequest, import_id: UUID) -> HttpResponse:
    """What was found in a file."""
    imported = access_import(request.actor, import_id, "dossier.view")
    page = report_of(request, imported)
    return render(request, "dossier/report.html", {"page": page, "head": page.head})


@require_safe
def places(request: ActorRequest, import_id: UUID, code: str) -> HttpResponse:
    """All the places of a finding, by pages."""
    imported = access_import(request.actor, import_id, "dossier.view")
    page = places_of(request, imported, code)
    if page is None:
        raise Http404
    return page_or_part(request, "dossier/places.html", "rows", {"page": page, "head": page.head})


@require_safe
def findings_csv(request: ActorRequest, import_id: UUID) -> HttpResponseBase:
    """Every finding and each of its places, one line each; semicolons and a mark, as French spreadsheets expect."""
    imported = access_import(request.actor, import_id, "dossier.view")
    record_download(request.actor.author, "Constats d’un fichier", client_id=imported.client_id)
    rows = findings_rows(imported, between_of_import(imported))
    disposition = {"Content-Disposition": f'attachment; filename="constats-{imported.id}.csv"'}
    return StreamingHttpResponse(stream_csv(rows), content_type="text/csv; charset=utf-8", headers=disposition)


@require_POST
def confirm(request: ActorRequest, import_id: UUID) -> HttpResponse:
    """« Oui, c'est un fichier de ce client »."""
    imported = access_import(request.actor, import_id, "data.import")
    services.confirm_company(actor=request.actor, imported=imported)
    return _back(imported)


@require_POST
def accept(request: ActorRequest, import_id: UUID) -> HttpResponse:
    """Accept a file that waits; it replaces what it must replace, which takes the right to delete data."""
    imported = access_import(request.actor, import_id, "data.import")
    if Doubt.REPLACES in imported.doubts:
        access_import(request.actor, import_id, "data.delete")
    try:
        services.accept(actor=request.actor, imported=imported)
    except services.NotSettled:
        messages.warning(request, "Ce fichier n’attend plus de réponse.")
    return _back(imported)


@require_POST
def refuse(request: ActorRequest, import_id: UUID) -> HttpResponse:
    """Turn a file down."""
    imported = access_import(request.actor, import_id, "data.import")
    try:
        services.refuse(actor=request.actor, imported=imported)
    except services.NotSettled:
        messages.warning(request, "Ce fichier n’attend plus de réponse.")
    return _back(imported)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: ActorRequest, import_id: UUID) -> HttpResponse:
    """Say what would go, then remove a file, its facts and its figures."""
    imported = access_import(request.actor, import_id, "data.import")
    if imported.state in {ImportState.ACCEPTED, ImportState.REPLACED}:
        access_import(request.actor, import_id, "data.delete")
    if request.method != "POST":
        return render(request, "dossier/delete_file.html", {"imported": imported})
    services.delete(actor=request.actor, imported=imported)
    messages.success(request, f"{imported.file_name} est supprimé.")
    return _back(imported)
