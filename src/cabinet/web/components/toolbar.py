"""The toolbar of a list: a search, filters, a state, all in the page's address. Clients and collaborators share it."""

from django import forms
from django.http import QueryDict

from cabinet.web.components.formats import NBSP
from cabinet.web.components.parts import Chip

STATES = {"": "actifs", "desactives": "désactivés", "tous": "tous"}
_ACTIVE = {"": True, "desactives": False, "tous": None}


class ToolbarForm(forms.Form):
    """``q`` is what is searched, ``etat`` the state. A value that is no choice is left out, as if not asked for."""

    q = forms.CharField(required=False, max_length=100)
    etat = forms.ChoiceField(
        label="État", required=False, choices=[(key, f"État{NBSP}: {label}") for key, label in STATES.items()]
    )

    def offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        """What a filter can be; its first choice bears its name and keeps everything."""
        field = self.fields[name]
        field.choices = [("", str(field.label)), *choices]  # type: ignore[attr-defined]

    def value(self, name: str) -> str:
        """What was asked for, when it makes sense."""
        return str(self.cleaned_data.get(name) or "")

    def word(self, name: str) -> str:
        """The French of the choice made."""
        choices: list[tuple[str, str]] = self.fields[name].choices  # type: ignore[attr-defined]
        return dict(choices)[self.value(name)]

    @property
    def active(self) -> bool | None:
        """Active rows, deactivated ones, or None for both."""
        return _ACTIVE[self.value("etat")]

    @property
    def asked_for(self) -> dict[str, str]:
        """Field → French of what narrows the list, in the order of the toolbar."""
        found = {"q": f"«{NBSP}{self.value('q')}{NBSP}»"} if self.value("q") else {}
        for name in self.fields:
            if name == "etat" and self.value(name):
                found[name] = self.word(name)
            elif name != "q" and self.value(name):
                found[name] = f"{self.fields[name].label}{NBSP}: {self.word(name)}"
        return found

    def chips(self, asked: QueryDict) -> tuple[Chip, ...]:
        """What is on, each with the address of the list without it."""
        return tuple(Chip(label, _without(asked, name)) for name, label in self.asked_for.items())


def _without(asked: QueryDict, name: str) -> str:
    kept = asked.copy()
    for gone in (name, "page"):
        kept.pop(gone, None)
    return f"?{kept.urlencode()}"
