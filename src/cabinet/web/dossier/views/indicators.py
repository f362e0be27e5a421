"""Figures, and how each was made."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cabinet.dossiers.selectors import figures_of
from cabinet.web.actor import ActorRequest
from cabinet.web.dossier.frame import open_head
from cabinet.web.dossier.indicators import figure_page, indicators_page


@require_safe
def indicators(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """The tab « Indicateurs », one family at a time."""
    head = open_head(request, client_id, "dossier_indicators")
    page = indicators_page(head, request.GET.get("famille", ""))
    return render(request, "dossier/indicators.html", {"page": page, "head": head})


@require_safe
def figure(request: ActorRequest, client_id: UUID, code: str) -> HttpResponse:
    """One figure opened: in a drawer, or on its own page without JavaScript."""
    head = open_head(request, client_id, "dossier_indicators")
    kept = figures_of(head.year).get(code)
    if kept is None or not kept.formula:
        raise Http404
    template = "dossier/_figure.html" if request.htmx else "dossier/figure.html"
    return render(request, template, {"page": figure_page(head, kept), "head": head})
