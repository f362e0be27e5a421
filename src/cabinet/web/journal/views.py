"""The journal of the firm."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cabinet.audit.selectors import with_words
from cabinet.audit.services import record_download
from cabinet.web.actor import ActorRequest
from cabinet.web.components.notices import refuse
from cabinet.web.components.sheets import WORKBOOK, as_workbook, stream_csv
from cabinet.web.journal.asking import FilterForm, asked_entries, build_journal
from cabinet.web.journal.exporting import MOST_ROWS, TOO_MANY, WIDTHS, sheet_rows


@require_GET
def journal(request: ActorRequest) -> HttpResponse:
    if not request.actor.can("journal.view"):
        raise PermissionDenied
    return render(request, "journal/journal.html", {"journal": build_journal(request.actor, request.GET)})


@require_POST
def export(request: ActorRequest, kind: str) -> HttpResponseBase:
    actor = request.actor
    if not actor.can("journal.view"):
        raise PermissionDenied
    if kind not in {"csv", "xlsx"}:
        raise Http404
    form = FilterForm(actor, request.GET)
    entries = with_words(asked_entries(actor, form), form.text("q"))
    if kind == "xlsx" and entries[MOST_ROWS:].exists():
        refuse(request, TOO_MANY)
        return redirect(f"{reverse('journal')}?{request.GET.urlencode()}")
    record_download(actor.author, f"Journal ({kind.upper()})")
    rows = sheet_rows(actor, entries)
    name = f"journal-{timezone.localdate():%Y-%m-%d}.{kind}"
    if kind == "xlsx":
        book = as_workbook("Journal", rows, WIDTHS)
        return FileResponse(book, as_attachment=True, filename=name, content_type=WORKBOOK)
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(stream_csv(rows), content_type="text/csv; charset=utf-8", headers=disposition)
