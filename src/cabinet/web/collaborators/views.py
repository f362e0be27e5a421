"""Screens of collaborators."""

from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cabinet.accounts import factors, invitations, services
from cabinet.accounts.access import access_collaborator
from cabinet.accounts.invitations import Sent
from cabinet.accounts.models import Collaborator
from cabinet.onboarding.departures import successors
from cabinet.web.actor import ActorRequest
from cabinet.web.collaborators.forms import CollaboratorForm, DepartureForm
from cabinet.web.collaborators.letters import send_welcome
from cabinet.web.collaborators.listing import build_list
from cabinet.web.collaborators.pages import build_person, open_departure
from cabinet.web.collaborators.saving import depart, invite_again, keep
from cabinet.web.components.notices import confirm, refuse
from cabinet.web.partials import page_or_part

SHOWN = (
    "Aucun serveur d’e-mail n’est réglé\u00a0: le lien de l’invitation est dans la fenêtre où tourne Bocage. "
    "Remettez-le à la personne."
)


@require_GET
def collaborator_list(request: ActorRequest) -> HttpResponse:
    if not request.actor.can("collaborators.manage"):
        raise PermissionDenied
    return page_or_part(request, "collaborators/list.html", "rows", {"list": build_list(request.actor, request.GET)})


@require_http_methods(["GET", "POST"])
def create(request: ActorRequest) -> HttpResponse:
    if not request.actor.can("collaborators.manage"):
        raise PermissionDenied
    form = CollaboratorForm(request.actor, request.POST if request.method == "POST" else None)
    kept = keep(request.actor, form) if form.is_bound else None
    if kept is None:
        status = 422 if form.errors else 200
        return render(request, "collaborators/form.html", {"form": form, "person": None}, status=status)
    return _saved(request, *kept, done="est créé(e)")


@require_http_methods(["GET", "POST"])
def edit(request: ActorRequest, person_id: UUID) -> HttpResponse:
    person = access_collaborator(request.actor, person_id, change=True)
    form = CollaboratorForm(request.actor, request.POST if request.method == "POST" else None, person)
    kept = keep(request.actor, form, person) if form.is_bound else None
    if kept is None:
        status = 422 if form.errors else 200
        return render(request, "collaborators/form.html", {"form": form, "person": person}, status=status)
    return _saved(request, *kept, done="est enregistré(e)")


@require_GET
def collaborator(request: ActorRequest, person_id: UUID) -> HttpResponse:
    person = access_collaborator(request.actor, person_id)
    return render(request, "collaborators/person.html", {"page": build_person(request.actor, person)})


@require_POST
def invite(request: ActorRequest, person_id: UUID) -> HttpResponse:
    person = access_collaborator(request.actor, person_id, change=True)
    sent = invite_again(request.actor, person)
    if sent is None:
        refuse(request, f"{person.full_name} n’attend pas d’invitation.")
    else:
        _tell(request, sent, "")
    return redirect("collaborator", person.id)


@require_POST
def revoke(request: ActorRequest, person_id: UUID) -> HttpResponse:
    person = access_collaborator(request.actor, person_id, change=True)
    if invitations.revoke(actor=request.actor, person=person):
        confirm(request, "L’invitation est révoquée : son lien ne sert plus.".replace(" :", "\u00a0:"))
    return redirect("collaborator", person.id)


@require_POST
def forget_factor(request: ActorRequest, person_id: UUID) -> HttpResponse:
    person = access_collaborator(request.actor, person_id, administer=True)
    if factors.forget_second_factor(actor=request.actor, person=person):
        confirm(request, f"Le second facteur de {person.full_name} est retiré, ses sessions sont fermées.")
    return redirect("collaborator", person.id)


@require_http_methods(["GET", "POST"])
def deactivate(request: ActorRequest, person_id: UUID) -> HttpResponse:
    return _depart(request, access_collaborator(request.actor, person_id, administer=True), deleting=False)


@require_POST
def reactivate(request: ActorRequest, person_id: UUID) -> HttpResponse:
    person = access_collaborator(request.actor, person_id, administer=True)
    services.reactivate(actor=request.actor, collaborator=person)
    confirm(request, f"{person.full_name} est réactivé(e).")
    return redirect("collaborator", person.id)


@require_http_methods(["GET", "POST"])
def delete(request: ActorRequest, person_id: UUID) -> HttpResponse:
    return _depart(request, access_collaborator(request.actor, person_id, administer=True), deleting=True)


def _depart(request: ActorRequest, person: Collaborator, *, deleting: bool) -> HttpResponse:
    template = f"collaborators/{'delete' if deleting else 'deactivate'}.html"
    if request.method == "GET":
        return render(request, template, {"departure": open_departure(person, deleting=deleting)})
    page = open_departure(person, deleting=deleting, form=DepartureForm(successors(person), request.POST))
    if page.form.is_searching:
        return render(request, template, {"departure": page})
    refused = depart(request.actor, page)
    if refused is not None:
        return render(request, template, {"departure": refused}, status=422)
    confirm(
        request, f"{person.full_name} est {'supprimé(e)' if deleting else 'désactivé(e), ses sessions sont fermées'}."
    )
    return redirect("collaborator_list")


def _saved(request: ActorRequest, person: Collaborator, sent: Sent | None, *, done: str) -> HttpResponse:
    if sent is None:
        confirm(request, f"{person.full_name} {done}.")
    else:
        _tell(request, sent, f"{person.full_name} {done}. ")
    return redirect("collaborator", person.id)


def _tell(request: ActorRequest, sent: Sent, before: str) -> None:
    address = sent.invitation.sent_to
    if not send_welcome(request, sent):
        refuse(request, f"{before}L’e-mail à {address} n’est pas parti. Renvoyez l’invitation dans quelques minutes.")
    elif settings.MAIL_IS_SHOWN:
        confirm(request, f"{before}{SHOWN}")
    else:
        confirm(request, f"{before}L’invitation est envoyée à {address}.")
