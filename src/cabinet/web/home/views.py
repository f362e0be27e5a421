"""*Accueil*."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from cabinet.web.actor import ActorRequest
from cabinet.web.home.contexts import build_home
from cabinet.web.partials import page_or_part


@require_GET
def home(request: ActorRequest) -> HttpResponse:
    found = build_home(request.actor, request.GET, request.counts)
    return page_or_part(request, "home/home.html", "running", {"home": found})
