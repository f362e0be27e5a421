"""The firm's own choices."""

import io
from typing import Any

from django import forms
from django.http import HttpRequest

from cabinet.accounts.firm_settings import KEPT_YEARS, Settings
from cabinet.accounts.logos import MAX_BYTES, Logo, LogoProblem, LogoRefused, redraw
from cabinet.accounts.models import Firm
from cabinet.accounts.selectors import managers
from cabinet.web.components.people import people_choices

LOGO_WORDS = {
    LogoProblem.TOO_HEAVY: "Ce fichier dépasse 2 Mo. Enregistrez l’image en plus petit.",
    LogoProblem.NOT_AN_IMAGE: "Ce fichier n’est pas une image PNG, JPEG ou WebP lisible.",
    LogoProblem.TOO_LARGE: "Cette image a trop de pixels. Réduisez-la à 4 000 pixels de côté.",
    LogoProblem.TOO_SMALL: "Cette image est trop petite\u00a0: 32 pixels de côté au moins.",
}
TOO_PALE = "Trop pâle sur du papier blanc\u00a0: contraste de {ratio}, il en faut {least}. Choisissez plus foncé."
NO_COLOUR = "Une couleur s’écrit comme #1b4b66."


class SettingsForm(forms.Form):
    """*Paramètres*."""

    name = forms.CharField(
        label="Nom du cabinet", max_length=120, error_messages={"required": "Donnez le nom du cabinet."}
    )
    logo = forms.FileField(
        label="Logo",
        required=False,
        help_text="PNG, JPEG ou WebP, 2\u00a0Mo au plus. Il est redessiné à 600 pixels au plus.",
        widget=forms.FileInput({"accept": "image/png,image/jpeg,image/webp"}),
        error_messages={"empty": LOGO_WORDS[LogoProblem.NOT_AN_IMAGE]},
    )
    main_colour = forms.CharField(
        label="Couleur principale", help_text="Titres des documents.", widget=forms.TextInput({"type": "color"})
    )
    accent_colour = forms.CharField(
        label="Couleur d’accent", help_text="Filets et graphiques.", widget=forms.TextInput({"type": "color"})
    )
    second_factor_required = forms.BooleanField(
        label="Demander un second facteur à tous les collaborateurs",
        required=False,
        help_text="Qui n’en a pas encore l’installe à sa prochaine page, avant toute autre chose. Vous aussi.",
    )
    default_manager = forms.ChoiceField(
        label="Responsable proposé",
        required=False,
        help_text="Proposé à la création d’un client. Sans choix, c’est la personne qui le crée.",
    )
    originals_kept_years = forms.ChoiceField(
        label="FEC reçus",
        required=False,
        choices=[
            ("", "Gardés jusqu’à ce que vous les retiriez"),
            *((str(years), f"Détruits {years} ans après la fin de l’exercice") for years in KEPT_YEARS),
        ],
        help_text="Seul le fichier reçu est détruit\u00a0: son rapport et les chiffres du dossier restent.",
    )

    def __init__(self, firm: Firm, request: HttpRequest | None = None) -> None:
        initial = {
            "name": firm.name,
            "main_colour": firm.main_colour,
            "accent_colour": firm.accent_colour,
            "second_factor_required": firm.second_factor_required,
            "default_manager": str(firm.default_manager_id or ""),
            "originals_kept_years": str(firm.originals_kept_years or ""),
        }
        given: dict[str, Any] = {"data": request.POST, "files": request.FILES} if request else {}
        super().__init__(**given, initial=initial)
        self.people = {str(person.id): person for person in managers(firm)}
        choices = [("", "La personne qui crée le client"), *people_choices(self.people.values())]
        self.fields["default_manager"].choices = choices  # type: ignore[attr-defined]
        self.drawn_logo: Logo | None = None

    def clean_logo(self) -> None:
        sent = self.cleaned_data["logo"]
        if sent is None:
            return
        try:
            self.drawn_logo = redraw(io.BytesIO(sent.take_clear(MAX_BYTES + 1)), sent.size)
        except LogoRefused as refused:
            raise forms.ValidationError(LOGO_WORDS[refused.problem]) from None

    @property
    def settings(self) -> Settings:
        """What was chosen, once valid."""
        given = self.cleaned_data
        years = given["originals_kept_years"]
        return Settings(
            name=given["name"],
            second_factor_required=given["second_factor_required"],
            default_manager=self.people.get(given["default_manager"]),
            originals_kept_years=int(years) if years else None,
            main_colour=given["main_colour"].lower(),
            accent_colour=given["accent_colour"].lower(),
        )
