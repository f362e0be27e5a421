"""Screens about many clients: export, acts on a selection, saved filters."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cabinet.clients import saved_filters
from cabinet.clients.bulk import PlanMoved, carry_out
from cabinet.clients.exports import note_export
from cabinet.web.actor import ActorRequest
from cabinet.web.clients import acting, exporting, keeping
from cabinet.web.clients.asking import read_address
from cabinet.web.components.notices import confirm, refuse
from cabinet.web.components.sheets import WORKBOOK, as_workbook, stream_csv


@require_POST
def export(request: ActorRequest, kind: str) -> HttpResponseBase:
    if kind not in {"csv", "xlsx"}:
        raise Http404
    asked = read_address(request.actor, request.GET)
    ids = exporting.ids_asked(asked)
    note_export(actor=request.actor, count=len(ids), form=kind.upper(), narrowed_by=asked.words)
    rows = exporting.sheet_rows(request.actor, ids)
    name = f"clients-{timezone.localdate():%Y-%m-%d}.{kind}"
    if kind == "xlsx":
        book = as_workbook("Clients", rows, exporting.WIDTHS)
        return FileResponse(book, as_attachment=True, filename=name, content_type=WORKBOOK)
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(stream_csv(rows), content_type="text/csv; charset=utf-8", headers=disposition)


@require_POST
def act(request: ActorRequest) -> HttpResponse:
    back = _list_of(request)
    try:
        page = acting.read_act(request.actor, request.GET, request.POST)
    except acting.NothingChosen as nothing:
        refuse(request, str(nothing))
        return redirect(back)
    context, seen = {"page": page, "back_url": back, "moved": ""}, request.POST.get("vu")
    if seen is None or not page.is_ready:
        return render(request, "clients/act.html", context)
    try:
        carry_out(actor=request.actor, clients=page.clients, act=page.act, target=page.target, seen=seen)
    except PlanMoved:
        return render(request, "clients/act.html", context | {"moved": acting.MOVED}, status=409)
    confirm(request, page.done)
    return redirect(back)


def _list_of(request: ActorRequest) -> str:
    query = read_address(request.actor, request.GET).query
    return reverse("client_list") + (f"?{query}" if query else "")


@require_http_methods(["GET", "POST"])
def filters(request: ActorRequest) -> HttpResponse:
    if request.method == "GET":
        return render(request, "clients/filters.html", {"page": keeping.build_filters(request.actor, request.GET)})
    form, query = keeping.NameForm(request.POST), read_address(request.actor, request.GET).query
    if not query:
        form.add_error(None, keeping.NOTHING_ON)
    if form.is_valid():
        try:
            saved = saved_filters.save_filter(actor=request.actor, name=form.cleaned_data["name"], query=query)
        except saved_filters.FilterNameTaken:
            form.add_error("name", keeping.NAME_TAKEN)
        except saved_filters.TooManyFilters:
            form.add_error(None, keeping.TOO_MANY)
        else:
            confirm(request, f"{saved.name} est enregistré.")
            return redirect(f"{reverse('client_list')}?{query}")
    page = keeping.build_filters(request.actor, request.GET, form=form)
    return render(request, "clients/filters.html", {"page": page}, status=422)


@require_POST
def rename_filter(request: ActorRequest, filter_id: UUID) -> HttpResponse:
    saved = saved_filters.access_filter(request.actor, filter_id)
    form = keeping.NameForm(request.POST, auto_id=f"{saved.id}_%s")
    if form.is_valid():
        try:
            saved_filters.rename_filter(actor=request.actor, saved=saved, name=form.cleaned_data["name"])
        except saved_filters.FilterNameTaken:
            form.add_error("name", keeping.NAME_TAKEN)
        else:
            confirm(request, f"{saved.name} est enregistré.")
            return redirect("client_filters")
    page = keeping.build_filters(request.actor, request.GET, renamed=(saved, form))
    return render(request, "clients/filters.html", {"page": page}, status=422)


@require_POST
def delete_filter(request: ActorRequest, filter_id: UUID) -> HttpResponse:
    saved = saved_filters.access_filter(request.actor, filter_id)
    name = saved.name
    saved_filters.delete_filter(actor=request.actor, saved=saved)
    confirm(request, f"{name} est supprimé. Aucun client n’est touché.")
    return redirect("client_filters")
