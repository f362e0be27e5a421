"""Screens of *Importer des clients*."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cabinet.onboarding.sheets import services
from cabinet.onboarding.sheets.reading import MAX_BYTES, MODEL, UnreadableSheet
from cabinet.onboarding.sheets.tasks import enqueue
from cabinet.web.actor import ActorRequest
from cabinet.web.clients import sheets
from cabinet.web.components.notices import confirm, refuse
from cabinet.web.components.sheets import WORKBOOK, as_csv, as_workbook, stream_csv

STARTED = "Cet import est déjà lancé : ses lignes ne changent plus."
NOTHING = "Aucune ligne n’est à importer. Cochez-en une au moins."


def _require(request: ActorRequest) -> None:
    if not request.actor.can("clients.bulk_import"):
        raise PermissionDenied


@require_http_methods(["GET", "POST"])
def sheet_list(request: ActorRequest) -> HttpResponse:
    _require(request)
    if request.method == "GET":
        return _drop(request, sheets.SheetForm(), 200)
    form = sheets.SheetForm(request.POST, request.FILES)
    if not form.is_valid():
        return _drop(request, form, 422)
    sent = form.cleaned_data["file"]
    try:
        data = sent.take_clear(MAX_BYTES + 1)
        if sent.too_large:
            raise UnreadableSheet("too_large")
        sheet = services.receive_sheet(actor=request.actor, file_name=sent.name, data=data)
    except UnreadableSheet as error:
        form.add_error("file", sheets.UNREADABLE[error.code])
        return _drop(request, form, 422)
    return redirect("client_sheet", sheet.id)


def _drop(request: ActorRequest, form: sheets.SheetForm, status: int) -> HttpResponse:
    context = {"form": form, "sheets": list(services.sheets_of(request.actor)[:20])}
    return render(request, "clients/sheets.html", context, status=status)


@require_GET
def model(request: ActorRequest, kind: str) -> HttpResponseBase:
    _require(request)
    rows = (MODEL, sheets.EXAMPLE)
    if kind == "xlsx":
        book = as_workbook("Clients", rows, (18, 34, 14, 30, 30, 26, 30))
        return FileResponse(book, as_attachment=True, filename="modele-clients.xlsx", content_type=WORKBOOK)
    if kind != "csv":
        raise Http404
    disposition = {"Content-Disposition": 'attachment; filename="modele-clients.csv"'}
    return HttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8", headers=disposition)


@require_GET
def sheet(request: ActorRequest, sheet_id: UUID) -> HttpResponse:
    found = services.access_sheet(request.actor, sheet_id)
    page = sheets.build_sheet(request.actor, found, request.GET)
    part = "clients/sheet.html#progress" if request.htmx and not request.htmx.history_restore_request else ""
    return render(request, part or "clients/sheet.html", {"page": page})


@require_POST
def choose(request: ActorRequest, sheet_id: UUID) -> HttpResponse:
    found = services.access_sheet(request.actor, sheet_id)
    try:
        match request.POST.get("action"):
            case "all" | "none" as word:
                services.choose_all(sheet=found, chosen=word == "all")
            case "manager":
                services.choose_manager(actor=request.actor, sheet=found, manager_id=_id(request))
            case _:
                services.choose_rows(sheet=found, shown=_lines(request, "vue"), chosen=_lines(request, "ligne"))
    except services.AlreadyStarted:
        refuse(request, STARTED)
    except services.UnknownPerson:
        raise Http404 from None
    else:
        confirm(request, "Vos choix sont enregistrés.")
    return redirect(f"{reverse('client_sheet', args=[found.id])}?{request.GET.urlencode()}")


def _id(request: ActorRequest) -> UUID:
    try:
        return UUID(request.POST.get("manager", ""))
    except ValueError:
        raise Http404 from None


def _lines(request: ActorRequest, name: str) -> list[int]:
    return [int(text) for text in request.POST.getlist(name) if text.isascii() and text.isdigit() and len(text) < 9]


@require_POST
def start(request: ActorRequest, sheet_id: UUID) -> HttpResponse:
    found = services.access_sheet(request.actor, sheet_id)
    try:
        with transaction.atomic():
            enqueue(services.start_import(actor=request.actor, sheet=found))
    except services.AlreadyStarted:
        refuse(request, STARTED)
    except services.NothingToImport:
        refuse(request, NOTHING)
    return redirect("client_sheet", found.id)


@require_GET
def result(request: ActorRequest, sheet_id: UUID) -> HttpResponseBase:
    found = services.access_sheet(request.actor, sheet_id)
    rows = sheets.result_rows(request.actor, found)
    disposition = {"Content-Disposition": 'attachment; filename="resultat-import-clients.csv"'}
    return StreamingHttpResponse(stream_csv(rows), content_type="text/csv; charset=utf-8", headers=disposition)


@require_POST
def delete(request: ActorRequest, sheet_id: UUID) -> HttpResponse:
    found = services.access_sheet(request.actor, sheet_id)
    try:
        services.delete_sheet(actor=request.actor, sheet=found)
    except services.AlreadyStarted:
        refuse(request, "Cet import est en cours : attendez sa fin.")
        return redirect("client_sheet", found.id)
    confirm(request, "La liste est retirée. Les clients créés restent.")
    return redirect("client_sheets")
