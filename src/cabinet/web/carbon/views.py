"""Carbon: the estimate of a fiscal year, and everything behind it."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.indicators.carbon import QuantityError
from cabinet.audit.services import record_download
from cabinet.carbon.quantities import give, withdraw
from cabinet.carbon.revising import NothingCompared, compare_later, take
from cabinet.carbon.selectors import given_quantity, reading_of
from cabinet.clients.services import refuse_when_inactive
from cabinet.dossiers.access import access_dossier
from cabinet.dossiers.proofs import BadProofError
from cabinet.web.actor import ActorRequest
from cabinet.web.carbon.detail import detail_page
from cabinet.web.carbon.export import carbon_workbook
from cabinet.web.carbon.factors import factors_page
from cabinet.web.carbon.links import asked_of
from cabinet.web.carbon.page import carbon_page
from cabinet.web.carbon.quantities import QuantityForm, quantities_page
from cabinet.web.carbon.trace import trace_page
from cabinet.web.components.notices import confirm, refuse
from cabinet.web.components.sheets import WORKBOOK
from cabinet.web.dossier.frame import Head, open_head
from cabinet.web.dossier.proofs import document_of, proof_answer, refuse_document
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


@require_safe
def sheet(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """The estimate as a workbook: formulas, sources, factors, rules."""
    head = open_head(request, client_id, "carbon", tab=TAB)
    reading = reading_of(head.year)
    if reading is None or head.year is None:
        raise Http404
    record_download(request.actor.author, "Bilan carbone", client_id=head.client.id)
    response = HttpResponse(carbon_workbook(head.client, head.year, reading), content_type=WORKBOOK)
    response["Content-Disposition"] = 'attachment; filename="bilan-carbone.xlsx"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def factors(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """« Mettre à jour les facteurs »: compared first, then taken."""
    head = open_head(request, client_id, "carbon_factors", tab=TAB)
    if request.method == "POST":
        access_dossier(request.actor, client_id, "indicators.edit")
        _revise(request, head)
        return HttpResponseRedirect(reverse("carbon_factors", args=[client_id]) + head.query)
    return render(request, "carbon/factors.html", {"page": factors_page(head), "head": head})


def _revise(request: ActorRequest, head: Head) -> None:
    """Compare, or take what was compared."""
    chosen = request.POST.get("comparaison", "")
    if not chosen or head.year is None:
        refuse_when_inactive(head.client)
        compare_later(head.client)
        return
    try:
        take(actor=request.actor, proposal_id=UUID(chosen), year=head.year)
    except (NothingCompared, ValueError):
        refuse(request, "L’estimation a changé depuis la comparaison. Rien n’a été fait\u00a0: comparez de nouveau.")
    else:
        confirm(request, "Les facteurs sont mis à jour, l’estimation se recalcule.")


@require_http_methods(["GET", "HEAD", "POST"])
def quantities(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """« Énergie et quantités »: the list, and the form that adds one."""
    head = open_head(request, client_id, "carbon_quantities", tab=TAB)
    form = QuantityForm(request.POST or None, request.FILES or None, year=head.year) if head.year else None
    if request.method == "POST":
        access_dossier(request.actor, client_id, "indicators.edit")
        refuse_when_inactive(head.client)
        if form and head.year and form.is_valid():
            try:
                give(actor=request.actor, year=head.year, terms=form.terms(), proof=document_of(form.files))
            except QuantityError as error:
                form.refuse(error)
            except BadProofError as error:
                refuse_document(form, error)
            else:
                confirm(request, "La quantité est enregistrée, l’estimation se recalcule.")
                return HttpResponseRedirect(reverse("carbon_quantities", args=[client_id]) + head.query)
    page = quantities_page(head, form, edit=head.rights.figures)
    status = 422 if request.method == "POST" else 200
    return render(request, "carbon/quantities.html", {"page": page, "head": head}, status=status)


@require_POST
def withdraw_quantity(request: ActorRequest, client_id: UUID, quantity_id: UUID) -> HttpResponse:
    """Forget a quantity."""
    head = open_head(request, client_id, "carbon_quantities", tab=TAB)
    access_dossier(request.actor, client_id, "indicators.edit")
    if head.year is None:
        raise Http404
    withdraw(actor=request.actor, given=given_quantity(head.year, quantity_id))
    confirm(request, "La quantité est retirée, l’estimation se recalcule.")
    return HttpResponseRedirect(reverse("carbon_quantities", args=[client_id]) + head.query)


@require_safe
def quantity_proof(request: ActorRequest, client_id: UUID, quantity_id: UUID) -> HttpResponse:
    """The document attached to a quantity."""
    head = open_head(request, client_id, "carbon_quantities", tab=TAB)
    if head.year is None:
        raise Http404
    given = given_quantity(head.year, quantity_id)
    return proof_answer(request, head, given, name=given.category, what="Justificatif d’une quantité")
