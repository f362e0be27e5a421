"""What many tests begin with: made once a process through the services, then its rows and files are put back."""

import tempfile
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any, cast
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet

from cabinet.accounts.models import Firm
from cabinet.clients.models import Client

type Rows = dict[type[Model], list[Model]]
type Standing = frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Made:
    """What the test is given, the rows it added and those it changed, its files, and who stood before and after."""

    given: Any
    new: Rows
    changed: Rows
    files: Path
    before: Standing
    after: Standing


_made: dict[str, Made] = {}


def made_once[T](name: str, make: Callable[[], T], *, on: str = "") -> T:
    """What ``make`` returns: put back where the same firms and clients stand, made anew beside others.

    ``on`` is the name of what was made before it; without it, in a database without a firm.
    """
    standing = _standing()
    if name in _made and _made[name].before == standing:
        return cast("T", _put_back(deepcopy(_made[name])))
    if standing != (_made[on].after if on in _made else frozenset()):
        return make()
    before = _rows()
    given = make()
    new, changed = _differences(before, _rows())
    files = Path(tempfile.mkdtemp(dir=settings.DATA_DIR))
    if settings.STORAGE_DIR.exists():
        copytree(settings.STORAGE_DIR, files, dirs_exist_ok=True)
    _made[name] = deepcopy(Made(given, new, changed, files, standing, _standing()))
    return given


def _put_back(made: Made) -> Any:
    with transaction.atomic():
        for model, rows in made.new.items():
            QuerySet(model).bulk_create(rows)
        for model, rows in made.changed.items():
            for row in rows:
                QuerySet(model).filter(pk=row.pk).update(**_values(row))
    if any(made.files.iterdir()):
        copytree(made.files, settings.STORAGE_DIR, dirs_exist_ok=True)
    return made.given


def _standing() -> Standing:
    return frozenset(Firm.objects.values_list("id", flat=True)) | frozenset(Client.objects.values_list("id", flat=True))


def _rows() -> Rows:
    models = [one for one in apps.get_models(include_auto_created=True) if one._meta.managed and not one._meta.proxy]
    return {model: list(QuerySet(model).order_by(*_order(model))) for model in models}


def _order(model: type[Model]) -> list[str]:
    """Rows that are dated as they are written are written again in their order."""
    return [field.name for field in model._meta.fields if getattr(field, "auto_now_add", False)] + ["pk"]


def _differences(before: Rows, after: Rows) -> tuple[Rows, Rows]:
    new: Rows = {}
    changed: Rows = {}
    for model, rows in after.items():
        known = {row.pk: _values(row) for row in before[model]}
        for row in rows:
            if row.pk not in known:
                new.setdefault(model, []).append(row)
            elif _values(row) != known[row.pk]:
                changed.setdefault(model, []).append(row)
    return new, changed


def _values(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}
