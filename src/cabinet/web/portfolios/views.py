"""Screens of portfolios."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cabinet.accounts.selectors import active_collaborators
from cabinet.clients import membership
from cabinet.clients.access import access_client
from cabinet.portfolios import services
from cabinet.portfolios.access import access_portfolio
from cabinet.web.actor import ActorRequest
from cabinet.web.components.notices import confirm
from cabinet.web.partials import page_or_part
from cabinet.web.portfolios.contexts import build_deletion, build_list, build_page
from cabinet.web.portfolios.forms import NAME_TAKEN, PERSON_GONE, ChosenForm, ConfirmForm, PortfolioForm


@require_GET
def portfolio_list(request: ActorRequest) -> HttpResponse:
    return render(request, "portfolios/list.html", {"list": build_list(request.actor)})


@require_http_methods(["GET", "POST"])
def create(request: ActorRequest) -> HttpResponse:
    if not request.actor.can("portfolios.create"):
        raise PermissionDenied
    form = PortfolioForm(request.actor, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = services.create_portfolio(
                actor=request.actor, name=form.cleaned_data["name"], responsables=form.chosen
            )
        except services.NameTaken:
            form.add_error("name", NAME_TAKEN)
        except services.UnknownPerson:
            form.add_error("responsables", PERSON_GONE)
        else:
            confirm(request, f"{made.name} est créé.")
            return redirect("portfolio", made.id)
    status = 422 if form.errors else 200
    return render(request, "portfolios/form.html", {"form": form, "portfolio": None}, status=status)


@require_http_methods(["GET", "POST"])
def edit(request: ActorRequest, portfolio_id: UUID) -> HttpResponse:
    portfolio = access_portfolio(request.actor, portfolio_id, everything=True)
    form = PortfolioForm(request.actor, request.POST if request.method == "POST" else None, portfolio)
    if form.is_valid():
        name = form.cleaned_data["name"]
        try:
            services.change_portfolio(actor=request.actor, portfolio=portfolio, name=name, responsables=form.chosen)
        except services.NameTaken:
            form.add_error("name", NAME_TAKEN)
        except services.UnknownPerson:
            form.add_error("responsables", PERSON_GONE)
        else:
            confirm(request, f"{name} est enregistré.")
            return redirect("portfolio", portfolio.id)
    status = 422 if form.errors else 200
    return render(request, "portfolios/form.html", {"form": form, "portfolio": portfolio}, status=status)


@require_GET
def portfolio(request: ActorRequest, portfolio_id: UUID) -> HttpResponse:
    shown = access_portfolio(request.actor, portfolio_id)
    page = build_page(request.actor, shown, request.GET)
    part = "people_found" if "personne" in request.GET else "clients_found"
    return page_or_part(request, "portfolios/portfolio.html", part, {"page": page})


@require_http_methods(["GET", "POST"])
def delete(request: ActorRequest, portfolio_id: UUID) -> HttpResponse:
    portfolio = access_portfolio(request.actor, portfolio_id, everything=True)
    error = ""
    if request.method == "POST":
        form = ConfirmForm(portfolio.name, request.POST)
        if form.is_valid():
            name = portfolio.name
            services.delete_portfolio(actor=request.actor, portfolio=portfolio)
            confirm(request, f"{name} est supprimé. Ses clients restent.")
            return redirect("portfolio_list")
        error = form.error
    context = {"deletion": build_deletion(request.actor, portfolio, request.GET.get("page"), error)}
    return render(request, "portfolios/delete.html", context, status=422 if error else 200)


@require_POST
def add_client(request: ActorRequest, portfolio_id: UUID) -> HttpResponse:
    portfolio = access_portfolio(request.actor, portfolio_id, manage=True)
    client = access_client(request.actor, _chosen(request), "dossier.view")
    membership.add_client(actor=request.actor, portfolio=portfolio, client=client)
    confirm(request, f"{client.name} est ajouté.")
    return redirect("portfolio", portfolio.id)


@require_POST
def remove_client(request: ActorRequest, portfolio_id: UUID) -> HttpResponse:
    portfolio = access_portfolio(request.actor, portfolio_id, manage=True)
    client = access_client(request.actor, _chosen(request), "dossier.view")
    membership.remove_client(actor=request.actor, portfolio=portfolio, client=client)
    confirm(request, f"{client.name} est retiré. Son dossier reste.")
    return redirect("portfolio", portfolio.id)


@require_POST
def add_member(request: ActorRequest, portfolio_id: UUID) -> HttpResponse:
    portfolio = access_portfolio(request.actor, portfolio_id, manage=True)
    person = active_collaborators(request.actor.firm).filter(id=_chosen(request)).first()
    if person is None:
        raise Http404
    services.add_member(actor=request.actor, portfolio=portfolio, person=person)
    confirm(request, f"{person.full_name} voit maintenant les clients de ce portefeuille.")
    return redirect("portfolio", portfolio.id)


@require_POST
def remove_member(request: ActorRequest, portfolio_id: UUID) -> HttpResponse:
    portfolio = access_portfolio(request.actor, portfolio_id, manage=True)
    person = portfolio.members.filter(id=_chosen(request)).first()
    if person is None:
        raise Http404
    services.remove_member(actor=request.actor, portfolio=portfolio, person=person)
    confirm(request, f"{person.full_name} est retiré de ce portefeuille.")
    return redirect("portfolio", portfolio.id)


def _chosen(request: ActorRequest) -> UUID:
    chosen = ChosenForm.chosen(request.POST)
    if chosen is None:
        raise Http404
    return chosen
