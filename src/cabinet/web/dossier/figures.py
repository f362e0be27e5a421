"""Figures as the screens write them: value, unit, mark of confidence, where they come from."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from bocage.wording import sentence
from cabinet.clients.models import Client
from cabinet.dossiers.models import IndicatorSnapshot
from cabinet.dossiers.selectors import Figures
from cabinet.web.components import formats
from cabinet.web.dossier.lacks import NOTHING, Lacks, lacks_of
from cabinet.web.dossier.lacks import REASON as MONTHS_MISSING

UNITS = {
    "EUR": "€",
    "kgCO2e": "t CO2e",
    "kgCO2e/k€": "kg CO2e par k€",
    "persons": "salariés",
    "number": "",
    "FTE": "ETP",
    "%": "%",
    "h": "h",
    "days": "jours",
    "years": "ans",
    "units": "unités",
    "points": "points",
    "yes/no": "",
    "ratio": "",
    "per 200 000 h": "pour 200 000 h",
    "per 10⁶ h": "par million d’heures",
    "days per 10³ h": "jours pour 1 000 h",
}
COUNTED = {"persons", "days", "years", "units", "points"}
"""Units that take no s under two."""
NOT_CONCERNED = {"under_20_employees", "under_50_employees", "not_applicable"}
"""Reasons for which a figure does not apply: nothing is to be completed."""
HIDDEN = "masqué"
NOT_APPLICABLE = "–"


ACCOUNTS = re.compile(r"accounts (\d+)(?:–(\d+))?")
"""« accounts 60–62 », « accounts 6238 (labels) »: sources that the balance shows."""


@dataclass(frozen=True, slots=True)
class SourceShown:
    """Where a figure comes from, and the balance of these accounts when it is accounts."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One figure, ready for the component ``figure`` or a line of a table."""

    code: str
    label: str
    value: str
    unit: str
    status: str
    meaning: str
    reason: str
    formula: str
    sources: tuple[SourceShown, ...]
    url: str
    detail: str = ""
    """What follows the mark of confidence, as « sans octobre 2025 »."""
    exclusions: str = ""
    variants: str = ""

    @property
    def applies(self) -> bool:
        """Whether the figure concerns this company at all."""
        return self.value != NOT_APPLICABLE

    @property
    def remark(self) -> str:
        """The reason, where the detail does not say it already."""
        return "" if self.detail else self.reason


def words_of(family: str, code: str) -> tuple[str, str]:
    """Name and meaning of an indicator."""
    if family == "workforce":
        return sentence(family, f"{code}/name").message, sentence(family, code).message
    said = sentence(family, code)
    return said.message, said.remedy


def reason_of(family: str, code: str) -> str:
    """Why a figure is unknown, partial or hidden."""
    if not code:
        return ""
    return sentence(family, f"reason/{code}" if family == "workforce" else code).message


def write_value(snapshot: IndicatorSnapshot) -> str:
    """The value as text; « à compléter » or « masqué » when there is none."""
    if snapshot.reason in NOT_CONCERNED:
        return NOT_APPLICABLE
    if snapshot.value is None:
        return HIDDEN if snapshot.status == "hidden" else formats.UNKNOWN
    if snapshot.unit == "yes/no":
        return "oui" if snapshot.value else "non"
    if snapshot.unit == "EUR":
        return formats.euros(snapshot.value)
    if snapshot.unit == "kgCO2e":
        return formats.number(snapshot.value / 1000, 1)
    return write_number(snapshot.value)


def write_number(value: Decimal) -> str:
    """Six decimals are kept; two at most are shown, and none for a whole number."""
    rounded = round(value, 2)
    return formats.number(rounded, 0 if rounded == rounded.to_integral_value() else 2)


def _unit(snapshot: IndicatorSnapshot) -> str:
    if snapshot.value is None:
        return ""
    word = UNITS.get(snapshot.unit, snapshot.unit)
    return word.removesuffix("s") if snapshot.unit in COUNTED and snapshot.value < 2 else word


def show(client: Client, snapshot: IndicatorSnapshot, query: str = "", lacks: Lacks = NOTHING) -> Shown:
    """A kept figure, as text. ``lacks``: what the DSN of its year lack."""
    partial = snapshot.reason == MONTHS_MISSING
    label, meaning = words_of(snapshot.family, snapshot.code)
    return Shown(
        code=snapshot.code,
        label=label,
        value=write_value(snapshot),
        unit=_unit(snapshot),
        status=snapshot.status,
        meaning=meaning,
        reason=(lacks.sentence if partial else "") or reason_of(snapshot.family, snapshot.reason),
        formula=snapshot.formula,
        sources=tuple(source_of(client, str(source), query) for source in snapshot.sources),
        url=reverse("dossier_figure", args=[client.id, snapshot.code]) + query,
        detail=f"par {snapshot.manual.author_name}" if snapshot.manual else lacks.short if partial else "",
        exclusions=snapshot.exclusions,
        variants=snapshot.variants,
    )


def source_of(client: Client, source: str, query: str) -> SourceShown:
    """A source of a figure: the balance of its accounts when it names accounts."""
    found, text = ACCOUNTS.match(source), source.replace("accounts ", "comptes ")
    if found is None:
        return SourceShown(text, "")
    first, last = found[1], found[2] or found[1]
    roots = [str(root) for root in range(int(first), int(last) + 1)] if len(first) == len(last) else [first]
    link = "&" if query else "?"
    url = reverse("books_balance", args=[client.id])
    return SourceShown(text, f"{url}{query}{link}{urlencode({'q': ' '.join(roots)})}")


def show_code(client: Client, figures: Figures, family: str, code: str, query: str = "") -> Shown:
    """A figure by its code: « à compléter » when it was never computed."""
    snapshot = figures.get(code)
    if snapshot is not None:
        return show(client, snapshot, query, lacks_of(figures))
    label, meaning = words_of(family, code)
    return Shown(code, label, formats.UNKNOWN, "", "missing", meaning, "", "", (), "")


def decimal_of(cell: dict[str, Any]) -> Decimal:
    """The value of a cell of a list."""
    return Decimal(str(cell["value"]))
