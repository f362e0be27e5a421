"""The context of the overview: next step, strip of figures, what is missing, coverage, missions."""

from dataclasses import dataclass

from django.urls import reverse

from cabinet.clients.models import FiscalYear
from cabinet.dossiers.models import Mission
from cabinet.dossiers.selectors import figures_of, missions_of
from cabinet.imports.coverage import Cell, months_of
from cabinet.imports.enums import ImportState
from cabinet.imports.models import Import
from cabinet.imports.selectors import imports_for_list, running_of
from cabinet.web.components.formats import plural
from cabinet.web.components.parts import BarChart
from cabinet.web.dossier.calendar import YearCalendar, calendar_of, of_month
from cabinet.web.dossier.charts import HeadcountChart, headcount_chart, purchases_chart, third_bars
from cabinet.web.dossier.figures import Shown, show_code
from cabinet.web.dossier.files import FileLine, lines_of
from cabinet.web.dossier.frame import Head

STRIP = (
    ("economic", "turnover"),
    ("economic", "value_added"),
    ("economic", "purchases"),
    ("workforce", "headcount_year_end"),
    ("carbon", "carbon_total"),
)


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that is missing, why it matters, and the way to give it."""

    title: str
    text: str
    verb: str
    url: str
    icon: str = "missing"


@dataclass(frozen=True, slots=True)
class Overview:
    """What the template draws."""

    head: Head
    strip: tuple[tuple[Shown, str], ...]
    """Each figure, and where it comes from in a few words."""
    lacks: tuple[Lack, ...]
    calendar: YearCalendar | None
    headcount: HeadcountChart | None
    purchases: BarChart | None
    suppliers: BarChart | None
    running: tuple[FileLine, ...]
    recomputing: bool
    missions: tuple[Mission, ...]

    @property
    def next_step(self) -> Lack | None:
        """The first thing to ask for."""
        return self.lacks[0] if self.lacks else None


def overview_of(head: Head) -> Overview:
    """Everything that the overview shows, for the year chosen."""
    client, year = head.client, head.year
    figures = figures_of(year)
    imports = list(imports_for_list(client))
    calendar = calendar_of(head, year, figures) if year else None
    pending = [one for one in imports if not one.is_settled]
    return Overview(
        head=head,
        strip=tuple(_with_source(one, show_code(client, figures, one, code, head.query)) for one, code in STRIP),
        lacks=tuple(_lacks(head, calendar, imports)),
        calendar=calendar,
        headcount=headcount_chart(figures, _months(year)) if year else None,
        purchases=purchases_chart(figures),
        suppliers=third_bars(figures, "top_suppliers"),
        running=tuple(lines_of(pending, head.rights, running_of(pending))),
        recomputing=head.recomputing,
        missions=tuple(missions_of(head.dossier)),
    )


def _with_source(family: str, shown: Shown) -> tuple[Shown, str]:
    """« FEC, 70 (709 déduit) »; a social formula is a definition, too long for a strip."""
    if shown.status == "missing":
        return shown, ""
    if family == "carbon":
        return shown, "FEC, première estimation"
    return shown, f"FEC, {shown.formula}" if family == "economic" else "DSN, fins de mois"


def _months(year: FiscalYear) -> list[str]:
    return [f"{day:%Y-%m}" for day in months_of(year.start, year.end)]


def _lacks(head: Head, calendar: YearCalendar | None, imports: list[Import]) -> list[Lack]:
    """In the order in which to deal with them: what blocks, what waits, what is absent."""
    data = reverse("dossier_data", args=[head.client.id]) + head.query
    found = []
    waiting = [one for one in imports if one.state == ImportState.TO_CHECK]
    if waiting:
        found.append(
            Lack(
                f"{plural(len(waiting), 'fichier')} à vérifier",
                waiting[0].doubt_labels[0] + "." if waiting[0].doubts else waiting[0].file_name,
                "Vérifier",
                f"{data}#a-verifier",
                "alert-triangle",
            )
        )
    if calendar is None:
        text = "Le chiffre d’affaires, les achats et l’effectif viennent de ces fichiers."
        return [*found, Lack("Aucun fichier dans ce dossier", text, "Déposer des fichiers", f"{data}#deposer")]
    return [*found, *_absent(calendar, data)]


def _absent(calendar: YearCalendar, data: str) -> list[Lack]:
    found = []
    coverage = calendar.coverage
    if coverage.fec in {Cell.MISSING, Cell.NOT_DUE}:
        text = "Chiffre d’affaires, achats et valeur ajoutée restent inconnus."
        found.append(Lack(f"FEC {coverage.year.label}", text, "Déposer le FEC", f"{data}#deposer"))
    elif coverage.fec is Cell.REFUSED:
        text = "Le fichier déposé a été refusé\u00a0: son rapport dit pourquoi."
        found.append(Lack(f"FEC {coverage.year.label} refusé", text, "Voir les fichiers", f"{data}#fichiers", "x"))
    missing = calendar.missing
    if missing:
        one = f"DSN {of_month(missing[0])}"
        title = one if len(missing) == 1 else f"{len(missing)} mois de DSN"
        known = f"{coverage.declared} mois sur {len(coverage.months)}"
        text = "Effectif moyen et mouvements restent partiels" if coverage.declared else "L’effectif reste inconnu"
        found.append(Lack(title, f"{text}\u00a0: {known}.", "Déposer les DSN", f"{data}#deposer"))
    return found
