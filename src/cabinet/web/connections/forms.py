"""What is typed to open a connection, tool by tool; and the name typed again before one is deleted."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.http import QueryDict

from cabinet.connectors.catalogue import Tool
from cabinet.connectors.core.port import AccessField
from cabinet.connectors.models import Connection
from cabinet.web.components.controls import DayInput

MAX_SECRET = 4_000


class AccessForm(forms.Form):
    """*Connecter un outil* and *Modifier*. A secret is never drawn again: left empty, the one that is kept stays."""

    name = forms.CharField(
        label="Nom de la connexion",
        max_length=80,
        help_text="Il paraît dans les listes. Utile quand un outil a plusieurs accès.",
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": "Donnez un nom à la connexion."},
    )

    def __init__(self, tool: Tool, data: QueryDict | None = None, connection: Connection | None = None) -> None:
        initial = {"name": connection.name, **connection.options} if connection else {"name": tool.name}
        super().__init__(data, initial=initial)
        self.tool = tool
        for one in tool.fields:
            self.fields[one.name] = _field(one, connection)

    @property
    def typed(self) -> dict[str, str]:
        """What was typed, but the name: texts."""
        return {one.name: _text(self.cleaned_data.get(one.name)) for one in self.tool.fields}


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "").strip()


def _field(one: AccessField, connection: Connection | None) -> forms.Field:
    if one.kind == "date":
        return forms.DateField(label=one.label, required=one.required, help_text=one.help, widget=DayInput())
    kept = connection is not None and one.secret
    field_class = HostField if one.kind == "host" else SignsField
    return field_class(
        label=one.label,
        required=one.required and not kept,
        max_length=MAX_SECRET if one.secret else 200,
        help_text=_kept_words(connection, one) if connection is not None and one.secret else one.help,
        widget=forms.PasswordInput({"autocomplete": "off", "spellcheck": "false"})
        if one.secret
        else forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Ce champ est nécessaire pour ouvrir la connexion."},
    )


def _kept_words(connection: Connection, one: AccessField) -> str:
    last = connection.hints.get(one.name, "")
    which = f" (elle se termine par «\u00a0{last}\u00a0»)" if last else ""
    return f"Laissez vide pour garder la valeur enregistrée{which}."


class SignsField(forms.CharField):
    """A key or a name: nothing but signs that an address or a header can hold."""

    def clean(self, value: Any) -> str:
        text = str(super().clean(value)).strip()
        if text and (not text.isascii() or not text.isprintable()):
            raise forms.ValidationError(
                "Cette valeur contient des signes qu’aucune clé n’a. Recopiez-la sans mise en forme."
            )
        return text


class HostField(SignsField):
    """The address of a server, as its user reads it in a browser: only its host is kept."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return text
        parts = urlsplit(text if "//" in text else f"https://{text}")
        try:
            plain = parts.scheme == "https" and parts.hostname and not parts.username and parts.port in {None, 443}
        except ValueError:
            plain = False
        if not plain:
            raise forms.ValidationError("Donnez l’adresse en https, sans port ni identifiant\u00a0: exemple.odoo.com.")
        return str(parts.hostname)


class ConfirmForm(forms.Form):
    """The name typed again before a deletion."""

    name = forms.CharField(required=False)

    def __init__(self, expected: str, data: QueryDict) -> None:
        super().__init__(data)
        self.expected = expected

    @property
    def error(self) -> str:
        """Why the name is not the right one, empty when it is."""
        typed = str(self.cleaned_data["name"]) if self.is_valid() else ""
        if " ".join(typed.split()).casefold() == " ".join(self.expected.split()).casefold():
            return ""
        return "Ce nom n’est pas celui de la connexion. Recopiez-le tel qu’il est écrit au-dessous du champ."


class LinkForm(forms.Form):
    """Which client a company is: its SIRET, alone or after its name, as the list proposes it; empty for none."""

    client = forms.CharField(required=False, max_length=300)

    @property
    def siret(self) -> str:
        """The SIRET that was typed, empty for none. Raises ValueError for anything else."""
        text = str(self.cleaned_data["client"]) if self.is_valid() else "?"
        digits = "".join(sign for sign in text.rpartition("(")[2] if sign.isdigit())
        if text.strip() and len(digits) != 14:
            raise ValueError
        return digits if text.strip() else ""
