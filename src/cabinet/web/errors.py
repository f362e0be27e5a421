"""The pages of what went wrong, in the house's words. No query and no shell: they must stand when the rest does not."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def _page(request: HttpRequest | None, status: int) -> HttpResponse:
    return HttpResponse(render_to_string(f"errors/{status}.html", {}, request), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's signature
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's signature
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's signature
    return _page(request, 404)


def too_large(request: HttpRequest) -> HttpResponse:
    """What an upload view answers when a file passes the limit and no list waits for a line about it."""
    return _page(request, 413)


def too_many(request: HttpRequest) -> HttpResponse:
    """allauth calls it when a limit of requests is reached."""
    return _page(request, 429)


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """Without context processors: one of them may be what failed."""
    return _page(None, 500)


def expired_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django's signature
    """A form without a valid CSRF token: nearly always a page left open too long."""
    return HttpResponse(render_to_string("errors/form.html", {}, request), status=403)
