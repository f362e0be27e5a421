"""Figures, and how each was made."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bocage.indicators.economic import load_books
from cabinet.audit.services import record_download
from cabinet.dossiers.selectors import figures_of
from cabinet.imports.facts import accounting_facts
from cabinet.imports.selectors import dsn_files
from cabinet.web.actor import ActorRequest
from cabinet.web.components.sheets import WORKBOOK, as_csv
from cabinet.web.dossier.economic_export import economic_workbook
from cabinet.web.dossier.frame import open_head
from cabinet.web.dossier.indicators import economic_page, family_asked, figure_page, pills_of
from cabinet.web.dossier.social import social_page
from cabinet.web.dossier.social_export import Row, sheet_rows, workbook


@require_safe
def indicators(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """The tab « Indicateurs », one family at a time."""
    head = open_head(request, client_id, "dossier_indicators")
    family = family_asked(request.GET.get("famille", ""))
    pills = pills_of(head, family)
    if family == "social":
        return render(request, "dossier/social.html", {"page": social_page(head, pills), "head": head})
    return render(request, "dossier/indicators.html", {"page": economic_page(request.actor, head, pills), "head": head})


def _social_rows(request: ActorRequest, client_id: UUID) -> list[Row]:
    head = open_head(request, client_id, "dossier_indicators")
    if head.year is None:
        raise Http404
    record_download(request.actor.author, "Indicateurs sociaux", client_id=head.client.id)
    files = dsn_files(head.client, head.year.start, head.year.end)
    return list(sheet_rows(head.client, head.year, figures_of(head.year), files))


@require_safe
def social_csv(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """The social figures with their formulas and sources; semicolons and a mark, as French spreadsheets expect."""
    rows = _social_rows(request, client_id)
    response = HttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="indicateurs-sociaux.csv"'
    return response


@require_safe
def social_xlsx(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """The same as a workbook."""
    response = HttpResponse(workbook(_social_rows(request, client_id)), content_type=WORKBOOK)
    response["Content-Disposition"] = 'attachment; filename="indicateurs-sociaux.xlsx"'
    return response


@require_safe
def economic_xlsx(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """The economic figures as formulas over the accounts of the FEC."""
    head = open_head(request, client_id, "dossier_indicators")
    facts = accounting_facts(head.year) if head.year else None
    if head.year is None or facts is None or not facts.tables:
        raise Http404
    record_download(request.actor.author, "Indicateurs économiques", client_id=head.client.id)
    content = economic_workbook(head.client, head.year, figures_of(head.year), load_books(facts.tables))
    response = HttpResponse(content, content_type=WORKBOOK)
    response["Content-Disposition"] = 'attachment; filename="indicateurs-economiques.xlsx"'
    return response


@require_safe
def figure(request: ActorRequest, client_id: UUID, code: str) -> HttpResponse:
    """One figure opened: in a drawer, or on its own page without JavaScript."""
    head = open_head(request, client_id, "dossier_indicators")
    figures = figures_of(head.year)
    kept = figures.get(code)
    if kept is None or not kept.formula:
        raise Http404
    template = "dossier/_figure.html" if request.htmx else "dossier/figure.html"
    return render(request, template, {"page": figure_page(head, figures, kept), "head": head})
