"""The figures of a dossier, recomputed from its accepted imports and kept with their sources, versions and inputs.

The work is done in the background: :mod:`cabinet.dossiers.tasks`.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from importlib.metadata import version
from typing import Any

from django.db import transaction

from bocage.identifiers import Period
from bocage.identifiers.period import last_day_of_month
from bocage.indicators import economic, workforce
from bocage.indicators.result import Result
from bocage.vsme import label_lists, sales_markets
from cabinet.clients.models import Client, FiscalYear
from cabinet.dossiers.models import Dossier, IndicatorSnapshot
from cabinet.dossiers.social_lists import social_lists
from cabinet.imports.facts import AccountingFacts, PayrollFacts, accounting_facts, payroll_facts
from cabinet.imports.reviewing import review

FORMULAS = "2026.11.3"
"""Version of the formulas: it changes with them, so that kept figures are known to be of another one."""


@dataclass(frozen=True, slots=True)
class Row:
    """A figure or a list of figures, ready to be kept."""

    family: str
    code: str
    value: Any
    unit: str
    status: str
    reason: str = ""
    formula: str = ""
    sources: tuple[str, ...] = ()
    breakdown: list[dict[str, Any]] = field(default_factory=list)
    exclusions: str = ""
    variants: str = ""


def recompute(client: Client) -> None:
    """Compute the figures of every fiscal year of the client, and what its DSN say together.

    Doing it twice gives the same rows.
    """
    dossier = Dossier.objects.filter(client=client).first()
    if dossier is None:
        return
    payroll = payroll_facts(client)
    review(client, payroll)
    for year in client.years.all():
        books = accounting_facts(year)
        rows = [*_economic(books), *_workforce(client, payroll, year)]
        keep(dossier, year, rows, families=("economic", "workforce"), inputs=_inputs_hash(books, payroll))


def _economic(books: AccountingFacts | None) -> Iterable[Row]:
    if books is None:
        return []
    tables = books.tables
    families = economic.purchases_by_family(tables)
    suppliers = economic.top_suppliers(tables)
    customers = economic.top_customers(tables)
    months = economic.entries_by_month(tables)
    products, materials = label_lists(tables)
    return [
        *(_row("economic", result) for result in economic.compute(tables)),
        _list("economic", "purchases_by_family", "EUR", (({"family": f.code}, f.amount) for f in families)),
        _list("economic", "top_suppliers", "EUR", map(_third, suppliers)),
        _list("economic", "top_customers", "EUR", map(_third, customers)),
        _list("economic", "product_labels", "", (({"label": label}, None) for label in products)),
        _list("economic", "material_labels", "", (({"label": label}, None) for label in materials)),
        _list("economic", "sales_markets", "%", (({"label": name}, share) for name, share in sales_markets(tables))),
        _list("economic", "entries_by_month", "entries", (({"month": m.month}, m.entries) for m in months)),
    ]


def _third(third: economic.Third) -> tuple[dict[str, str], Decimal]:
    return {"key": third.key, "label": third.label, "share": str(third.share)}, third.amount


def months_of(year: FiscalYear) -> Period:
    """The whole months that the fiscal year overlaps: what its DSN cover."""
    return Period(year.start.replace(day=1), last_day_of_month(year.end))


def _workforce(client: Client, payroll: list[PayrollFacts], year: FiscalYear) -> Iterable[Row]:
    if not payroll:
        return []
    found = workforce.study([facts.tables for facts in payroll], months_of(year), siren=client.siren)
    if found is None:
        return []
    return [
        *(_row("workforce", result) for result in (*found.results, *found.details.estimates)),
        *(_list("workforce", code, unit, cells) for code, unit, cells in social_lists(found)),
    ]


def _row(family: str, result: Result) -> Row:
    value = result.value
    return Row(
        family,
        result.code,
        Decimal(int(value)) if isinstance(value, bool) else value,
        result.unit,
        str(result.status),
        result.reason or "",
        result.formula,
        tuple(result.sources),
        [{"by": dict(part.by), "value": _plain(part.value)} for part in result.breakdown],
        result.exclusions,
        result.variants,
    )


def _list(family: str, code: str, unit: str, cells: Iterable[tuple[dict[str, str], Any]]) -> Row:
    return Row(
        family, code, None, unit, "computed", breakdown=[{"by": by, "value": _plain(value)} for by, value in cells]
    )


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal | date) else value


def _inputs_hash(books: AccountingFacts | None, payroll: list[PayrollFacts]) -> str:
    """What the figures stand on: formulas and imports, whose content is final."""
    digest = hashlib.sha256(FORMULAS.encode())
    if books is not None:
        digest.update(books.import_id.bytes)
    for facts in payroll:
        digest.update(facts.import_id.bytes)
    return digest.hexdigest()


@transaction.atomic
def keep(dossier: Dossier, year: FiscalYear, rows: Sequence[Row], *, families: Collection[str], inputs: str) -> None:
    """The figures of some families for a year, in the place of those that were kept. Twice gives the same rows."""
    gone = IndicatorSnapshot.objects.filter(year=year, family__in=families)
    gone.exclude(code__in=[row.code for row in rows]).delete()
    for row in rows:
        IndicatorSnapshot.objects.update_or_create(
            year=year,
            code=row.code,
            defaults={
                "dossier": dossier,
                "family": row.family,
                "value": row.value if isinstance(row.value, Decimal | int) else None,
                "unit": row.unit,
                "status": row.status,
                "reason": row.reason,
                "formula": row.formula,
                "exclusions": row.exclusions,
                "variants": row.variants,
                "sources": list(row.sources),
                "breakdown": row.breakdown,
                "library": f"{version('bocage')}/{FORMULAS}",
                "inputs_hash": inputs,
            },
        )
