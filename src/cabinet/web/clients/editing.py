"""*Modifier*: the registry asked again, its differences, and saving."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict

from bocage.referentials.sirene import legal_form_label, size_band_label
from cabinet.accounts.actors import Actor
from cabinet.clients.details import CORRECTABLE
from cabinet.clients.models import Client
from cabinet.clients.services import (
    AlreadyFollowed,
    FileCodeTaken,
    UnknownManager,
    UnknownPortfolio,
    WouldBeInvisible,
    change_client,
)
from cabinet.imports.access import imports_of
from cabinet.registry.enums import Source
from cabinet.registry.services import LookupOutcome, look_up
from cabinet.web.clients.forms import ClientForm
from cabinet.web.components.formats import day

COMPARED = (
    "name",
    "ape",
    "legal_form",
    "is_head_office",
    "opened_on",
    "closed_on",
    "size_band",
    "idcc",
    "street",
    "postcode",
    "town",
    "country",
)

REFUSALS: dict[type[Exception], tuple[str, str]] = {
    AlreadyFollowed: ("siret", "Le cabinet suit déjà un client sous ce SIRET."),
    FileCodeTaken: ("file_code", "Ce code dossier est celui d’un autre client. Choisissez-en un autre."),
    UnknownManager: ("manager", "Cette personne n’est plus active dans le cabinet. Choisissez-en une autre."),
    UnknownPortfolio: ("portfolios", "L’un de ces portefeuilles n’existe plus. Vérifiez la liste."),
    WouldBeInvisible: (
        "portfolios",
        "Vous ne verriez plus ce client\u00a0: restez responsable du dossier, ou choisissez un de vos portefeuilles.",
    ),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A field on which the registry and the form disagree."""

    name: str
    label: str
    held: str
    found: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The registry's answer: the fact, the remedy, and what differs."""

    found: bool
    fact: str
    remedy: str
    source: str
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """What the page shows. ``asked`` is None until the registry was asked in this form."""

    client: Client
    form: ClientForm
    asked: Asked | None = None
    keeps_asking: bool = False
    taken: int = 0
    corrected: dict[str, str] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """The registry that filled the client in, as it is shown."""
        return Source(self.client.registry_source).label if self.client.registry_source in Source else ""


def open_edit(actor: Actor, client: Client) -> Edit:
    """The form as the client is."""
    return Edit(client, ClientForm(actor, client), corrected=_shown_corrections(client))


def ask_registry(actor: Actor, client: Client, posted: QueryDict) -> Edit:
    """Ask again, and set what it says beside what is typed. Nothing is overwritten."""
    form = ClientForm.keeping(actor, client, posted, {})
    outcome = look_up(posted.get("siret", ""), again=True)
    words = outcome.words
    asked = Asked(
        found=outcome.details is not None,
        fact=words.message,
        remedy=words.remedy,
        source=outcome.source_label,
        differences=_differences(form, outcome),
    )
    return Edit(client, form, asked, keeps_asking=asked.found, corrected=_shown_corrections(client))


def take_values(actor: Actor, client: Client, posted: QueryDict) -> Edit:
    """The form with the registry's values that the person ticked; still nothing is saved."""
    found = _found_values(look_up(posted.get("siret", "")))
    taken = {name: found[name] for name in posted.getlist("take") if name in found}
    form = ClientForm.keeping(actor, client, posted, taken)
    return Edit(client, form, keeps_asking=True, taken=len(taken), corrected=_shown_corrections(client))


def save(actor: Actor, client: Client, posted: QueryDict) -> Edit | None:
    """Save the form. None when it is done, else the page with what is wrong."""
    form = ClientForm(actor, client, posted)
    if form.is_valid() and _same_company(client, form):
        try:
            change_client(
                actor=actor,
                client=client,
                details=form.details(**_registry_of(client, form, asked="asked" in posted)),
                organisation=form.organisation(),
            )
        except tuple(REFUSALS) as refusal:
            form.add_error(*REFUSALS[type(refusal)])
        else:
            return None
    return Edit(client, form, keeps_asking="asked" in posted, corrected=_shown_corrections(client))


def _same_company(client: Client, form: ClientForm) -> bool:
    """A SIRET of another company would leave the dossier with files of the first one."""
    if form.cleaned_data["siret"][:9] == client.siren or not imports_of(client).exists():
        return True
    form.add_error(
        "siret",
        f"Le dossier contient des fichiers du SIREN {client.siren}\u00a0: un autre SIREN est un autre client, à créer.",
    )
    return False


def _registry_of(client: Client, form: ClientForm, *, asked: bool) -> dict[str, Any]:
    """Where the details come from, and for each corrected field the registry's own value."""
    source, read_at, to_complete = client.registry_source, client.registry_at, client.to_complete
    known = {name: str(getattr(client, name)) for name in CORRECTABLE} if source else {}
    known |= client.corrected
    if form.cleaned_data["siret"] != client.siret:  # another establishment: what the registry said is not about it
        source, read_at, known = "", None, {}
    outcome = look_up(form.cleaned_data["siret"]) if asked else None
    if outcome is not None and outcome.details is not None:
        source, read_at, to_complete = outcome.source, outcome.read_at, False
        found = _found_values(outcome)
        known = {name: str(found[name]) for name in CORRECTABLE if name in found}
    corrected = {name: value for name, value in known.items() if value and value != form.cleaned_data[name]}
    return {"registry_source": source, "registry_at": read_at, "to_complete": to_complete, "corrected": corrected}


def _found_values(outcome: LookupOutcome) -> dict[str, Any]:
    """What the registry knows, field by field, as the form writes it. What is empty or hidden is left out."""
    details = outcome.details
    if details is None:
        return {}
    values: dict[str, Any] = {name: getattr(details, name) for name in COMPARED}
    values["idcc"] = ", ".join(details.idcc)
    values["is_head_office"] = "" if details.is_head_office is None else str(details.is_head_office)
    return {name: value for name, value in values.items() if value and name not in details.masked}


def _differences(form: ClientForm, outcome: LookupOutcome) -> tuple[Difference, ...]:
    found = _found_values(outcome)
    held = {name: form.initial.get(name) or "" for name in found}
    return tuple(
        Difference(name, str(form.fields[name].label), _shown(name, held[name]), _shown(name, value))
        for name, value in found.items()
        if _plain(held[name]) != _plain(value)
    )


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def _shown(name: str, value: Any) -> str:
    """As a person reads it; an empty value is « vide »."""
    if not value:
        return "vide"
    if name == "is_head_office":
        return "Oui" if value == "True" else "Non"
    if name in {"opened_on", "closed_on"}:
        return day(date.fromisoformat(_plain(value)))
    labels = {"legal_form": legal_form_label, "size_band": size_band_label}
    return (labels[name](str(value)) or str(value)) if name in labels else str(value)


def _shown_corrections(client: Client) -> dict[str, str]:
    return {name: value for name, value in client.corrected.items() if value != getattr(client, name, None)}
