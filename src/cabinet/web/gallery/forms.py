"""A form of every kind of field, in its states."""

from django import forms

from cabinet.web.components.controls import DayInput, FilesField, FilesInput

PORTFOLIOS = [("agro", "Agroalimentaire"), ("btp", "Artisanat et BTP"), ("commerces", "Commerces"), ("sante", "Santé")]
PEOPLE = [
    (str(rank), name)
    for rank, name in enumerate(
        [
            "Inès Benamara",
            "Claire Dubreuil",
            "Solène Hautbois",
            "Thomas Lavergne",
            "Mathis Le Goff",
            "Nadia Perrin",
            "Jonas Quéméner",
            "Élise Rambaud",
            "Hugo Vasseur",
        ]
    )
]
MISSING_DIGIT = "Il manque 1 chiffre\u00a0: 13 saisis, 14 attendus."


class SampleForm(forms.Form):
    """Bound in the gallery, so that errors show."""

    file_code = forms.CharField(
        label="Code dossier", required=False, help_text="Votre propre numéro, unique dans le cabinet."
    )
    siret = forms.CharField(label="Numéro de SIRET", help_text="14 chiffres, espaces acceptés.")
    street = forms.CharField(label="Adresse postale")
    amount = forms.DecimalField(label="Montant hors taxes", required=False)
    search = forms.CharField(label="Chercher", required=False)
    tool = forms.ChoiceField(label="Outil de paye", required=False, choices=[("", "Aucun"), ("silae", "Silae")])
    start = forms.DateField(label="Date de début", widget=DayInput)
    end = forms.DateField(label="Date de fin", widget=DayInput)
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    locked = forms.CharField(label="Identifiant client", disabled=True, initial="hautbois-prod-01")
    login = forms.BooleanField(label="Créer un compte permettant de se connecter", required=False)
    kind = forms.ChoiceField(
        label="Type de mission",
        widget=forms.RadioSelect,
        choices=[("carbon", "Bilan carbone"), ("vsme", "Rapport VSME"), ("csr", "Diagnostic RSE")],
    )
    portfolios = forms.MultipleChoiceField(
        label="Portefeuilles", required=False, widget=forms.CheckboxSelectMultiple, choices=PORTFOLIOS
    )
    manager = forms.ChoiceField(
        label="Responsable de dossier",
        widget=forms.RadioSelect,
        choices=PEOPLE,
        help_text="Collaborateurs actifs du cabinet.",
    )
    documents = FilesField(
        label="Fichiers", required=False, widget=FilesInput(attrs={"accept": ".txt,.xml,.xlsx,.zip"})
    )

    def clean_siret(self) -> str:
        raise forms.ValidationError(MISSING_DIGIT)
