"""The journal of the firm as its address asks for it: person, dossier, kind, dates, words."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from cabinet.accounts.actors import Actor
from cabinet.accounts.selectors import everybody
from cabinet.audit.models import LogEntry
from cabinet.audit.selectors import KINDS, EntryFilter, entries_of_firm, filter_entries
from cabinet.clients.access import visible_clients
from cabinet.clients.selectors import matching
from cabinet.web.components.formats import NBSP, day
from cabinet.web.components.parts import Chip
from cabinet.web.journal.entries import LinePage, page_of, page_with_words

FILTERS = ("q", "dossier", "qui", "sorte", "du", "au")
MOST_DOSSIERS = 200
"""A word that names more dossiers than that narrows nothing: the first ones are kept."""


class FilterForm(forms.Form):
    """The toolbar. A value that makes no sense is left out, as if it had not been asked for."""

    q = forms.CharField(label="Personne ou objet", required=False, max_length=100)
    dossier = forms.CharField(label="Dossier", required=False, max_length=100)
    qui = forms.ChoiceField(label="Par qui", required=False)
    sorte = forms.ChoiceField(label="Sorte", required=False)
    du = forms.DateField(required=False)
    au = forms.DateField(required=False)

    def __init__(self, actor: Actor, data: QueryDict) -> None:
        super().__init__(data)
        people = [(str(one.id), f"{one.last_name} {one.first_name}".strip()) for one in everybody(actor.firm)]
        kinds = [(kind, label) for kind, (label, _actions) in KINDS.items()]
        for name, choices in {"qui": people, "sorte": kinds}.items():
            field = self.fields[name]
            field.choices = [("", str(field.label)), *choices]  # type: ignore[attr-defined]
        self.is_valid()

    def text(self, name: str) -> str:
        """What was asked for, when it makes sense."""
        return str(self.cleaned_data.get(name) or "")

    def date(self, name: str) -> date | None:
        """The day that was asked for."""
        found: date | None = self.cleaned_data.get(name)
        return found

    def word(self, name: str) -> str:
        """The filter, as a chip says it; empty when it is not set."""
        value = self.text(name)
        if not value:
            return ""
        if name in {"du", "au"}:
            return f"{name} {day(self.cleaned_data[name])}"
        if name in {"qui", "sorte"}:
            choices: list[tuple[str, str]] = self.fields[name].choices  # type: ignore[attr-defined]
            return dict(choices)[value]
        said = f"«{NBSP}{value}{NBSP}»"
        return f"Dossier{NBSP}: {said}" if name == "dossier" else said


@dataclass(frozen=True, slots=True)
class Journal:
    """What the page shows."""

    form: FilterForm
    page: LinePage
    chips: tuple[Chip, ...]
    export_query: str

    @property
    def filters_on(self) -> int:
        """How many narrow the list."""
        return len(self.chips)


def asked_entries(actor: Actor, form: FilterForm) -> QuerySet[LogEntry]:
    """The lines that the filters keep, latest first; the words are another matter, see :func:`with_words`."""
    clients = None
    if dossier := form.text("dossier"):
        found = visible_clients(actor).filter(matching(dossier)).order_by("search_name", "id")
        clients = list(found.values_list("id", flat=True)[:MOST_DOSSIERS])
    until = form.date("au")
    kept = EntryFilter(
        actor_id=UUID(form.text("qui")) if form.text("qui") else None,
        kind=form.text("sorte"),
        client_ids=clients,
        since=_midnight(form.date("du")),
        until=_midnight(until + timedelta(days=1) if until and until < date.max else until),
    )
    return filter_entries(entries_of_firm(actor.firm.id), kept)


def _midnight(at: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(at, time.min)) if at and at.year > 1 else None


def build_journal(actor: Actor, asked: QueryDict) -> Journal:
    """The page that an address asks for."""
    form = FilterForm(actor, asked)
    set_here = [name for name in FILTERS if form.text(name)]
    kept = QueryDict(mutable=True)
    for name in set_here:
        kept[name] = asked.get(name, "")
    entries, words = asked_entries(actor, form), form.text("q").strip()
    return Journal(
        form=form,
        page=page_with_words(entries, words, asked, actor) if words else page_of(entries, asked, actor),
        chips=tuple(Chip(form.word(name), _without(kept, name)) for name in set_here),
        export_query=f"?{kept.urlencode()}" if set_here else "",
    )


def _without(kept: QueryDict, name: str) -> str:
    rest = kept.copy()
    rest.pop(name)
    return f"?{rest.urlencode()}"
