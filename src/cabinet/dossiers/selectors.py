"""Reading a dossier: its years, its figures, its missions."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, QuerySet
from django.http import Http404

from cabinet.clients.models import Client, FiscalYear
from cabinet.dossiers.models import Dossier, IndicatorSnapshot, ManualValue, Mission
from cabinet.jobs.models import Job, JobState

CONFIRMED = "confirmed"
"""The status of a figure given by hand."""
RECOMPUTE = "recompute"
"""The kind of the jobs that compute the figures of a dossier."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures kept for one fiscal year, by code."""

    by_code: dict[str, IndicatorSnapshot]

    def get(self, code: str) -> IndicatorSnapshot | None:
        """The figure, when it was computed."""
        return self.by_code.get(code)

    def cells(self, code: str) -> list[dict[str, Any]]:
        """The cells of a list (purchases by family, headcount by month…), empty when it was not computed."""
        found = self.by_code.get(code)
        return list(found.breakdown) if found else []

    def of_family(self, family: str) -> Iterable[IndicatorSnapshot]:
        """The figures of one family, without the lists."""
        return [one for one in self.by_code.values() if one.family == family and one.formula]


@dataclass(frozen=True, slots=True)
class Activity:
    """What goes on in a dossier: how many missions, and whether its figures are being computed."""

    missions: int
    recomputing: bool


def client_of_dossier(client_id: UUID) -> Client | None:
    """The client of a dossier, for the work in the background; None when both are gone."""
    dossier = Dossier.objects.select_related("client__firm").filter(client_id=client_id).first()
    return None if dossier is None else dossier.client


def dossier_of(client: Client) -> Dossier | None:
    """The dossier of a client that is in hand already."""
    return Dossier.objects.filter(client=client).first()


def activity_of(dossier: Dossier) -> Activity:
    """Both in one query."""
    running = Job.objects.filter(
        kind=RECOMPUTE, object_id=dossier.client_id, state__in=(JobState.WAITING, JobState.RUNNING)
    )
    row = Dossier.objects.filter(id=dossier.id).values_list(Count("missions"), Exists(running)).get()
    return Activity(int(row[0]), bool(row[1]))


def figures_of(year: FiscalYear | None) -> Figures:
    """Every figure of a year, those given by hand in their place, in two queries."""
    if year is None:
        return Figures({})
    found = {one.code: one for one in IndicatorSnapshot.objects.filter(year=year).order_by("code")}
    for given in ManualValue.objects.filter(year=year).order_by("code"):
        if given.code in found:
            found[given.code] = _given(found[given.code], given)
    return Figures(found)


def _given(computed: IndicatorSnapshot, given: ManualValue) -> IndicatorSnapshot:
    """A copy, for reading, of a figure that a person gave."""
    shown = copy(computed)
    shown.manual, shown.computed = given, computed
    shown.value, shown.status, shown.reason = given.value, CONFIRMED, ""
    return shown


def years_of(client: Client) -> list[FiscalYear]:
    """The fiscal years of a client, latest first."""
    return list(client.years.all())


def chosen_year(years: list[FiscalYear], asked: str) -> FiscalYear | None:
    """The year asked for in the address, else the latest. Raises Http404 for one that is not there."""
    if not asked:
        return years[0] if years else None
    try:
        wanted = UUID(asked)
    except ValueError:
        raise Http404 from None
    for year in years:
        if year.id == wanted:
            return year
    raise Http404


def missions_of(dossier: Dossier) -> QuerySet[Mission]:
    """The missions of a dossier, latest first."""
    return dossier.missions.select_related("manager", "year").prefetch_related("people").order_by("-created_at", "id")
