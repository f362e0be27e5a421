"""The contexts of the tab « Indicateurs » and of one figure opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse

from bocage.indicators.economic import CODES as ECONOMIC
from bocage.indicators.workforce import DEFINITIONS as SOCIAL
from cabinet.dossiers.models import IndicatorSnapshot
from cabinet.dossiers.selectors import Figures, figures_of
from cabinet.imports.coverage import months_of
from cabinet.web.components.formats import MONTHS
from cabinet.web.components.parts import BarChart, Tab
from cabinet.web.dossier.charts import HeadcountChart, headcount_chart, purchases_chart, third_bars
from cabinet.web.dossier.figures import HIDDEN, UNITS, Shown, show, write_number
from cabinet.web.dossier.frame import Head

FAMILIES = {"economie": ("Économie", "economic"), "social": ("Social", "workforce")}
LABELS = {
    "sex": {"F": "Femmes", "M": "Hommes"},
    "contract": {"permanent": "Permanents", "temporary": "Temporaires"},
    "category": {
        "managers": "Cadres",
        "intermediate": "Professions intermédiaires",
        "employees": "Employés",
        "workers": "Ouvriers",
    },
}


@dataclass(frozen=True, slots=True)
class IndicatorsPage:
    """One family of figures."""

    family: str
    pills: Sequence[Tab]
    figures: Sequence[Shown]
    shared_reason: str
    headcount: HeadcountChart | None
    purchases: BarChart | None
    suppliers: BarChart | None
    customers: BarChart | None


def indicators_page(head: Head, asked: str) -> IndicatorsPage:
    """The family asked for, else the first one."""
    slug = asked if asked in FAMILIES else "economie"
    _, family = FAMILIES[slug]
    kept, year = figures_of(head.year), head.year
    here = reverse("dossier_indicators", args=[head.client.id])
    link = "&" if head.query else "?"
    social = family == "workforce"
    months = [f"{day:%Y-%m}" for day in months_of(year.start, year.end)] if year else []
    figures = [show(head.client, one, head.query) for one in _ordered(kept, family)]
    return IndicatorsPage(
        family=family,
        pills=[
            Tab(label, f"{here}{head.query}{link}famille={key}", current=key == slug)
            for key, (label, _) in FAMILIES.items()
        ],
        figures=figures,
        shared_reason=_shared_reason(figures) if social else "",
        headcount=headcount_chart(kept, months) if social else None,
        purchases=None if social else purchases_chart(kept),
        suppliers=None if social else third_bars(kept, "top_suppliers"),
        customers=None if social else third_bars(kept, "top_customers"),
    )


def _ordered(kept: Figures, family: str) -> list[IndicatorSnapshot]:
    found = list(kept.of_family(family))
    order = {code: rank for rank, code in enumerate(ECONOMIC if family == "economic" else SOCIAL)}
    return sorted(found, key=lambda one: order.get(one.code, len(order)))


def _shared_reason(figures: Sequence[Shown]) -> str:
    """What every partial figure has in common is said once, above."""
    reasons = {shown.reason for shown in figures if shown.status == "partial"}
    return reasons.pop() if len(reasons) == 1 else ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A line of a breakdown."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class FigurePage:
    """One figure opened: what it means, how it was made, from what."""

    shown: Shown
    cells: Sequence[Cell]
    library: str
    computed_at: datetime
    inputs: str


def figure_page(head: Head, kept: IndicatorSnapshot) -> FigurePage:
    """Everything that stands behind one figure."""
    return FigurePage(
        shown=show(head.client, kept, head.query),
        cells=[_cell(cell, kept.unit) for cell in kept.breakdown],
        library=kept.library,
        computed_at=kept.computed_at,
        inputs=kept.inputs_hash[:12],
    )


def _cell(cell: dict[str, Any], unit: str) -> Cell:
    value = cell["value"]
    if value is None:
        return Cell(_label(cell["by"]), HIDDEN)
    unit_word = UNITS.get(unit, unit)
    text = write_number(Decimal(str(value))) if not isinstance(value, bool) else ("oui" if value else "non")
    return Cell(_label(cell["by"]), f"{text}\u00a0{unit_word}".strip())


def _label(by: dict[str, str]) -> str:
    return ", ".join(_word(axis, value) for axis, value in by.items())


def _word(axis: str, value: str) -> str:
    if axis == "month":
        return f"{MONTHS[int(value[5:7]) - 1]} {value[:4]}"
    if axis == "account":
        return f"Compte {value}"
    if axis == "motif":
        return f"Motif {value}"
    return LABELS.get(axis, {}).get(value, value)
