"""For machines: is this process alive, can it serve, and what is waiting. No name, no number of anybody's books."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from cabinet.web.monitoring.measures import Measures, troubles


@require_GET
@never_cache
@login_not_required
def live(_request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_GET
@never_cache
@login_not_required
def ready(_request: HttpRequest) -> JsonResponse:
    """Whether the database answers and the storage takes a file; 503 otherwise, for who shares requests out."""
    found = troubles()
    return JsonResponse({"ready": not found, "troubles": found}, status=503 if found else 200)


@require_GET
@never_cache
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """What Prometheus reads, with the token of the settings; without one, there is no such page."""
    token = settings.METRICS_TOKEN
    if not token or not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}"):
        raise Http404
    registry = CollectorRegistry()
    registry.register(Measures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
