"""A list of choices too long to draw whole: what is ticked, then what a search finds among the others.

``{% picker form.people %}`` draws it and searches as one types: it asks the page again with what is ticked and what is
typed, and keeps the list of the answer. Without JavaScript the button *Chercher* sends the form itself; a form of
:class:`SearchedForm` is then drawn again as it was typed, and nothing is judged or saved.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import HttpRequest

from cabinet.accounts.names import fold

SEARCH = "chercher"
"""The name of the button, and before the name of a field that of its text."""
LONG, SHOWN = 8, 30
"""From how many choices on there is a search, and how many that are not ticked are drawn at once."""


class SearchedForm(forms.BaseForm):
    """A form whose lists may be searched on the server."""

    @property
    def is_searching(self) -> bool:
        """Whether the form came for a search, not to be saved."""
        return SEARCH in self.data

    def full_clean(self) -> None:
        if not self.is_searching:
            super().full_clean()
            return
        self._errors = ErrorDict(renderer=self.renderer)
        self.cleaned_data: dict[str, Any] = {}

    def is_valid(self) -> bool:
        return super().is_valid() and not self.is_searching


@dataclass(frozen=True, slots=True)
class Picked:
    """What is drawn of a list. ``found``: whether the text finds any, ticked or not; ``more``: those left out."""

    options: tuple[Any, ...]
    text: str
    found: bool
    more: int


def pick(name: str, options: Sequence[Any], request: HttpRequest | None) -> Picked:
    """The ticked ones, then the first of those that hold every word typed, accents and case aside."""
    asked = request.GET if request else {}
    key = f"{SEARCH}-{name}"
    if request is not None and request.method == "POST":
        asked = request.POST
    elif key in asked:  # the page asked again while one types: what is ticked is in the address
        _tick(options, set(request.GET.getlist(name)) if request else set())
    text = " ".join(str(asked.get(key, "")).split())[:100]
    words = fold(text).split()
    ticked = [one for one in options if one.data["selected"]]
    found = [one for one in options if not one.data["selected"] and _holds(one, words)]
    any_found = bool(found) or any(_holds(one, words) for one in ticked)
    return Picked((*ticked, *found[:SHOWN]), text, any_found, len(found) - len(found[:SHOWN]))


def _holds(option: Any, words: Sequence[str]) -> bool:
    label = fold(str(option.choice_label))
    return all(word in label for word in words)


def _tick(options: Sequence[Any], values: set[str]) -> None:
    for option in options:
        data = option.data
        data["selected"] = str(data["value"]) in values
        data["attrs"].pop("checked", None)
        if data["selected"]:
            data["attrs"]["checked"] = True
