"""The list of collaborators: what was asked for in its address, and what it shows."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.core.paginator import Page, Paginator
from django.http import QueryDict

from cabinet.accounts.actors import Actor
from cabinet.accounts.authority import may_manage_person
from cabinet.accounts.models import Collaborator, Position
from cabinet.accounts.permissions import CODES
from cabinet.accounts.selectors import (
    PeopleCounts,
    PeopleFilter,
    count_people,
    filter_people,
    groups_of,
    people_of,
    sort_people,
)
from cabinet.portfolios.access import visible_portfolios
from cabinet.portfolios.selectors import in_portfolio, with_portfolios
from cabinet.web.collaborators.access_words import AccessWord, access_word
from cabinet.web.components.formats import NBSP, plural
from cabinet.web.components.parts import Chip
from cabinet.web.components.toolbar import ToolbarForm

PAGE_SIZE = 25
SORTS = {"nom": "name", "poste": "position", "groupe": "group", "email": "email"}
ACCESSES = {"open": "Se connectent", "waiting": "Invités", "none": "Sans accès"}


class FilterForm(ToolbarForm):
    """The toolbar of the collaborators."""

    q = forms.CharField(label="Nom ou e-mail", required=False, max_length=100)
    groupe = forms.ChoiceField(label="Groupe", required=False)
    poste = forms.ChoiceField(label="Poste", required=False)
    portefeuille = forms.ChoiceField(label="Portefeuille", required=False)
    acces = forms.ChoiceField(label="Accès", required=False)
    field_order = ("q", "groupe", "poste", "portefeuille", "acces", "etat")

    def __init__(self, actor: Actor, data: QueryDict) -> None:
        super().__init__(data)
        self.offer("groupe", [(str(one.id), one.name) for one in groups_of(actor.firm)])
        self.offer("poste", [(str(code), str(label)) for code, label in Position.choices])
        self.offer("portefeuille", [(str(one.id), one.name) for one in visible_portfolios(actor)])
        self.offer("acces", list(ACCESSES.items()))
        self.is_valid()


@dataclass(frozen=True, slots=True)
class Row:
    """A person of the list, and what may be done with them from there."""

    person: Collaborator
    portfolios: str
    access: AccessWord
    can_change: bool
    can_invite: bool


@dataclass(frozen=True, slots=True)
class CollaboratorList:
    """What the page shows."""

    form: FilterForm
    page: Page[Collaborator]
    rows: tuple[Row, ...]
    chips: tuple[Chip, ...]
    counts: PeopleCounts
    sort: str
    can_administer: bool

    @property
    def subtitle(self) -> str:
        """``12 collaborateurs, dont 2 invités, 1 désactivé``."""
        parts = [plural(self.counts.active, "collaborateur")]
        if self.counts.waiting:
            parts.append(f"dont {plural(self.counts.waiting, 'invité')}")
        if self.counts.inactive:
            parts.append(plural(self.counts.inactive, "désactivé"))
        return ", ".join(parts)

    @property
    def filters_on(self) -> int:
        """How many narrow the list."""
        return len(self.chips)

    @property
    def nothing_found(self) -> str:
        """Why the search is empty."""
        return f"«{NBSP}{self.form.value('q')}{NBSP}» ne figure dans aucun nom ni aucune adresse."


def build_list(actor: Actor, asked: QueryDict) -> CollaboratorList:
    """The page that an address asks for."""
    form = FilterForm(actor, asked)
    sort = asked.get("tri", "")
    sort = sort if sort.removeprefix("-") in SORTS else "nom"
    people = filter_people(people_of(actor.firm), _filter(form))
    if portfolio := form.value("portefeuille"):
        people = in_portfolio(people, UUID(portfolio))
    sign = "-" if sort.startswith("-") else ""
    ordered = with_portfolios(sort_people(people, sign + SORTS[sort.removeprefix("-")]), actor)
    page = Paginator(ordered, PAGE_SIZE).get_page(asked.get("page"))
    return CollaboratorList(
        form=form,
        page=page,
        rows=tuple(_row(actor, person) for person in page.object_list),
        chips=form.chips(asked),
        counts=count_people(actor.firm),
        sort=sort,
        can_administer=actor.codes == CODES,
    )


def _filter(form: FilterForm) -> PeopleFilter:
    group = form.value("groupe")
    return PeopleFilter(
        text=form.value("q"),
        group_id=UUID(group) if group else None,
        position=form.value("poste"),
        access=form.value("acces"),
        active=form.active,
    )


def _row(actor: Actor, person: Collaborator) -> Row:
    run, member = person.shown_portfolios_run, person.shown_portfolios  # type: ignore[attr-defined]  # set by the prefetch
    names = sorted({portfolio.name for portfolio in [*run, *member]}, key=str.casefold)
    word = access_word(person)
    can_change = may_manage_person(actor.codes, person)
    return Row(person, ", ".join(names), word, can_change, can_change and word.can_invite)
