"""Where a request comes from: behind the proxies that the operator declared, never further."""

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The address for the journal and the limits; None when there is none to believe."""
    found: str | None = get_client_ip(request)
    return found
