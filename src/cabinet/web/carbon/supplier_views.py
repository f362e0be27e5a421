"""The suppliers of a dossier: the list, the search in the registry, what a person decides."""

from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cabinet.carbon import recognising
from cabinet.carbon.selectors import reading_of
from cabinet.carbon.suppliers import named_in
from cabinet.clients.models import FiscalYear
from cabinet.dossiers.access import access_dossier
from cabinet.web.actor import ActorRequest
from cabinet.web.carbon.letter import letter_to
from cabinet.web.carbon.suppliers import decisions, suppliers_page
from cabinet.web.components.formats import plural
from cabinet.web.components.notices import confirm, refuse
from cabinet.web.dossier.frame import Head, open_head

TAB = "dossier_indicators"
MOST_TYPED = 5
"""Numbers looked up while a person waits."""


@require_http_methods(["GET", "HEAD", "POST"])
def suppliers(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """« Fournisseurs »: the list, and what is decided of those shown."""
    head = open_head(request, client_id, "carbon_suppliers", tab=TAB)
    if request.method == "POST":
        access_dossier(request.actor, client_id, "indicators.edit")
        return _decide(request, head)
    reading = reading_of(head.year)
    if reading is None:
        return render(request, "carbon/none.html", {"head": head})
    page = suppliers_page(head, reading, request.GET)
    return render(request, "carbon/suppliers.html", {"page": page, "head": head})


def _decide(request: ActorRequest, head: Head) -> HttpResponse:
    here = HttpResponseRedirect(request.get_full_path())
    chosen, refused, typed = decisions(request.POST.dict())
    unknown = []
    for key, number in list(typed.items())[:MOST_TYPED]:
        siren = recognising.propose_number(head.client, named_in(_year(head), key), number)
        if siren:
            chosen[key] = siren
        else:
            unknown.append(number)
    try:
        with transaction.atomic():
            done = recognising.confirm(actor=request.actor, client=head.client, choices=chosen)
            aside = recognising.refuse(actor=request.actor, client=head.client, keys=refused)
    except recognising.StaleError:
        refuse(request, "Une société choisie n’est plus proposée : rien n’est enregistré, choisissez de nouveau.")
        return here
    if len(typed) > MOST_TYPED:
        left = ", ".join(list(typed.values())[MOST_TYPED:])
        refuse(request, f"{MOST_TYPED} numéros sont cherchés à la fois : saisissez de nouveau {left}.")
    if unknown:
        refuse(request, f"Le registre ne connaît pas {', '.join(unknown)} : vérifiez les 9 chiffres du SIREN.")
    if done or aside:
        said = [plural(done, "fournisseur confirmé", "fournisseurs confirmés")] if done else []
        said += [plural(aside, "écarté")] if aside else []
        confirm(request, f"{', '.join(said)}. L’estimation se recalcule.")
    elif not unknown:
        refuse(request, "Rien n’est choisi : cochez une société, ou «\u00a0Aucune de ces sociétés\u00a0».")
    return here


def _year(head: Head) -> FiscalYear:
    if head.year is None:
        raise Http404
    return head.year


@require_safe
def letter(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """The e-mail that asks a supplier for its data."""
    head = open_head(request, client_id, "carbon_letter", tab=TAB)
    spend = named_in(_year(head), request.GET.get("fournisseur", "")[:255])
    page = letter_to(head, _year(head), spend)
    return render(request, "carbon/letter.html", {"page": page, "head": head})


@require_POST
def recognise(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """Look for the suppliers in the registry, in the background."""
    head = open_head(request, client_id, "carbon_suppliers", tab=TAB)
    access_dossier(request.actor, client_id, "indicators.edit")
    recognising.start(head.client)
    confirm(request, "La recherche est lancée. Rien n’est retenu sans vous.")
    return HttpResponseRedirect(reverse("carbon_suppliers", args=[client_id]) + head.query)


@require_POST
def undo_decision(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """Put back what the last decision on a supplier replaced."""
    head = open_head(request, client_id, "carbon_suppliers", tab=TAB)
    access_dossier(request.actor, client_id, "indicators.edit")
    if recognising.undo(actor=request.actor, client=head.client, key=request.POST.get("key", "")):
        confirm(request, "La décision est annulée, l’estimation se recalcule.")
    return HttpResponseRedirect(reverse("carbon_suppliers", args=[client_id]) + head.query)
