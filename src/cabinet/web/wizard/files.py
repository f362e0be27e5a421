"""One line a file: what it is, how far its reading is, what is wrong and what to do."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings

from bocage.wording import Sentence, sentence
from cabinet.imports.enums import Doubt, ImportKind, ImportState, Refusal
from cabinet.imports.models import Import
from cabinet.imports.selectors import Running
from cabinet.onboarding.steps import CompanyStep
from cabinet.web.components.formats import day, filesize, integer, month, plural, siret
from cabinet.web.dossier.files import PAUSED

SHOWN_FINDINGS = 3
_WEIGHTS = {"blocking": 0, "error": 1, "warning": 2}
_BUSY = (ImportState.RECEIVED, ImportState.READING)
_ABOUT_THE_NAME = ("FILE-02",)
"""Said otherwise, by the question whether the file is this company's."""
_FIRST = ("FILE-11", "FILE-12")
"""What makes of the file less, or more, than a fiscal year."""
_NATURES = {"01": "DSN mensuelle"}


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One problem in a file: where, what, and the remedy."""

    where: str
    message: str
    remedy: str
    severe: bool


@dataclass(frozen=True, slots=True)
class FileLine:
    """What the list shows of a file. ``state`` is a code of ``components.states``."""

    id: UUID
    name: str
    icon: str
    state: str
    about: str
    percent: int | None
    doing: str
    refusal: Sentence | None
    findings: tuple[FindingLine, ...]
    more: int
    unnamed: bool
    company: str

    @property
    def confirmation(self) -> str:
        """The button of who knows whose file it is."""
        return f"C’est bien le FEC de {self.company}"

    @property
    def confirm_id(self) -> str:
        """The id of that button: the focus comes back to it when the list is drawn again."""
        return f"confirmer-{self.id}"

    @property
    def is_busy(self) -> bool:
        return self.state in {"received", "reading"}

    @property
    def is_refused(self) -> bool:
        return self.state == "refused"


@dataclass(frozen=True, slots=True)
class FileList:
    """The files of the draft. ``mark`` changes when anything that is shown does."""

    lines: tuple[FileLine, ...]
    mark: str
    announced: str

    @property
    def is_busy(self) -> bool:
        return any(line.is_busy for line in self.lines)


def draw_files(files: Sequence[Import], running: Mapping[object, Running], company: CompanyStep) -> FileList:
    """The list, in the order of arrival."""
    lines = tuple(draw_file(one, running.get(one.id), company) for one in files)
    mark = hashlib.sha256(repr(lines).encode()).hexdigest()[:16]
    return FileList(lines, mark, _announced(lines))


def _announced(lines: Sequence[FileLine]) -> str:
    if not lines or any(line.is_busy for line in lines):
        return ""
    refused = sum(line.is_refused for line in lines)
    read = plural(len(lines) - refused, "fichier lu", "fichiers lus")
    return f"{read}, {plural(refused, 'refusé')}." if refused else f"{read}."


def draw_file(imported: Import, running: Running | None, company: CompanyStep) -> FileLine:
    """One line."""
    busy = imported.state in _BUSY
    findings = () if busy else _findings(imported)
    unnamed = imported.state == ImportState.TO_CHECK and Doubt.COMPANY_UNNAMED in imported.doubts
    odd = imported.state == ImportState.TO_CHECK and not {Doubt.PART_MISSING, Doubt.SEVERAL_YEARS}.isdisjoint(
        imported.doubts
    )
    percent, doing = _progress(running) if busy else (None, "")
    return FileLine(
        id=imported.id,
        name=imported.file_name,
        icon="file-zip" if imported.file_name.lower().endswith((".zip", ".gz")) else "file-text",
        state=_state(imported, asks=unnamed or odd),
        about=f"{describe_file(imported, company)}{_source(imported)}",
        percent=percent,
        doing=doing,
        refusal=_refusal(imported, findings),
        findings=findings[:SHOWN_FINDINGS],
        more=max(0, len(findings) - SHOWN_FINDINGS),
        unnamed=unnamed,
        company=company.name or "cette entreprise",
    )


def _source(imported: Import) -> str:
    """``, Pennylane, le 24/11/2026``: where a connection got it."""
    if not imported.source:
        return ""
    made = ", reconstitué par Bocage" if imported.reconstructed else ""
    return f", {imported.source}, le {day(imported.received_at)}{made}"


def _state(imported: Import, *, asks: bool) -> str:
    if imported.state == ImportState.TO_CHECK:
        # Read, and nothing stands against it: saving accepts it.
        return "to_check" if asks else "accepted"
    return str(imported.state)


def _progress(running: Running | None) -> tuple[int | None, str]:
    if running is None or running.percent is None:
        return None, PAUSED if running and running.is_paused else "En attente d’un lecteur"
    return running.percent, "lecture"


def _refusal(imported: Import, findings: Sequence[FindingLine]) -> Sentence | None:
    if imported.state != ImportState.REFUSED or (imported.refusal == Refusal.UNREADABLE and findings):
        return None
    if imported.refusal == Refusal.UNKNOWN_KIND and imported.report.get("why"):
        return Sentence(imported.report["why"], imported.report.get("advice", ""))
    return sentence(
        "refusals",
        imported.refusal,
        expected=siret(imported.expected_siren),
        found=siret(imported.siren) or "inconnu",
        limit=filesize(settings.UPLOAD_MAX_FILE_BYTES),
    )


# What the file is


def describe_file(imported: Import, company: CompanyStep) -> str:
    """« FEC, Conserverie Lestrohan, du 01/10/2024 au 30/09/2025, 48 217 lignes, équilibré »."""
    if imported.state in _BUSY:
        return filesize(imported.size)
    if imported.kind == ImportKind.FEC:
        parts = ["FEC", _company(imported, company), _period(imported), *_counts(imported)]
    elif imported.kind == ImportKind.DSN:
        parts = [_nature(imported), _company(imported, company), _months(imported)]
        parts.append(plural(imported.people, "salarié") if imported.people is not None else "")
    else:
        parts = [filesize(imported.size)]
    return ", ".join(part for part in parts if part)


def _company(imported: Import, company: CompanyStep) -> str:
    if not imported.siren:
        return "" if imported.confirmed_company or imported.kind != ImportKind.FEC else "SIREN absent du nom"
    return company.name if imported.siren == company.siret[:9] else f"SIREN {siret(imported.siren)}"


def _period(imported: Import) -> str:
    if imported.period_start is None or imported.period_end is None:
        return ""
    return f"du {day(imported.period_start)} au {day(imported.period_end)}"


def _counts(imported: Import) -> list[str]:
    lines = plural(imported.lines, "ligne") if imported.lines is not None else ""
    entries = plural(imported.entries, "écriture") if imported.entries is not None else ""
    totals = imported.report.get("totals") or {}
    debit, credit = totals.get("debit"), totals.get("credit")
    balance = "" if debit is None or credit is None else "équilibré" if debit == credit else "non équilibré"
    return [lines, entries, balance]


def _declarations(imported: Import) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = imported.report.get("declarations") or []
    return found


def _nature(imported: Import) -> str:
    declarations = _declarations(imported)
    monthly = bool(declarations) and all(one.get("nature") == "01" for one in declarations)
    if len(declarations) > 1:
        return f"{len(declarations)} DSN mensuelles" if monthly else f"{len(declarations)} déclarations"
    return _NATURES["01"] if monthly else "DSN"


def _months(imported: Import) -> str:
    first, last = imported.period_start, imported.period_end
    if first is None or last is None:
        return ""
    return month(first) if _same_month(first, last) else f"de {month(first)} à {month(last)}"


def _same_month(first: date, last: date) -> bool:
    return (first.year, first.month) == (last.year, last.month)


# What is wrong with it


def _findings(imported: Import) -> tuple[FindingLine, ...]:
    """What matters, heaviest first; information is for the report."""
    found: list[Mapping[str, Any]] = imported.report.get("findings") or []
    asked = () if imported.siren or imported.kind != ImportKind.FEC else _ABOUT_THE_NAME
    kept = [one for one in found if one.get("severity") in _WEIGHTS and one.get("code") not in asked]
    if imported.state == ImportState.REFUSED:
        # What is wrong inside does not matter for a file that is not this client's.
        unreadable = imported.refusal == Refusal.UNREADABLE
        kept = [one for one in kept if one["severity"] == "blocking"] if unreadable else []
    kept.sort(key=lambda one: (one["code"] not in _FIRST, _WEIGHTS[one["severity"]]))
    what = "rubrique" if imported.kind == ImportKind.DSN else "colonne"
    return tuple(
        FindingLine(_place(one, what), one["message"], one.get("remedy", ""), one["severity"] != "warning")
        for one in kept
    )


def _place(finding: Mapping[str, Any], what: str) -> str:
    places = [place for place in finding.get("where") or [] if place.get("line")]
    if not places:
        return ""
    column = next((place["column"] for place in places if place.get("column")), "")
    more = max(0, int(finding.get("count") or 0) - 1)
    others = f" et {plural(more, 'autre')}" if more else ""
    within = f"Partie {places[0]['part']}, ligne" if places[0].get("part") is not None else "Ligne"
    return f"{within} {integer(places[0]['line'])}{f', {what} {column}' if column else ''}{others}"
