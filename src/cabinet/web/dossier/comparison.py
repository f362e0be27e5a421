"""The context of the page that compares two FEC of a year."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, overload

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.http import urlencode

from bocage.facts.comparison import (
    ASPECTS,
    AccountChange,
    EntryChange,
    LinePair,
    Summary,
    account_changes,
    changed_lines,
    entry_changes,
)
from cabinet.imports.comparing import Comparison, comparison_of
from cabinet.imports.enums import Doubt, ImportState
from cabinet.imports.facts import tables_of
from cabinet.imports.models import Import
from cabinet.web.actor import ActorRequest
from cabinet.web.components.formats import number
from cabinet.web.components.parts import Choice, Link
from cabinet.web.dossier.frame import Head, open_head

ENTRIES_A_PAGE = 20
ACCOUNTS_A_PAGE = 50
CHANGES = {"changed": "Changée", "removed": "Supprimée", "added": "Ajoutée"}
TONES = {"changed": "warn", "removed": "err", "added": "ok"}
ICONS = {"changed": "pencil", "removed": "x", "added": "plus"}
ASPECT_WORDS = {
    "amounts": "montants",
    "accounts": "comptes",
    "date": "date",
    "journal": "journal",
    "number": "numéro",
    "piece": "pièce",
    "label": "libellé",
    "lettering": "lettrage",
    "validation": "validation",
    "currency": "devise",
    "settlement": "règlement",
    "names": "intitulés",
    "lines": "répartition entre lignes",
}
COLUMN_WORDS = {
    "debit": "Débit",
    "credit": "Crédit",
    "account": "Compte",
    "aux": "Auxiliaire",
    "entry_date": "Date",
    "journal_code": "Journal",
    "entry_number": "Numéro",
    "piece_ref": "Pièce",
    "piece_date": "Date de pièce",
    "label": "Libellé",
    "lettering": "Lettrage",
    "lettering_date": "Date de lettrage",
    "valid_date": "Validation",
    "currency_amount": "Montant en devise",
    "currency": "Devise",
    "settlement_date": "Date de règlement",
    "settlement_mode": "Mode de règlement",
    "operation_nature": "Nature d’opération",
    "client_id": "Client",
    "journal_label": "Libellé du journal",
    "account_label": "Libellé du compte",
    "aux_label": "Libellé de l’auxiliaire",
}


class Slices[T](Sequence[T]):
    """A list that is asked for page by page."""

    def __init__(self, count: int, ask: Callable[[int, int], list[T]]) -> None:
        self._count, self._ask = count, ask

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        if isinstance(index, int):
            return self._ask(index, 1)[0]
        start, stop, _ = index.indices(self._count)
        return self._ask(start, max(0, stop - start))


@dataclass(frozen=True, slots=True)
class Said:
    """One value of a line: before, after."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line that differs: which account, on which lines of the files, and the values that do."""

    account: str
    before_line: int | None
    after_line: int | None
    said: Sequence[Said]
    amount: str


@dataclass(frozen=True, slots=True)
class EntryShown:
    """An entry of the list."""

    entry: EntryChange
    word: str
    tone: str
    icon: str
    aspects: str
    lines: Sequence[LineShown]


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """What the template draws."""

    head: Head
    imported: Import
    before: Import | None
    summary: Summary | None
    filters: Sequence[Choice]
    aspects: Sequence[Choice]
    words: str
    change: str
    entries: Sequence[EntryShown]
    page: Page[EntryChange] | None
    accounts: Page[AccountChange] | None
    waits: bool
    may_replace: bool


def page_of(request: ActorRequest, imported: Import) -> ComparisonPage:
    """What changes, inside the frame of the dossier. The import was obtained through its gate."""
    head, found = _headed(request, imported), comparison_of(imported)
    waits = imported.state == ImportState.TO_CHECK and Doubt.REPLACES in imported.doubts
    change, aspect = request.GET.get("quoi", ""), request.GET.get("aspect", "")
    change = change if change in CHANGES else ""
    aspect = aspect if aspect in ASPECT_WORDS else ""
    words = request.GET.get("q", "").strip()[:100]
    page = _entries(found, request, change, aspect, words) if found else None
    return ComparisonPage(
        head=head,
        imported=imported,
        before=found.before if found else None,
        summary=found.summary if found else None,
        filters=_filters(found.summary, change, words) if found else (),
        aspects=_aspects(found.summary, aspect, words) if found else (),
        words=words,
        change=change,
        entries=_shown(found, list(page)) if found and page else (),
        page=page,
        accounts=_accounts(found, request) if found else None,
        waits=waits,
        may_replace=waits and head.rights.remove_data,
    )


def _headed(request: ActorRequest, imported: Import) -> Head:
    client_id = imported.client_id
    if client_id is None:
        raise ValueError("a draft's file has no page")
    head = open_head(request, client_id, "dossier_data")
    trail = (
        Link("Clients", reverse("client_list")),
        Link(head.client.name, reverse("dossier_overview", args=[client_id])),
        Link("Données", reverse("dossier_data", args=[client_id])),
        Link("Ce qui change"),
    )
    return replace(head, trail=trail)


def _entries(found: Comparison, request: ActorRequest, change: str, aspect: str, words: str) -> Page[EntryChange]:
    def ask(offset: int, limit: int) -> tuple[int, list[EntryChange]]:
        return entry_changes(found.folder, change=change, aspect=aspect, words=words, offset=offset, limit=limit)

    rows = Slices(ask(0, 0)[0], lambda start, size: ask(start, size)[1])
    return Paginator(rows, ENTRIES_A_PAGE).get_page(request.GET.get("page"))


def _accounts(found: Comparison, request: ActorRequest) -> Page[AccountChange]:
    rows = Slices(found.summary.accounts, lambda start, size: account_changes(found.folder, offset=start, limit=size))
    return Paginator(rows, ACCOUNTS_A_PAGE).get_page(request.GET.get("comptes"))


def _link(**asked: str) -> str:
    return "?" + urlencode({key: value for key, value in asked.items() if value})


def _filters(summary: Summary, change: str, words: str) -> list[Choice]:
    counts = {"changed": summary.changed, "removed": summary.removed, "added": summary.added}
    said = {"changed": "Changées", "removed": "Supprimées", "added": "Ajoutées"}
    every = Choice(f"Toutes {number(sum(counts.values()))}", _link(q=words), current=not change)
    return [
        every,
        *(
            Choice(f"{said[code]} {number(count)}", _link(quoi=code, q=words), current=code == change)
            for code, count in counts.items()
        ),
    ]


def _aspects(summary: Summary, aspect: str, words: str) -> list[Choice]:
    """What changed in the changed entries, each with its number; chosen again, it is taken off."""
    return [
        Choice(
            f"{ASPECT_WORDS[code].capitalize()} {number(count)}",
            _link(quoi="changed", aspect="" if code == aspect else code, q=words),
            current=code == aspect,
        )
        for code, count in summary.aspects.items()
    ]


def _shown(found: Comparison, entries: list[EntryChange]) -> list[EntryShown]:
    lines = changed_lines(tables_of(found.before), tables_of(found.after), entries)
    return [
        EntryShown(
            entry=entry,
            word=CHANGES[entry.change],
            tone=TONES[entry.change],
            icon=ICONS[entry.change],
            aspects=", ".join(ASPECT_WORDS[one] for one in entry.aspects),
            lines=[_line(pair) for pair in pairs],
        )
        for entry, pairs in zip(entries, lines, strict=True)
    ]


def _line(pair: LinePair) -> LineShown:
    values: Mapping[str, Any] = pair.after or pair.before or {}
    before, after = pair.before or {}, pair.after or {}
    columns = [column for columns in ASPECTS.values() for column in columns]
    return LineShown(
        account=str(values.get("account") or ""),
        before_line=pair.before_line,
        after_line=pair.after_line,
        said=[
            Said(COLUMN_WORDS[column], _value(before.get(column)), _value(after.get(column)))
            for column in columns
            if pair.before and pair.after and before.get(column) != after.get(column)
        ],
        amount=f"débit {_value(values.get('debit'))}, crédit {_value(values.get('credit'))}",
    )


def _value(value: object) -> str:
    """A value as a FEC writes it; a blank says so."""
    return str(value).replace(".", ",") if value not in (None, "") else "vide"
