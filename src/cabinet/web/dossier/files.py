"""The files of a dossier as lists and reports show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from bocage.wording import sentence
from cabinet.imports.enums import Doubt, ImportKind, ImportState, Refusal
from cabinet.imports.models import Import
from cabinet.imports.parts import lacking_in_words
from cabinet.imports.selectors import Running
from cabinet.web.components.formats import MONTHS, day, filesize, number, plural
from cabinet.web.dossier.frame import Rights

STEPS = {
    "": "Lecture",
    "read": "Lecture",
    "reading": "Lecture",
    "checks": "Contrôle des écritures",
    "checking": "Contrôle",
    "facts": "Enregistrement des faits",
}

PAUSED = "En pause\u00a0: le stockage ou le disque ne répond pas. La lecture reprendra d’elle-même"


@dataclass(frozen=True, slots=True)
class Said:
    """A finding that a list of files shows at once: where, what, what to do."""

    place: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file, ready to be drawn."""

    imported: Import
    what: str
    said: tuple[Said, ...]
    question: str
    percent: int | None
    doing: str
    report_url: str
    may_settle: bool
    may_delete: bool
    accept_url: str = ""
    accept_word: str = ""
    compare_url: str = ""

    @property
    def may_accept(self) -> bool:
        """Whether the question has a yes."""
        return bool(self.accept_url)

    @property
    def reading(self) -> bool:
        """Whether the line has to be asked for again."""
        return not self.imported.is_settled


QUESTIONS = {
    Doubt.COMPANY_UNNAMED: "Le nom du fichier ne porte pas de SIREN valide. Est-ce bien un fichier de ce client\u00a0?",
    Doubt.PART_MISSING: "Déposez ce qui manque\u00a0: tout sera lu ensemble, comme un seul FEC.",
    Doubt.SEVERAL_YEARS: (
        "Ce fichier réunit plusieurs exercices\u00a0: leurs chiffres seraient additionnés. Demandez un FEC par "
        "exercice, et refusez celui-ci."
    ),
    Doubt.REPLACES: "Un FEC est déjà accepté pour cet exercice. Regardez ce qui change avant de le remplacer.",
    Doubt.OTHER_PERIOD: (
        "Ce FEC contient des écritures hors de la période demandée à l’outil. Voulez-vous l’importer quand même\u00a0?"
    ),
    Doubt.YEAR_OVERLAPS: (
        "La période de ce fichier chevauche un autre exercice du dossier. Supprimez d’abord le FEC de l’autre "
        "exercice, ou refusez ce fichier."
    ),
}


def lines_of(imports: Iterable[Import], rights: Rights, running: Mapping[object, Running]) -> list[FileLine]:
    """Each file as a line."""
    return [_line(one, rights, running.get(one.id)) for one in imports]


def _line(imported: Import, rights: Rights, running: Running | None) -> FileLine:
    doubt = Doubt(imported.doubts[0]) if imported.doubts else None
    accepted = imported.state == ImportState.ACCEPTED
    accept_url, accept_word = _yes(imported, doubt)
    return FileLine(
        imported=imported,
        what=describe(imported),
        said=tuple(first_findings(imported)),
        question=_question(imported, doubt) if doubt and imported.state == ImportState.TO_CHECK else "",
        percent=running.percent if running else None,
        doing=doing_of(running),
        report_url=reverse("import_report", args=[imported.id]) if imported.report else "",
        may_settle=rights.send and imported.state == ImportState.TO_CHECK,
        may_delete=rights.remove_data if accepted or imported.state == ImportState.REPLACED else rights.send,
        accept_url=accept_url,
        accept_word=accept_word,
        compare_url=reverse("import_comparison", args=[imported.id]) if Doubt.REPLACES in imported.doubts else "",
    )


def doing_of(running: Running | None) -> str:
    """What happens to a file that is not read yet."""
    if running is None or running.percent is None:
        return PAUSED if running and running.is_paused else "En attente"
    return STEPS.get(running.step, "Lecture")


def _question(imported: Import, doubt: Doubt) -> str:
    if doubt is not Doubt.PART_MISSING:
        return QUESTIONS[doubt]
    return f"Ce FEC est en plusieurs fichiers\u00a0: il manque {lacking_in_words(imported)}. {QUESTIONS[doubt]}"


def _yes(imported: Import, doubt: Doubt | None) -> tuple[str, str]:
    """Where a yes goes, and its words; a replacement is decided on the page that shows what it changes."""
    if doubt is Doubt.COMPANY_UNNAMED:
        return reverse("import_confirm", args=[imported.id]), "Oui, c’est ce client"
    if imported.doubts in ([Doubt.PART_MISSING], [Doubt.SEVERAL_YEARS]):
        return reverse("import_accept", args=[imported.id]), "L’accepter ainsi"
    if imported.doubts == [Doubt.OTHER_PERIOD]:
        return reverse("import_accept", args=[imported.id]), "Oui, l’importer"
    return "", ""


def describe(imported: Import) -> str:
    """Kind, period, number of lines or people: what the content says, never the name."""
    if imported.kind == ImportKind.FEC and imported.period_start and imported.period_end:
        said = ["FEC", f"du {day(imported.period_start)} au {day(imported.period_end)}"]
        if imported.lines is not None:
            said.append(plural(imported.lines, "ligne"))
        if imported.entries is not None:
            said.append(plural(imported.entries, "écriture"))
        return ", ".join(said)
    if imported.kind == ImportKind.DSN:
        return ", ".join(["DSN", *_months(imported), *_people(imported)])
    if not imported.is_settled:
        return filesize(imported.size)
    kind = "FEC" if imported.kind == ImportKind.FEC else imported.get_kind_display()
    return f"{kind}, {filesize(imported.size)}"


def _months(imported: Import) -> list[str]:
    start, end = imported.period_start, imported.period_end
    if start is None or end is None:
        return []
    first = f"{MONTHS[start.month - 1]} {start.year}"
    return [first if start == end else f"de {first} à {MONTHS[end.month - 1]} {end.year}"]


def _people(imported: Import) -> list[str]:
    return [] if imported.people is None else [plural(imported.people, "salarié")]


def first_findings(imported: Import, count: int = 2) -> list[Said]:
    """Why a file was refused: our own reason, then the heaviest findings of its report."""
    if imported.state != ImportState.REFUSED:
        return []
    said = []
    if imported.refusal not in {"", Refusal.UNREADABLE}:
        remedy = str(imported.report.get("advice") or "") if imported.refusal == Refusal.UNKNOWN_KIND else ""
        why = str(imported.report.get("why") or "") if imported.refusal == Refusal.UNKNOWN_KIND else ""
        said.append(
            Said("", why or Refusal(imported.refusal).label, remedy or sentence("refusals", imported.refusal).remedy)
        )
    for finding in blocking(imported)[:count]:
        said.append(Said(place_of(finding), str(finding["message"]), str(finding.get("remedy") or "")))
    if not said:
        said.append(Said("", Refusal.UNREADABLE.label, "Voir son rapport."))
    return said


def blocking(imported: Import) -> list[dict[str, Any]]:
    """The findings that make a file unusable, in the order of the report."""
    return [one for one in imported.report.get("findings") or [] if one.get("severity") == "blocking"]


def place_of(finding: Mapping[str, Any]) -> str:
    """« Ligne 1 842, colonne Debit »: the first place of a finding, empty for the whole file."""
    where = next(iter(finding.get("where") or []), None)
    if not where or where.get("line") is None:
        return ""
    within = f"Partie {where['part']}, ligne" if where.get("part") is not None else "Ligne"
    place = f"{within} {number(where['line'])}"
    column = where.get("column") or where.get("rubrique")
    return f"{place}, {'rubrique' if str(column).startswith('S') else 'colonne'} {column}" if column else place
