"""A portfolio's name and who runs it; and the word to type before it is deleted."""

from collections.abc import Iterable
from uuid import UUID

from django import forms
from django.http import QueryDict

from cabinet.accounts.actors import Actor
from cabinet.accounts.models import Collaborator
from cabinet.accounts.selectors import managers
from cabinet.portfolios.models import Portfolio
from cabinet.web.components.people import people_choices
from cabinet.web.components.picking import SearchedForm

NAME_TAKEN = "Un autre portefeuille du cabinet porte ce nom. Choisissez-en un autre."
PERSON_GONE = "L’une de ces personnes n’est plus active dans le cabinet. Vérifiez la liste."


class PortfolioForm(SearchedForm, forms.Form):
    """*Nouveau portefeuille* and *Modifier*."""

    name = forms.CharField(
        label="Nom",
        max_length=80,
        help_text="Par exemple «\u00a0Agroalimentaire\u00a0» ou «\u00a0Mayenne Nord\u00a0».",
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": "Donnez un nom au portefeuille."},
    )
    responsables = forms.MultipleChoiceField(
        label="Responsables",
        widget=forms.CheckboxSelectMultiple,
        help_text="Ils voient ses dossiers, y ajoutent et en retirent des clients et des collaborateurs.",
        error_messages={"required": "Choisissez au moins une personne."},
    )

    def __init__(self, actor: Actor, data: QueryDict | None = None, portfolio: Portfolio | None = None) -> None:
        held = list(portfolio.responsables.all()) if portfolio else []
        initial = {"name": portfolio.name, "responsables": [str(one.id) for one in held]} if portfolio else {}
        super().__init__(data, initial=initial)
        self.people = {str(one.id): one for one in _offered(actor, held)}
        self.fields["responsables"].choices = people_choices(self.people.values())  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[Collaborator]:
        """The responsables, once valid."""
        return [self.people[key] for key in self.cleaned_data["responsables"]]


def _offered(actor: Actor, held: Iterable[Collaborator]) -> list[Collaborator]:
    """Who can sign in; somebody who left is not offered again."""
    active = list(managers(actor.firm))
    return active + [person for person in held if person not in active and person.is_active]


class ChosenForm(forms.Form):
    """The client or the person whose button was pressed."""

    id = forms.UUIDField()

    @classmethod
    def chosen(cls, data: QueryDict) -> UUID | None:
        """The id, None when it is not one."""
        form = cls(data)
        return form.cleaned_data["id"] if form.is_valid() else None


class ConfirmForm(forms.Form):
    """The name typed again before a deletion."""

    name = forms.CharField(required=False)

    def __init__(self, expected: str, data: QueryDict) -> None:
        super().__init__(data)
        self.expected = expected

    def clean_name(self) -> str:
        typed: str = self.cleaned_data["name"]
        if " ".join(typed.split()).casefold() != " ".join(self.expected.split()).casefold():
            raise forms.ValidationError(
                "Ce nom n’est pas celui du portefeuille. Recopiez-le tel qu’il est écrit au-dessous du champ."
            )
        return typed

    @property
    def error(self) -> str:
        """Why the name was refused, empty when it was not."""
        return str(next(iter(self.errors.get("name", [])), ""))
