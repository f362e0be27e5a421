"""One view, one context: the whole page, or the part of it that htmx asked for."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def page_or_part(request: HttpRequest, template: str, part: str, context: dict[str, Any]) -> HttpResponse:
    """``template``, or its partial ``part`` for htmx; never a part when the browser goes back in its history.

    ``is_part`` tells the template, which then adds what else must change (``hx-swap-oob``).
    """
    htmx: Any = getattr(request, "htmx", None)
    wants_part = bool(htmx) and not htmx.history_restore_request
    response = render(request, f"{template}#{part}" if wants_part else template, {**context, "is_part": wants_part})
    patch_vary_headers(response, ["HX-Request"])
    return response
