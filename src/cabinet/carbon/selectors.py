"""Reading the estimate of a fiscal year."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from bocage.indicators.carbon import Cell, FactorUsed, Frame, Quantity, Total, by_post, checked_quantity, total_of
from bocage.referentials.carbon import Release
from cabinet.carbon.holdings import CARBON
from cabinet.carbon.models import Estimate, GivenQuantity, SupplierSpend
from cabinet.carbon.plain import cells_from_json, factors_from_json
from cabinet.clients.models import FiscalYear
from cabinet.imports.facts import companion_dir
from cabinet.jobs.models import Job, JobState
from cabinet.reference_updates.shelf import latest_version, release_at

ESTIMATE = "carbon_estimate"
"""The kind of the jobs that compute the estimates of a client."""


@dataclass(frozen=True)
class Reading:
    """An estimate as the screens read it."""

    row: Estimate

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """What its totals are summed from."""
        return cells_from_json(self.row.cells)

    @cached_property
    def factors(self) -> dict[str, FactorUsed]:
        """The factors that it used, by id."""
        return factors_from_json(self.row.factors)

    @property
    def path(self) -> Path:
        """The Parquet file of its lines."""
        return companion_dir(self.row.import_id, CARBON) / self.row.file_name

    @property
    def by_scope(self) -> dict[str, Decimal]:
        """Kilograms of the three scopes."""
        posts = by_post(self.cells, Frame.GHGP).items()
        return {
            scope: sum((cell.kgco2e for code, some in posts if code[0] == scope for cell in some), Decimal(0))
            for scope in "123"
        }

    def total(self, cells: Iterable[Cell] | None = None) -> Total:
        """What some of the cells weigh, or all of them."""
        return total_of(self.cells if cells is None else cells, self.factors)


def reading_of(year: FiscalYear | None) -> Reading | None:
    """The estimate of a year, None while there is none."""
    row = Estimate.objects.filter(year=year).first() if year else None
    return Reading(row) if row else None


def doubtful_suppliers(row: Estimate) -> list[SupplierSpend]:
    """The suppliers of unknown branch, those whose doubt weighs most first."""
    return list(row.suppliers.filter(doubt__gt=0).order_by("-doubt", "id"))


def given_quantities(year: FiscalYear) -> QuerySet[GivenQuantity]:
    """The quantities that people gave for a year."""
    return GivenQuantity.objects.filter(year=year).order_by("category", "site", "month", "given_at", "id")


def given_quantity(year: FiscalYear, quantity_id: UUID) -> GivenQuantity:
    """A quantity of a year obtained through the gate of its dossier. Raises Http404."""
    found = given_quantities(year).select_related("year__client").filter(id=quantity_id).first()
    if found is None:
        raise Http404
    return found


def quantities_of(year: FiscalYear, release: Release | None = None) -> tuple[Quantity, ...]:
    """The same as the library takes them, with the factors of a release, or of the one that the year keeps to."""
    given = list(given_quantities(year))
    if not given:
        return ()
    used = release or release_for(year)
    return tuple(
        checked_quantity(one.category, one.amount, one.unit, one.factor, one.origin, release=used) for one in given
    )


def version_of(year: FiscalYear) -> str:
    """The release of the factors that a year is estimated with: the one it was, until people ask for another.

    A year that was never estimated takes the newest at hand.
    """
    kept = Estimate.objects.filter(year=year).values_list("wanted_version", "factors_version").first()
    return (kept[0] or kept[1]) if kept else latest_version()


def release_for(year: FiscalYear) -> Release:
    """That release itself."""
    return release_at(version_of(year))


def release_read(reading: Reading | None) -> Release:
    """The same for a year whose estimate is in hand, or that has none."""
    kept = reading.row if reading else None
    return release_at((kept.wanted_version or kept.factors_version) if kept else latest_version())


def behind_count(version: str) -> int:
    """How many estimates were made with another release than ``version``, on the whole installation."""
    return Estimate.objects.exclude(factors_version=version).count()


def progress_of(client_id: UUID) -> JobState | None:
    """How the last computation of the client's estimates stands; None when there was none."""
    job = Job.objects.filter(kind=ESTIMATE, object_id=client_id).order_by("-created_at").first()
    return JobState(job.state) if job else None


def is_estimating(client_id: UUID) -> bool:
    """Whether the estimates of the client are being computed."""
    return Job.objects.filter(
        kind=ESTIMATE, object_id=client_id, state__in=(JobState.WAITING, JobState.RUNNING)
    ).exists()
