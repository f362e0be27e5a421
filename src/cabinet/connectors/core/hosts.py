"""Addresses that others give us (a host that a firm types, a link of a tool) never lead into our own network."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from cabinet.connectors.core.errors import ConnectorError, Failure


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect: the address resolved once, and the name that the certificate must bear."""

    url: str
    headers: dict[str, str]
    extensions: dict[str, str]


def safe_target(url: str) -> Target:
    """Where to connect for ``url``: https, no user, default port, a public address, looked up once.

    Raises ConnectorError (HOST_REFUSED, or UNAVAILABLE when the name cannot be resolved).
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ConnectorError(Failure.HOST_REFUSED) from None
    local = settings.CONNECTORS_LOCAL_HOSTS
    if not host or parts.username or parts.password or (parts.scheme != "https" and not local):
        raise ConnectorError(Failure.HOST_REFUSED)
    if port not in {None, 443} and not local:
        raise ConnectorError(Failure.HOST_REFUSED)
    address = _address_of(host, port or 443)
    if local:
        return Target(url, {}, {})
    shown = f"[{address}]" if ":" in address else address
    rest = parts.path + (f"?{parts.query}" if parts.query else "")
    return Target(f"https://{shown}{rest or '/'}", {"Host": host}, {"sni_hostname": host})


def _address_of(host: str, port: int) -> str:
    """The address to connect to. Every address of the name must be public: which one is used is not ours to choose."""
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        raise ConnectorError(Failure.UNAVAILABLE) from None
    if not settings.CONNECTORS_LOCAL_HOSTS and not all(is_public(address) for address in found):
        raise ConnectorError(Failure.HOST_REFUSED)
    return found[0]


def is_public(address: str) -> bool:
    """Whether an address is one of the Internet at large."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return (inner or found).is_global and not found.is_multicast and (inner is None or inner.is_global)
