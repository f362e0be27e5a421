"""What hundreds of tests begin with: made once a process through the services, then its rows are put back."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, cast

from django.apps import apps
from django.db import transaction
from django.db.models import Model, QuerySet

from cabinet.accounts.models import Firm


@dataclass(frozen=True, slots=True)
class Made:
    """What the test is given, and the rows behind it by model."""

    given: Any
    rows: dict[type[Model], list[Model]]


_made: dict[str, Made] = {}


def made_once[T](name: str, make: Callable[[], T]) -> T:
    """What ``make`` returns, in a database without a firm; made anew beside another, whose numbers may clash."""
    if Firm.objects.exists():
        return make()
    if name not in _made:
        before = _rows()
        given = make()
        new = {model: [row for row in rows if row not in before[model]] for model, rows in _rows().items()}
        _made[name] = deepcopy(Made(given, {model: rows for model, rows in new.items() if rows}))
        return given
    again = deepcopy(_made[name])
    with transaction.atomic():
        for model, rows in again.rows.items():
            QuerySet(model).bulk_create(rows)
    return cast("T", again.given)


def _rows() -> dict[type[Model], list[Model]]:
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return {model: list(QuerySet(model).order_by("pk")) for model in models if not model._meta.proxy}
