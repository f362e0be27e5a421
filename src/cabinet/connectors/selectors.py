"""Reading connections for the screens."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from cabinet.connectors.models import Connection, ToolCompany


@dataclass(frozen=True, slots=True)
class Tally:
    """How many companies a connection lists, and how many of them are linked to a client."""

    all: int = 0
    linked: int = 0

    @property
    def unmatched(self) -> int:
        return self.all - self.linked


def tallies(connections: QuerySet[Connection]) -> Mapping[UUID, Tally]:
    """Connection id → its tally; one query."""
    rows = ToolCompany.objects.filter(connection__in=connections, active=True).order_by().values("connection_id")
    counted = rows.annotate(all=Count("id"), linked=Count("id", filter=Q(client__isnull=False)))
    return {row["connection_id"]: Tally(row["all"], row["linked"]) for row in counted}


def companies(connection: Connection, *, linked: bool, words: str = "") -> QuerySet[ToolCompany]:
    """The companies that the tool lists, linked or not, by name; ``words`` are of the name, the code or a number."""
    found = ToolCompany.objects.filter(connection=connection, active=True, client__isnull=not linked)
    digits = "".join(sign for sign in words if sign.isdigit())
    if words:
        says = Q(name__icontains=words) | Q(code__icontains=words)
        found = found.filter(says | Q(siren__startswith=digits) | Q(siret__startswith=digits) if digits else says)
    return found.select_related("client").order_by("name", "id")
