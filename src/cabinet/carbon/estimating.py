"""The estimate of each fiscal year, from its accepted FEC, kept with its versions and the hash of its inputs.

The work is done in the background: :mod:`cabinet.carbon.tasks`.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Final

from django.db import transaction

from bocage.identifiers import Naf
from bocage.indicators import carbon
from bocage.referentials.carbon import Release
from cabinet.carbon.holdings import CARBON
from cabinet.carbon.models import Estimate, SupplierSpend
from cabinet.carbon.plain import cells_to_json, factors_to_json
from cabinet.carbon.rules import as_library, rules_of
from cabinet.carbon.selectors import quantities_of, version_of
from cabinet.carbon.suppliers import confirmed_suppliers
from cabinet.clients.models import Client, FiscalYear
from cabinet.dossiers.models import Dossier
from cabinet.dossiers.selectors import dossier_of
from cabinet.dossiers.snapshots import Row, keep
from cabinet.imports.facts import AccountingFacts, accounting_facts, companion_dir
from cabinet.imports.storage import work_folder
from cabinet.reference_updates.shelf import release_at

LAYOUT: Final = "1"
"""Version of what is kept of an estimate: it changes when the screens need more of it."""
GRAIN: Final = Decimal("0.000001")
CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that an estimate depends on; ``digest`` tells two of them apart."""

    books: AccountingFacts
    options: carbon.Options
    release: Release
    quantities: tuple[carbon.Quantity, ...] = ()
    suppliers: tuple[carbon.Supplier, ...] = ()
    rules: tuple[carbon.UserRule, ...] = ()

    @property
    def digest(self) -> str:
        """The same inputs give the same digest, whatever the order in which they were given."""
        given = sorted(
            f"{one.category} {one.factor.id} {one.quantity.normalize():f} {one.activity}" for one in self.quantities
        )
        given += sorted(f"{one.key} {one.naf or ''}" for one in self.suppliers)
        given += map(repr, carbon.by_precision(self.rules))
        parts = (carbon.METHOD, self.release.version, LAYOUT, self.books.import_id.hex, repr(self.options), *given)
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def refresh(client: Client) -> None:
    """Compute what has changed since the estimates of the client were kept. Doing it twice gives the same rows."""
    dossier = dossier_of(client)
    if dossier is None:
        return
    for year in client.years.all():
        inputs = inputs_of(client, year, version_of(year))
        if inputs is None:
            _forget(dossier, year)
        elif not Estimate.objects.filter(year=year, inputs_hash=inputs.digest).exists():
            _compute(dossier, year, inputs)


def inputs_of(client: Client, year: FiscalYear, version: str) -> Inputs | None:
    """What the estimate of a year depends on, with the factors of a version; None while it has no books."""
    books = accounting_facts(year)
    if books is None or not books.tables:
        return None
    options = carbon.Options(naf=Naf.parse(client.ape) if client.ape else None)
    release = release_at(version)
    rules = as_library(rules_of(client))
    return Inputs(books, options, release, quantities_of(year, release), confirmed_suppliers(client), rules)


@transaction.atomic
def _forget(dossier: Dossier, year: FiscalYear) -> None:
    """The year has no FEC any more: its estimate goes with it."""
    Estimate.objects.filter(year=year).delete()
    keep(dossier, year, [], families=("carbon",), inputs="")


def _compute(dossier: Dossier, year: FiscalYear, inputs: Inputs) -> None:
    folder = companion_dir(inputs.books.import_id, CARBON)
    name = f"{inputs.digest}.parquet"
    with work_folder() as work:
        found = estimated(inputs, work / name)
        cells = carbon.read_cells(found.lines)
        suppliers = carbon.all_suppliers(found.lines)
        missing = carbon.missing_lines(found.lines)
        _put(work / name, folder / name)
    total = carbon.total_of(cells, found.factors)
    with transaction.atomic():
        previous = Estimate.objects.filter(year=year).first()
        estimate, _ = Estimate.objects.update_or_create(
            year=year,
            defaults={
                "import_id": inputs.books.import_id,
                "file_name": name,
                "total": total.kgco2e.quantize(GRAIN),
                "half_width": total.half_width.quantize(GRAIN),
                "turnover": found.turnover.quantize(CENT),
                "excluded": found.eur_excluded.quantize(CENT),
                "method": found.method,
                "factors_version": inputs.release.version,
                "wanted_version": "",
                "ratio_year": found.ratio_year,
                "ratio_year_wanted": found.ratio_year_wanted,
                "cells": cells_to_json(cells),
                "factors": factors_to_json(found.factors),
                "asked": list(found.ask_suppliers),
                "missing": missing,
                "to_confirm": found.to_confirm,
                "library": version("bocage"),
                "inputs_hash": inputs.digest,
                "before": _before(previous, inputs),
            },
        )
        SupplierSpend.objects.filter(estimate=estimate).delete()
        SupplierSpend.objects.bulk_create([_spend(estimate, one) for one in suppliers], batch_size=500)
        keep(dossier, year, list(_figures(found, total)), families=("carbon",), inputs=inputs.digest)
        transaction.on_commit(partial(_tidy, folder, {name, previous.file_name if previous else None}))


def _before(previous: Estimate | None, inputs: Inputs) -> dict[str, str] | None:
    """The total that goes, when it is one of the same books by the same method and factors."""
    if previous is None:
        return None
    was = (previous.import_id, previous.method, previous.factors_version)
    if was != (inputs.books.import_id, carbon.METHOD, inputs.release.version):
        return None
    return {"total": f"{previous.total:f}", "half_width": f"{previous.half_width:f}"}


def estimated(inputs: Inputs, out: Path) -> carbon.Inventory:
    """The inventory of these inputs, line by line in ``out``."""
    return carbon.estimate(
        dict(inputs.books.tables),
        out,
        options=inputs.options,
        suppliers=inputs.suppliers,
        quantities=inputs.quantities,
        rules=inputs.rules,
        release=inputs.release,
    )


def _put(made: Path, place: Path) -> None:
    """Move a file to its place at once: whoever opens it finds it whole."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    near = place.with_suffix(".part")
    near.write_bytes(made.read_bytes())
    near.replace(place)


def _tidy(folder: Path, kept: set[str | None]) -> None:
    """Remove older inventories; the one just replaced stays for the pages that are reading it."""
    for path in folder.glob("*.parquet"):
        if path.name not in kept:
            path.unlink(missing_ok=True)


def _spend(estimate: Estimate, one: carbon.SupplierTotal) -> SupplierSpend:
    return SupplierSpend(
        estimate=estimate,
        key=one.key[:255],
        name=one.name[:255],
        amount=one.amount.quantize(CENT),
        missing=one.missing.quantize(CENT),
        kgco2e=one.kgco2e.quantize(GRAIN),
        doubt=one.doubt.quantize(GRAIN),
        lines=one.lines,
        is_account=one.is_account,
    )


SOURCES: Final = ("accounts 6", "accounts 20–23", "Base Carbone", "SDES GES.501")


def _figures(found: carbon.Inventory, total: carbon.Total) -> Iterator[Row]:
    """The figures of the estimate that a dossier keeps among its own, in kgCO2e."""
    formula = f"Σ quantités × facteurs + Σ euros hors taxes × ratios de branche, méthode {found.method}"
    status = "partial" if total.missing_lines else "estimated"
    reason = "missing_quantities" if total.missing_lines else ""
    if not total.lines:
        yield Row("carbon", "carbon_total", None, "kgCO2e", "missing", "nothing_estimated", formula, SOURCES)
        return
    yield _figure("carbon_total", total.kgco2e, "kgCO2e", status, reason, formula)
    for scope, kg in found.by_scope.items():
        yield _figure(f"carbon_scope_{scope}", kg, "kgCO2e", status, reason, formula)
    if found.turnover > 0:
        per = total.kgco2e * 1000 / found.turnover
        yield _figure("carbon_per_turnover", per, "kgCO2e/k€", status, reason, f"{formula}, ÷ chiffre d’affaires")


def _figure(code: str, value: Decimal, unit: str, status: str, reason: str, formula: str) -> Row:
    return Row("carbon", code, value.quantize(GRAIN), unit, status, reason, formula, SOURCES)
