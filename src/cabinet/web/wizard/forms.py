"""The fields of the wizard. They draw what a draft holds; the rules are in ``onboarding.checks``."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.utils import ErrorDict

from bocage.referentials.naf import naf_label
from cabinet.accounts.models import Collaborator
from cabinet.onboarding.checks import LIMITS, YearOf
from cabinet.onboarding.steps import CompanyStep, OrganisationStep
from cabinet.portfolios.models import Portfolio
from cabinet.web.components.controls import DayInput
from cabinet.web.components.formats import siret as grouped
from cabinet.web.components.people import people_choices
from cabinet.web.wizard.words import Described


class DraftForm(forms.Form):
    """A form that shows what is kept, with the errors that the checks found; it has no rule of its own."""

    def __init__(self, values: dict[str, Any], errors: Iterable[Described] = (), **options: Any) -> None:
        super().__init__(values, **options)
        self.full_clean()
        for error in errors:
            if error.field in self.fields:
                self.add_error(error.field, error.sentence)

    def full_clean(self) -> None:
        self._errors = ErrorDict(renderer=self.renderer)
        self.cleaned_data: dict[str, Any] = {}


def _text(label: str, name: str, *, help_text: str = "", **attributes: str) -> forms.CharField:
    widget = forms.TextInput({"maxlength": str(LIMITS[name]), "autocomplete": "off", **attributes})
    return forms.CharField(label=label, required=False, help_text=help_text, widget=widget)


class CompanyForm(DraftForm):
    """Step 1."""

    typed = forms.CharField(
        label="Numéro de SIRET",
        required=False,
        help_text="14 chiffres, espaces acceptés. Un SIREN suffit pour voir les établissements.",
        widget=forms.TextInput(
            {"inputmode": "numeric", "autocomplete": "off", "maxlength": "40", "spellcheck": "false"}
        ),
    )
    name = _text("Nom de l’entreprise", "name")
    ape = _text("Code APE", "ape", spellcheck="false")
    idcc = _text("Convention collective", "idcc", help_text="Code IDCC à quatre chiffres.", spellcheck="false")
    street = _text("Numéro et voie", "street")
    postcode = _text("Code postal", "postcode", inputmode="numeric")
    town = _text("Commune", "town")
    country = _text("Pays", "country", help_text="Vide pour la France.")
    create_closed = forms.BooleanField(label="Créer quand même (liquidation, historique)", required=False)
    file_code = _text("Code dossier", "file_code", help_text="Votre propre numéro, unique dans le cabinet.")
    contact_name = _text("Personne de contact", "contact_name")
    contact_email = forms.CharField(
        label="E-mail du contact",
        required=False,
        help_text="Recevra le questionnaire des parties prenantes.",
        widget=forms.EmailInput({"autocomplete": "off", "maxlength": "254"}),
    )

    @classmethod
    def showing(cls, company: CompanyStep, errors: Iterable[Described] = ()) -> "CompanyForm":
        """The step as it is kept."""
        values = {name: getattr(company, name) for name in cls.base_fields}
        form = cls({**values, "typed": grouped(company.siret) if company.siret else company.typed}, errors)
        form.fields["ape"].help_text = naf_label(company.ape) or ""
        return form


class OrganisationForm(DraftForm):
    """Step 2."""

    portfolio_ids = forms.MultipleChoiceField(
        label="Portefeuille(s)", required=False, widget=forms.CheckboxSelectMultiple, choices=[]
    )
    manager_id = forms.ChoiceField(label="Responsable de dossier", choices=[])

    @classmethod
    def showing(
        cls,
        organisation: OrganisationStep,
        errors: Iterable[Described] = (),
        *,
        people: Iterable[Collaborator],
        portfolios: Iterable[Portfolio],
    ) -> "OrganisationForm":
        """The step as it is kept."""
        values = {"manager_id": organisation.manager_id, "portfolio_ids": list(organisation.portfolio_ids)}
        form = cls(values, errors)
        who: Any = form.fields["manager_id"]
        who.choices = [("", "Choisissez un collaborateur"), *people_choices(people)]
        where: Any = form.fields["portfolio_ids"]
        where.choices = [(str(one.id), one.name) for one in portfolios]
        return form


class ManyFiles(forms.ClearableFileInput):
    """A file field that takes several."""

    allow_multiple_selected = True


class FilesForm(forms.Form):
    """The zone of step 3."""

    documents = forms.FileField(label="Déposez les fichiers FEC/DSN", required=False, widget=ManyFiles)


class ReplacementForm(forms.Form):
    """One file in place of another."""

    documents = forms.FileField(label="Nouveau fichier", required=False)


class YearForm(DraftForm):
    """The two dates of one fiscal year."""

    start = forms.CharField(label="Date de début", required=False, widget=DayInput)
    end = forms.CharField(label="Date de fin", required=False, widget=DayInput)

    @classmethod
    def showing(cls, year: YearOf) -> "YearForm":
        """The dates typed, else those of the file."""
        blank = year.typed.blank
        values = {
            f"{year.key}-start": (year.start.isoformat() if year.start else "") if blank else year.typed.start,
            f"{year.key}-end": (year.end.isoformat() if year.end else "") if blank else year.typed.end,
        }
        return cls(values if year.key else {key.lstrip("-"): value for key, value in values.items()}, prefix=year.key)
