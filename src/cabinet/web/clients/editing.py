"""*Modifier*: the registry asked again, its differences, and saving."""

from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

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
from cabinet.clients.watch import found_values, news_of, note_outcome
from cabinet.imports.access import imports_of
from cabinet.registry.enums import Source
from cabinet.registry.services import LookupOutcome, look_up
from cabinet.web.clients.forms import ClientForm
from cabinet.web.clients.registry_panel import Panel, panel_of, panel_of_news
from cabinet.web.components.formats import siret as grouped

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
class Edit:
    """What the page shows. ``asked`` is None until the registry was asked in this form."""

    client: Client
    form: ClientForm
    asked: Panel | None = None
    keeps_asking: bool = False
    taken: int = 0
    corrected: dict[str, str] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """The registry that filled the client in, as it is shown."""
        return Source(self.client.registry_source).label if self.client.registry_source in Source else ""


def open_edit(actor: Actor, client: Client) -> Edit:
    """The form as the client is, and what the scheduled work found in the registry."""
    form, news = ClientForm(actor, client), news_of(client)
    panel = None if news is None else panel_of_news(form, news)
    keeps_asking = panel is not None and panel.found
    return Edit(client, form, panel, keeps_asking=keeps_asking, corrected=_shown_corrections(client))


def ask_registry(actor: Actor, client: Client, posted: QueryDict) -> Edit:
    """Ask again, and set what it says beside what is typed. Nothing is overwritten.

    *Prendre ce numéro* puts another SIRET in the form first, and asks about that one.
    """
    another = {"siret": grouped(posted.get("follow", ""))} if "follow" in posted else {}
    form = ClientForm.keeping(actor, client, posted, another)
    panel = panel_of(form, look_up(posted.get("follow", posted.get("siret", "")), again=True))
    return Edit(client, form, panel, keeps_asking=panel.found, corrected=_shown_corrections(client))


def take_values(actor: Actor, client: Client, posted: QueryDict) -> Edit:
    """The form with the registry's values that the person ticked; still nothing is saved."""
    found = found_values(look_up(posted.get("siret", "")))
    taken = {name: found[name] for name in posted.getlist("take") if name in found}
    form = ClientForm.keeping(actor, client, posted, taken)
    return Edit(client, form, keeps_asking=True, taken=len(taken), corrected=_shown_corrections(client))


def save(actor: Actor, client: Client, posted: QueryDict) -> Edit | None:
    """Save the form. None when it is done, else the page with what is wrong."""
    form = ClientForm(actor, client, posted)
    if form.is_valid() and _same_company(client, form):
        outcome = look_up(form.cleaned_data["siret"]) if "asked" in posted else None
        try:
            change_client(
                actor=actor,
                client=client,
                details=form.details(**_registry_of(client, form, outcome)),
                organisation=form.organisation(),
            )
        except tuple(REFUSALS) as refusal:
            form.add_error(*REFUSALS[type(refusal)])
        else:
            if outcome is not None:
                note_outcome(client.id, client.siret, outcome)
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


def _registry_of(client: Client, form: ClientForm, outcome: LookupOutcome | None) -> dict[str, Any]:
    """Where the details come from, and for each corrected field the registry's own value."""
    source, read_at, to_complete = client.registry_source, client.registry_at, client.to_complete
    known = {name: str(getattr(client, name)) for name in CORRECTABLE} if source else {}
    known |= client.corrected
    if form.cleaned_data["siret"] != client.siret:  # another establishment: what the registry said is not about it
        source, read_at, known = "", None, {}
    if outcome is not None and outcome.details is not None:
        source, read_at, to_complete = outcome.source, outcome.read_at, False
        found = found_values(outcome)
        known = {name: str(found[name]) for name in CORRECTABLE if name in found}
    corrected = {name: value for name, value in known.items() if value and value != form.cleaned_data[name]}
    return {"registry_source": source, "registry_at": read_at, "to_complete": to_complete, "corrected": corrected}


def _shown_corrections(client: Client) -> dict[str, str]:
    return {name: value for name, value in client.corrected.items() if value != getattr(client, name, None)}
