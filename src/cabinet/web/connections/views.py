"""Screens of *Connexions API*, for who manages the firm's connections."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cabinet.clients.access import visible_clients
from cabinet.connectors import services
from cabinet.connectors.access import access_connection
from cabinet.connectors.catalogue import BY_SLUG
from cabinet.connectors.core.errors import ConnectorError
from cabinet.web.actor import ActorRequest
from cabinet.web.components.notices import confirm, refuse
from cabinet.web.connections.forms import AccessForm, ConfirmForm, LinkForm
from cabinet.web.connections.health import failure_words
from cabinet.web.connections.pages import draw_connection, draw_list
from cabinet.web.partials import page_or_part


@require_GET
def connections(request: ActorRequest) -> HttpResponse:
    return render(request, "connections/connections.html", {"page": draw_list(request.actor)})


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def create(request: ActorRequest, tool: str) -> HttpResponse:
    """*Connecter*: how to get access, and what to type."""
    if not request.actor.can("connections.manage"):
        raise PermissionDenied
    chosen = BY_SLUG.get(tool)
    if chosen is None or not chosen.is_open():
        raise Http404
    form = AccessForm(chosen, request.POST if request.method == "POST" else None)
    if form.is_valid():
        name = form.cleaned_data["name"]
        made = services.open_connection(actor=request.actor, tool=chosen, name=name, typed=form.typed)
        return redirect("connection", made.id)
    context = {"form": form, "tool": chosen, "connection": None}
    return render(request, "connections/form.html", context, status=422 if form.is_bound else 200)


@require_GET
def connection(request: ActorRequest, connection_id: UUID) -> HttpResponse:
    found = access_connection(request.actor, connection_id)
    page = draw_connection(request.actor, found, request.GET)
    response = page_or_part(request, "connections/connection.html", "state", {"page": page})
    if request.htmx and not page.busy:
        response["HX-Refresh"] = "true"  # the test is over: its companies are there
    return response


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def edit(request: ActorRequest, connection_id: UUID) -> HttpResponse:
    """Another name, another key."""
    found = access_connection(request.actor, connection_id)
    tool = BY_SLUG[found.tool]
    form = AccessForm(tool, request.POST if request.method == "POST" else None, found)
    if form.is_valid():
        name = form.cleaned_data["name"]
        services.change_connection(actor=request.actor, connection=found, name=name, typed=form.typed)
        confirm(request, f"{name} est enregistrée.")
        return redirect("connection", found.id)
    context = {"form": form, "tool": tool, "connection": found}
    return render(request, "connections/form.html", context, status=422 if form.is_bound else 200)


@require_POST
def check(request: ActorRequest, connection_id: UUID) -> HttpResponse:
    """*Tester la connexion*."""
    services.ask_check(actor=request.actor, connection=access_connection(request.actor, connection_id))
    return redirect("connection", connection_id)


@require_POST
def invite(request: ActorRequest, connection_id: UUID) -> HttpResponse:
    """The link that authorises a tool, shown once."""
    found = access_connection(request.actor, connection_id)
    if not BY_SLUG[found.tool].by_link:
        raise Http404
    try:
        link = services.ask_invitation(actor=request.actor, connection=found)
    except ConnectorError as error:
        refuse(request, " ".join(failure_words(error.failure, found.tool, error.detail)))
        return redirect("connection", connection_id)
    return render(request, "connections/invitation.html", {"connection": found, "link": link})


@require_POST
def switch(request: ActorRequest, connection_id: UUID) -> HttpResponse:
    """*Désactiver*, *Réactiver*."""
    found = access_connection(request.actor, connection_id)
    enabled = not found.enabled
    services.switch(actor=request.actor, connection=found, enabled=enabled)
    confirm(request, f"{found.name} est {'réactivée' if enabled else 'désactivée'}.")
    return redirect("connection", connection_id)


@require_http_methods(["GET", "POST"])
def delete(request: ActorRequest, connection_id: UUID) -> HttpResponse:
    found = access_connection(request.actor, connection_id)
    error = ""
    if request.method == "POST":
        error = ConfirmForm(found.name, request.POST).error
        if not error:
            services.delete_connection(actor=request.actor, connection=found)
            confirm(request, f"{found.name} est supprimée, sa clé est effacée.")
            return redirect("connections")
    context = {"connection": found, "error": error}
    return render(request, "connections/delete.html", context, status=422 if error else 200)


@require_POST
def link(request: ActorRequest, connection_id: UUID, company_id: UUID) -> HttpResponse:
    """Say which client a company of the tool is, or that it is none."""
    found = access_connection(request.actor, connection_id)
    company = found.companies.select_related("connection", "client").filter(id=company_id).first()
    if company is None:
        raise Http404
    try:
        siret = LinkForm(request.POST).siret
        chosen = visible_clients(request.actor).get(siret=siret).id if siret else None
        services.link(actor=request.actor, company=company, client_id=chosen)
    except (ValueError, LookupError):
        refuse(request, "Choisissez un client de la liste, ou tapez son SIRET.")
    except visible_clients(request.actor).model.DoesNotExist:
        refuse(request, "Aucun de vos clients ne porte ce SIRET. Créez-le d’abord.")
    return redirect("connection", connection_id)
