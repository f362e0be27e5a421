"""The books of a fiscal year: what an auditor asks, balances, general ledger, entries."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bocage.indicators import ledger
from cabinet.audit.services import record_download
from cabinet.web.actor import ActorRequest
from cabinet.web.dossier.books.accounts import entry_page, ledger_page
from cabinet.web.dossier.books.audit import audit_page
from cabinet.web.dossier.books.balance import as_csv, as_xlsx, balance_page, thirds_page
from cabinet.web.dossier.books.frame import Shelf, open_shelf
from cabinet.web.partials import page_or_part

SHEETS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def _nothing(request: ActorRequest, shelf: Shelf) -> HttpResponse:
    """The year has no accepted FEC."""
    return render(request, "dossier/books/none.html", {"head": shelf.head})


@require_safe
def audit(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """« Vue contrôle »."""
    shelf = open_shelf(request, client_id, "books_audit")
    if shelf.fec is None:
        return _nothing(request, shelf)
    page = audit_page(shelf, request.GET)
    context = {"page": page, "head": shelf.head}
    if page.page is None:  # the other parts have no rows of their own
        return render(request, "dossier/books/audit.html", context)
    return page_or_part(request, "dossier/books/audit.html", "rows", context)


@require_safe
def balance(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """« Balance générale »."""
    shelf = open_shelf(request, client_id, "books_balance")
    if shelf.fec is None:
        return _nothing(request, shelf)
    page = balance_page(shelf, request.GET)
    return page_or_part(request, "dossier/books/balance.html", "rows", {"page": page, "head": shelf.head})


@require_safe
def balance_sheet(request: ActorRequest, client_id: UUID, kind: str) -> HttpResponse:
    """The balance as CSV or XLSX, of what was sought."""
    shelf = open_shelf(request, client_id, "books_balance")
    if shelf.fec is None or shelf.head.year is None:
        return _nothing(request, shelf)
    if kind not in SHEETS:
        raise Http404
    write, content_type = SHEETS[kind]
    found = ledger.trial_balance(shelf.tables, request.GET.get("q", ""))
    record_download(request.actor.author, f"Balance générale ({kind.upper()})", client_id=shelf.head.client.id)
    response = HttpResponse(write(found), content_type=content_type)
    name = f"balance-{shelf.head.client.siren}-{shelf.head.year.end:%Y%m%d}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def thirds(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """« Balance des tiers »."""
    shelf = open_shelf(request, client_id, "books_thirds")
    if shelf.fec is None:
        return _nothing(request, shelf)
    page = thirds_page(shelf, request.GET)
    return page_or_part(request, "dossier/books/thirds.html", "rows", {"page": page, "head": shelf.head})


@require_safe
def general_ledger(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """« Grand livre »."""
    shelf = open_shelf(request, client_id, "books_ledger")
    if shelf.fec is None:
        return _nothing(request, shelf)
    page = ledger_page(shelf, request.GET)
    return page_or_part(request, "dossier/books/ledger.html", "rows", {"page": page, "head": shelf.head})


@require_safe
def entry(request: ActorRequest, client_id: UUID, index: int) -> HttpResponse:
    """One entry, in a drawer or on its own page."""
    shelf = open_shelf(request, client_id, "books_ledger")
    if shelf.fec is None:
        return _nothing(request, shelf)
    page = entry_page(shelf, index)
    if page is None:
        raise Http404
    template = "dossier/books/_entry.html" if request.htmx else "dossier/books/entry.html"
    return render(request, template, {"page": page, "head": shelf.head})
