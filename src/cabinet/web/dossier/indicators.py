"""The contexts of the tab « Indicateurs » and of one figure opened."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse

from bocage.indicators.economic import CODES as ECONOMIC
from bocage.indicators.workforce import part_label
from bocage.referentials.dsn.norm import KNOWN_VERSIONS, load_norm
from bocage.wording import sentence
from cabinet.accounts.actors import Actor
from cabinet.carbon.selectors import reading_of
from cabinet.dossiers.manual import can_replace
from cabinet.dossiers.models import IndicatorSnapshot
from cabinet.dossiers.selectors import Figures, figures_of
from cabinet.imports.selectors import dsn_files, fec_of
from cabinet.vsme.selectors import changes_of, results_of, with_emissions
from cabinet.web.components.formats import MONTHS
from cabinet.web.components.parts import BarChart, Link, Tab
from cabinet.web.dossier.by_hand import ByHand, by_hand
from cabinet.web.dossier.charts import purchases_chart, third_bars
from cabinet.web.dossier.figures import HIDDEN, UNITS, Shown, show, write_number
from cabinet.web.dossier.frame import Head
from cabinet.web.dossier.lacks import lacks_of
from cabinet.web.dossier.standing import PeersShown, joined_rows, peers_shown, write_change

SAME_UNIT = {"month", "account", "sex", "contract", "category", "age_band", "motif", "variant", "factor", "beside"}
"""Criteria whose cells are in the unit of the figure itself."""
FAMILIES = {"economie": "Économie", "carbone": "Carbone", "social": "Social", "vsme": "VSME"}
OWN_PAGES = {"carbone": "carbon", "vsme": "vsme"}
"""Families that have pages of their own: their routes."""


@dataclass(frozen=True, slots=True)
class IndicatorsPage:
    """The figures of the books."""

    pills: Sequence[Tab]
    figures: Sequence[Shown]
    purchases: BarChart | None
    suppliers: BarChart | None
    customers: BarChart | None
    evolutions: dict[str, str]
    """Code → change since the year before; empty without a year to compare with."""
    joined: Sequence[tuple[str, str, str, str]]
    """Name, value, meaning, status of the figures that join two families."""
    peers: PeersShown | None

    @property
    def rows(self) -> Sequence[tuple[Shown, str]]:
        """Each figure with its change, empty when there is none."""
        return [(shown, self.evolutions.get(shown.code, "")) for shown in self.figures]


def family_asked(asked: str) -> str:
    """The family asked for, else the first one."""
    return asked if asked in FAMILIES else "economie"


def pills_of(head: Head, slug: str) -> list[Tab]:
    """The families, the one shown marked."""
    here, link = reverse("dossier_indicators", args=[head.client.id]), "&" if head.query else "?"
    own = {key: reverse(name, args=[head.client.id]) + head.query for key, name in OWN_PAGES.items()}
    return [
        Tab(label, own.get(key, f"{here}{head.query}{link}famille={key}"), current=key == slug)
        for key, label in FAMILIES.items()
    ]


def economic_page(actor: Actor, head: Head, pills: Sequence[Tab]) -> IndicatorsPage:
    """What the FEC of the year tells."""
    kept = figures_of(head.year)
    found = list(kept.of_family("economic"))
    order = {code: rank for rank, code in enumerate(ECONOMIC)}
    found.sort(key=lambda one: order.get(one.code, len(order)))
    results = results_of(kept)
    changed = changes_of(head.client, head.year, results) if head.year and found else {}
    return IndicatorsPage(
        pills=pills,
        figures=[show(head.client, one, head.query) for one in found],
        purchases=purchases_chart(kept),
        suppliers=third_bars(kept, "top_suppliers"),
        customers=third_bars(kept, "top_customers"),
        evolutions={code: write_change(change) for code, change in changed.items()},
        joined=joined_rows(with_emissions(results, reading_of(head.year))),
        peers=peers_shown(actor, head.year, results) if head.year and found else None,
    )


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
    rubriques: Sequence[tuple[str, str]]
    """Source and its name in the norm, for a social figure."""
    library: str
    computed_at: datetime
    inputs: str
    files: Sequence[Link]
    by_hand: ByHand | None
    value_url: str
    """Where the figure is given by hand; empty when it may not be."""


def figure_page(head: Head, figures: Figures, kept: IndicatorSnapshot) -> FigurePage:
    """Everything that stands behind one figure."""
    return FigurePage(
        shown=show(head.client, kept, head.query, lacks_of(figures)),
        cells=[_cell(cell, kept.unit) for cell in kept.breakdown],
        rubriques=[(source, rubrique_name(source)) for source in kept.sources] if kept.family == "workforce" else [],
        library=kept.library,
        computed_at=kept.computed_at,
        inputs=kept.inputs_hash[:12],
        files=list(_files(head, kept)),
        by_hand=by_hand(head, kept),
        value_url=_value_url(head, kept),
    )


def _value_url(head: Head, kept: IndicatorSnapshot) -> str:
    if not (head.rights.figures and can_replace(kept.computed or kept)):
        return ""
    return reverse("dossier_figure_value", args=[head.client.id, kept.code]) + head.query


def _files(head: Head, kept: IndicatorSnapshot) -> Iterator[Link]:
    """The files that the figure stands on."""
    year = head.year
    if year is None:
        return
    if kept.family == "workforce":
        for one in dsn_files(head.client, year.start, year.end):
            yield Link(one.file_name, reverse("import_report", args=[one.import_id]))
    elif (fec := fec_of(year)) is not None:
        yield Link(fec.file_name, reverse("import_report", args=[fec.id]))


def unit_of_cell(cell: dict[str, Any], unit: str) -> str:
    """The unit of a cell of a breakdown: a count or points beside a figure are not in its own."""
    return UNITS.get(unit, unit) if set(cell["by"]) <= SAME_UNIT else ""


def _cell(cell: dict[str, Any], unit: str) -> Cell:
    value, label = cell["value"], _label(cell["by"])
    if value is None:
        return Cell(label, HIDDEN)
    if isinstance(value, bool) or value == "yes":
        return Cell(label, "oui" if value else "non")
    return Cell(label, f"{write_number(Decimal(str(value)))}\u00a0{unit_of_cell(cell, unit)}".strip())


def _label(by: dict[str, str]) -> str:
    return ", ".join(_word(axis, value) for axis, value in by.items())


def _word(axis: str, value: str) -> str:
    if axis == "month":
        return f"{MONTHS[int(value[5:7]) - 1]} {value[:4]}"
    if axis == "account":
        return f"Compte {value}"
    if axis == "beside":
        return sentence("economic", f"beside/{value}").message
    return part_label(axis, value)


def rubrique_name(code: str) -> str:
    """« Date de début du contrat », as the latest norm calls it."""
    found = load_norm(KNOWN_VERSIONS[-1]).rubriques.get(code)
    return found.name if found else ""
