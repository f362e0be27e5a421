"""A group's name and permissions, and the word to type before it is deleted."""

from collections.abc import Collection

from django import forms
from django.http import QueryDict

from cabinet.accounts.actors import Actor
from cabinet.accounts.authority import may_give
from cabinet.accounts.models import Group
from cabinet.accounts.permissions import PERMISSIONS
from cabinet.accounts.selectors import groups_of

SHOWN: dict[str, str] = {one.code: one.label for one in PERMISSIONS if one.shown}
"""What exists already; a permission of a feature to come is not offered, and a group that holds it keeps it."""


class GroupForm(forms.Form):
    """*Nouveau groupe* and *Modifier*. A permission that the actor does not hold stays as it is."""

    name = forms.CharField(
        label="Nom",
        max_length=80,
        help_text="Par exemple «\u00a0Collaborateur paye\u00a0» ou «\u00a0Assistante de direction\u00a0».",
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": "Donnez un nom au groupe."},
    )

    def __init__(self, actor: Actor, data: QueryDict | None = None, group: Group | None = None) -> None:
        super().__init__(data, initial={"name": group.name} if group else {})
        self.given: frozenset[str] = group.held if group else frozenset()
        self.mine = actor.codes
        if group is not None and group.is_protected:
            self.fields["name"].disabled = True
            self.fields["name"].help_text = "Le nom des trois groupes d’origine ne change pas."

    @property
    def checked(self) -> Collection[str]:
        """The boxes that are ticked on the page."""
        return self.wanted if self.is_bound else self.given

    @property
    def wanted(self) -> frozenset[str]:
        """Every permission of the group once saved: what was ticked among what may be, and what cannot be changed here.

        The page offers nothing else, so that anything else sent was forged, and is left out.
        """
        ticked = set(self.data.getlist("codes")) if isinstance(self.data, QueryDict) else set()
        open_here = frozenset(SHOWN) & self.mine
        return frozenset(ticked & open_here) | (self.given - open_here)


class GroupDeletionForm(forms.Form):
    """Where its people go, and its name typed again."""

    move_to = forms.ChoiceField(label="Nouveau groupe de ses collaborateurs", required=False)
    name = forms.CharField(required=False)

    def __init__(self, actor: Actor, group: Group, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.others = {
            str(one.id): one for one in groups_of(actor.firm) if one.id != group.id and may_give(actor.codes, one)
        }
        choices = [("", "Choisir un groupe"), *((key, one.name) for key, one in self.others.items())]
        self.fields["move_to"].choices = choices  # type: ignore[attr-defined]
        self.expected = group.name

    @property
    def target(self) -> Group | None:
        """The group chosen."""
        return self.others.get(self.cleaned_data.get("move_to") or "")

    @property
    def is_named(self) -> bool:
        """Whether the name typed is the group's."""
        typed = str(self.cleaned_data.get("name") or "")
        return " ".join(typed.split()).casefold() == " ".join(self.expected.split()).casefold()
