"""The clients list: what was asked for in its address, and what it shows."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, QuerySet
from django.http import QueryDict
from django.utils import timezone

from bocage.referentials.naf import sections
from cabinet.accounts.actors import Actor
from cabinet.clients.access import visible_clients
from cabinet.clients.models import Client
from cabinet.clients.selectors import (
    ClientCounts,
    ClientFilter,
    count_clients,
    filter_clients,
    managers_in_charge,
    sort_clients,
)
from cabinet.imports.coverage import Cell, ClientCoverage, Lack, YearCoverage, coverage_of, with_lack
from cabinet.onboarding.selectors import DraftLine, drafts_of
from cabinet.portfolios.access import visible_portfolios
from cabinet.web.components.formats import NBSP, plural
from cabinet.web.components.parts import Chip

PAGE_SIZE = 25
SORTS = {"nom": "name", "siret": "siret", "ape": "ape", "commune": "town", "responsable": "manager"}
STATES = {"": "actifs", "desactives": "désactivés", "tous": "tous"}
LACKS = {
    Lack.FEC: "FEC absent",
    Lack.DSN: "DSN absentes",
    Lack.REFUSED: "Import refusé",
    Lack.TO_CHECK: "Import à vérifier",
    Lack.RUNNING: "Import en cours",
}


class FilterForm(forms.Form):
    """The toolbar. A value that is no choice is left out, as if it had not been asked for."""

    q = forms.CharField(label="Nom, SIREN, SIRET, code dossier", required=False, max_length=100)
    portefeuille = forms.ChoiceField(label="Portefeuille", required=False)
    responsable = forms.ChoiceField(label="Responsable", required=False)
    section = forms.ChoiceField(label="Section APE", required=False)
    donnees = forms.ChoiceField(label="Données", required=False)
    etat = forms.ChoiceField(label="État", required=False)

    def __init__(self, actor: Actor, data: QueryDict) -> None:
        super().__init__(data)
        self._offer("portefeuille", [(str(one.id), one.name) for one in visible_portfolios(actor)])
        self._offer("responsable", [(str(one.id), one.full_name) for one in managers_in_charge(actor)])
        self._offer("section", [(letter, f"{letter} · {label}") for letter, label in sections().items()])
        self._offer("donnees", [(lack.value, label) for lack, label in LACKS.items()])
        self.fields["etat"].choices = [(key, f"État{NBSP}: {label}") for key, label in STATES.items()]  # type: ignore[attr-defined]
        self.is_valid()

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        field.choices = [("", str(field.label)), *choices]  # type: ignore[attr-defined]

    def value(self, name: str) -> str:
        """What was asked for, when it makes sense."""
        return str(self.cleaned_data.get(name) or "")

    def word(self, name: str) -> str:
        """The French of the choice made."""
        choices: list[tuple[str, str]] = self.fields[name].choices  # type: ignore[attr-defined]
        return dict(choices)[self.value(name)]


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
    form: FilterForm
    page: Page[Client]
    rows: tuple[Row, ...]
    chips: tuple[Chip, ...]
    filters_on: int
    sort: str
    can_create: bool
    can_edit: bool
    can_deactivate: bool
    can_delete: bool
    clear_url: str

    @cached_property
    def counts(self) -> ClientCounts:
        """How many clients the person sees."""
        return count_clients(self.actor)

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
        return any(self.form.value(name) for name in ("q", "portefeuille", "responsable", "section", "donnees", "etat"))


def build_list(actor: Actor, asked: QueryDict) -> ClientList:
    """The page that an address asks for."""
    today = timezone.localdate()
    form = FilterForm(actor, asked)
    sort = _sort(asked.get("tri", ""))
    clients = filter_clients(visible_clients(actor), _filter(form))
    if lack := form.value("donnees"):
        clients = with_lack(clients, Lack(lack), today)
    page = Paginator(_shown(actor, clients, sort), PAGE_SIZE).get_page(asked.get("page"))
    found = list(page.object_list)
    coverages = coverage_of(found, today)
    chips = _chips(form, asked)
    return ClientList(
        actor=actor,
        form=form,
        page=page,
        rows=tuple(_row(client, coverages[client.id]) for client in found),
        chips=chips,
        filters_on=len(chips),
        sort=sort,
        can_create=actor.can("clients.create") and actor.collaborator is not None,
        can_edit=actor.can("clients.edit"),
        can_deactivate=actor.can("clients.deactivate"),
        can_delete=actor.can("clients.delete"),
        clear_url="?",
    )


def _sort(asked: str) -> str:
    return asked if asked.removeprefix("-") in SORTS else "nom"


def _filter(form: FilterForm) -> ClientFilter:
    return ClientFilter(
        text=form.value("q"),
        portfolio_id=_id(form.value("portefeuille")),
        manager_id=_id(form.value("responsable")),
        section=form.value("section"),
        active={"": True, "desactives": False, "tous": None}[form.value("etat")],
    )


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None


def _shown(actor: Actor, clients: QuerySet[Client], sort: str) -> QuerySet[Client]:
    sign = "-" if sort.startswith("-") else ""
    portfolios = Prefetch("portfolios", queryset=visible_portfolios(actor), to_attr="shown_portfolios")
    ordered = sort_clients(clients, sign + SORTS[sort.removeprefix("-")])
    return ordered.select_related("manager").prefetch_related(portfolios)


def _chips(form: FilterForm, asked: QueryDict) -> tuple[Chip, ...]:
    chips = []
    if text := form.value("q"):
        chips.append(Chip(f"«{NBSP}{text}{NBSP}»", _without(asked, "q")))
    for name in ("portefeuille", "responsable", "section", "donnees"):
        if form.value(name):
            chips.append(Chip(f"{form.fields[name].label}{NBSP}: {form.word(name)}", _without(asked, name)))
    state = form.value("etat")
    if state:
        chips.append(Chip(f"État{NBSP}: {STATES[state]}", _without(asked, "etat")))
    return tuple(chips)


def _without(asked: QueryDict, name: str) -> str:
    kept = asked.copy()
    for gone in (name, "page"):
        kept.pop(gone, None)
    return f"?{kept.urlencode()}"


def _row(client: Client, coverage: ClientCoverage) -> Row:
    shown: list[Any] = client.shown_portfolios  # type: ignore[attr-defined]  # set by the prefetch
    latest, place = coverage.latest, ", ".join(part for part in (client.town, client.ape) if part)
    return Row(
        client=client,
        place=place + ", " if place and client.file_code else place,
        portfolios=", ".join(portfolio.name for portfolio in shown),
        year=_year_line(latest) if latest else None,
        other_years=_other_years(coverage.years[1:]),
        state=_state(client, coverage),
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


def _state(client: Client, coverage: ClientCoverage) -> str:
    if not client.is_active:
        return "inactive"
    if coverage.refused:
        return "import_refused"
    if coverage.running:
        return "importing"
    return "to_check" if coverage.to_check else "active"
