"""What every tab of a dossier shows around itself: who the client is, which year, which tab, what may be done."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from django.urls import reverse

from bocage.referentials.naf import naf_label
from cabinet.clients.models import Client, FiscalYear
from cabinet.dossiers.access import access_dossier
from cabinet.dossiers.comments import open_counts
from cabinet.dossiers.models import Dossier
from cabinet.dossiers.selectors import activity_of, chosen_year, years_of
from cabinet.portfolios.access import visible_portfolios
from cabinet.web.actor import ActorRequest
from cabinet.web.components.parts import Link, Tab

TABS = (
    ("Vue d’ensemble", "dossier_overview"),
    ("Données", "dossier_data"),
    ("Indicateurs", "dossier_indicators"),
    ("Missions", "dossier_missions"),
    ("Journal", "dossier_journal"),
)


@dataclass(frozen=True, slots=True)
class Rights:
    """What the person may do here, once « désactivé » has made everything read-only."""

    edit: bool
    deactivate: bool
    delete: bool
    send: bool
    remove_data: bool
    missions: bool
    figures: bool


@dataclass(frozen=True, slots=True)
class YearChoice:
    """An entry of the fiscal-year switch."""

    label: str
    url: str
    current: bool


class OpenComments:
    """How many comments wait on each figure of a year: one query for the page, made when the first is asked for."""

    def __init__(self, year: FiscalYear | None) -> None:
        self._year = year

    @cached_property
    def counts(self) -> Counter[str]:
        """By figure."""
        return open_counts(self._year)


@dataclass(frozen=True, slots=True)
class Head:
    """The frame of a dossier's page."""

    dossier: Dossier
    client: Client
    ape_label: str
    portfolios: tuple[str, ...]
    year: FiscalYear | None
    years: tuple[YearChoice, ...]
    tabs: tuple[Tab, ...]
    trail: tuple[Link, ...]
    rights: Rights
    known_years: tuple[FiscalYear, ...]
    recomputing: bool
    """Whether figures are being computed."""
    views: tuple[Tab, ...] = ()
    """A second row of tabs, when the tab has several views."""
    comments: "OpenComments" = field(default_factory=lambda: OpenComments(None))

    @property
    def query(self) -> str:
        """What keeps the year from one tab to another."""
        return f"?exercice={self.year.id}" if self.year and len(self.years) > 1 else ""


def rights_of(request: ActorRequest, client: Client) -> Rights:
    """A deactivated dossier is read-only; only reactivation and deletion remain."""
    can, live = request.actor.can, client.is_active
    return Rights(
        edit=live and can("clients.edit"),
        deactivate=can("clients.deactivate"),
        delete=can("clients.delete"),
        send=live and can("data.import"),
        remove_data=live and can("data.delete"),
        figures=live and can("indicators.edit"),
        missions=live and can("missions.manage"),
    )


def open_head(request: ActorRequest, client_id: UUID, route: str, tab: str = "") -> Head:
    """The frame of one tab (``tab`` when it is not the route's own), through the gate.

    Raises Http404 or PermissionDenied.
    """
    dossier = access_dossier(request.actor, client_id, "dossier.view")
    client = dossier.client
    years = years_of(client)
    year = chosen_year(years, request.GET.get("exercice", ""))
    query = f"?exercice={year.id}" if year and len(years) > 1 else ""
    here = reverse(route, args=[client.id])
    activity = activity_of(dossier)
    return Head(
        dossier=dossier,
        client=client,
        ape_label=(naf_label(client.ape) or "") if client.ape else "",
        portfolios=tuple(portfolio.name for portfolio in visible_portfolios(request.actor).filter(clients=client)),
        year=year,
        years=tuple(YearChoice(one.label, f"{here}?exercice={one.id}", one == year) for one in years),
        tabs=tuple(
            Tab(
                label,
                reverse(name, args=[client.id]) + query,
                current=name == (tab or route),
                count=activity.missions if name == "dossier_missions" else None,
            )
            for label, name in TABS
        ),
        trail=(Link("Clients", reverse("client_list")), Link(client.name)),
        rights=rights_of(request, client),
        known_years=tuple(years),
        recomputing=activity.recomputing,
        comments=OpenComments(year),
    )
