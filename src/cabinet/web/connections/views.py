"""*Connexions API*: no connection is set up, and where each tool keeps its files."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cabinet.web.actor import ActorRequest
from cabinet.web.connections.tools import ACCOUNTING, PAYROLL_TOOLS


@require_GET
def connections(request: ActorRequest) -> HttpResponse:
    if not request.actor.can("connections.manage"):
        raise PermissionDenied
    context = {"accounting": ACCOUNTING, "payroll": PAYROLL_TOOLS}
    return render(request, "connections/connections.html", context)
