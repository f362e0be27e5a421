"""Carbon: the estimate of a fiscal year, and everything behind it."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cabinet.carbon.selectors import reading_of
from cabinet.web.actor import ActorRequest
from cabinet.web.carbon.detail import detail_page
from cabinet.web.carbon.links import asked_of
from cabinet.web.carbon.page import carbon_page
from cabinet.web.carbon.trace import trace_page
from cabinet.web.dossier.frame import open_head
from cabinet.web.partials import page_or_part

TAB = "dossier_indicators"


@require_safe
def carbon(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """« Indicateurs › Carbone »."""
    head = open_head(request, client_id, "carbon", tab=TAB)
    return render(request, "carbon/page.html", {"page": carbon_page(head, asked_of(request.GET)), "head": head})


@require_safe
def detail(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """A part of the total: its categories, its suppliers, its lines."""
    head = open_head(request, client_id, "carbon_detail", tab=TAB)
    reading = reading_of(head.year)
    if reading is None:
        return render(request, "carbon/none.html", {"head": head})
    page = detail_page(head, reading, asked_of(request.GET), request.GET)
    return page_or_part(request, "carbon/detail.html", "rows", {"page": page, "head": head})


@require_safe
def trace(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """How a figure was made, in a drawer or on its own page."""
    head = open_head(request, client_id, "carbon_trace", tab=TAB)
    reading = reading_of(head.year)
    page = trace_page(head, reading, asked_of(request.GET)) if reading else None
    if page is None:
        raise Http404
    template = "carbon/_trace.html" if request.htmx else "carbon/trace.html"
    return render(request, template, {"page": page, "head": head})
