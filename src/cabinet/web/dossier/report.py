"""The context of a file's report: three verdicts as three questions, findings grouped and filtered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from cabinet.imports.enums import ImportKind
from cabinet.imports.models import DeclaredMonth, Import
from cabinet.web.actor import ActorRequest
from cabinet.web.components.parts import Link
from cabinet.web.dossier.files import SEVERITIES, FileLine, lines_of
from cabinet.web.dossier.frame import Rights, rights_of

SEVERITY_WORDS = {
    "blocking": "Bloquant",
    "error": "Erreur",
    "warning": "Alerte",
    "info": "Information",
}
TONES = {"blocking": "err", "error": "err", "warning": "warn", "info": "quiet"}
ICONS = {"blocking": "x", "error": "x", "warning": "alert-triangle", "info": "info-circle"}
VERDICTS = (
    ("exploitable", "Peut-on s’en servir ?"),
    ("conforme", "L’administration l’accepterait-elle ?"),
    ("controle", "Que demanderait un contrôleur ?"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One verdict: a question and its answer."""

    code: str
    question: str
    answer: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class FindingShown:
    """A finding and its places."""

    code: str
    severity: str
    word: str
    tone: str
    icon: str
    count: int
    message: str
    remedy: str
    places: Sequence[dict[str, Any]]

    @property
    def more(self) -> int:
        """Places that are counted but not listed."""
        return max(0, self.count - len(self.places)) if self.places else 0


@dataclass(frozen=True, slots=True)
class Section:
    """The findings of one verdict."""

    title: str
    findings: Sequence[FindingShown]


@dataclass(frozen=True, slots=True)
class ReportPage:
    """What the template draws."""

    imported: Import
    line: FileLine
    rights: Rights
    trail: Sequence[Link]
    answers: Sequence[Answer]
    sections: Sequence[Section]
    severities: Sequence[tuple[str, str, int, bool]]
    declarations: Sequence[DeclaredMonth]
    layout: Sequence[tuple[str, str]]
    why: str
    advice: str


def report_of(request: ActorRequest, imported: Import) -> ReportPage:
    """The report of a file obtained through its gate."""
    client = imported.client
    if client is None:
        raise ValueError("a draft's file has no page")
    rights = rights_of(request, client)
    asked = request.GET.get("gravite", "")
    findings = [_shown(one) for one in imported.report.get("findings") or []]
    data = reverse("dossier_data", args=[client.id])
    trail = (
        Link("Clients", reverse("client_list")),
        Link(client.name, reverse("dossier_overview", args=[client.id])),
        Link("Données", data),
        Link(imported.file_name),
    )
    return ReportPage(
        imported=imported,
        line=lines_of([imported], rights, {})[0],
        rights=rights,
        trail=trail,
        answers=_answers(imported),
        sections=_sections(imported, findings, asked),
        severities=[
            (code, SEVERITY_WORDS[code], sum(one.severity == code for one in findings), code == asked)
            for code in SEVERITIES
        ],
        declarations=list(imported.months.all()) if imported.kind == ImportKind.DSN else [],
        layout=_layout(imported),
        why=str(imported.report.get("why") or ""),
        advice=str(imported.report.get("advice") or ""),
    )


def _shown(finding: dict[str, Any]) -> FindingShown:
    severity = str(finding["severity"])
    return FindingShown(
        code=str(finding["code"]),
        severity=severity,
        word=SEVERITY_WORDS[severity],
        tone=TONES[severity],
        icon=ICONS[severity],
        count=int(finding["count"]),
        message=str(finding["message"]),
        remedy=str(finding.get("remedy") or ""),
        places=[
            {
                "line": place.get("line"),
                "column": place.get("column") or place.get("rubrique") or "",
                "value": place.get("value") or "",
            }
            for place in finding.get("where") or []
            if place.get("line") is not None
        ],
    )


def _answers(imported: Import) -> list[Answer]:
    verdicts = imported.report.get("verdicts")
    if not verdicts:
        return []
    usable, accepted, audit = verdicts["exploitable"], verdicts["conforme"], verdicts["controle"] or {}
    questions = dict(VERDICTS)
    asked = sum(int(audit.get(key) or 0) for key in ("errors", "warnings"))
    return [
        Answer(
            "exploitable",
            questions["exploitable"],
            "Oui, les chiffres en sont tirés." if usable else "Non, ce fichier ne peut pas être lu jusqu’au bout.",
            "ok" if usable else "err",
            "check" if usable else "x",
        ),
        Answer(
            "conforme",
            questions["conforme"],
            "Oui, le testeur officiel le dirait conforme." if accepted else "Non, le testeur officiel le refuserait.",
            "ok" if accepted else "warn",
            "check" if accepted else "alert-triangle",
        ),
        Answer(
            "controle",
            questions["controle"],
            _points(asked),
            "warn" if asked else "ok",
            "alert-triangle" if asked else "check",
        ),
    ]


def _points(asked: int) -> str:
    if asked == 0:
        return "Rien de particulier."
    return "Un point à expliquer." if asked == 1 else f"{asked} points à expliquer."


def _sections(imported: Import, findings: list[FindingShown], asked: str) -> list[Section]:
    raw = imported.report.get("findings") or []
    kept = [(str(one.get("verdict") or ""), shown) for one, shown in zip(raw, findings, strict=True)]
    if asked:
        kept = [(verdict, shown) for verdict, shown in kept if shown.severity == asked]
    titles = dict(VERDICTS) if imported.kind == ImportKind.FEC else {}
    sections = []
    for verdict in [*titles, ""]:
        mine = sorted(
            (shown for code, shown in kept if code == verdict),
            key=lambda shown: (SEVERITIES.index(shown.severity), shown.code),
        )
        if mine:
            sections.append(Section(titles.get(verdict, "Constats"), mine))
    return sections


WORDS = {
    "encoding": "Caractères",
    "separator": "Séparateur",
    "line_ending": "Fins de ligne",
    "tab": "tabulation",
    "pipe": "barre verticale",
    "semicolon": "point-virgule",
    "comma": "virgule",
}


def _layout(imported: Import) -> list[tuple[str, str]]:
    layout = imported.report.get("layout") or {}
    said = [
        (WORDS[key], WORDS.get(str(layout[key]), str(layout[key]).upper()))
        for key in ("encoding", "separator", "line_ending")
        if layout.get(key)
    ]
    if imported.report.get("regime"):
        said.append(("Présentation", str(imported.report["regime"]).replace("_", " ")))
    if imported.report.get("norm"):
        said.append(("Norme", str(imported.report["norm"])))
    return said


def rows_of(imported: Import) -> Iterator[tuple[Any, ...]]:
    """The findings as a sheet: one row a place, one row for a finding of the whole file."""
    yield ("Code", "Gravité", "Verdict", "Constat", "Remède", "Nombre", "Ligne", "Colonne", "Valeur lue")
    for finding in imported.report.get("findings") or []:
        shown = _shown(finding)
        head = (shown.code, shown.word, finding.get("verdict") or "", shown.message, shown.remedy, shown.count)
        if not shown.places:
            yield (*head, "", "", "")
        for place in shown.places:
            yield (*head, place["line"], place["column"], _safe(str(place["value"])))


def _safe(value: str) -> str:
    """A spreadsheet must not take a label for a formula."""
    return f"'{value}" if value[:1] in {"=", "+", "-", "@", "\t"} else value
