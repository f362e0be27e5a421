"""*Mes filtres*: the page where a person names, renames and removes them."""

from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.urls import reverse

from cabinet.accounts.actors import Actor
from cabinet.clients.models import SavedFilter
from cabinet.clients.saved_filters import filters_of
from cabinet.web.clients.asking import read_address

NAME_TAKEN = "Un autre de vos filtres porte ce nom. Choisissez-en un autre."
TOO_MANY = "Vous gardez déjà 50 filtres. Supprimez-en un d’abord."
NOTHING_ON = "Aucun filtre n’est en place : filtrez la liste, puis enregistrez."


class NameForm(forms.Form):
    """The name of a filter."""

    name = forms.CharField(
        label="Nom du filtre",
        max_length=60,
        help_text="Par exemple «\u00a0DSN à réclamer\u00a0».",
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": "Donnez un nom à ce filtre."},
    )


@dataclass(frozen=True, slots=True)
class KeptFilter:
    """A filter kept: where it leads, what it asks for in words, and the form that renames it."""

    saved: SavedFilter
    url: str
    words: str
    form: NameForm


@dataclass(frozen=True, slots=True)
class FilterPage:
    """What the page shows. ``query`` and ``words`` are what the list asks for now, to be kept; empty for nothing."""

    kept: tuple[KeptFilter, ...]
    form: NameForm
    query: str
    words: str

    @property
    def may_save(self) -> bool:
        """Whether something is on that can be kept."""
        return bool(self.query)


def build_filters(
    actor: Actor,
    address: QueryDict,
    *,
    form: NameForm | None = None,
    renamed: tuple[SavedFilter, NameForm] | None = None,
) -> FilterPage:
    """The page; ``form`` and ``renamed`` are what was just refused."""
    asked = read_address(actor, address)
    kept = []
    for saved in filters_of(actor):
        own = renamed[1] if renamed and renamed[0].id == saved.id else None
        naming = own or NameForm(initial={"name": saved.name}, prefix=None, auto_id=f"{saved.id}_%s")
        words = asked.words_of(saved.query) or "Tous les clients suivis"
        kept.append(KeptFilter(saved, f"{reverse('client_list')}?{saved.query}", words, naming))
    return FilterPage(tuple(kept), form or NameForm(), asked.query, asked.words)
