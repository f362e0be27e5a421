"""Everything that an installation keeps, to look for what it must not keep."""

from django.apps import apps
from django.core import serializers
from django.db.models import QuerySet


def everything_kept() -> str:
    """Every row of the database but sessions, as text; bytes by their signs."""
    rows = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            for row in QuerySet(model).order_by("pk"):
                rows.append(serializers.serialize("json", [row]))
                rows += [
                    bytes(value).decode("latin-1")
                    for field in model._meta.concrete_fields
                    if isinstance(value := getattr(row, field.attname), bytes | memoryview)
                ]
    return "\n".join(rows)
