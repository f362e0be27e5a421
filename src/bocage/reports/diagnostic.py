"""*Premier diagnostic RSE* on paper: what the books, the payroll and the registry already tell of a company.

Figures come as results, with their status: what is unknown is said, and never drawn as a zero.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bocage.identifiers import Period
from bocage.indicators.changes import Change
from bocage.indicators.result import BY_HAND, Result, Status
from bocage.referentials.vsme import CREDIT, Module
from bocage.reports.blocks import (
    Block,
    Brand,
    Bullets,
    Chart,
    Column,
    Document,
    Figure,
    Figures,
    Heading,
    Note,
    PageBreak,
    Paragraph,
    Table,
    Tone,
)
from bocage.reports.charts import Mark, bars, columns
from bocage.vsme import Prefill, Row, counts_of
from bocage.vsme import Status as PointStatus
from bocage.wording import sentence
from bocage.wording.figures import NBSP, UNKNOWN, long_day, number, plural

ECONOMIC = (
    *("turnover", "purchases", "external_charges", "value_added", "ebitda", "net_result", "wage_bill", "training_levy"),
    *("taxes", "subsidies", "donations", "fines", "research", "capital_expenditure", "supplier_payment_days"),
    *("customer_payment_days", "supplier_late_share", "supplier_top10_share", "subcontracting_share"),
)
SOCIAL = (
    *("headcount_year_end", "headcount_average", "fte_year_end", "part_time_share", "fixed_term_share", "entries"),
    *("exits", "turnover_fr", "absenteeism", "accidents_with_stop", "frequency_rate", "pay_gap_mean"),
    *("minimum_wage_compliance", "collective_agreement_coverage", "apprentices", "disabled_workers"),
)
STRIP = ("turnover", "value_added", "headcount_year_end", "accidents_with_stop")
CONFIDENCE: Mapping[Status, str] = {
    Status.COMPUTED: "Calculé",
    Status.PARTIAL: "Partiel",
    Status.MISSING: "À compléter",
    Status.HIDDEN: "Masqué",
}
_UNITS = {
    "EUR": "€",
    "EUR/FTE": "€ par ETP",
    "kgCO2e/FTE": "kg CO2e par ETP",
    "kgCO2e/kEUR": "kg CO2e par k€",
    "persons": "salariés",
    "number": "",
    "FTE": "ETP",
    "days": "jours",
    "per 10⁶ h": "par million d’heures",
    "yes/no": "",
}
_FAMILIES_DRAWN, _ASKED_SHOWN = 10, 25


def confidence_of(result: Result) -> str:
    """The mark that goes with a figure."""
    return "Saisi" if BY_HAND in result.sources else CONFIDENCE[result.status]


@dataclass(frozen=True, slots=True)
class CarbonFacts:
    """A carbon estimate at large: tonnes, half-width in per cent, tonnes by scope and by category (French name).

    A scope is None while its lines wait for a quantity: it is unknown, not zero. ``waiting``: how many lines do.
    ``rules``: what the firm decided of some lines: which ones, what they become, why.
    """

    total: Decimal
    uncertainty_pct: Decimal | None
    by_scope: Mapping[str, Decimal | None]
    by_category: Sequence[tuple[str, Decimal]]
    method: str
    waiting: int = 0
    rules: Sequence[tuple[str, str, str]] = ()
    branch: Sequence[str] = ()
    """What the public average of the company's branch says, in sentences."""


@dataclass(frozen=True, slots=True)
class DiagnosticFacts:
    """Everything that the report says. ``families``: purchases by family in euros.

    ``months``: each month of the year and its head count, None when unknown.
    """

    period: Period
    results: Mapping[str, Result]
    joined: Sequence[Result]
    changes: Mapping[str, Change]
    families: Sequence[tuple[str, Decimal]]
    months: Sequence[tuple[str, int | None]]
    carbon: CarbonFacts | None
    table: Prefill


def diagnostic_document(facts: DiagnosticFacts, *, brand: Brand, subject: str, day: date) -> Document:
    """The report, cover first. The same facts give the same document."""
    period = f"du {long_day(facts.period.start)} au {long_day(facts.period.end)}"
    return Document(
        title="Premier diagnostic RSE",
        subject=subject,
        brand=brand,
        day=day,
        identity=(("Exercice", period), ("Établi par", brand.firm)),
        blocks=(*_essential(facts), *_economy(facts, brand), *_social(facts, brand), *_carbon(facts, brand),
                *_vsme(facts), *_method(facts)),
        cover=True,
    )  # fmt: skip


def name_of(code: str) -> str:
    """The French name of a figure, economic or social."""
    try:
        return sentence("workforce", f"{code}/name").message
    except KeyError:
        return sentence("economic", code).message


def written(result: Result) -> str:
    """A result as text: its value and unit, « à compléter » or « masqué »."""
    value = result.value
    if value is None:
        return "masqué" if result.status is Status.HIDDEN else UNKNOWN
    if isinstance(value, bool) or result.unit == "yes/no":
        return "oui" if value else "non"
    if isinstance(value, str):
        return value
    unit = _UNITS.get(result.unit, result.unit)
    return _short(Decimal(value), result.unit) + (f"{NBSP}{unit}" if unit else "")


def _short(value: Decimal, unit: str) -> str:
    if unit == "EUR":
        return number(value)
    whole = round(value, 2) == value.to_integral_value()
    return number(value, 0 if whole else 2)


def _essential(facts: DiagnosticFacts) -> Iterator[Block]:
    yield Heading("L’essentiel")
    yield Paragraph(
        "Ce document dit ce que la comptabilité, la paie et le registre des entreprises apprennent déjà de "
        f"l’entreprise, avant toute question. Chaque chiffre porte sa confiance{NBSP}; ce qui manque est dit."
    )
    strip = [_figure(facts.results[code]) for code in STRIP if code in facts.results]
    if facts.carbon is not None:
        strip = [*strip[:3], _emissions(facts.carbon)]
    if len(strip) > 1:
        yield Figures(tuple(strip))
    told = tuple(_told(facts))
    if told:
        yield Bullets(told)


def _figure(result: Result) -> Figure:
    tone: Tone = "plain" if result.status is Status.COMPUTED else "warn"
    return Figure(name_of(result.code), written(result), note=confidence_of(result), tone=tone)


def _emissions(carbon: CarbonFacts) -> Figure:
    doubt = "" if carbon.uncertainty_pct is None else f"à ± {number(carbon.uncertainty_pct)}{NBSP}% près"
    return Figure("Émissions estimées", number(carbon.total, 1), "t CO2e", doubt, "info")


def _told(facts: DiagnosticFacts) -> Iterator[str]:
    """Plain sentences on what changed most and what joins two families."""
    for change in sorted(facts.changes.values(), key=lambda one: one.code):
        if change.large and change.percent is not None:
            word = "augmente" if change.percent > 0 else "diminue"
            yield (
                f"{name_of(change.code)}{NBSP}: {word} de {number(abs(change.percent))}{NBSP}% "
                "par rapport à l’exercice précédent."
            )
    for result in facts.joined:
        if result.value is not None:
            yield f"{name_of(result.code)}{NBSP}: {written(result)}."


def _table(facts: DiagnosticFacts, codes: Sequence[str], caption: str) -> Table | None:
    found = [facts.results[code] for code in codes if code in facts.results]
    rows = tuple((name_of(one.code), written(one), _evolution(facts, one), confidence_of(one)) for one in found)
    heads = (
        Column("Chiffre", share=4),
        Column("Valeur", "right", 2),
        Column("Évolution", "right"),
        Column("Confiance"),
    )
    return Table(heads, rows, caption=caption) if rows else None


def _evolution(facts: DiagnosticFacts, result: Result) -> str:
    change = facts.changes.get(result.code)
    if change is None:
        return "–"
    if change.percent is not None:
        sign = "+" if change.percent > 0 else ""
        return f"{sign}{number(change.percent, 1)}{NBSP}%"
    sign = "+" if change.difference > 0 else ""
    unit = "pts" if change.unit == "%" else _UNITS.get(change.unit, change.unit)
    return f"{sign}{_short(change.difference, change.unit)}{NBSP}{unit}".rstrip()


def _economy(facts: DiagnosticFacts, brand: Brand) -> Iterator[Block]:
    yield Heading("Économie")
    table = _table(facts, ECONOMIC, "Chiffres tirés du FEC de l’exercice")
    if table is None:
        yield Note("Aucun chiffre économique", "Le FEC de l’exercice n’est pas dans le dossier.", "warn")
        return
    yield table
    drawn = [Mark(label, amount, f"{number(amount)}{NBSP}€") for label, amount in facts.families[:_FAMILIES_DRAWN]]
    if drawn:
        alt = f"Achats et services par famille{NBSP}: " + ", ".join(f"{mark.label} {mark.text}" for mark in drawn)
        yield Heading("Où va la dépense", 2)
        yield Chart(bars(drawn, brand.main_colour), alt, "Comptes 60 à 62, avoirs déduits")


def _social(facts: DiagnosticFacts, brand: Brand) -> Iterator[Block]:
    yield Heading("Social")
    table = _table(facts, SOCIAL, "Chiffres tirés des DSN de l’exercice")
    if table is None:
        yield Note("Aucun chiffre social", "Les DSN de l’exercice ne sont pas dans le dossier.", "warn")
        return
    yield table
    drawn = [
        Mark(label, None, "absent") if count is None else Mark(label, Decimal(count), f"{count}")
        for label, count in facts.months
    ]
    if drawn:
        alt = f"Effectif en fin de mois{NBSP}: " + ", ".join(f"{mark.label} {mark.text}" for mark in drawn)
        yield Heading("Effectif mois par mois", 2)
        yield Chart(columns(drawn, brand.accent_colour), alt, "Salariés présents le dernier jour du mois")
    yield Paragraph("Ce qu’un petit groupe ferait connaître d’une personne est masqué.", quiet=True)


def _carbon(facts: DiagnosticFacts, brand: Brand) -> Iterator[Block]:
    yield Heading("Carbone")
    carbon = facts.carbon
    if carbon is None:
        yield Note("Pas encore d’estimation", "L’estimation carbone de l’exercice n’est pas calculée.", "info")
        return
    yield Note(
        "Une première estimation",
        "Les ratios monétaires donnent un ordre de grandeur. Des quantités (kWh, litres, km) la rendent plus sûre.",
    )
    if carbon.waiting:
        count = plural(carbon.waiting, "ligne")
        yield Note("Des quantités manquent", f"{count} d’énergie attendent une quantité et ne comptent pas.", "warn")
    scopes = [
        Figure(f"Scope {name}", number(kept, 1), "" if kept is None else "t CO2e")
        for name, kept in sorted(carbon.by_scope.items())
    ]
    yield Figures(tuple(scopes))
    if carbon.branch:
        yield Heading("Face à sa branche", 2)
        yield Paragraph(" ".join(carbon.branch))
    drawn = [Mark(label, tonnes, f"{number(tonnes, 1)}{NBSP}t") for label, tonnes in carbon.by_category[:10]]
    if drawn:
        alt = f"Émissions par poste{NBSP}: " + ", ".join(f"{mark.label} {mark.text}" for mark in drawn)
        yield Heading("Les postes les plus lourds", 2)
        yield Chart(bars(drawn, brand.accent_colour), alt, f"Méthode {carbon.method}")


def _vsme(facts: DiagnosticFacts) -> Iterator[Block]:
    rows = facts.table.of_module(Module.BASIC)
    found = counts_of(rows)
    yield Heading("Norme VSME, module de base")
    yield Figures(
        (
            Figure("Renseignés", f"{found.valued}", "points", f"dont {found.to_confirm} à confirmer", "ok"),
            Figure("Sans objet", f"{found.not_applicable}", "points"),
            Figure("À demander", f"{found.to_ask}", "points", tone="warn"),
        )
    )
    asked = [row for row in rows if row.status is PointStatus.TO_ASK]
    if asked:
        yield Heading("À demander en premier", 2)
        first = sorted(asked, key=_needed)[:_ASKED_SHOWN]
        yield Table(
            (Column("Point", share=1), Column("Ce qu’il faut demander", share=6)),
            tuple((f"{row.point.disclosure} § {row.point.paragraph}", row.point.label_fr) for row in first),
        )


def _needed(row: Row) -> int:
    """What always applies comes before what depends on an answer."""
    return 0 if row.point.rule == "ALWAYS" else 1


def _method(facts: DiagnosticFacts) -> Iterator[Block]:
    yield PageBreak()
    yield Heading("Annexe, méthode")
    yield Bullets(
        (
            "Les chiffres économiques viennent du FEC : écritures d’ouverture et de clôture exclues, avoirs déduits.",
            "Les chiffres sociaux viennent des DSN mensuelles ; une personne compte une fois.",
            "L’évolution compare à l’exercice précédent, s’il dure autant ; un côté inconnu n’en a pas.",
            "Calculé : toutes les données sont là. Partiel : une partie manque. Masqué : le groupe est trop petit.",
            f"Norme : {CREDIT}.",
        )
    )
    if facts.carbon and facts.carbon.rules:
        yield Heading("Lignes que le cabinet a classées lui-même", 2)
        yield Table(
            (Column("Lignes", share=3), Column("Deviennent", share=2), Column("Justification", share=3)),
            tuple(facts.carbon.rules),
        )
    rows = tuple(
        (name_of(one.code), one.formula)
        for code in (*ECONOMIC, *SOCIAL)
        if (one := facts.results.get(code)) is not None and one.formula
    )
    if rows:
        yield Heading("Comment chaque chiffre est calculé", 2)
        yield Table((Column("Chiffre", share=2), Column("Calcul", share=4)), rows)
