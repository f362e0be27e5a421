"""What the DSN of a client say together, as the pages show it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse

from bocage.wording.judgements import SEVERITIES
from cabinet.clients.models import Client
from cabinet.imports.access import imports_of
from cabinet.imports.enums import ImportKind
from cabinet.imports.models import Import
from cabinet.imports.reviewing import MonthsFinding, findings_between_months
from cabinet.web.components.formats import number
from cabinet.web.components.parts import Link
from cabinet.web.dossier.severities import ICONS, NORM_SEVERITIES, SEVERITY_WORDS, TONES

SHOWN = 12
"""Findings that a page writes at once; the others are folded."""


@dataclass(frozen=True, slots=True)
class BetweenFinding:
    """A finding that belongs to no file, and the files that it speaks of."""

    finding: MonthsFinding
    files: Sequence[Link]
    place: str
    """« Fichier, ligne 1 842, rubrique S21.G00.40.001 »: where it shows first."""

    @property
    def code(self) -> str:
        """As INT-CONTRAT."""
        return self.finding.code

    @property
    def word(self) -> str:
        """Its severity."""
        return SEVERITY_WORDS[self.finding.severity]

    @property
    def tone(self) -> str:
        """The colour of its severity."""
        return TONES[self.finding.severity]

    @property
    def icon(self) -> str:
        """The sign of its severity."""
        return ICONS[self.finding.severity]

    @property
    def norm(self) -> str:
        """What the norm would make of it."""
        return NORM_SEVERITIES[self.finding.norm_severity]


@dataclass(frozen=True, slots=True)
class Between:
    """The findings of some months, the gravest first."""

    findings: Sequence[BetweenFinding]

    @property
    def shown(self) -> Sequence[BetweenFinding]:
        """Those written at once."""
        return self.findings[:SHOWN]

    @property
    def folded(self) -> Sequence[BetweenFinding]:
        """The others."""
        return self.findings[SHOWN:]


def between_months(client: Client, months: Collection[date], names: Mapping[UUID, str]) -> Between:
    """The findings that speak of one of these months. ``names``: import → name of its file."""
    return _between(client, names, lambda found: not set(months).isdisjoint(found.months))


def between_of_import(imported: Import) -> Between:
    """The findings that speak of one file; only a DSN has any."""
    client = imported.client
    if client is None or imported.kind != ImportKind.DSN:
        return Between(())
    return _between(client, None, lambda found: imported.id in found.import_ids)


def _between(client: Client, names: Mapping[UUID, str] | None, wanted: Callable[[MonthsFinding], bool]) -> Between:
    found = [one for one in findings_between_months(client) if wanted(one)]
    if names is None:
        told = {import_id for one in found for import_id in one.import_ids}
        names = dict(imports_of(client).filter(id__in=told).values_list("id", "file_name"))
    found.sort(key=lambda one: (SEVERITIES.index(one.severity), min(one.months), one.code, one.siret))
    return Between([_shown(one, names) for one in found])


def _shown(found: MonthsFinding, names: Mapping[UUID, str]) -> BetweenFinding:
    # A file deleted since the last review has no page any more.
    files = [
        Link(names[import_id], reverse("import_report", args=[import_id]))
        for import_id in found.import_ids
        if import_id in names
    ]
    first = next(iter(found.places), None)
    last = names.get(found.import_ids[-1], "") if found.import_ids else ""
    place = f"{last}, ligne {number(first.line)}, rubrique {first.rubrique}" if first and last else ""
    return BetweenFinding(found, files, place)


def marks(findings: Iterable[BetweenFinding]) -> dict[date, int]:
    """Month → how many findings speak of it."""
    counts: dict[date, int] = {}
    for one in findings:
        for month in one.finding.months:
            counts[month] = counts.get(month, 0) + 1
    return counts
