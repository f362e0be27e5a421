"""Every field of a client, as a person edits them."""

from typing import Any

from django import forms
from django.http import QueryDict

from bocage.identifiers import Naf, check_number
from bocage.referentials.sirene import legal_forms, size_bands
from bocage.wording import key_sentence
from cabinet.accounts.actors import Actor
from cabinet.accounts.selectors import managers
from cabinet.clients.details import CompanyDetails, Organisation
from cabinet.clients.models import Client
from cabinet.portfolios.access import usable_portfolios
from cabinet.web.components.controls import DayInput
from cabinet.web.components.formats import siret as grouped
from cabinet.web.components.people import people_choices
from cabinet.web.components.picking import SearchedForm

HEAD_OFFICE = (("", "Inconnu"), ("True", "Oui"), ("False", "Non"))


def _text(label: str, limit: int, *, required: bool = False, help_text: str = "", **attributes: str) -> forms.CharField:
    widget = forms.TextInput({"autocomplete": "off", **attributes})
    missing = {"required": "Ce champ est nécessaire."}
    return forms.CharField(
        label=label, max_length=limit, required=required, help_text=help_text, widget=widget, error_messages=missing
    )


def _choice(label: str, choices: dict[str, str]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", "Inconnue"), *choices.items()])


class ClientForm(SearchedForm, forms.Form):
    """*Modifier*."""

    siret = _text("Numéro de SIRET", 40, required=True, inputmode="numeric", spellcheck="false")
    name = _text("Nom de l’entreprise", 200, required=True)
    ape = _text("Code APE", 7, help_text="NAF rév. 2.", spellcheck="false")
    ape_2025 = _text("Code APE en NAF 2025", 7, help_text="Celui qui vaudra seul en 2027.", spellcheck="false")
    legal_form = _choice("Forme juridique", {})
    is_head_office = forms.ChoiceField(label="Siège social", required=False, choices=HEAD_OFFICE)
    opened_on = forms.DateField(label="Date de création", required=False, widget=DayInput)
    closed_on = forms.DateField(label="Date de fermeture", required=False, widget=DayInput)
    size_band = _choice("Tranche d’effectif", {})
    idcc = _text("Convention collective", 60, help_text="Code IDCC à quatre chiffres.", spellcheck="false")
    street = _text("Numéro et voie", 200)
    postcode = _text("Code postal", 10, inputmode="numeric")
    town = _text("Commune", 100)
    country = _text("Pays", 80, help_text="Vide pour la France.")
    manager = forms.ChoiceField(label="Responsable de dossier")
    portfolios = forms.MultipleChoiceField(label="Portefeuille(s)", required=False, widget=forms.CheckboxSelectMultiple)
    file_code = _text("Code dossier", 30, help_text="Votre propre numéro, unique dans le cabinet.")
    contact_name = _text("Personne de contact", 120)
    contact_email = forms.EmailField(
        label="E-mail du contact",
        required=False,
        max_length=254,
        help_text="Reçoit le questionnaire des parties prenantes.",
        widget=forms.EmailInput({"autocomplete": "off"}),
        error_messages={"invalid": "Une adresse s’écrit nom@domaine.fr\u00a0: vérifiez celle-ci."},
    )

    def __init__(
        self, actor: Actor, client: Client, data: QueryDict | None = None, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=_held(client) if initial is None else initial)
        self.client = client
        self._offer("legal_form", [("", "Inconnue"), *legal_forms().items()])
        self._offer("size_band", [("", "Inconnue"), *size_bands().items()])
        people = dict(people_choices(managers(actor.firm)))
        # Whoever has left stays in charge until the dossier is handed over.
        people.setdefault(str(client.manager_id), f"{client.manager.full_name}, parti(e) du cabinet")
        self._offer("manager", list(people.items()))
        self._offer("portfolios", [(str(one.id), one.name) for one in usable_portfolios(actor)])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @classmethod
    def keeping(cls, actor: Actor, client: Client, posted: QueryDict, instead: dict[str, Any]) -> "ClientForm":
        """What was typed, not judged yet, with some values taken from elsewhere."""
        typed: dict[str, Any] = {name: posted.get(name, "") for name in cls.base_fields}
        return cls(actor, client, initial=typed | {"portfolios": posted.getlist("portfolios")} | instead)

    def clean_siret(self) -> str:
        check = check_number(self.cleaned_data["siret"], expected="siret")
        if not check.valid:
            said = key_sentence(check)
            raise forms.ValidationError(f"{said.message} {said.remedy}".strip())
        return check.digits

    def clean_ape(self) -> str:
        return self._activity("ape")

    def clean_ape_2025(self) -> str:
        return self._activity("ape_2025")

    def _activity(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        code = Naf.parse(text) if text else ""
        if code is None:
            raise forms.ValidationError("Un code APE s’écrit en quatre chiffres et une lettre, par exemple 10.72Z.")
        return code

    def clean_is_head_office(self) -> bool | None:
        return {"True": True, "False": False}.get(self.cleaned_data["is_head_office"])

    def details(self, **registry: Any) -> CompanyDetails:
        """The company, once valid; ``registry`` says where it comes from."""
        names = CompanyDetails.__dataclass_fields__
        values = {name: value for name, value in self.cleaned_data.items() if name in names}
        return CompanyDetails(**values, **registry)

    def organisation(self) -> Organisation:
        """What the firm adds, once valid."""
        given = self.cleaned_data
        return Organisation(
            manager_id=given["manager"],
            portfolio_ids=tuple(given["portfolios"]),
            file_code=given["file_code"],
            contact_name=given["contact_name"],
            contact_email=given["contact_email"],
        )


def _held(client: Client) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(client, name, "") for name in ClientForm.base_fields}
    head_office = "" if client.is_head_office is None else str(client.is_head_office)
    return values | {
        "siret": grouped(client.siret),
        "is_head_office": head_office,
        "manager": str(client.manager_id),
        "portfolios": [str(one) for one in client.portfolios.values_list("id", flat=True)],
    }
