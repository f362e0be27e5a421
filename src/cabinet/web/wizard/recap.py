"""What step 4 reads back, and what saving will create."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from bocage.identifiers import Period
from bocage.referentials.naf import naf_label
from bocage.referentials.sirene import legal_form_label
from cabinet.accounts.models import Collaborator
from cabinet.accounts.selectors import managers
from cabinet.imports.coverage import last_due_month
from cabinet.imports.enums import ImportKind, ImportState
from cabinet.imports.models import Import
from cabinet.onboarding.checks import YearOf, years_of
from cabinet.onboarding.selectors import draft_files, future_readers
from cabinet.onboarding.services import fingerprint
from cabinet.onboarding.steps import CompanyStep
from cabinet.portfolios.access import usable_portfolios
from cabinet.portfolios.models import Portfolio
from cabinet.web.components.formats import MONTHS, day, integer, long_day, plural, siret
from cabinet.web.wizard.frame import draw_frame
from cabinet.web.wizard.gate import Visit

_ADDRESS = ("street", "postcode", "town", "country")
_BUSY = (ImportState.RECEIVED, ImportState.READING)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a block: what, its value, a note in grey."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file, or several of a kind. ``state`` is a code of ``components.states``."""

    name: str
    count: str
    state: str


@dataclass(frozen=True, slots=True)
class Recap:
    """The page."""

    company: tuple[Row, ...]
    manager: str
    position: str
    portfolios: tuple[Portfolio, ...]
    readers: tuple[Collaborator, ...]
    readers_count: str
    skipped: bool
    years: tuple[Row, ...]
    files: tuple[FileRow, ...]
    set_aside: int
    promise: str


def draw_recap(visit: Visit) -> dict[str, Any]:
    """The context of the page. The steps before it hold."""
    payload, firm = visit.payload, visit.actor.firm
    files = draft_files(firm, visit.id)
    manager = managers(firm).get(id=payload.organisation.manager_id)
    readers = tuple(future_readers(visit.actor, payload.organisation))
    years = [] if payload.data.skipped else years_of(payload.data, files)
    kept = [] if payload.data.skipped else [one for one in files if one.state != ImportState.REFUSED]
    missing = _missing_months(years, kept)
    recap = Recap(
        company=_company_rows(payload.company),
        manager=manager.full_name,
        position=manager.get_position_display().lower(),
        portfolios=tuple(usable_portfolios(visit.actor).filter(id__in=payload.organisation.portfolio_ids)),
        readers=readers,
        readers_count=_readers(readers),
        skipped=payload.data.skipped,
        years=_year_rows(years),
        files=() if payload.data.skipped else (*_file_rows(files), *_missing_rows(missing)),
        set_aside=len(files) if payload.data.skipped else 0,
        promise=_promise(years, kept, len(missing)),
    )
    return {"frame": draw_frame(visit), "visit": visit, "recap": recap, "seen": fingerprint(visit.opened)}


def agreement(codes: str) -> str:
    """« IDCC 3248, libellé inconnu de Bocage »: the labels of collective agreements are published apart."""
    if not codes:
        return ""
    several = "," in codes
    return f"IDCC {codes}, {'libellés inconnus' if several else 'libellé inconnu'} de Bocage"


def _company_rows(company: CompanyStep) -> tuple[Row, ...]:
    answer, corrected = company.answer, company.corrected

    def note(*names: str, word: str = "corrigé") -> str:
        return f"{word} par vous" if any(name in corrected for name in names) else ""

    head_office = answer.is_head_office if answer else None
    office = "" if head_office is None else ", siège social" if head_office else ", établissement secondaire"
    town = " ".join(part for part in (company.postcode, company.town) if part)
    address = ", ".join(part for part in (company.street, town, company.country) if part)
    label = naf_label(company.ape) or ""
    label = label[:1].lower() + label[1:]
    form = (legal_form_label(answer.legal_form) if answer and answer.legal_form else None) or ""
    opened = long_day(date.fromisoformat(answer.opened_on)) if answer and answer.opened_on else ""
    rows = (
        Row("Nom", company.name, note("name")),
        Row("SIRET", f"{siret(company.siret)}{office}"),
        Row("Code APE", ", ".join(part for part in (company.ape, label) if part) or "à compléter", note("ape")),
        Row("Convention collective", agreement(company.idcc), note("idcc", word="corrigée")),
        Row(
            "Adresse postale", address or "à compléter", note("street", "postcode", "town", "country", word="corrigée")
        ),
        Row("Forme, création", ", ".join(part for part in (form, opened) if part)),
        Row("État", "Fermé, créé quand même" if answer and answer.is_closed else ""),
        Row("Registre", "" if answer and answer.has_company else "saisie manuelle, complétée dès que possible"),
        Row("Code dossier", company.file_code),
        Row("Contact", ", ".join(part for part in (company.contact_name, company.contact_email) if part)),
    )
    return tuple(row for row in rows if row.value)


def _readers(readers: Sequence[Collaborator]) -> str:
    experts = sum(person.position == "expert" for person in readers)
    text = plural(len(readers), "collaborateur")
    return f"{text}, dont {plural(experts, 'expert-comptable', 'experts-comptables')}" if experts else text


def _year_rows(years: Iterable[YearOf]) -> tuple[Row, ...]:
    rows = []
    for year in years:
        if year.start is None or year.end is None:
            continue
        months = sum(1 for _ in Period(year.start, year.end).months())
        source = "dates du FEC" if year.taken_from_file else "dates saisies"
        rows.append(Row("Exercice", f"du {day(year.start)} au {day(year.end)}", f"{months} mois, {source}"))
    return tuple(rows)


def _file_rows(files: Sequence[Import]) -> list[FileRow]:
    rows = [
        FileRow(one.file_name, plural(one.lines, "ligne") if one.lines is not None else "", "accepted")
        for one in files
        if one.kind == ImportKind.FEC and one.state == ImportState.TO_CHECK
    ]
    dsn = [one for one in files if one.kind == ImportKind.DSN and one.state == ImportState.TO_CHECK]
    if dsn:
        people = sorted({one.people for one in dsn if one.people is not None})
        count = _between(people)
        rows.append(FileRow(f"DSN {_spoken(sorted(_declared(dsn)))}" if _declared(dsn) else "DSN", count, "accepted"))
    rows += [FileRow(one.file_name, "lue sur la page du dossier", "reading") for one in files if one.state in _BUSY]
    rows += [
        FileRow(one.file_name, "ne sera pas repris", "refused") for one in files if one.state == ImportState.REFUSED
    ]
    return rows


def _between(people: Sequence[int]) -> str:
    if not people:
        return ""
    if len(people) == 1:
        return plural(people[0], "salarié")
    return f"{integer(people[0])} à {plural(people[-1], 'salarié')}"


def _declared(files: Iterable[Import]) -> set[str]:
    """The months of the monthly declarations, ``2025-01``."""
    return {
        declaration["month"]
        for one in files
        for declaration in one.report.get("declarations") or []
        if declaration.get("month") and declaration.get("nature") == "01"
    }


def _missing_months(years: Iterable[YearOf], kept: Sequence[Import]) -> list[str]:
    """The months of the fiscal years whose DSN is due and that no file declares."""
    due = last_due_month(timezone.localdate())
    declared = _declared(one for one in kept if one.kind == ImportKind.DSN)
    asked = {month for year in years if year.start and year.end for month in Period(year.start, year.end).months()}
    return sorted(month for month in asked - declared if month <= f"{due:%Y-%m}")


def _missing_rows(missing: Sequence[str]) -> list[FileRow]:
    return [FileRow(f"DSN {_spoken(missing)}", f"{len(missing)} mois", "missing")] if missing else []


def _spoken(months: Sequence[str]) -> str:
    """« de janvier à mars 2025, d’août 2025 »: runs of months."""
    runs: list[list[str]] = []
    for month in months:
        if runs and _index(month) == _index(runs[-1][-1]) + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    return ", ".join(_run(run[0], run[-1]) for run in runs)


def _index(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def _run(first: str, last: str) -> str:
    if first == last:
        return f"{_of(first)} {first[:4]}"
    year = "" if first[:4] == last[:4] else f" {first[:4]}"
    return f"{_of(first)}{year} à {MONTHS[int(last[5:7]) - 1]} {last[:4]}"


def _of(month: str) -> str:
    name = MONTHS[int(month[5:7]) - 1]
    return f"d’{name}" if name[0] in "ao" else f"de {name}"


def _promise(years: Sequence[YearOf], kept: Sequence[Import], missing: int) -> str:
    opened = sum(1 for year in years if year.start and year.end)
    things = ["le client", "son dossier avec une première mission"]
    if opened:
        things.append("l’exercice" if opened == 1 else f"{opened} exercices")
    if kept:
        things.append(plural(len(kept), "import"))
    text = f"Bocage va créer {', '.join(things[:-1])} et {things[-1]}, en une seule fois."
    busy = sum(one.state in _BUSY for one in kept)
    if busy:
        text += f" La lecture de {plural(busy, 'fichier')} continuera sur la page du dossier."
    if missing:
        text += f" {'La DSN absente peut' if missing == 1 else f'Les {missing} DSN absentes peuvent'} venir plus tard."
    return text
