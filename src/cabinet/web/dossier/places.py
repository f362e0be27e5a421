"""The places of one finding, by pages: each with its line as received, its entry and its account."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse

from bocage.indicators import ledger
from cabinet.imports.facts import tables_of
from cabinet.imports.models import Import
from cabinet.imports.quoting import raw_lines_of
from cabinet.web.actor import ActorRequest
from cabinet.web.dossier.books.audit import shown_value
from cabinet.web.dossier.books.frame import page_of
from cabinet.web.dossier.frame import Head
from cabinet.web.dossier.report import (
    NOTHING_MORE,
    Asked,
    FindingShown,
    headed,
    links_of,
    open_places,
    shown_finding,
    stands_for_year,
)

PLACES = 50


@dataclass(frozen=True, slots=True)
class PlacesPage:
    """What the template draws."""

    head: Head
    imported: Import
    finding: FindingShown
    page: Page[Any]
    by_entry: bool
    """One place an entry, its first line, for a check that counts something else than entries."""
    first_only: bool
    """Only the first places of this finding are kept."""
    back_url: str


def places_of(request: ActorRequest, imported: Import, code: str) -> PlacesPage | None:
    """The places of ``code`` in a file obtained through its gate; None when its report does not hold this finding."""
    found = next((one for one in imported.report.get("findings") or [] if one["code"] == code), None)
    if found is None:
        return None
    finding = shown_finding(found)
    column = finding.places[0]["column"] if finding.places else ""

    def fetch(offset: int) -> tuple[Sequence[dict[str, Any]], int]:
        kept = ledger.finding_places(tables_of(imported), code, offset=offset, limit=PLACES)
        return (_opened(imported, kept.spots, column), kept.count) if kept else ((), 0)

    page: Page[Any] | None = page_of(fetch, request.GET.get("page", ""), PLACES) if imported.tables else None
    known = page is not None and page.paginator.count > 0
    if page is None or not known:
        open_places(imported, finding.places)
        page = Paginator(finding.places, PLACES).page(1)
    return PlacesPage(
        head=headed(request, imported, code),
        imported=imported,
        finding=finding,
        page=page,
        by_entry=known and page.paginator.count < finding.count,
        first_only=not known and finding.count > len(finding.places),
        back_url=reverse("import_report", args=[imported.id]) + Asked.of(request.GET).address,
    )


def _opened(imported: Import, spots: Sequence[ledger.Spot], column: str) -> list[dict[str, Any]]:
    raw = raw_lines_of(imported, {(spot.part, spot.line) for spot in spots})
    several = bool(imported.report.get("parts"))
    stands = stands_for_year(imported)
    return [
        {
            **NOTHING_MORE,
            "line": spot.line,
            "column": spot.column or column,
            "value": shown_value(spot.value),
            "part": spot.part if several else None,
            "raw": raw.get((spot.part, spot.line), ""),
            "others": max(spot.count - 1, 0),
            **(links_of(imported, spot.entry_index, spot.account, spot.line, spot.part) if stands else {}),
        }
        for spot in spots
    ]
