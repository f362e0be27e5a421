"""The contexts of the balances, and their sheets."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Page
from django.http import QueryDict
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.styles.numbers import FORMAT_NUMBER_COMMA_SEPARATED1

from bocage.indicators import ledger
from bocage.indicators.ledger import AccountBalance, Amounts, AuxiliaryBalance, TrialBalance
from bocage.wording import sentence
from cabinet.web.components import sheets
from cabinet.web.components.parts import Choice
from cabinet.web.components.sheets import safe
from cabinet.web.dossier.books.frame import Shelf, page_of

OPEN_ACCOUNTS = 300
"""Up to so many accounts, every class is open; above, one at a time."""
MOST_ACCOUNTS = 1_000
"""Accounts of a class that one page writes: beyond, a search or the sheet."""
THIRDS = 100
SIDES = {"fournisseurs": ("40", "Fournisseurs"), "clients": ("41", "Clients")}
COLUMNS = (
    *("Ouverture débit", "Ouverture crédit", "Mouvements débit", "Mouvements crédit"),
    *("Solde débiteur", "Solde créditeur"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the balance: an account, or the sum of a root, a class, the whole."""

    kind: str
    number: str
    label: str
    amounts: Sequence[Decimal]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One class, folded or not."""

    number: str
    title: str
    count: int
    total: Row
    rows: Sequence[Row]
    is_open: bool
    url: str
    hidden: int


@dataclass(frozen=True, slots=True)
class BalancePage:
    """What the template draws."""

    shelf: Shelf
    query: str
    balance: TrialBalance | None
    sections: Sequence[Section]
    total: Row | None
    reason: str
    csv_url: str
    xlsx_url: str
    blank_url: str


def balance_page(shelf: Shelf, asked: QueryDict) -> BalancePage:
    """The balance générale of the year, whole or of the accounts sought."""
    query, wanted = asked.get("q", "").strip()[:100], asked.get("classe", "")
    balance = ledger.trial_balance(shelf.tables, query) if shelf.fec else None
    return BalancePage(
        shelf=shelf,
        query=query,
        balance=balance,
        sections=_sections(shelf, balance, wanted, query) if balance else (),
        total=Row("total", "", "Total", balance.total.columns) if balance else None,
        reason=_reason(balance.standing.reason) if balance else "",
        csv_url=shelf.url("books_balance_sheet", "csv", q=query),
        xlsx_url=shelf.url("books_balance_sheet", "xlsx", q=query),
        blank_url=shelf.url("books_ledger") + ("&" if shelf.head.query else "?") + "compte=",
    )


def _reason(code: str | None) -> str:
    return sentence("economic", code).message if code else ""


def _sections(shelf: Shelf, balance: TrialBalance, wanted: str, query: str) -> list[Section]:
    every = balance.count <= OPEN_ACCOUNTS
    sections = []
    for one in balance.classes:
        is_open = every or one.number == wanted
        rows: list[Row] = []
        for root in one.roots:
            rows += [_account_row(shelf, account) for account in root.accounts]
            rows.append(Row("root", root.number, root.label or "Autres comptes", root.total.columns))
        kept = rows[:MOST_ACCOUNTS] if is_open else []
        title = f"Classe {one.number}" if one.number else "Comptes sans classe"
        sections.append(
            Section(
                number=one.number,
                title=f"{title}, {one.label}" if one.label else title,
                count=one.count,
                total=Row("class", one.number, title, one.total.columns),
                rows=kept,
                is_open=is_open,
                url=shelf.url("books_balance", q=query, classe=one.number),
                hidden=len(rows) - len(kept) if is_open else 0,
            )
        )
    return sections


def _account_row(shelf: Shelf, one: AccountBalance) -> Row:
    return Row("account", one.account, one.label, one.amounts.columns, shelf.url("books_ledger", compte=one.account))


@dataclass(frozen=True, slots=True)
class ThirdsPage:
    """The balance of suppliers or of customers."""

    shelf: Shelf
    query: str
    side: str
    sides: Sequence[Choice]
    balance: AuxiliaryBalance | None
    page: Page[AccountBalance] | None
    rows: Sequence[Row]
    total: Row | None
    reason: str


def thirds_page(shelf: Shelf, asked: QueryDict) -> ThirdsPage:
    """One side, one page."""
    query = asked.get("q", "").strip()[:100]
    side = asked.get("cote", "") if asked.get("cote", "") in SIDES else "fournisseurs"
    found: list[AuxiliaryBalance] = []

    def fetch(offset: int) -> tuple[Sequence[AccountBalance], int]:
        found.append(ledger.auxiliary_balance(shelf.tables, SIDES[side][0], query, offset=offset, limit=THIRDS))
        return found[-1].rows, found[-1].count

    page = page_of(fetch, asked.get("page", ""), THIRDS) if shelf.fec else None
    balance = found[-1] if found else None
    return ThirdsPage(
        shelf=shelf,
        query=query,
        side=side,
        sides=[
            Choice(word, shelf.url("books_thirds", cote=name), current=name == side)
            for name, (_, word) in SIDES.items()
        ],
        balance=balance,
        page=page,
        rows=[_third_row(shelf, one) for one in page or ()],
        total=Row("total", "", "Total", balance.total.columns) if balance else None,
        reason=_reason(balance.standing.reason) if balance else "",
    )


def _third_row(shelf: Shelf, one: AccountBalance) -> Row:
    url = shelf.url("books_ledger", compte=one.account, q=one.aux)
    return Row("account", f"{one.account} {one.aux}".strip(), one.label or "Sans tiers", one.amounts.columns, url)


def sheet_rows(balance: TrialBalance) -> Iterator[Sequence[str | int | Decimal]]:
    """The balance as a sheet: one row an account, then the total."""
    yield ("Compte", "Libellé", "Lignes", *COLUMNS)
    for one in balance.accounts():
        yield (one.account, safe(one.label), one.lines, *one.amounts.columns)
    yield ("Total", "", sum(one.lines for one in balance.accounts()), *_total(balance.total))


def _total(amounts: Amounts) -> tuple[Decimal, ...]:
    return amounts.columns


def as_csv(balance: TrialBalance) -> bytes:
    """The balance as a text sheet."""
    return sheets.as_csv(sheet_rows(balance))


def as_xlsx(balance: TrialBalance) -> bytes:
    """A workbook: account numbers are texts, amounts are numbers to the cent."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Balance générale")
    sheet.freeze_panes = "C2"
    for column, width in zip("ABCDEFGHI", (12, 42, 9, 17, 17, 17, 17, 17, 17), strict=True):
        sheet.column_dimensions[column].width = width
    bold = Font(bold=True)
    for rank, row in enumerate(sheet_rows(balance)):
        values: Sequence[Any] = row  # the library writes decimals exactly, its types know floats only
        cells = [WriteOnlyCell(sheet, value=value) for value in values]
        for cell, value in zip(cells, row, strict=True):
            if isinstance(value, Decimal):
                cell.number_format = FORMAT_NUMBER_COMMA_SEPARATED1
            if rank == 0 or row[0] == "Total":
                cell.font = bold
        sheet.append(cells)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
