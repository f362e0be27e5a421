"""The groups in the database hold only permissions that the catalogue knows: the product does not start otherwise."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
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
    hint = "Take it out of the column codes of accounts_group, or run migrate --skip-checks if a migration does."
    return [Error(f"Unknown permission in a group: {code}", hint=hint, id="bocage.E001") for code in sorted(unknown)]
