"""Answering one data point."""

from typing import Any

from django import forms
from django.http import QueryDict

from bocage.referentials.vsme import Datapoint, members
from bocage.vsme import BadAnswer, read_value
from bocage.wording import sentence
from cabinet.vsme.models import Kind, PointAnswer
from cabinet.vsme.services import Said
from cabinet.web.dossier.proofs import proof_field

_UNITS = {
    "EUR": "euros",
    "m3": "m³",
    "tCO2e": "tonnes de CO2e",
    "tCO2e/EUR": "tonnes de CO2e par euro",
    "kg|t": "tonnes",
    "ha|sqkm": "hectares",
}
LONG = {"textBlock", "enumerationSet", "string"}


class AnswerForm(forms.Form):
    """What somebody says of a data point, and why."""

    kind = forms.ChoiceField(label="Que dites-vous ?", choices=Kind.choices, initial=Kind.ANSWERED)
    value = forms.CharField(label="Réponse", required=False, max_length=10_000)
    reason = forms.CharField(
        label="Raison ou source",
        max_length=2_000,
        help_text="D’où vient cette réponse : un document, une personne, une date.",
        error_messages={"required": "Dites d’où vient cette réponse."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    proof = proof_field()

    def __init__(
        self,
        sent: QueryDict | None,
        files: Any = None,
        *,
        point: Datapoint,
        kept: PointAnswer | None,
    ) -> None:
        super().__init__(sent, files)
        self.initial = {"kind": kept.kind, "value": kept.value, "reason": kept.reason} if kept else {}
        self._point = point
        self.fields["value"] = self._value_field()

    def _value_field(self) -> forms.Field:
        point, text = self._point, self.fields["value"]
        choices = list(members(point.concept).items()) if point.type == "enumeration" else []
        if point.type == "boolean":
            choices = [("oui", "Oui"), ("non", "Non")]
        if choices:
            return forms.ChoiceField(label="Réponse", required=False, choices=[("", "Choisir"), *choices])
        if point.type in LONG:
            text.widget = forms.Textarea(attrs={"rows": 4})
        elif point.type == "percent":
            text.help_text = "Avec son signe : 4,2\u00a0%, ou en fraction : 0,042."
        elif point.unit and point.unit != "pure":
            text.help_text = f"En {_UNITS.get(point.unit, point.unit)}."
        return text

    def clean(self) -> dict[str, Any]:
        """The value fits the data point."""
        data = super().clean() or {}
        if data.get("kind") == Kind.ANSWERED:
            try:
                read_value(self._point, data.get("value") or "")
            except BadAnswer as error:
                self.add_error("value", sentence("vsme", f"bad/{error.code}").message)
        return data

    def said(self) -> Said:
        """What the service takes, once the form is valid."""
        data = self.cleaned_data
        return Said(Kind(data["kind"]), data["value"], data["reason"])


_UNITS = {
    "EUR": "euros",
    "m3": "m³",
    "tCO2e": "tonnes de CO2e",
    "tCO2e/EUR": "tonnes de CO2e par euro",
    "kg|t": "tonnes",
}
