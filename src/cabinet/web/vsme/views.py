"""The VSME table of a dossier: read, answered, exported."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cabinet.clients.models import FiscalYear
from cabinet.clients.services import refuse_when_inactive
from cabinet.dossiers.access import access_dossier
from cabinet.dossiers.proofs import BadProofError
from cabinet.vsme.printed import diagnostic_pdf
from cabinet.vsme.selectors import answer_of, table_of
from cabinet.vsme.services import answer, withdraw
from cabinet.web.actor import ActorRequest
from cabinet.web.components.sheets import WORKBOOK
from cabinet.web.dossier.frame import Head, open_head
from cabinet.web.dossier.indicators import pills_of
from cabinet.web.dossier.proofs import document_of, proof_answer, refuse_document
from cabinet.web.vsme.export import workbook
from cabinet.web.vsme.forms import AnswerForm
from cabinet.web.vsme.page import point_of, show_row, vsme_page


def _opened(request: ActorRequest, client_id: UUID) -> tuple[Head, FiscalYear]:
    """The frame and its year. Raises Http404 without a year."""
    head = open_head(request, client_id, "vsme", tab="dossier_indicators")
    if head.year is None:
        raise Http404
    return head, head.year


@require_safe
def table(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """*Indicateurs › VSME*."""
    head = open_head(request, client_id, "vsme", tab="dossier_indicators")
    pills = pills_of(head, "vsme")
    page = vsme_page(head, pills, table_of(head.client, head.year), request.GET) if head.year else None
    return render(request, "vsme/table.html", {"page": page, "head": head, "pills": pills})


@require_safe
def sheet(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """The table as a workbook: values, formulas of the totals, sources."""
    head, year = _opened(request, client_id)
    response = HttpResponse(workbook(head, year, table_of(head.client, year)), content_type=WORKBOOK)
    response["Content-Disposition"] = 'attachment; filename="vsme.xlsx"'
    return response


@require_safe
def diagnostic(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """*Premier diagnostic RSE*, as a PDF with the marks of the firm."""
    head, year = _opened(request, client_id)
    response = HttpResponse(diagnostic_pdf(head.client, year), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="diagnostic-rse-{head.client.siren}-{year.label}.pdf"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def point(request: ActorRequest, client_id: UUID, concept: str) -> HttpResponse:
    """One data point: what is known of it, and the form that answers it."""
    head, year = _opened(request, client_id)
    found = point_of(concept)
    if request.method == "POST":
        access_dossier(request.actor, client_id, "indicators.edit")
        refuse_when_inactive(head.client)
    table = table_of(head.client, year)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = AnswerForm(*sent, point=found, kept=table.answers.get(concept))
    if request.method == "POST" and form.is_valid():
        try:
            answer(actor=request.actor, year=year, point=found, said=form.said(), proof=document_of(form.files))
        except BadProofError as error:
            refuse_document(form, error)
        else:
            messages.success(request, "La réponse est enregistrée.")
            return HttpResponseRedirect(_back(head, concept))
    row = show_row(head, table.prefill.get(concept), table)
    edit = head.client.is_active and request.actor.can("indicators.edit")
    context = {"head": head, "point": found, "row": row, "form": form, "edit": edit, "back": _back(head, concept)}
    return render(request, "vsme/point.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw_answer(request: ActorRequest, client_id: UUID, concept: str) -> HttpResponse:
    """Forget an answer: what the files tell stands again."""
    head, year = _opened(request, client_id)
    access_dossier(request.actor, client_id, "indicators.edit")
    withdraw(actor=request.actor, year=year, point=point_of(concept))
    messages.success(request, "La réponse est retirée.")
    return HttpResponseRedirect(_back(head, concept))


@require_safe
def answer_proof(request: ActorRequest, client_id: UUID, concept: str) -> HttpResponse:
    """The document attached to an answer."""
    head, year = _opened(request, client_id)
    kept = answer_of(year, point_of(concept))
    return proof_answer(request, head, kept, name=concept, what="Justificatif d’une donnée VSME")


def _back(head: Head, concept: str) -> str:
    return f"{reverse('vsme', args=[head.client.id])}{head.query}#{concept}"
