"""What the dossier is for."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cabinet.clients.services import refuse_when_inactive
from cabinet.dossiers.access import access_dossier, access_mission
from cabinet.dossiers.selectors import missions_of
from cabinet.dossiers.services import change_mission, create_mission, delete_mission
from cabinet.web.actor import ActorRequest
from cabinet.web.dossier.forms import MissionForm
from cabinet.web.dossier.frame import open_head


def _list(client_id: object) -> HttpResponse:
    return HttpResponseRedirect(reverse("dossier_missions", args=[client_id]))


@require_safe
def missions(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """The tab « Missions »."""
    head = open_head(request, client_id, "dossier_missions")
    context = {"head": head, "missions": list(missions_of(head.dossier)), "today": timezone.localdate()}
    return render(request, "dossier/missions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: ActorRequest, client_id: UUID) -> HttpResponse:
    """A new mission."""
    dossier = access_dossier(request.actor, client_id, "missions.manage")
    refuse_when_inactive(dossier.client)
    initial = {"manager": dossier.client.manager_id, "year": dossier.client.years.first()}
    form = MissionForm(request.POST or None, client=dossier.client, initial=initial)
    if request.method == "POST" and form.is_valid():
        create_mission(actor=request.actor, dossier=dossier, terms=form.terms())
        return _list(client_id)
    return render(request, "dossier/mission.html", {"form": form, "client": dossier.client, "mission": None})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: ActorRequest, mission_id: UUID) -> HttpResponse:
    """An existing mission."""
    mission = access_mission(request.actor, mission_id, "missions.manage")
    client = mission.dossier.client
    refuse_when_inactive(client)
    form = MissionForm(request.POST or None, instance=mission, client=client)
    if request.method == "POST" and form.is_valid():
        # The form wrote into its instance: the service compares with the row as it stands.
        current = access_mission(request.actor, mission_id, "missions.manage")
        change_mission(actor=request.actor, mission=current, terms=form.terms())
        return _list(client.id)
    return render(request, "dossier/mission.html", {"form": form, "client": client, "mission": mission})


@require_POST
def delete(request: ActorRequest, mission_id: UUID) -> HttpResponse:
    """Remove a mission; the figures stay."""
    mission = access_mission(request.actor, mission_id, "missions.manage")
    client_id = mission.dossier.client_id
    delete_mission(actor=request.actor, mission=mission)
    messages.success(request, "La mission est supprimée, les chiffres restent.")
    return _list(client_id)
