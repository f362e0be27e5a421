"""Invented companies and figures: what the gallery shows."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator

from cabinet.web.components import parts, people_charts
from cabinet.web.components.formats import MONTHS, SHORT_MONTHS
from cabinet.web.components.icons import icon_names
from cabinet.web.components.states import CONFIDENCE, STATES
from cabinet.web.gallery.forms import SampleForm

NOON = datetime(2026, 11, 17, 8, 42, tzinfo=UTC)
ENTRIES = (980, 940, 1120, 1080, 1060, 1210, 1180, 620, 1100, 1230, 1190, 1430)
PEOPLE = (112, 112, 113, 115, 116, 118, 121, 120, 119, None, 117, 118)

INKS = (
    ("ink-900", "Encre"),
    ("ink-700", "Encre 2"),
    ("ink-500", "Encre 3"),
    ("edge", "Bord"),
    ("rule", "Filet"),
    ("ground", "Fond"),
    ("primary", "Action"),
    ("primary-soft", "Choisi"),
)
SERIES = (
    ("scope-1", "Scope 1"),
    ("scope-2", "Scope 2"),
    ("scope-3", "Scope 3"),
    ("hedge", "Haie"),
    ("series-a", "Série A"),
    ("series-b", "Série B"),
    ("step-2", "Pas 2"),
    ("step-5", "Pas 5"),
)


@dataclass(frozen=True, slots=True)
class Company:
    """A line of the sample table."""

    name: str
    code: str
    siret: str
    ape: str
    town: str
    portfolios: str
    manager: str
    state: str
    marks: tuple[parts.Mark, ...]


def strip(**states: str) -> tuple[parts.Mark, ...]:
    """Twelve months of 2025, all present but those named (``oct="missing"``)."""
    names = {"aout": 7, "oct": 9, "dec": 11}
    other = {names[key]: state for key, state in states.items()}
    return tuple(parts.Mark(f"{month} 2025", other.get(rank, "present")) for rank, month in enumerate(MONTHS))


COMPANIES = (
    Company(
        "Biscuiterie Ternanteau",
        "T0412",
        "00007461700028",
        "10.72Z",
        "Ernée",
        "Agroalimentaire, Mayenne Nord",
        "Inès Benamara",
        "active",
        strip(oct="missing"),
    ),
    Company(
        "Électricité Brossinier",
        "E0203",
        "00001177500012",
        "43.21A",
        "Craon",
        "Artisanat et BTP",
        "Mathis Le Goff",
        "importing",
        strip(),
    ),
    Company(
        "Garage Pellouin",
        "G0118",
        "00005318100020",
        "45.20A",
        "Mayenne",
        "Artisanat et BTP",
        "Solène Hautbois",
        "import_refused",
        strip(aout="refused"),
    ),
    Company(
        "Imprimerie Sauldrel",
        "I0056",
        "00007326200016",
        "18.12Z",
        "Laval",
        "",
        "Claire Dubreuil",
        "inactive",
        strip(dec="to_check"),
    ),
)


def calendar() -> list[parts.CalendarMonth]:
    """A year with a missing DSN, one to check, and a refused FEC month."""
    dsn = {6: "to_check", 9: "missing"}
    return [
        parts.CalendarMonth(
            month=f"{name} 2025",
            short=SHORT_MONTHS[rank],
            fec="present",
            dsn=dsn.get(rank, "present"),
            entries=ENTRIES[rank],
            people=PEOPLE[rank],
            dsn_url="#couverture" if rank == 9 else "",
            findings=2 if rank == 3 else 0,
        )
        for rank, name in enumerate(MONTHS)
    ]


ESTABLISHMENTS = (
    parts.EstablishmentRow("00028", "Établissement 000 074 617 00028", [("present", "")] * 9 + [("missing", "")] * 3),
    parts.EstablishmentRow("00036", "Établissement 000 074 617 00036", [("none", "")] * 5 + [("present", "")] * 7),
)


BARS = parts.BarChart(
    sentence="Émissions de 2025 par poste, en tonnes de CO2e : les biens achetés en font 4 875,1 sur 6 755,6.".replace(
        " :", "\u00a0:"
    ),
    head="Poste",
    unit="t CO2e",
    bars=(
        parts.Bar(
            "Gaz des fours", Decimal("981.0"), "981,0", Decimal(912), Decimal(1050), "scope-1", url="#graphiques"
        ),
        parts.Bar("Carburants des véhicules", None, "à compléter", tone="scope-1"),
        parts.Bar("Électricité", Decimal("68.6"), "68,6", tone="scope-2"),
        parts.Bar(
            "Biens et services achetés", Decimal("4875.1"), "4\u00a0875,1", Decimal(2200), Decimal(7550), "scope-3"
        ),
        parts.Bar("Trajets, moins de 5 personnes", None, "masqué", hidden=True),
    ),
)


def columns() -> parts.ColumnChart:
    """Head count of a year, October unknown."""
    points = tuple(
        parts.Point(SHORT_MONTHS[rank], f"{name} 2025", PEOPLE[rank], absent="absent")
        for rank, name in enumerate(MONTHS)
    )
    return parts.ColumnChart(
        "Effectif de fin de mois en 2025, de 112 à 118 salariés. Octobre manque.", "Salariés", points
    )


AGES = people_charts.Pyramid(
    "Âge de 118 salariés, par sexe.",
    "Âge",
    53,
    65,
    (
        people_charts.Band("50 ans et plus", 17, 22),
        people_charts.Band("40 à 49 ans", 15, 18),
        people_charts.Band("30 à 39 ans", None, None),
        people_charts.Band("Moins de 30 ans", None, None),
    ),
)
FEW = people_charts.Pyramid(
    "Âge de 7 salariés, par sexe.", "Âge", 3, 4, (people_charts.Band("50 ans et plus", None, None),)
)
PAY = people_charts.PairChart(
    "Salaire horaire brut moyen des femmes et des hommes.",
    (
        people_charts.Pair(
            "Ensemble", "16,52 (53)", "18,18 (65)", Decimal("16.52"), Decimal("18.18"), "9,1\u00a0%", whole=True
        ),
        people_charts.Pair("Cadres", "masqué", "masqué", None, None, "masqué", "Moins de 5 personnes d’un sexe"),
        people_charts.Pair("Ouvriers", "14,31 (24)", "14,98 (41)", Decimal("14.31"), Decimal("14.98"), "4,5\u00a0%"),
    ),
)


def flows() -> people_charts.FlowChart:
    """A year of people, October unknown."""
    months = zip(SHORT_MONTHS, MONTHS, PEOPLE, strict=True)
    shown = tuple(
        people_charts.Flow(short, f"{name} 2025", people, people and 2, people and 1) for short, name, people in months
    )
    return people_charts.FlowChart("Effectif en 2025, de 112 à 121 salariés. Octobre manque.", shown)


def page() -> Page[Company]:
    """The first page of four."""
    return Paginator([*COMPANIES] * 12, 11).page(2)


def sample_form() -> SampleForm:
    """Bound, with one error."""
    form = SampleForm(
        {
            "file_code": "T0412",
            "siret": "000 074 617 0002",
            "street": "14 chemin du Vivier, 53160 Bais",
            "amount": "3240000",
            "start": "2025-01-01",
            "end": "2025-12-31",
            "login": "on",
            "kind": "carbon",
            "portfolios": ["agro"],
            "manager": "2",
        },
        auto_id="sample_%s",
    )
    form.is_valid()
    return form


@dataclass(frozen=True, slots=True)
class GalleryPage:
    """The context of the gallery."""

    form: SampleForm = field(default_factory=sample_form)
    inks: Any = INKS
    series: Any = SERIES
    states: Any = field(default_factory=lambda: [*STATES])
    confidences: Any = field(default_factory=lambda: [*CONFIDENCE])
    icons: Any = field(default_factory=icon_names)
    companies: tuple[Company, ...] = COMPANIES
    months: list[parts.CalendarMonth] = field(default_factory=calendar)
    establishments: tuple[parts.EstablishmentRow, ...] = ESTABLISHMENTS
    bars: parts.BarChart = BARS
    columns: parts.ColumnChart = field(default_factory=columns)
    ages: people_charts.Pyramid = AGES
    few: people_charts.Pyramid = FEW
    flows: people_charts.FlowChart = field(default_factory=flows)
    pay: people_charts.PairChart = PAY
    page: Page[Company] = field(default_factory=page)
    moment: datetime = NOON
    amount: Decimal = Decimal("3240000")
    turnover: Decimal = Decimal("21384210.40")
    rate: Decimal = Decimal("36.5")
    trail: tuple[parts.Link, ...] = (
        parts.Link("Clients", "#chemins"),
        parts.Link("Biscuiterie Ternanteau", "#chemins"),
        parts.Link("Rapport du FEC"),
    )
    tabs: tuple[parts.Tab, ...] = (
        parts.Tab("Vue d’ensemble", "#chemins", current=True),
        parts.Tab("Données", "#chemins"),
        parts.Tab("Indicateurs", "#chemins"),
        parts.Tab("Missions", "#chemins", count=2),
        parts.Tab("Journal", "#chemins"),
    )
    pills: tuple[parts.Tab, ...] = (
        parts.Tab("Économie", "#chemins"),
        parts.Tab("Carbone", "#chemins", current=True),
        parts.Tab("Social", "#chemins"),
    )
    choices: tuple[parts.Choice, ...] = (
        parts.Choice("Mes dossiers", "#chemins"),
        parts.Choice("Tout le cabinet", "#chemins", current=True),
    )
    steps: tuple[parts.Step, ...] = (
        parts.Step("Entreprise", "done", "#chemins"),
        parts.Step("Organisation", "done", "#chemins"),
        parts.Step("Données", "current"),
        parts.Step("Récapitulatif", "todo"),
    )
    chips: tuple[parts.Chip, ...] = (
        parts.Chip("État\u00a0: actifs", "#listes"),
        parts.Chip("Responsable\u00a0: Inès Benamara", "#listes"),
    )
