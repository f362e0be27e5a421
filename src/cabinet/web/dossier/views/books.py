"""The books of a fiscal year: what an auditor asks, balances, general ledger, entries."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate
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


def _of_books[**P](
    route: str,
) -> Callable[[Callable[Concatenate[ActorRequest, Shelf, P], HttpResponse]], Callable[..., HttpResponse]]:
    """Give a view the books of the year chosen, as ``route`` frames them; a year without an accepted FEC has none."""

    def decorate(view: Callable[Concatenate[ActorRequest, Shelf, P], HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def opened(request: ActorRequest, client_id: UUID, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            shelf = open_shelf(request, client_id, route)
            if shelf.fec is None:
                return render(request, "dossier/books/none.html", {"head": shelf.head})
            return view(request, shelf, *args, **kwargs)

        return opened

    return decorate


@require_safe
@_of_books("books_audit")
def audit(request: ActorRequest, shelf: Shelf) -> HttpResponse:
    """« Vue contrôle »."""
    page = audit_page(shelf, request.GET)
    context = {"page": page, "head": shelf.head}
    if page.page is None:  # the other parts have no rows of their own
        return render(request, "dossier/books/audit.html", context)
    return page_or_part(request, "dossier/books/audit.html", "rows", context)


@require_safe
@_of_books("books_balance")
def balance(request: ActorRequest, shelf: Shelf) -> HttpResponse:
    """« Balance générale »."""
    page = balance_page(shelf, request.GET)
    return page_or_part(request, "dossier/books/balance.html", "rows", {"page": page, "head": shelf.head})


@require_safe
@_of_books("books_balance")
def balance_sheet(request: ActorRequest, shelf: Shelf, kind: str) -> HttpResponse:
    """The balance as CSV or XLSX, of what was sought."""
    if kind not in SHEETS or shelf.head.year is None:
        raise Http404
    write, content_type = SHEETS[kind]
    found = ledger.trial_balance(shelf.tables, request.GET.get("q", ""))
    record_download(request.actor.author, f"Balance générale ({kind.upper()})", client_id=shelf.head.client.id)
    response = HttpResponse(write(found), content_type=content_type)
    name = f"balance-{shelf.head.client.siren}-{shelf.head.year.end:%Y%m%d}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@_of_books("books_thirds")
def thirds(request: ActorRequest, shelf: Shelf) -> HttpResponse:
    """« Balance des tiers »."""
    page = thirds_page(shelf, request.GET)
    return page_or_part(request, "dossier/books/thirds.html", "rows", {"page": page, "head": shelf.head})


@require_safe
@_of_books("books_ledger")
def general_ledger(request: ActorRequest, shelf: Shelf) -> HttpResponse:
    """« Grand livre »."""
    page = ledger_page(shelf, request.GET)
    return page_or_part(request, "dossier/books/ledger.html", "rows", {"page": page, "head": shelf.head})


@require_safe
@_of_books("books_ledger")
def entry(request: ActorRequest, shelf: Shelf, index: int) -> HttpResponse:
    """One entry, in a drawer or on its own page."""
    page = entry_page(shelf, index)
    if page is None:
        raise Http404
    template = "dossier/books/_entry.html" if request.htmx else "dossier/books/entry.html"
    return render(request, template, {"page": page, "head": shelf.head})
