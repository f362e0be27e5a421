"""Why a dossier waits, in French, and where its next step is."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.urls import reverse
from django.utils import timezone

from cabinet.dossiers.models import Mission
from cabinet.dossiers.worklist import Waiting
from cabinet.imports.coverage import Cell, YearCoverage
from cabinet.imports.enums import Doubt, ImportKind, Refusal
from cabinet.imports.models import Import
from cabinet.web.components.formats import MONTHS, NBSP, plural
from cabinet.web.components.parts import Mark

STRIP = {
    Cell.PRESENT: "present",
    Cell.TO_CHECK: "to_check",
    Cell.READING: "reading",
    Cell.REFUSED: "refused",
    Cell.MISSING: "missing",
    Cell.NOT_DUE: "none",
}
DOUBTS = {
    Doubt.COMPANY_UNNAMED: "son nom ne porte pas de SIREN valide",
    Doubt.PART_MISSING: "il manque une de ses parties",
    Doubt.SEVERAL_YEARS: "il réunit plusieurs exercices",
    Doubt.REPLACES: "un FEC est déjà accepté pour cet exercice",
    Doubt.OTHER_PERIOD: "il sort de la période demandée à l’outil",
    Doubt.YEAR_OVERLAPS: "sa période chevauche un autre exercice",
}
REFUSALS = {
    Refusal.UNREADABLE: "il ne peut pas être exploité",
    Refusal.UNKNOWN_KIND: "ce n’est ni un FEC ni une DSN",
    Refusal.OTHER_COMPANY: "il est d’une autre entreprise",
    Refusal.TOO_LARGE: "il dépasse la taille permise",
    Refusal.ARCHIVE_EMPTY: "l’archive ne contient ni FEC ni DSN",
    Refusal.ARCHIVE_UNSAFE: "l’archive est protégée, imbriquée ou trop volumineuse",
    Refusal.WORKER_FAILED: "la lecture s’est arrêtée, le fichier est intact",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that a dossier waits for, and the act that follows."""

    icon: str
    tone: str
    text: str
    act: str
    url: str


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One dossier of the work list."""

    name: str
    url: str
    sub: str
    reasons: tuple[Reason, ...]
    fec: Cell | None
    marks: tuple[Mark, ...]

    @property
    def next(self) -> Reason:
        """What to do first."""
        return self.reasons[0]


def work_row(waiting: Waiting) -> WorkRow:
    """A dossier that waits: what is refused, late, to check, missing, in this order."""
    client, coverage = waiting.client, waiting.coverage
    data_url = reverse("dossier_data", args=[client.id])
    latest = coverage.latest
    reasons = [_refused(one) for one in coverage.refused[:2]]
    reasons += [_late(one) for one in waiting.late]
    reasons += [_to_check(one) for one in coverage.to_check[:2]]
    if latest is None:
        reasons.append(Reason("missing", "", "Aucun exercice\u00a0: ni FEC ni DSN", "Déposer des fichiers", data_url))
    else:
        reasons += _missing(latest, data_url)
    return WorkRow(
        name=client.name,
        url=reverse("dossier_overview", args=[client.id]),
        sub=f"{latest.year.label}, {client.manager.full_name}" if latest else client.manager.full_name,
        reasons=tuple(reasons),
        fec=latest.fec if latest else None,
        marks=tuple(Mark(_named(one.first_day), STRIP[one.cell]) for one in latest.months) if latest else (),
    )


def _what(one: Import) -> str:
    """``DSN d’août 2025``, ``FEC 2025``, ``Fichier releve.pdf``."""
    if one.kind == ImportKind.DSN and one.period_start:
        return f"DSN {_of(one.period_start)} {one.period_start.year}"
    if one.kind == ImportKind.FEC and one.period_end:
        return f"FEC {one.period_end.year}"
    return one.get_kind_display() if one.kind in {ImportKind.FEC, ImportKind.DSN} else f"Fichier {one.file_name}"


def _refused(one: Import) -> Reason:
    word = "refusée" if one.kind == ImportKind.DSN else "refusé"
    why = REFUSALS.get(Refusal(one.refusal)) if one.refusal else None
    text = f"{_what(one)} {word}" + (f"{NBSP}: {why}" if why else "")
    return Reason("x", "bo-err-text", text, "Voir le rapport", reverse("import_report", args=[one.id]))


def _to_check(one: Import) -> Reason:
    why = DOUBTS.get(Doubt(one.doubts[0])) if one.doubts else None
    text = f"{_what(one)} à vérifier" + (f"{NBSP}: {why}" if why else "")
    url = reverse("dossier_data", args=[one.client_id])
    return Reason("alert-triangle", "bo-warn-text", text, "Vérifier", url)


def _late(mission: Mission) -> Reason:
    days = (timezone.localdate() - mission.deadline).days if mission.deadline else 0
    text = f"{mission.get_type_display()} en retard de {plural(days, 'jour')}"
    return Reason("clock", "bo-warn-text", text, "Ouvrir la mission", reverse("mission_edit", args=[mission.id]))


def _missing(year: YearCoverage, url: str) -> list[Reason]:
    reasons = []
    if year.fec is Cell.MISSING:
        reasons.append(Reason("missing", "", f"FEC {year.year.label} absent", "Déposer le FEC", url))
    if months := year.missing_months:
        act = "Déposer la DSN" if len(months) == 1 else "Déposer les DSN"
        text = f"Aucune DSN pour {year.year.label}" if len(months) == len(year.months) else absent_months(months)
        reasons.append(Reason("missing", "", text, act, url))
    return reasons


def absent_months(months: tuple[date, ...]) -> str:
    """``DSN d’octobre absente``, ``DSN de septembre à décembre absentes``, ``DSN de mars et de mai absentes``."""
    if len(months) == 1:
        return f"DSN {_of(months[0])} absente"
    ranks = [month.year * 12 + month.month for month in months]
    follow = all(after - before == 1 for before, after in pairwise(ranks))
    if follow and len(months) > 2:
        return f"DSN {_of(months[0])} à {MONTHS[months[-1].month - 1]} absentes"
    if len(months) > 4:
        return f"{len(months)} DSN absentes"
    return f"DSN {', '.join(_of(month) for month in months[:-1])} et {_of(months[-1])} absentes"


def _of(month: date) -> str:
    name = MONTHS[month.month - 1]
    return f"d’{name}" if name[0] in "ao" else f"de {name}"


def _named(month: date) -> str:
    return f"{MONTHS[month.month - 1]} {month.year}"
