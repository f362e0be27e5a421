"""A name of source that nobody knows stops the start, not the first user."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from cabinet.registry.enums import Source


@register()
def known_sources(**_: Any) -> list[CheckMessage]:
    """REGISTRY_SOURCES holds names of sources only."""
    unknown = [name for name in settings.REGISTRY_SOURCES if name not in Source.values]
    known = ", ".join(Source.values)
    return [
        Error(f"REGISTRY_SOURCES: {name!r} is not a source (known: {known}).", id="registry.E001") for name in unknown
    ]
