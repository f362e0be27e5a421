"""The context of a file's report: three verdicts as three questions, findings grouped and filtered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.urls import reverse

from cabinet.imports.enums import ImportKind
from cabinet.imports.models import DeclaredMonth, Import
from cabinet.imports.quoting import raw_lines_of
from cabinet.web.actor import ActorRequest
from cabinet.web.components.formats import day, money, number, plural
from cabinet.web.components.parts import Link
from cabinet.web.dossier.between import Between, between_of_import
from cabinet.web.dossier.files import SEVERITIES, FileLine, lines_of
from cabinet.web.dossier.frame import Head, open_head
from cabinet.web.dossier.severities import ICONS, NORM_SEVERITIES, SEVERITY_WORDS, TONES

VERDICTS = (
    ("exploitable", "Exploitable", "peut-on s’en servir\u00a0?"),
    ("conforme", "Conforme", "le testeur officiel l’accepterait-il\u00a0?"),
    ("controle", "Contrôle", "que relèverait un vérificateur\u00a0?"),
)
SECTIONS = {
    "exploitable": ("Lecture", "Ce qui empêche ou gêne la lecture"),
    "conforme": ("Conformité", "Ce que le testeur officiel refuserait"),
    "controle": ("Contrôle", "Ce qu’un vérificateur relèverait"),
    "": ("Constats", "Ce que la lecture a relevé"),
}
TITLES = {ImportKind.FEC: "Rapport du FEC", ImportKind.DSN: "Rapport de la DSN"}
PLACES = 10
"""Places written on the page; the CSV has them all."""
CODE_WIDTH = 9
"""Letters that fit beside the label of a severity."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One verdict: a question, its answer, and what stands behind it."""

    name: str
    question: str
    answer: str
    detail: str
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
    norm: str = ""
    """What the norm makes of it, for a DSN: the envoi or the declaration refused, a signal, an information."""

    @property
    def is_long(self) -> bool:
        """Whether its code, that of a DSN control, takes a line of its own."""
        return len(self.code) > CODE_WIDTH

    @property
    def shown(self) -> Sequence[dict[str, Any]]:
        """The places that the page writes."""
        return self.places[:PLACES]

    @property
    def hidden(self) -> bool:
        """Whether there are more places than the page writes."""
        return self.count > len(self.shown)


@dataclass(frozen=True, slots=True)
class Section:
    """The findings of one verdict."""

    title: str
    about: str
    findings: Sequence[FindingShown]


@dataclass(frozen=True, slots=True)
class ReportPage:
    """What the template draws."""

    head: Head
    imported: Import
    line: FileLine
    title: str
    answers: Sequence[Answer]
    sections: Sequence[Section]
    severities: Sequence[tuple[str, str, int, bool]]
    declarations: Sequence[DeclaredMonth]
    between: Between
    """What the DSN of the client say together, as far as this one is concerned."""
    layout: Sequence[tuple[str, str]]
    why: str
    advice: str


def report_of(request: ActorRequest, imported: Import) -> ReportPage:
    """The report of a file obtained through its gate, inside the frame of its dossier."""
    if imported.client is None:
        raise ValueError("a draft's file has no page")
    head = _headed(request, imported)
    asked = request.GET.get("gravite", "")
    findings = [_shown(one) for one in imported.report.get("findings") or []]
    raw = raw_lines_of(imported, {place["line"] for one in findings for place in one.shown})
    for one in findings:
        for place in one.shown:
            place["raw"] = raw.get(place["line"], "")
    return ReportPage(
        head=head,
        imported=imported,
        line=lines_of([imported], head.rights, {})[0],
        title=TITLES.get(ImportKind(imported.kind), "Rapport du fichier"),
        answers=_answers(imported),
        sections=_sections(imported, findings, asked),
        severities=[
            (code, SEVERITY_WORDS[code], sum(one.severity == code for one in findings), code == asked)
            for code in SEVERITIES
        ],
        declarations=list(imported.months.all()) if imported.kind == ImportKind.DSN else [],
        between=between_of_import(imported),
        layout=_layout(imported),
        why=str(imported.report.get("why") or ""),
        advice=str(imported.report.get("advice") or ""),
    )


def _headed(request: ActorRequest, imported: Import) -> Head:
    client_id = imported.client_id
    if client_id is None:
        raise ValueError("a draft's file has no page")
    head = open_head(request, client_id, "dossier_data")
    data = reverse("dossier_data", args=[client_id])
    trail = (
        Link("Clients", reverse("client_list")),
        Link(head.client.name, reverse("dossier_overview", args=[client_id])),
        Link("Données", data),
        Link("Rapport"),
    )
    return replace(head, trail=trail)


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
        norm=NORM_SEVERITIES.get(str(finding.get("norm_severity") or ""), ""),
        places=[
            {
                "line": place.get("line"),
                "column": place.get("column") or place.get("rubrique") or "",
                "value": place.get("value") or "",
                "raw": "",
            }
            for place in finding.get("where") or []
            if place.get("line") is not None
        ],
    )


def _answers(imported: Import) -> list[Answer]:
    verdicts = imported.report.get("verdicts")
    if not verdicts:
        return []
    usable, accepted = bool(verdicts["exploitable"]), bool(verdicts["conforme"])
    (name1, asks1), (name2, asks2), (name3, asks3) = ((name, asks) for _, name, asks in VERDICTS)
    reasons = [one for one in imported.report.get("findings") or [] if one.get("verdict") == "conforme"]
    refused = sum(one["severity"] in {"blocking", "error"} for one in reasons)
    read_ = f"{number(imported.lines)} lignes lues. Les indicateurs en sont tirés." if imported.lines else ""
    word, tone = _asked(verdicts["controle"] or {})
    return [
        Answer(name1, asks1, "Oui", read_, "ok", "check")
        if usable
        else Answer(name1, asks1, "Non", "Ce fichier ne peut pas être lu jusqu’au bout.", "err", "x"),
        Answer(name2, asks2, "Oui", "Le testeur officiel le dirait conforme.", "ok", "check")
        if accepted
        else Answer(
            name2,
            asks2,
            f"Non, {plural(refused, 'motif')}" if refused else "Non",
            "À corriger dans le logiciel avant une remise.",
            "err",
            "x",
        ),
        Answer(
            name3, asks3, word, "Rien à expliquer." if tone == "ok" else "À expliquer ou à corriger.", tone, ICON[tone]
        ),
    ]


ICON = {"ok": "check", "warn": "alert-triangle", "err": "x"}


def _asked(audit: Mapping[str, Any]) -> tuple[str, str]:
    """« 1 erreur, 3 alertes, 1 information », and its tone."""
    words = (("errors", "erreur"), ("warnings", "alerte"), ("infos", "information"))
    said = [plural(int(audit.get(key) or 0), word) for key, word in words if int(audit.get(key) or 0)]
    heavy = int(audit.get("errors") or 0) + int(audit.get("warnings") or 0)
    return (", ".join(said) or "Rien de particulier", "warn" if heavy else "ok")


def _sections(imported: Import, findings: list[FindingShown], asked: str) -> list[Section]:
    raw = imported.report.get("findings") or []
    kept = [(str(one.get("verdict") or ""), shown) for one, shown in zip(raw, findings, strict=True)]
    if asked:
        kept = [(verdict, shown) for verdict, shown in kept if shown.severity == asked]
    sections = []
    for code, (title, about) in SECTIONS.items():
        mine = sorted(
            (shown for verdict, shown in kept if verdict == code),
            key=lambda shown: (SEVERITIES.index(shown.severity), shown.code),
        )
        if mine:
            sections.append(Section(title, about, mine))
    return sections


WORDS = {
    "tab": "tabulation",
    "pipe": "barre verticale",
    "semicolon": "point-virgule",
    "comma": "virgule",
}


def _layout(imported: Import) -> list[tuple[str, str]]:
    """What the file is, in a line of facts."""
    report, said = imported.report, []
    if imported.kind == ImportKind.FEC and imported.period_start and imported.period_end:
        said.append(("Période", f"{day(imported.period_start)} au {day(imported.period_end)}"))
    if imported.entries is not None:
        said.append(("Écritures", number(imported.entries)))
    totals = report.get("totals")
    if totals:
        said.append(("Débit − crédit", money(Decimal(totals["debit"]) - Decimal(totals["credit"]))))
    layout = report.get("layout") or {}
    if report.get("regime"):
        columns = len(layout.get("columns") or [])
        said.append(("Régime", str(report["regime"]).replace("_", " ") + (f", {columns} colonnes" if columns else "")))
    parts = [str(layout.get("encoding") or "").upper(), WORDS.get(str(layout.get("separator")), "")]
    if any(parts):
        said.append(("Fichier", ", ".join(part for part in parts if part)))
    if report.get("norm"):
        said.append(("Norme", str(report["norm"])))
    if report.get("controls_run"):
        said.append(("Contrôles passés", number(int(report["controls_run"]))))
    if report.get("checks_run"):
        said.append(("Contrôles passés", number(int(report["checks_run"]))))
    return said
