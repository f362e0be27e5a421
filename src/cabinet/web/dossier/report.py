"""The context of a file's report: three verdicts as three questions, findings grouped and filtered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal, Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from bocage.indicators import ledger
from bocage.wording.judgements import SECTIONS, SEPARATORS, SEVERITIES, VERDICTS, audit_answer, layout_word
from cabinet.imports.correcting import has_corrections
from cabinet.imports.enums import ImportKind, ImportState
from cabinet.imports.facts import tables_of
from cabinet.imports.models import DeclaredMonth, Import
from cabinet.imports.printed import can_print
from cabinet.imports.quoting import raw_lines_of
from cabinet.web.actor import ActorRequest
from cabinet.web.components.formats import day, money, number, plural
from cabinet.web.components.parts import Link
from cabinet.web.dossier.between import Between, between_of_import
from cabinet.web.dossier.books.frame import anchor_of
from cabinet.web.dossier.files import FileLine, lines_of
from cabinet.web.dossier.frame import Head, open_head
from cabinet.web.dossier.severities import ICONS, NORM_SEVERITIES, SEVERITY_WORDS, TONES

TITLES = {ImportKind.FEC: "Rapport du FEC", ImportKind.DSN: "Rapport de la DSN"}
PLACES = 10
"""Places written on the page; the CSV has all those that are kept."""
NOTHING_MORE = MappingProxyType({"raw": "", "entry_url": "", "account": "", "account_url": "", "others": 0})
"""What a place adds to its line, its column and its value, once opened."""
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
    verdict: str = ""
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
class Chip:
    """A way to narrow the findings: its words, how many it keeps, where it leads."""

    word: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """Which findings the address asks for; what it does not name is not narrowed."""

    severity: str
    verdict: str
    search: str

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        """An unknown severity or verdict counts for none."""
        severity, verdict = query.get("gravite", ""), query.get("verdict", "")
        return cls(
            severity if severity in SEVERITIES else "",
            verdict if verdict in SECTIONS else "",
            query.get("q", "").strip()[:60],
        )

    def keeps(self, finding: FindingShown) -> bool:
        """Whether the page shows the finding. The search looks at the code and at the words of the message."""
        sought = self.search.casefold()
        return (
            self.severity in {"", finding.severity}
            and self.verdict in {"", finding.verdict}
            and (finding.code.casefold().startswith(sought) or sought in finding.message.casefold())
        )

    @property
    def address(self) -> str:
        """The query of the page that shows this."""
        asked = {"gravite": self.severity, "verdict": self.verdict, "q": self.search}
        return "?" + urlencode({key: value for key, value in asked.items() if value})


@dataclass(frozen=True, slots=True)
class ReportPage:
    """What the template draws."""

    head: Head
    imported: Import
    line: FileLine
    title: str
    answers: Sequence[Answer]
    sections: Sequence[Section]
    severities: Sequence[Chip]
    """By severity, what the verdict and the search keep."""
    declarations: Sequence[DeclaredMonth]
    between: Between
    """What the DSN of the client say together, as far as this one is concerned."""
    layout: Sequence[tuple[str, str]]
    why: str
    advice: str
    describable: bool
    """The note that goes with the FEC can be written."""
    printable: bool
    """There is a check to print."""
    correctable: bool
    """Something of it can be corrected without touching what it says."""
    verdicts: Sequence[Chip]
    search: Asked
    has_findings: bool


def _chips(
    findings: Sequence[FindingShown],
    asked: Asked,
    field: Literal["severity", "verdict"],
    words: Sequence[tuple[str, str]],
) -> list[Chip]:
    """The values of one field, each with what it would keep beside the other filters; those that keep nothing go,
    but not the one that stands.

    None when there is nothing to choose: all the findings share one value, and no filter on it stands.
    """
    chips = []
    for code, word in (("", "Tout"), *words):
        narrowed = replace(asked, **{field: code})
        count = sum(narrowed.keeps(one) for one in findings)
        current = getattr(asked, field) == code
        if count or current or not code:
            chips.append(Chip(word, count, narrowed.address, current))
    return chips if len(chips) > 2 or getattr(asked, field) else []


def report_of(request: ActorRequest, imported: Import) -> ReportPage:
    """The report of a file obtained through its gate, inside the frame of its dossier."""
    if imported.client is None:
        raise ValueError("a draft's file has no page")
    head = headed(request, imported, "Rapport")
    asked = Asked.of(request.GET)
    findings = [shown_finding(one) for one in imported.report.get("findings") or []]
    open_places(imported, [place for one in findings for place in one.shown])
    return ReportPage(
        head=head,
        imported=imported,
        line=lines_of([imported], head.rights, {})[0],
        title=TITLES.get(ImportKind(imported.kind), "Rapport du fichier"),
        answers=_answers(imported),
        sections=_sections([one for one in findings if asked.keeps(one)]),
        severities=_chips(findings, asked, "severity", [(code, SEVERITY_WORDS[code]) for code in SEVERITIES]),
        declarations=list(imported.months.all()) if imported.kind == ImportKind.DSN else [],
        between=between_of_import(imported),
        layout=_layout(imported),
        why=str(imported.report.get("why") or ""),
        advice=str(imported.report.get("advice") or ""),
        describable=can_print(imported) and bool(imported.report["verdicts"]["exploitable"]),
        printable=can_print(imported),
        correctable=has_corrections(imported),
        verdicts=_chips(findings, asked, "verdict", [(code, name) for code, name, _ in VERDICTS]),
        search=asked,
        has_findings=bool(findings),
    )


def open_places(imported: Import, places: Sequence[dict[str, Any]]) -> None:
    """Add to places of the report their lines as received, and where their entries and their accounts are."""
    spots = [(place["part"] or 1, place["line"]) for place in places]
    raw = raw_lines_of(imported, spots)
    lines = {line for _, line in spots}
    known = ledger.entries_at(tables_of(imported), lines) if stands_for_year(imported) else {}
    for place, (part, line) in zip(places, spots, strict=True):
        place["raw"] = raw.get((part, line), "")
        if (part, line) in known:
            place.update(links_of(imported, *known[part, line], line, part))


def stands_for_year(imported: Import) -> bool:
    """Whether the books of the dossier are those of this file."""
    return imported.kind == ImportKind.FEC and imported.state == ImportState.ACCEPTED and bool(imported.tables)


def links_of(imported: Import, index: int, account: str, line: int, part: int = 1) -> dict[str, str]:
    """The address of an entry, and that of an account at one of its lines."""
    year = {"exercice": imported.year_id}
    entry = reverse("books_entry", args=[imported.client_id, index])
    book = reverse("books_ledger", args=[imported.client_id])
    within = {"partie": part} if part != 1 else {}
    at = urlencode({**year, "compte": account, "ligne": line, **within})
    return {
        "entry_url": f"{entry}?{urlencode(year)}",
        "account": account,
        "account_url": f"{book}?{at}#{anchor_of(part, line)}",
    }


def headed(request: ActorRequest, imported: Import, title: str) -> Head:
    """The frame of a page about one file; ``title`` ends the trail."""
    client_id = imported.client_id
    if client_id is None:
        raise ValueError("a draft's file has no page")
    head = open_head(request, client_id, "dossier_data")
    data = reverse("dossier_data", args=[client_id])
    trail = (
        Link("Clients", reverse("client_list")),
        Link(head.client.name, reverse("dossier_overview", args=[client_id])),
        Link("Données", data),
        Link(title),
    )
    return replace(head, trail=trail)


def shown_finding(finding: dict[str, Any]) -> FindingShown:
    """A finding of the report, in words."""
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
        verdict=str(finding.get("verdict") or ""),
        norm=NORM_SEVERITIES.get(str(finding.get("norm_severity") or ""), ""),
        places=[
            {
                "line": place.get("line"),
                "part": place.get("part"),
                "column": place.get("column") or place.get("rubrique") or "",
                "value": place.get("value") or "",
                **NOTHING_MORE,
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
    read_ = (
        f"{plural(imported.lines, 'ligne lue', 'lignes lues')}. {USE.get(imported.state, '')}" if imported.lines else ""
    )
    word, tone = _asked(verdicts["controle"] or {})
    unread = not usable and tone == "ok"
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
        Answer(name3, asks3, "Non regardé", "Il faut d’abord pouvoir lire le fichier.", "warn", ICON["warn"])
        if unread
        else Answer(
            name3, asks3, word, "Rien à expliquer." if tone == "ok" else "À expliquer ou à corriger.", tone, ICON[tone]
        ),
    ]


USE: dict[str, str] = {
    ImportState.ACCEPTED: "Les indicateurs en sont tirés.",
    ImportState.TO_CHECK: "Les indicateurs en seront tirés une fois le fichier accepté.",
}
ICON = {"ok": "check", "warn": "alert-triangle", "err": "x"}


def _asked(audit: Mapping[str, Any]) -> tuple[str, str]:
    """« 1 erreur, 3 alertes, 1 information », and its tone."""
    heavy = int(audit.get("errors") or 0) + int(audit.get("warnings") or 0)
    return audit_answer(audit), "warn" if heavy else "ok"


def _sections(findings: Sequence[FindingShown]) -> list[Section]:
    sections = []
    for code, (title, about) in SECTIONS.items():
        mine = sorted(
            (shown for shown in findings if shown.verdict == code),
            key=lambda shown: (SEVERITIES.index(shown.severity), shown.code),
        )
        if mine:
            sections.append(Section(title, about, mine))
    return sections


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
    if report.get("parts"):
        said.append(("Lu d’un seul tenant", ", ".join(report["parts"])))
    if report.get("regime"):
        columns = len(layout.get("columns") or [])
        said.append(("Régime", str(report["regime"]).replace("_", " ") + (f", {columns} colonnes" if columns else "")))
    parts = [str(layout.get("encoding") or "").upper(), layout_word(SEPARATORS, layout.get("separator"))]
    if any(parts):
        said.append(("Fichier", ", ".join(part for part in parts if part)))
    if report.get("norm"):
        said.append(("Norme", str(report["norm"])))
    if report.get("controls_run"):
        said.append(("Contrôles passés", number(int(report["controls_run"]))))
    if report.get("checks_run"):
        said.append(("Contrôles passés", number(int(report["checks_run"]))))
    return said
