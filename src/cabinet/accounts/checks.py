"""The groups in the database hold only permissions that the catalogue knows."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as CheckWarning
from django.db import DatabaseError

from cabinet.accounts.models import Group
from cabinet.accounts.permissions import CODES


@register(Tags.database)
def group_codes_known(databases: Sequence[str] | None = None, **_kwargs: Any) -> Sequence[CheckMessage]:
    if not databases:
        return []
    try:
        unknown = {code for codes in Group.objects.values_list("codes", flat=True) for code in codes} - CODES
    except DatabaseError:
        return []
    return [CheckWarning(f"Unknown permission in a group: {code}", id="bocage.W001") for code in sorted(unknown)]
