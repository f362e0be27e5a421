"""The forms of a dossier."""

from typing import Any

from django import forms

from cabinet.accounts.models import Collaborator
from cabinet.accounts.selectors import active_collaborators, managers
from cabinet.clients.models import Client
from cabinet.dossiers.models import Mission, MissionState, MissionType
from cabinet.dossiers.services import MissionTerms
from cabinet.web.components.picking import SearchedForm


class ManyFiles(forms.ClearableFileInput):
    """A file field that takes many files at once."""

    allow_multiple_selected = True


class FilesForm(forms.Form):
    """The drop zone, which is a plain file field without JavaScript."""

    files = forms.FileField(  # type: ignore[assignment]
        label="Fichiers FEC ou DSN", widget=ManyFiles(attrs={"multiple": True})
    )


class MissionForm(SearchedForm, forms.ModelForm[Mission]):
    """A mission, new or changed."""

    class Meta:
        model = Mission
        fields = ("type", "state", "year", "deadline", "manager", "people")
        widgets = {
            "deadline": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "people": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        firm = client.firm
        self._choices("manager", managers(firm))
        self._choices("people", active_collaborators(firm))
        year = self.fields["year"]
        if isinstance(year, forms.ModelChoiceField):
            year.queryset = client.years.all()
            year.empty_label = "Aucun"
        self.fields["people"].required = False

    def _choices(self, name: str, people: Any) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = people
            field.empty_label = None

    def terms(self) -> MissionTerms:
        """What the services take, once the form is valid."""
        data = self.cleaned_data
        people: tuple[Collaborator, ...] = tuple(data["people"])
        return MissionTerms(
            type=MissionType(data["type"]),
            state=MissionState(data["state"]),
            manager=data["manager"],
            year=data["year"],
            deadline=data["deadline"],
            people=people,
        )
