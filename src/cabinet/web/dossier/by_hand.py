"""Giving a figure by hand: the form, and what its page says."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse

from cabinet.dossiers.manual import BadValueError
from cabinet.dossiers.models import IndicatorSnapshot
from cabinet.web.components.controls import NumberField
from cabinet.web.dossier.figures import Shown, show
from cabinet.web.dossier.frame import Head
from cabinet.web.dossier.proofs import proof_field

WRONG = {
    "value": ("value", "Cette valeur n’est pas possible pour ce chiffre."),
    "figure": ("value", "Ce chiffre ne se saisit pas."),
}


class ValueForm(forms.Form):
    """A value, why, and what proves it."""

    value = NumberField(label="Valeur", max_digits=18, decimal_places=2)
    reason = forms.CharField(
        label="Justification",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Elle accompagne le chiffre partout où il paraît.",
    )
    proof = proof_field()

    def __init__(self, *args: Any, unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if unit:
            self.fields["value"].label = f"Valeur, en {unit}"

    def refuse(self, error: BadValueError) -> None:
        """Say what cannot be kept, beside its field."""
        self.add_error(*WRONG[error.code])


@dataclass(frozen=True, slots=True)
class ByHand:
    """Who gave the figure, why, and what the files say."""

    author: str
    given_at: datetime
    reason: str
    computed: Shown
    proof_name: str
    proof_url: str
    restore_url: str


def by_hand(head: Head, snapshot: IndicatorSnapshot) -> ByHand | None:
    """What is said beside a figure given by hand; None for one that the files give."""
    manual = snapshot.manual
    if manual is None or snapshot.computed is None:
        return None
    args = [head.client.id, snapshot.code]
    return ByHand(
        author=manual.author_name,
        given_at=manual.given_at,
        reason=manual.reason,
        computed=show(head.client, snapshot.computed, head.query),
        proof_name=manual.file_name,
        proof_url=reverse("dossier_figure_proof", args=args) + head.query if manual.file_name else "",
        restore_url=reverse("dossier_figure_restore", args=args) + head.query,
    )
