"""Figures given by hand."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cabinet.clients.services import refuse_when_inactive
from cabinet.dossiers.access import access_dossier
from cabinet.dossiers.manual import (
    BadValueError,
    can_replace,
    manual_value,
    replace_figure,
    restore_figure,
)
from cabinet.dossiers.models import IndicatorSnapshot
from cabinet.dossiers.proofs import BadProofError
from cabinet.dossiers.selectors import figures_of
from cabinet.web.actor import ActorRequest
from cabinet.web.components.notices import confirm
from cabinet.web.dossier.by_hand import ValueForm
from cabinet.web.dossier.figures import UNITS, show
from cabinet.web.dossier.frame import Head, open_head
from cabinet.web.dossier.proofs import document_of, proof_answer, refuse_document


def _computed(head: Head, code: str) -> IndicatorSnapshot:
    """What the files say. Raises Http404 for a figure that is not one to give."""
    kept = figures_of(head.year).get(code)
    if kept is None or not can_replace(kept.computed or kept):
        raise Http404
    return kept


@require_http_methods(["GET", "HEAD", "POST"])
def value(request: ActorRequest, client_id: UUID, code: str) -> HttpResponse:
    """The form that replaces a figure."""
    head = open_head(request, client_id, "dossier_indicators")
    access_dossier(request.actor, client_id, "indicators.edit")
    refuse_when_inactive(head.client)
    kept = _computed(head, code)
    figure_url = reverse("dossier_figure", args=[client_id, code]) + head.query
    shown = show(head.client, kept.computed or kept, head.query)
    unit = UNITS.get(kept.unit, kept.unit)
    form = ValueForm(request.POST or None, request.FILES or None, unit=unit)
    if request.method == "POST" and form.is_valid() and _replaced(request, kept.computed or kept, form):
        confirm(request, "La valeur saisie remplace le calcul, qui reste visible à côté.")
        return HttpResponseRedirect(figure_url)
    context = {"form": form, "shown": shown, "head": head}
    status = 422 if request.method == "POST" else 200
    return render(request, "dossier/value.html", context | {"back": figure_url}, status=status)


def _replaced(request: ActorRequest, snapshot: IndicatorSnapshot, form: ValueForm) -> bool:
    given = form.cleaned_data
    try:
        replace_figure(
            actor=request.actor,
            snapshot=snapshot,
            value=given["value"],
            reason=given["reason"].strip(),
            proof=document_of(form.files),
        )
    except BadValueError as error:
        form.refuse(error)
        return False
    except BadProofError as error:
        refuse_document(form, error)
        return False
    return True


@require_POST
def restore(request: ActorRequest, client_id: UUID, code: str) -> HttpResponse:
    """What the files say takes its place again."""
    head = open_head(request, client_id, "dossier_indicators")
    access_dossier(request.actor, client_id, "indicators.edit")
    kept = manual_value(head.year, code)
    restore_figure(actor=request.actor, kept=kept, snapshot=_computed(head, code))
    confirm(request, "Le chiffre calculé a repris sa place.")
    return HttpResponseRedirect(reverse("dossier_figure", args=[client_id, code]) + head.query)


@require_safe
def proof(request: ActorRequest, client_id: UUID, code: str) -> HttpResponse:
    """The attached document, always as a download."""
    head = open_head(request, client_id, "dossier_indicators")
    kept = manual_value(head.year, code)
    return proof_answer(request, head, kept, name=code, what="Justificatif d’un chiffre")
