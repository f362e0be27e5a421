"""What an address asks of the clients: the same for the list, its export, the acts on many and the saved filters."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.db.models import Prefetch, QuerySet
from django.http import QueryDict
from django.utils import timezone

from bocage.referentials.naf import sections
from cabinet.accounts.actors import Actor
from cabinet.clients.access import visible_clients
from cabinet.clients.models import Client
from cabinet.clients.selectors import ClientFilter, filter_clients, managers_in_charge, sort_clients
from cabinet.imports.lacking import Lack, with_lack
from cabinet.portfolios.access import visible_portfolios
from cabinet.web.components.toolbar import ToolbarForm

SORTS = {"nom": "name", "siret": "siret", "ape": "ape", "commune": "town", "responsable": "manager"}
LACKS = {
    Lack.FEC: "FEC absent",
    Lack.DSN: "DSN absentes",
    Lack.REFUSED: "Import refusé",
    Lack.TO_CHECK: "Import à vérifier",
    Lack.RUNNING: "Import en cours",
}


class FilterForm(ToolbarForm):
    """The toolbar of the clients."""

    q = forms.CharField(label="Nom, SIREN, SIRET, code dossier", required=False, max_length=100)
    portefeuille = forms.ChoiceField(label="Portefeuille", required=False)
    responsable = forms.ChoiceField(label="Responsable", required=False)
    section = forms.ChoiceField(label="Section APE", required=False)
    donnees = forms.ChoiceField(label="Données", required=False)
    field_order = ("q", "portefeuille", "responsable", "section", "donnees", "etat")

    def __init__(self, actor: Actor, data: QueryDict, *, like: "FilterForm | None" = None) -> None:
        super().__init__(data)
        if like is None:
            self._offer_all(actor)
        else:  # several addresses read for one page: what can be chosen is asked for once
            for name in ("portefeuille", "responsable", "section", "donnees"):
                self.fields[name].choices = like.fields[name].choices  # type: ignore[attr-defined]
        self.is_valid()

    def _offer_all(self, actor: Actor) -> None:
        self.offer("portefeuille", [(str(one.id), one.name) for one in visible_portfolios(actor)])
        self.offer("responsable", [(str(one.id), one.full_name) for one in managers_in_charge(actor)])
        self.offer("section", [(letter, f"{letter} · {label.capitalize()}") for letter, label in sections().items()])
        self.offer("donnees", [(lack.value, label) for lack, label in LACKS.items()])


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter and a sort, read from an address."""

    actor: Actor
    form: FilterForm
    sort: str

    @property
    def query(self) -> str:
        """The same, written again as an address: without page, without what made no sense."""
        kept = QueryDict(mutable=True)
        for name in self.form.fields:
            if value := self.form.value(name):
                kept[name] = value
        if self.sort != "nom":
            kept["tri"] = self.sort
        return kept.urlencode()

    @property
    def words(self) -> str:
        """``« bisc », Portefeuille : Agroalimentaire``; empty when nothing narrows the list."""
        return ", ".join(self.form.asked_for.values())

    def words_of(self, query: str) -> str:
        """What another address asks for, in words."""
        return ", ".join(FilterForm(self.actor, QueryDict(query), like=self.form).asked_for.values())

    def clients(self) -> QuerySet[Client]:
        """The visible clients that the filter keeps, in no order."""
        form = self.form
        kept = ClientFilter(
            text=form.value("q"),
            portfolio_id=_id(form.value("portefeuille")),
            manager_id=_id(form.value("responsable")),
            section=form.value("section"),
            active=form.active,
        )
        clients = filter_clients(visible_clients(self.actor), kept)
        lack = form.value("donnees")
        return with_lack(clients, Lack(lack), timezone.localdate()) if lack else clients

    def sorted(self, clients: QuerySet[Client]) -> QuerySet[Client]:
        """In the order asked for."""
        sign = "-" if self.sort.startswith("-") else ""
        return sort_clients(clients, sign + SORTS[self.sort.removeprefix("-")])


def read_address(actor: Actor, asked: QueryDict) -> Asked:
    """What an address asks for."""
    sort = asked.get("tri", "")
    return Asked(actor, FilterForm(actor, asked), sort if sort.removeprefix("-") in SORTS else "nom")


def with_names(actor: Actor, clients: QuerySet[Client]) -> QuerySet[Client]:
    """Clients with their manager, and ``shown_portfolios``: those that the actor sees."""
    portfolios = Prefetch("portfolios", queryset=visible_portfolios(actor), to_attr="shown_portfolios")
    return clients.select_related("manager").prefetch_related(portfolios)


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None
