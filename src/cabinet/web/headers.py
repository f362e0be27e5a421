"""A header that Django does not know: what a page of ours may ask of the browser."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

NEVER = (
    "camera",
    "display-capture",
    "geolocation",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
    "bluetooth",
    "hid",
)
POLICY = ", ".join(
    [*(f"{name}=()" for name in NEVER), "publickey-credentials-create=(self)", "publickey-credentials-get=(self)"]
)
"""Passkeys, for our own pages; nothing else that the browser asks people about."""


class PermissionsPolicyMiddleware:
    """Adds the policy to every answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        return response
