"""A name of source that nobody knows stops the start, not the first user."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from cabinet.registry.enums import Source


@register()
def known_sources(**_: Any) -> list[CheckMessage]:
    """REGISTRY_SOURCES holds names of sources only."""
    unknown = [name for name in settings.REGISTRY_SOURCES if name not in Source.values]
    known = ", ".join(Source.values)
    return [
        Error(f"REGISTRY_SOURCES: {name!r} is not a source (known: {known}).", id="registry.E001") for name in unknown
    ]


@register()
def usable_key(**_: Any) -> list[CheckMessage]:
    """The key of Insee can be written in a header, and is there when Insee is to be asked. It is never quoted."""
    key = settings.REGISTRY_INSEE_KEY
    if key and not (key.isascii() and key.isprintable() and " " not in key):
        return [Error("REGISTRY_INSEE_KEY: holds characters that no key has.", id="registry.E002")]
    if not key and Source.INSEE in settings.REGISTRY_SOURCES:
        return [Warning("REGISTRY_SOURCES: insee is not asked without REGISTRY_INSEE_KEY.", id="registry.W001")]
    return []
