"""Screens of *Paramètres*."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cabinet.accounts import firm_settings
from cabinet.accounts.colours import MARK_CONTRAST, TEXT_CONTRAST
from cabinet.accounts.models import FirmLogo
from cabinet.carbon import rounds
from cabinet.web.actor import ActorRequest
from cabinet.web.components.formats import number, plural
from cabinet.web.components.notices import confirm, refuse
from cabinet.web.firm_settings.factors import factors_page
from cabinet.web.firm_settings.forms import NO_COLOUR, TOO_PALE, SettingsForm


def _require(request: ActorRequest) -> None:
    if not request.actor.can("firm.settings"):
        raise PermissionDenied


@require_http_methods(["GET", "POST"])
def settings_page(request: ActorRequest) -> HttpResponse:
    _require(request)
    form = SettingsForm(request.actor.firm, request if request.method == "POST" else None)
    if form.is_valid() and _saved(request, form):
        confirm(request, "Les paramètres du cabinet sont enregistrés.")
        return redirect("firm_settings")
    logo_row = FirmLogo.objects.filter(firm=request.actor.firm).defer("content").first()
    context = {"form": form, "logo": logo_row, "may_update": request.actor.can("indicators.edit")}
    return render(request, "firm/settings.html", context, status=422 if form.is_bound else 200)


def _saved(request: ActorRequest, form: SettingsForm) -> bool:
    try:
        with transaction.atomic():
            firm_settings.change_settings(actor=request.actor, settings=form.settings)
            if form.drawn_logo is not None:
                firm_settings.set_logo(actor=request.actor, logo=form.drawn_logo)
    except firm_settings.UnreadableColour as pale:
        least = TEXT_CONTRAST if pale.field == "main_colour" else MARK_CONTRAST
        said = TOO_PALE.format(ratio=number(round(pale.ratio * 10) / 10, 1), least=number(least, 1))  # type: ignore[arg-type]
        form.add_error(pale.field, said if pale.ratio else NO_COLOUR)
    except firm_settings.UnknownManager:
        form.add_error("default_manager", "Cette personne ne se connecte plus. Choisissez-en une autre.")
    return form.is_valid()


@require_GET
def logo(request: ActorRequest) -> HttpResponse:
    """Our own PNG, never what was sent; a browser may keep it and asks again when it changed."""
    _require(request)
    found = FirmLogo.objects.filter(firm=request.actor.firm).first()
    if found is None:
        raise Http404
    headers = {"Cache-Control": "private, no-cache", "ETag": f'"{found.sha256[:32]}"'}
    return HttpResponse(bytes(found.content), content_type="image/png", headers=headers)


@require_POST
def logo_remove(request: ActorRequest) -> HttpResponse:
    _require(request)
    firm_settings.remove_logo(actor=request.actor)
    confirm(request, "Le logo est retiré.")
    return redirect("firm_settings")


@require_http_methods(["GET", "HEAD", "POST"])
def factors(request: ActorRequest) -> HttpResponse:
    """« Facteurs d’émission »: the dossiers of an older release, and their update in the background."""
    _require(request)
    if not request.actor.can("indicators.edit"):
        raise PermissionDenied
    if request.method == "POST":
        _update(request)
        return redirect("firm_factors")
    page = factors_page(request.actor, request.GET)
    if "HX-Request" not in request.headers:
        return render(request, "firm/factors.html", {"page": page})
    answer = render(request, "firm/factors.html#progress", {"page": page})
    if page.last is None or not page.last.running:
        # The list below the progress is that of before: the whole page is drawn again.
        answer["HX-Refresh"] = "true"
    return answer


def _update(request: ActorRequest) -> None:
    asked = request.POST.get("action", "")
    if asked == "resume":
        rounds.resume(request.actor)
        return
    try:
        made = rounds.start(request.actor, None if asked == "all" else _chosen(request.POST.getlist("client")))
    except rounds.RoundGoesOn:
        refuse(request, "Une mise à jour est déjà en cours. Attendez qu’elle se termine.")
    except rounds.NothingToUpdate:
        refuse(request, "Rien n’est à mettre à jour\u00a0: cochez au moins un dossier.")
    else:
        confirm(request, f"La mise à jour de {plural(made.count, 'dossier')} commence.")


def _chosen(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            raise Http404 from None
    return found
