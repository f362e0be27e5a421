"""The context of « Vue contrôle »: entries flagged, chronology, numbering, journals by month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.paginator import Page
from django.http import QueryDict

from bocage.indicators import ledger
from bocage.indicators.ledger import FlagCount, FlaggedEntry, Gap, MonthTable, Numbering, Search
from bocage.wording import sentence
from cabinet.imports.models import Import
from cabinet.web.components.formats import WEEKDAYS, day, number
from cabinet.web.components.formats import month as month_word
from cabinet.web.components.parts import Bar, BarChart, Choice
from cabinet.web.dossier.books.frame import Shelf, page_of, search_of

ENTRIES = 25
PARTS = {
    "": "Écritures relevées",
    "chronologie": "Chronologie",
    "numeros": "Numérotation",
    "mois": "Journaux par mois",
}
TONES = {"blocking": "err", "error": "err", "warning": "warn", "info": "quiet"}
ICONS = {"blocking": "x", "error": "x", "warning": "alert-triangle", "info": "info-circle"}
WORDS = {"blocking": "Bloquant", "error": "Erreur", "warning": "Alerte", "info": "Information"}
ORDER = ("blocking", "error", "warning", "info")
DELAYS = {
    "before": "Avant la date de l’écriture",
    "0-31": "Dans les 31 jours",
    "32-90": "De 32 à 90 jours",
    "91-180": "De 91 à 180 jours",
    "over-180": "Plus de 180 jours",
}
KEYS = {
    "number": "le journal et le numéro d’écriture",
    "piece": "le journal, la pièce et la date",
    "balance": "les retours à zéro du solde",
}
CELL, ROW, MARGIN = 58, 30, 24


@dataclass(frozen=True, slots=True)
class MarkShown:
    """A check that points at an entry, in words."""

    code: str
    word: str
    tone: str
    icon: str
    value: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class CountShown:
    """A check, how many entries it points at, and their list."""

    code: str
    word: str
    severity: str
    tone: str
    icon: str
    entries: int
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry of the list."""

    entry: FlaggedEntry
    url: str
    marks: Sequence[MarkShown]

    @property
    def loud(self) -> Sequence[MarkShown]:
        """Errors and warnings: each has its label."""
        return [mark for mark in self.marks if mark.tone != "quiet"]

    @property
    def quiet(self) -> str:
        """The others, in a line of words."""
        return ", ".join(mark.word for mark in self.marks if mark.tone == "quiet")


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A journal in a month: a square of the chart."""

    x: int
    y: int
    step: int
    text: str
    debit: Decimal | None
    gap: Decimal
    url: str


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A journal: its squares and its sum."""

    code: str
    label: str
    middle: int
    cells: Sequence[HeatCell]
    lines: int
    debit: Decimal
    gap: Decimal


@dataclass(frozen=True, slots=True)
class Heat:
    """Journals × months, as a chart and as a table."""

    sentence: str
    months: Sequence[tuple[int, str, str]]
    rows: Sequence[HeatRow]
    table: MonthTable
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class AuditPage:
    """What the template draws; only the part asked for is computed."""

    shelf: Shelf
    part: str
    parts: Sequence[Choice]
    search: Search
    counts: Sequence[CountShown]
    administration: Sequence[CountShown]
    others: Sequence[CountShown]
    is_known: bool
    code: str
    journal: str | None
    journals: Sequence[tuple[str, str]]
    page: Page[FlaggedEntry] | None
    entries: Sequence[EntryLine]
    chronology: Sequence[CountShown]
    weekdays: BarChart | None
    delays: BarChart | None
    validated: str
    numbering: Numbering | None
    key: str
    gaps: Sequence[tuple[Gap, str]]
    heat: Heat | None
    clear_url: str


def severities_of(fec: Import) -> dict[str, str]:
    """Code → severity, as the report of the file says it."""
    return {str(one["code"]): str(one["severity"]) for one in fec.report.get("findings") or []}


def shown_mark(code: str, value: str, severities: Mapping[str, str], remedy: str = "") -> MarkShown:
    """A mark in words."""
    severity = severities.get(code, "info")
    return MarkShown(
        code,
        sentence("ledger", code).message,
        TONES[severity],
        ICONS[severity],
        "" if code in ledger.NUMBER_CODES or code == "SEQ-04" else shown_value(value),  # the number is in the title
        "" if remedy == "–" else remedy,
    )


def shown_value(text: str) -> str:
    """A date or an amount as it is written in France; anything else as it is."""
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        pass
    whole, dot, cents = text.lstrip("-").partition(".")
    if dot and whole.isdecimal() and cents.isdecimal():
        return number(Decimal(text), max(len(cents), 2))
    return text


def audit_page(shelf: Shelf, asked: QueryDict) -> AuditPage:
    """The part of the view that the address asks for."""
    part = asked.get("vue", "") if asked.get("vue", "") in PARTS else ""
    found = ledger.flag_counts(shelf.tables) if shelf.fec else []
    severities = severities_of(shelf.fec) if shelf.fec else {}
    counts = sorted(
        (_count(shelf, one, severities) for one in found or []),
        key=lambda one: (ORDER.index(one.severity), one.code),
    )
    code = asked.get("code", "") if any(one.code == asked.get("code") for one in counts) else ""
    journal = asked.get("journal") or None
    search = search_of(asked)
    known = shelf.fec is not None and found is not None
    page = _entries(shelf, asked, code, journal, search) if known and not part else None
    marks = severities
    chronology = _chronology(shelf) if known and part == "chronologie" else None
    numbering = ledger.numbering(shelf.tables) if known and part == "numeros" else None
    return AuditPage(
        shelf=shelf,
        part=part,
        parts=[Choice(word, shelf.url("books_audit", vue=name), current=name == part) for name, word in PARTS.items()],
        search=search,
        counts=counts,
        administration=[one for one in counts if one.code in ledger.NUMBER_CODES],
        others=[one for one in counts if one.code not in ledger.NUMBER_CODES],
        is_known=known,
        code=code,
        journal=journal,
        journals=ledger.journals(shelf.tables) if page is not None else (),
        page=page,
        entries=[
            EntryLine(
                entry,
                shelf.url("books_entry", entry.index),
                [shown_mark(mark.code, mark.value, marks) for mark in entry.marks],
            )
            for entry in page or ()
        ],
        chronology=[one for one in counts if one.code in ledger.CHRONOLOGY_CODES],
        weekdays=chronology[0] if chronology else None,
        delays=chronology[1] if chronology else None,
        validated=chronology[2] if chronology else "",
        numbering=numbering,
        key=KEYS.get(numbering.key, "") if numbering else "",
        gaps=[(gap, shelf.url("books_entry", gap.index)) for gap in numbering.gaps] if numbering else (),
        heat=_heat(shelf) if known and part == "mois" else None,
        clear_url=shelf.url("books_audit"),
    )


def _count(shelf: Shelf, one: FlagCount, severities: Mapping[str, str]) -> CountShown:
    severity = severities.get(one.code, "info")
    return CountShown(
        one.code,
        sentence("ledger", one.code).message,
        severity,
        TONES[severity],
        ICONS[severity],
        one.entries,
        one.count,
        shelf.url("books_audit", code=one.code),
    )


def _entries(shelf: Shelf, asked: QueryDict, code: str, journal: str | None, search: Search) -> Page[FlaggedEntry]:
    def fetch(offset: int) -> tuple[Sequence[FlaggedEntry], int]:
        found = ledger.flagged_entries(
            shelf.tables, [code] if code else [], search, journal=journal, offset=offset, limit=ENTRIES
        )
        return found.entries, found.count

    return page_of(fetch, asked.get("page", ""), ENTRIES)


def _chronology(shelf: Shelf) -> tuple[BarChart, BarChart | None, str]:
    found = ledger.chronology(shelf.tables)
    days = [Bar(word.capitalize(), count, number(count)) for word, count in zip(WEEKDAYS, found.weekdays, strict=True)]
    weekdays = BarChart("Lignes par jour de la semaine, à-nouveaux à part.", "Jour", "lignes", days)
    if found.first_valid is None or found.last_valid is None:
        return weekdays, None, sentence("economic", "not_validated").message
    bars = [Bar(DELAYS[name], count, number(count)) for name, count in found.delays]
    delays = BarChart("Lignes par délai de validation.", "Délai", "lignes", bars)
    said = f"Écritures validées du {day(found.first_valid)} au {day(found.last_valid)}."
    if found.unvalidated:
        said += f" {number(found.unvalidated)} lignes ne le sont pas."
    return weekdays, delays, said


def _heat(shelf: Shelf) -> Heat:
    table = ledger.month_table(shelf.tables)
    top = max((cell.lines for row in table.journals for cell in row.cells if cell), default=0)
    words = [month_word(month) if month else "date illisible" for month in table.months]
    rows = []
    for rank, journal in enumerate(table.journals):
        y = MARGIN + rank * ROW
        cells = [
            HeatCell(
                x=column * CELL,
                y=y,
                step=0 if cell is None else 1 + min(4, cell.lines * 5 // (top + 1)),
                text="" if cell is None else number(cell.lines),
                debit=None if cell is None else cell.debit,
                gap=Decimal(0) if cell is None else cell.gap,
                url="",
            )
            for column, cell in enumerate(journal.cells)
        ]
        rows.append(
            HeatRow(
                journal.code or "sans code",
                journal.label,
                y + ROW // 2,
                cells,
                journal.total.lines,
                journal.total.debit,
                journal.total.gap,
            )
        )
    busiest = max(zip(words, table.totals, strict=True), key=lambda one: one[1].lines, default=None)
    said = f"Lignes par journal et par mois\u00a0: {number(table.total.lines)} en tout"
    said += f", le plus en {busiest[0]} ({number(busiest[1].lines)})." if busiest else "."
    months = [
        (column * CELL + CELL // 2, f"{month:%m/%y}" if month else "?", word)
        for column, (month, word) in enumerate(zip(table.months, words, strict=True))
    ]
    return Heat(said, months, rows, table, max(len(months), 1) * CELL, MARGIN + len(rows) * ROW)
