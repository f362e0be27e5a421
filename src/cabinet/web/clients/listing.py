"""The clients list: what it shows."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from cabinet.accounts.actors import Actor
from cabinet.clients.models import Client, SavedFilter
from cabinet.clients.saved_filters import filters_of
from cabinet.clients.selectors import Counts, number_of
from cabinet.imports.coverage import Cell, ClientCoverage, YearCoverage, coverage_of
from cabinet.onboarding.selectors import DraftLine, drafts_of
from cabinet.web.clients.asking import Asked, FilterForm, read_address, with_names
from cabinet.web.clients.bulk_words import BulkChoice, choices_for
from cabinet.web.components.formats import NBSP, plural
from cabinet.web.components.parts import Chip

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class YearLine:
    """The latest fiscal year of a row: its label, its FEC, its months."""

    label: str
    fec_icon: str
    fec_word: str
    fec_css: str
    months: str


@dataclass(frozen=True, slots=True)
class Row:
    """One client of the list. ``place`` is what a phone shows under the name, before the firm's own number."""

    client: Client
    place: str
    portfolios: str
    year: YearLine | None
    other_years: str
    state: str


@dataclass(frozen=True)
class ClientList:
    """What the page shows. What only the whole page shows is read when it is drawn: a part costs less."""

    actor: Actor
    asked: Asked
    page: Page[Client]
    rows: tuple[Row, ...]
    chips: tuple[Chip, ...]
    acts: tuple[BulkChoice, ...]
    can_create: bool
    can_import: bool
    can_edit: bool
    can_deactivate: bool
    can_delete: bool
    clear_url: str
    counts: Counts

    @property
    def form(self) -> FilterForm:
        """The toolbar."""
        return self.asked.form

    @property
    def sort(self) -> str:
        """The order of the rows."""
        return self.asked.sort

    @property
    def filters_on(self) -> int:
        """How many narrow the list."""
        return len(self.chips)

    @property
    def export_query(self) -> str:
        """What follows the address of an act on the whole list."""
        query = self.asked.query
        return f"?{query}" if query else ""

    @cached_property
    def saved(self) -> list[tuple[SavedFilter, str]]:
        """The person's saved filters, each with its address."""
        return [(one, f"{reverse('client_list')}?{one.query}") for one in filters_of(self.actor)]

    @cached_property
    def drafts(self) -> list[DraftLine]:
        """What the person left half-way."""
        return drafts_of(self.actor)

    @property
    def subtitle(self) -> str:
        """``47 clients suivis, 3 désactivés``."""
        followed = plural(self.counts.active, "client suivi", "clients suivis")
        return f"{followed}, {plural(self.counts.inactive, 'désactivé')}" if self.counts.inactive else followed

    @property
    def nothing_found(self) -> str:
        """Why the search is empty."""
        return f"«{NBSP}{self.form.value('q')}{NBSP}» ne figure dans aucun nom, SIRET ou code dossier."

    @property
    def is_filtered(self) -> bool:
        """Whether something narrows the followed clients."""
        return bool(self.chips)


def _page(clients: QuerySet[Client], number: str | None, counts: Counts) -> Page[Client]:
    """The page asked for, counted by the query that reads it; the last one for a number beyond the end.

    A number beyond all the clients of ``counts``, read for a later page only, is not looked for.
    """
    paginator = Paginator(clients, PAGE_SIZE)
    wanted = max(int(number), 1) if number and number.isascii() and number.isdigit() and len(number) < 8 else 1
    bottom = (wanted - 1) * PAGE_SIZE
    counted = clients.annotate(number_of_all=number_of(clients))
    found = (
        list(counted[bottom : bottom + PAGE_SIZE]) if wanted == 1 or bottom < counts.active + counts.inactive else []
    )
    if found:
        paginator.count = found[0].number_of_all
        return Page(found, wanted, paginator)
    if wanted == 1:
        paginator.count = 0
        return Page(found, 1, paginator)
    ending = list(counted.reverse()[:PAGE_SIZE])
    paginator.count = ending[0].number_of_all if ending else 0
    on_last = paginator.count - (paginator.num_pages - 1) * PAGE_SIZE
    return Page(ending[:on_last][::-1], paginator.num_pages, paginator)


def build_list(actor: Actor, address: QueryDict, counts: Counts) -> ClientList:
    """The page that an address asks for."""
    asked = read_address(actor, address)
    page = _page(with_names(actor, asked.sorted(asked.clients())), address.get("page"), counts)
    found = list(page.object_list)
    coverages = coverage_of(found, timezone.localdate())
    return ClientList(
        actor=actor,
        asked=asked,
        page=page,
        rows=tuple(_row(client, coverages[client.id]) for client in found),
        chips=asked.form.chips(address),
        acts=choices_for(actor),
        can_create=actor.can("clients.create") and actor.collaborator is not None,
        can_import=actor.can("clients.bulk_import") and actor.collaborator is not None,
        can_edit=actor.can("clients.edit"),
        can_deactivate=actor.can("clients.deactivate"),
        can_delete=actor.can("clients.delete"),
        clear_url="?",
        counts=counts,
    )


def _row(client: Client, coverage: ClientCoverage) -> Row:
    shown: list[Any] = client.shown_portfolios  # type: ignore[attr-defined]  # set by the prefetch
    latest, place = coverage.latest, ", ".join(part for part in (client.town, client.ape) if part)
    return Row(
        client=client,
        place=place + ", " if place and client.file_code else place,
        portfolios=", ".join(portfolio.name for portfolio in shown),
        year=_year_line(latest) if latest else None,
        other_years=_other_years(coverage.years[1:]),
        state=state_of(client, coverage),
    )


FEC_SIGNS = {
    Cell.PRESENT: ("check", "accepté", "bo-ok-text"),
    Cell.TO_CHECK: ("alert-triangle", "à vérifier", "bo-warn-text"),
    Cell.READING: ("clock", "en lecture", "bo-muted"),
    Cell.REFUSED: ("x", "refusé", "bo-err-text"),
    Cell.MISSING: ("missing", "absent", "bo-muted"),
    Cell.NOT_DUE: ("missing", "pas encore attendu", "bo-muted"),
}


def _year_line(year: YearCoverage) -> YearLine:
    icon, word, css = FEC_SIGNS[year.fec]
    return YearLine(year.year.label, icon, word, css, f"{year.declared}/{len(year.months)}")


def _other_years(years: list[YearCoverage]) -> str:
    """``2023, 2024 complets``, ``2022 incomplet``."""
    parts = []
    for word, complete in (("complet", True), ("incomplet", False)):
        labels = sorted(one.year.label for one in years if one.is_complete is complete)
        if labels:
            parts.append(f"{', '.join(labels)} {word}{'s' if len(labels) > 1 else ''}")
    return ", ".join(parts)


def state_of(client: Client, coverage: ClientCoverage) -> str:
    """The code of what asks most, in :data:`cabinet.web.components.states.STATES`."""
    if not client.is_active:
        return "inactive"
    if coverage.refused:
        return "import_refused"
    if coverage.running:
        return "importing"
    return "to_check" if coverage.to_check else "active"
