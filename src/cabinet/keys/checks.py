"""The ring is checked when the process starts."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from cabinet.keys.ring import master_keys


@register
def master_keys_usable(**_kwargs: Any) -> Sequence[CheckMessage]:
    try:
        master_keys()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="bocage.E001", hint="Set BOCAGE_MASTER_KEYS to one key or more.")]
    return []
