"""The contexts of the general ledger: an account, a search in the books, one entry."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page
from django.http import QueryDict

from bocage.indicators import ledger
from bocage.indicators.ledger import Account, AccountBalance, Entry, LedgerLine, LedgerPage, Search
from bocage.wording import sentence
from cabinet.imports.quoting import raw_lines_of
from cabinet.web.dossier.books.audit import MarkShown, severities_of, shown_mark
from cabinet.web.dossier.books.frame import Shelf, anchor_of, page_of, search_of

LINES = 100
MOST_ACCOUNTS = 500


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line, with where its entry and its account are."""

    line: LedgerLine
    entry_url: str
    account_url: str
    sought: bool
    """The address asks for this very line."""

    @property
    def anchor(self) -> str:
        """The name of the line on the page."""
        return anchor_of(self.line.part, self.line.line)


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account of the list."""

    balance: AccountBalance
    url: str


@dataclass(frozen=True, slots=True)
class LedgerScreen:
    """What the template draws: an account, or the answer to a search, or the list of accounts."""

    shelf: Shelf
    asked: str
    search: Search
    account: Account | None
    found: LedgerPage | None
    page: Page[LedgerLine] | None
    lines: Sequence[LineShown]
    accounts: Sequence[AccountLine]
    hidden: int
    previous_url: str
    next_url: str
    clear_url: str


def ledger_page(shelf: Shelf, asked: QueryDict) -> LedgerScreen:
    """The general ledger as the address asks for it."""
    search, line, part = search_of(asked), asked.get("ligne", ""), asked.get("partie", "1")
    number = asked.get("compte") if "compte" in asked else _account_of_line(shelf, line, part)
    account = ledger.find_account(shelf.tables, number) if shelf.fec and number is not None else None
    found: list[LedgerPage] = []

    def fetch(offset: int) -> tuple[Sequence[LedgerLine], int]:
        if account is not None:
            found.append(ledger.account_lines(shelf.tables, account, search, offset=offset, limit=LINES))
        else:
            found.append(ledger.find_lines(shelf.tables, search, offset=offset, limit=LINES))
        return found[-1].lines, found[-1].count

    wanted = shelf.fec is not None and (account is not None or (number is None and bool(search)))
    number_asked = asked.get("page") or (_page_of_line(shelf, account, line, part) if account and not search else "")
    page = page_of(fetch, number_asked, LINES) if wanted else None
    accounts = _accounts(shelf) if shelf.fec and not wanted else []
    return LedgerScreen(
        shelf=shelf,
        asked=number or "",
        search=search,
        account=account,
        found=found[-1] if found else None,
        page=page,
        lines=[_shown(shelf, one, sought=(str(one.line), str(one.part)) == (line, part)) for one in page or ()],
        accounts=accounts[:MOST_ACCOUNTS],
        hidden=max(len(accounts) - MOST_ACCOUNTS, 0),
        previous_url=shelf.url("books_ledger", compte=account.previous) if account and account.previous else "",
        next_url=shelf.url("books_ledger", compte=account.next) if account and account.next else "",
        clear_url=shelf.url("books_ledger", compte=number),
    )


def _account_of_line(shelf: Shelf, line: str, part: str) -> str | None:
    """The account of a line of the file, for an address that only knows the line."""
    if shelf.fec is None or not _are_numbers(line, part):
        return None
    found = ledger.entries_at(shelf.tables, [int(line)]).get((int(part), int(line)))
    return found[1] if found else None


def _are_numbers(*texts: str) -> bool:
    return all(text.isascii() and text.isdecimal() and len(text) < 10 for text in texts)


def _accounts(shelf: Shelf) -> list[AccountLine]:
    balance = ledger.trial_balance(shelf.tables)
    return [AccountLine(one, shelf.url("books_ledger", compte=one.account)) for one in balance.accounts()]


def _page_of_line(shelf: Shelf, account: Account, line: str, part: str) -> str:
    """The page of an account that holds a line of the file, '' when none does."""
    if not _are_numbers(line, part):
        return ""
    rank = ledger.rank_in_account(shelf.tables, account, int(line), int(part))
    return "" if rank is None else str(rank // LINES + 1)


def _shown(shelf: Shelf, line: LedgerLine, *, sought: bool) -> LineShown:
    entry, account = shelf.url("books_entry", line.entry_index), shelf.url("books_ledger", compte=line.account)
    return LineShown(line, entry, account, sought)


@dataclass(frozen=True, slots=True)
class EntryScreen:
    """One entry, whole: its lines, its marks, and the lines of the file as they were received."""

    shelf: Shelf
    entry: Entry
    title: str
    marks: Sequence[MarkShown]
    raw: Sequence[tuple[int, str]]
    account_urls: dict[str, str]
    previous_url: str
    next_url: str


def entry_page(shelf: Shelf, index: int) -> EntryScreen | None:
    """The entry of this index; None when the books hold none."""
    entry = ledger.find_entry(shelf.tables, index) if shelf.fec else None
    if entry is None or shelf.fec is None:
        return None
    raw = raw_lines_of(shelf.fec, {(line.part, line.line) for line in entry.lines})
    severities = severities_of(shelf.fec)
    return EntryScreen(
        shelf=shelf,
        entry=entry,
        title=" ".join(part for part in ("Écriture", entry.journal_code, entry.number) if part),
        marks=[
            shown_mark(flag.code, flag.value, severities, sentence("fec", flag.code).remedy) for flag in entry.flags
        ],
        raw=[(line, text) for (_, line), text in sorted(raw.items())],
        account_urls={line.account: shelf.url("books_ledger", compte=line.account) for line in entry.lines},
        previous_url=shelf.url("books_entry", entry.previous) if entry.previous else "",
        next_url=shelf.url("books_entry", entry.next) if entry.next else "",
    )
