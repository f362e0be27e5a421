"""The context of *Indicateurs › Social*: charts, then every figure by subject, each with its source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse

from bocage.indicators.workforce import DEFINITIONS, ESTIMATES, part_label
from cabinet.dossiers.selectors import Figures, figures_of
from cabinet.imports.coverage import months_of
from cabinet.web.components.formats import MONTHS, SHORT_MONTHS, number, percent, plural
from cabinet.web.components.parts import Bar, BarChart, Tab
from cabinet.web.components.people_charts import Band, Flow, FlowChart, Pair, PairChart, Pyramid
from cabinet.web.dossier.calendar import month_name
from cabinet.web.dossier.charts import HeadcountChart, headcount_chart
from cabinet.web.dossier.figures import HIDDEN, Shown, show
from cabinet.web.dossier.frame import Head
from cabinet.web.dossier.lacks import lacks_of

type Topic = tuple[str, str, tuple[str, ...], tuple[str, ...]]

SUBJECTS: tuple[Topic, ...] = (
    (
        "effectifs",
        "Effectifs et contrats",
        ("headcount_year_end", "headcount_r130_1"),
        (
            *("headcount_year_end", "headcount_average", "headcount_r130_1", "fte_year_end", "part_time_share"),
            *("fixed_term_share", "apprentices", "disabled_workers", "age_mean", "seniority_mean"),
            "managers_female_to_male",
        ),
    ),
    ("mouvements", "Mouvements", ("entries", "exits"), ("entries", "exits", "turnover_vsme", "turnover_fr")),
    (
        "sante",
        "Absences, santé, sécurité",
        ("absence_days", "accidents_with_stop"),
        (
            *("absence_days", "absenteeism", "accidents_with_stop", "accident_rate_vsme", "frequency_rate"),
            *("severity_rate", "hours_paid", "hardship_exposed"),
        ),
    ),
    (
        "salaires",
        "Salaires",
        ("pay_gap_mean", "minimum_wage_compliance"),
        ("pay_gap_mean", "pay_gap_median", "minimum_wage_compliance", "collective_agreement_coverage"),
    ),
    (
        "handicap",
        "Emploi de personnes handicapées",
        ("oeth_due", "oeth_contribution"),
        ("oeth_due", "oeth_employed", "oeth_external", "oeth_contribution"),
    ),
    (
        "egalite",
        "Index de l’égalité professionnelle",
        ("egapro_index",),
        (
            *("egapro_index", "egapro_pay_gap", "egapro_raises", "egapro_promotions", "egapro_returns"),
            "egapro_best_paid",
        ),
    ),
)
"""Slug, title, codes that its head line says, codes: in the order of the page. Every social figure is in one."""
AGE_BANDS = ("50+", "40-49", "30-39", "<30")
SENIORITY_BANDS = ("20+", "10-19", "5-9", "2-4", "<2")
GROUPS = ("all", "managers", "technicians", "employees", "workers", "unknown")


@dataclass(frozen=True, slots=True)
class Subject:
    """Figures that go together, each with the paragraph of the voluntary standard that asks for it."""

    slug: str
    title: str
    said: str
    """What its head line says when it is folded."""
    figures: Sequence[tuple[Shown, str]]
    not_concerned: str = ""
    """Why none of them concerns the company."""


@dataclass(frozen=True, slots=True)
class Bars:
    """A smaller chart."""

    title: str
    aside: str
    chart: BarChart

    @property
    def all_hidden(self) -> bool:
        """Whether nothing would be drawn but hatching."""
        return all(bar.hidden for bar in self.chart.bars)


@dataclass(frozen=True, slots=True)
class SocialPage:
    """What the template draws."""

    pills: Sequence[Tab]
    subjects: Sequence[Subject]
    missing: Sequence[str]
    """Names of the months whose DSN is not there."""
    declared: int
    ages: Pyramid | None
    seniorities: Pyramid | None
    flows: FlowChart | None
    headcount: HeadcountChart | None
    pay: PairChart | None
    categories_hidden: bool
    """Whether every category of pay is hidden: one sentence says it instead of as many rows."""
    bars: Mapping[str, Sequence[Bars]]
    """Slug of a subject → its smaller charts."""
    csv_url: str
    xlsx_url: str

    @property
    def topics(self) -> list[Tab]:
        """The subjects, as a menu of the page."""
        return [Tab(subject.title, f"#{subject.slug}") for subject in self.subjects]

    @property
    def figures(self) -> list[Shown]:
        """Every figure of the page."""
        return [shown for subject in self.subjects for shown, _ in subject.figures]


def social_page(head: Head, pills: Sequence[Tab]) -> SocialPage:
    """Everything that the DSN of the year tell."""
    kept, year = figures_of(head.year), head.year
    days = list(months_of(year.start, year.end)) if year else []
    known = {str(cell["by"]["month"]) for cell in kept.cells("headcount_by_month")}
    pay, categories_hidden = _pay(kept)
    return SocialPage(
        pills=pills,
        subjects=_subjects(head, kept),
        missing=[month_name(day) for day in days if f"{day:%Y-%m}" not in known] if known else [],
        declared=sum(f"{day:%Y-%m}" in known for day in days),
        ages=_pyramid(kept, "age_pyramid", "age_band", AGE_BANDS, "Âge"),
        seniorities=_pyramid(kept, "seniority_pyramid", "seniority_band", SENIORITY_BANDS, "Ancienneté"),
        flows=_flows(kept, [f"{day:%Y-%m}" for day in days]),
        headcount=headcount_chart(kept, [f"{day:%Y-%m}" for day in days]) if known else None,
        pay=pay,
        categories_hidden=categories_hidden,
        bars=_bars(kept),
        csv_url=reverse("dossier_social_csv", args=[head.client.id]) + head.query,
        xlsx_url=reverse("dossier_social_xlsx", args=[head.client.id]) + head.query,
    )


def _subjects(head: Head, kept: Figures) -> list[Subject]:
    known, lacks = {**DEFINITIONS, **ESTIMATES}, lacks_of(kept)
    subjects = []
    for slug, title, heads, codes in SUBJECTS:
        found = {code: show(head.client, one, head.query, lacks) for code in codes if (one := kept.get(code))}
        if found:
            said = ", ".join(_said(found[code]) for code in heads if code in found and found[code].applies)
            reason = "" if any(one.applies for one in found.values()) else next(iter(found.values())).reason
            rows = [(one, known[code].vsme) for code, one in found.items()]
            subjects.append(Subject(slug, title, said or "non concernée", rows, reason))
    return subjects


def _said(shown: Shown) -> str:
    """« effectif en fin de période : 17 salariés »."""
    return f"{shown.label}\u00a0: {shown.value}" + (f"\u00a0{shown.unit}" if shown.unit else "")


def _counts(kept: Figures, code: str, axis: str) -> dict[tuple[str, str], int | None]:
    return {(str(cell["by"][axis]), str(cell["by"]["sex"])): cell["value"] for cell in kept.cells(code)}


def _pyramid(kept: Figures, code: str, axis: str, bands: Sequence[str], head: str) -> Pyramid | None:
    counts = _counts(kept, code, axis)
    whole = kept.get("headcount_year_end")
    if not counts or whole is None:
        return None
    by_sex = {str(cell["by"].get("sex")): int(cell["value"]) for cell in whole.breakdown if "sex" in cell["by"]}
    women, men = by_sex.get("F", 0), by_sex.get("M", 0)
    said = f"{head} des {number(women + men)} salariés présents le dernier jour, par sexe."
    rows = [Band(part_label(axis, band), counts.get((band, "F")), counts.get((band, "M"))) for band in bands]
    return Pyramid(said, head, women, men, rows)


def _by_month(kept: Figures, code: str) -> dict[str, int]:
    return {str(cell["by"]["month"]): int(cell["value"]) for cell in kept.cells(code)}


def _flows(kept: Figures, months: Sequence[str]) -> FlowChart | None:
    people = _by_month(kept, "headcount_by_month")
    entries, exits = _by_month(kept, "hires_by_month"), _by_month(kept, "leavers_by_month")
    if not people:
        return None
    flows = [
        Flow(
            SHORT_MONTHS[int(month[5:]) - 1],
            f"{MONTHS[int(month[5:]) - 1]} {month[:4]}",
            people.get(month),
            entries.get(month),
            exits.get(month),
        )
        for month in months
    ]
    said = f"Effectif en fin de mois, de {number(min(people.values()))} à {number(max(people.values()))} salariés"
    said += f", {plural(sum(entries.values()), 'entrée')} et {plural(sum(exits.values()), 'sortie')}."
    return FlowChart(said, flows)


def _pay(kept: Figures) -> tuple[PairChart | None, bool]:
    """The groups worth a row, and whether every category is hidden."""
    found: dict[str, dict[tuple[str, str], Any]] = {}
    for cell in kept.cells("hourly_pay"):
        by = cell["by"]
        group = found.setdefault(str(by["group"]), {})
        group[str(by.get("sex", "")), str(by["what"])] = cell["value"]
        group["", "hidden"] = by.get("hidden")
    categories = [name for name in GROUPS[1:] if name in found]
    all_hidden = bool(categories) and all(found[name]["", "hidden"] for name in categories)
    shown = [name for name in GROUPS if name in found and not (all_hidden and name in categories)]
    if not shown:
        return None, False
    said = "Salaire horaire brut moyen des femmes et des hommes, ensemble et par catégorie."
    return PairChart(said, [_pair(name, found[name]) for name in shown]), all_hidden


def _pair(group: str, cells: dict[tuple[str, str], Any]) -> Pair:
    hidden = bool(cells.get(("", "hidden")))
    values = {sex: _decimal(cells.get((sex, "mean"))) for sex in "FM"}
    texts = {}
    for sex in "FM":
        persons, value = cells.get((sex, "persons")), values[sex]
        amount = number(value, 2) if value is not None else HIDDEN if hidden else "aucune" if sex == "F" else "aucun"
        texts[sex] = amount if persons is None else f"{amount} ({number(int(persons))})"
    gap = _decimal(cells.get(("", "gap_mean")))
    shown = percent(gap, 1) if gap is not None else HIDDEN if hidden else "–"
    note = "Moins de 5 personnes d’un sexe, ou retrouvé par différence" if hidden and group != "all" else ""
    if hidden and group == "all":
        note = "Moins de 5 personnes d’un sexe"
    return Pair(
        part_label("group", group), texts["F"], texts["M"], values["F"], values["M"], shown, note, group == "all"
    )


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _bars(kept: Figures) -> dict[str, list[Bars]]:
    absences = kept.get("absence_days")
    hardship = kept.get("hardship_exposed")
    found = {
        "effectifs": [
            Bars(
                "Contrats", "dernier jour", _chart(kept.cells("contracts_by_nature"), "nature", "Contrat", "personne")
            ),
            Bars(
                "Motifs des contrats temporaires",
                "dernier jour",
                _chart(kept.cells("temporary_by_recourse"), "recourse", "Motif", "personne"),
            ),
        ],
        "mouvements": [
            Bars(
                "Sorties par motif", "personnes", _chart(kept.cells("exits_by_family"), "family", "Motif", "personne")
            ),
        ],
        "sante": [
            Bars(
                "Absences par motif", "jours", _chart(absences.breakdown if absences else [], "motif", "Motif", "jour")
            ),
            Bars(
                "Exposition aux facteurs du C2P",
                "personnes",
                _chart(hardship.breakdown if hardship else [], "factor", "Facteur", "personne"),
            ),
        ],
    }
    return {slug: [one for one in charts if one.chart.bars] for slug, charts in found.items()}


def _chart(cells: Sequence[dict[str, Any]], axis: str, head: str, unit: str) -> BarChart:
    bars = []
    for cell in cells:
        if axis not in cell["by"]:
            continue
        value = cell["value"]
        label = part_label(axis, str(cell["by"][axis]))
        bars.append(Bar(label, value, HIDDEN if value is None else plural(int(value), unit), hidden=value is None))
    return BarChart(f"{head}, nombre de {unit}s.", head, f"{unit}s", tuple(bars))
