"""Screens of clients: the list, the form, deactivation and deletion."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cabinet.clients.access import access_client
from cabinet.clients.services import refuse_when_inactive, set_active
from cabinet.clients.watch import dismiss_news
from cabinet.dossiers.services import NameMismatchError, delete_client
from cabinet.web.actor import ActorRequest
from cabinet.web.clients import editing
from cabinet.web.clients.deleting import WRONG_NAME, build_deletion
from cabinet.web.clients.listing import build_list
from cabinet.web.components.notices import confirm
from cabinet.web.partials import page_or_part


@require_GET
def client_list(request: ActorRequest) -> HttpResponse:
    found = build_list(request.actor, request.GET, request.counts)
    return page_or_part(request, "clients/list.html", "rows", {"list": found})


@require_http_methods(["GET", "POST"])
def edit(request: ActorRequest, client_id: UUID) -> HttpResponse:
    client = access_client(request.actor, client_id, "clients.edit")
    refuse_when_inactive(client)
    if request.method == "GET":
        return render(request, "clients/edit.html", {"edit": editing.open_edit(request.actor, client)})
    if request.POST.get("action") == "dismiss":
        dismiss_news(actor=request.actor, client=client)
        confirm(request, "C’est noté\u00a0: un autre changement au registre sera signalé.")
        return redirect("client_edit", client.id)
    steps = {"ask": editing.ask_registry, "take": editing.take_values}
    page = steps.get(_asked_for(request), editing.save)(request.actor, client, request.POST)
    if page is None:
        confirm(request, f"{client.name} est enregistré.")
        return redirect("dossier_overview", client.id)
    status = 422 if page.form.errors else 200
    return render(request, "clients/edit.html", {"edit": page}, status=status)


def _asked_for(request: ActorRequest) -> str:
    return "ask" if "follow" in request.POST else request.POST.get("action", "")


@require_POST
def deactivate(request: ActorRequest, client_id: UUID) -> HttpResponse:
    client = access_client(request.actor, client_id, "clients.deactivate")
    set_active(actor=request.actor, client=client, active=False)
    confirm(request, f"{client.name} est désactivé.", undo_url=reverse("client_reactivate", args=[client.id]))
    return redirect("client_list")


@require_POST
def reactivate(request: ActorRequest, client_id: UUID) -> HttpResponse:
    client = access_client(request.actor, client_id, "clients.deactivate")
    set_active(actor=request.actor, client=client, active=True)
    confirm(request, f"{client.name} est réactivé.")
    return redirect("dossier_overview", client.id)


@require_http_methods(["GET", "POST"])
def delete(request: ActorRequest, client_id: UUID) -> HttpResponse:
    client = access_client(request.actor, client_id, "clients.delete")
    name, error = client.name, ""
    if request.method == "POST":
        try:
            delete_client(actor=request.actor, client=client, typed_name=request.POST.get("name", ""))
        except NameMismatchError:
            error = WRONG_NAME
        else:
            confirm(request, f"{name} est supprimé.")
            return redirect("client_list")
    context = {"deletion": build_deletion(client, error)}
    return render(request, "clients/delete.html", context, status=422 if error else 200)
