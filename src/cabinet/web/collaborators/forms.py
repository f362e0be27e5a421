"""A person's form, and the form of a departure."""

from django import forms
from django.http import QueryDict

from cabinet.accounts.actors import Actor
from cabinet.accounts.authority import may_give
from cabinet.accounts.models import Collaborator, Group, Position
from cabinet.accounts.selectors import groups_of
from cabinet.accounts.services import Person
from cabinet.portfolios.models import Portfolio
from cabinet.portfolios.selectors import manageable_portfolios
from cabinet.web.components.people import people_choices
from cabinet.web.components.picking import SearchedForm

INCOMPLETE = "Cette adresse n’est pas complète\u00a0: elle s’écrit nom@domaine.fr."


class CollaboratorForm(SearchedForm, forms.Form):
    """*Nouveau collaborateur* and *Modifier*. Only groups and portfolios that the actor may give are offered."""

    first_name = forms.CharField(label="Prénom", max_length=80, error_messages={"required": "Saisissez le prénom."})
    last_name = forms.CharField(label="Nom", max_length=80, error_messages={"required": "Saisissez le nom."})
    email = forms.EmailField(
        label="E-mail",
        max_length=254,
        error_messages={"required": "Saisissez l’adresse e-mail.", "invalid": INCOMPLETE},
    )
    position = forms.ChoiceField(label="Poste", choices=Position.choices, initial=Position.ACCOUNTANT)
    is_director = forms.BooleanField(label="Dirigeant(e) du cabinet", required=False)
    group = forms.ChoiceField(
        label="Groupe",
        help_text="Il dit ce que la personne peut faire.",
        error_messages={"required": "Choisissez un groupe."},
    )
    portfolios = forms.MultipleChoiceField(
        label="Portefeuille(s)",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ils disent quels dossiers elle voit, sauf si son groupe les voit tous.",
    )
    login = forms.BooleanField(label="Créer un compte permettant de se connecter", required=False)

    def __init__(self, actor: Actor, data: QueryDict | None = None, person: Collaborator | None = None) -> None:
        super().__init__(data, initial=_initial(person))
        held = person.group_id if person else None
        self.groups: dict[str, Group] = {
            str(group.id): group for group in groups_of(actor.firm) if may_give(actor.codes, group) or group.id == held
        }
        self.offered: dict[str, Portfolio] = {str(one.id): one for one in manageable_portfolios(actor)}
        choices: list[tuple[str, str]] = [(key, group.name) for key, group in self.groups.items()]
        self.fields["group"].choices = choices if person else [("", "Choisir un groupe"), *choices]  # type: ignore[attr-defined]
        self.fields["portfolios"].choices = [(key, one.name) for key, one in self.offered.items()]  # type: ignore[attr-defined]
        if person is not None and (person.user is not None or not person.is_active):
            del self.fields["login"]

    @property
    def person(self) -> Person:
        """Who was described, once valid."""
        given = self.cleaned_data
        return Person(
            first_name=given["first_name"],
            last_name=given["last_name"],
            email=given["email"],
            position=Position(given["position"]),
            is_director=given["is_director"],
        )

    @property
    def chosen_group(self) -> Group:
        """The group, once valid."""
        return self.groups[self.cleaned_data["group"]]

    @property
    def chosen_portfolios(self) -> list[Portfolio]:
        """The portfolios, once valid."""
        return [self.offered[key] for key in self.cleaned_data["portfolios"]]

    @property
    def offers_login(self) -> bool:
        """Whether the person has none yet."""
        return "login" in self.fields

    @property
    def wants_login(self) -> bool:
        """Whether the box was ticked."""
        return bool(self.cleaned_data.get("login"))


def _initial(person: Collaborator | None) -> dict[str, object]:
    if person is None:
        return {"login": True}
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email,
        "position": person.position,
        "is_director": person.is_director,
        "group": str(person.group_id),
        "portfolios": [str(one.id) for one in person.portfolios.all()],
    }


class DepartureForm(SearchedForm, forms.Form):
    """Who takes over, and for a deletion the name typed again."""

    successor = forms.ChoiceField(
        label="Qui reprend",
        widget=forms.RadioSelect,
        required=False,
        help_text="Cette personne devient responsable des dossiers et des missions ci-dessus.",
    )
    name = forms.CharField(required=False)

    def __init__(self, people: list[Collaborator], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.people = {str(person.id): person for person in people}
        self.fields["successor"].choices = people_choices(people)  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Collaborator | None:
        """Who was chosen; None for nobody."""
        return self.people.get(self.cleaned_data.get("successor") or "")

    def names(self, person: Collaborator) -> bool:
        """Whether the name typed is the person's."""
        typed = str(self.cleaned_data.get("name") or "")
        return " ".join(typed.split()).casefold() == " ".join(person.full_name.split()).casefold()
