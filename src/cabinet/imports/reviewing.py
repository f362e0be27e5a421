"""The DSN of a client looked at together: doubles, holes, contracts that vanish, what changes without a word.

The controls are made on facts, once however many files end together, and their findings are kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bocage.formats.dsn.as_json import together_as_json
from bocage.ingest.dsn import together_of
from cabinet.clients.models import Client
from cabinet.imports.facts import PayrollFacts
from cabinet.imports.models import DsnReview


@dataclass(frozen=True, slots=True)
class Where:
    """A place of the last file that a finding names."""

    line: int
    rubrique: str


@dataclass(frozen=True, slots=True)
class MonthsFinding:
    """A finding that belongs to no file. ``import_ids``: the files that it speaks of, oldest month first."""

    code: str
    severity: str
    norm_severity: str
    count: int
    message: str
    remedy: str
    siret: str
    months: tuple[date, ...]
    """Their first days."""
    import_ids: tuple[UUID, ...]
    places: tuple[Where, ...]


def review(client: Client, payroll: Sequence[PayrollFacts]) -> None:
    """Make the controls between the declarations of a client again. Doing it twice gives the same row."""
    if not payroll:
        DsnReview.objects.filter(client=client).delete()
        return
    # Named by rank of arrival: of two declarations that nothing else tells apart, the first one received counts.
    names = {f"{rank:06d}": facts.import_id for rank, facts in enumerate(payroll)}
    view = together_of(
        dict(zip(names, (facts.tables for facts in payroll), strict=True)),
        siren=client.siren,
    )
    findings = [
        {**together_as_json(found), "files": [str(names[name]) for name in found.files]} for found in view.findings
    ]
    DsnReview.objects.update_or_create(client=client, defaults={"findings": findings})


def findings_between_months(client: Client) -> list[MonthsFinding]:
    """Everything kept of a client, in the order of its controls; one query."""
    kept = DsnReview.objects.filter(client=client).values_list("findings", flat=True).first() or []
    return [
        MonthsFinding(
            found["code"],
            found["severity"],
            found["norm_severity"],
            found["count"],
            found["message"],
            found["remedy"],
            found["siret"],
            tuple(date.fromisoformat(f"{month}-01") for month in found["months"]),
            tuple(UUID(import_id) for import_id in found["files"]),
            tuple(Where(place["line"], place["rubrique"] or "") for place in found["where"]),
        )
        for found in kept
    ]
