"""Grand livre: the lines of an account with their running balance, a search in the books, one entry whole."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from bocage.indicators.ledger.reading import FOLDED, Books, Standing, as_date, as_text, open_books
from bocage.indicators.result import Status

_VARIANTS = {"a": "aàâäáã", "c": "cç", "e": "eéèêë", "i": "iîïí", "o": "oôöó", "u": "uùûüú", "y": "yÿ", "n": "nñ"}


@dataclass(frozen=True, slots=True)
class Search:
    """What is sought: words (in labels, vouchers, numbers, third parties), an amount, dates included at both ends."""

    text: str = ""
    start: date | None = None
    end: date | None = None

    def __bool__(self) -> bool:
        return bool(self.text.strip() or self.start or self.end)

    @property
    def amount(self) -> Decimal | None:
        """The text as an amount, ``1 240,50``; None when it is none."""
        plain = re.sub(r"[\s\u00a0\u202f€]", "", self.text).replace(",", ".")
        if not re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", plain):
            return None
        try:
            return Decimal(plain)
        except InvalidOperation:
            return None

    @property
    def day(self) -> date | None:
        """The text as a day, ``17/11/2025``."""
        try:
            return datetime.strptime(self.text.strip(), "%d/%m/%Y").date()  # noqa: DTZ007  # a day has no time
        except ValueError:
            return None

    def condition(self, columns: Sequence[str] = ()) -> tuple[str, list[object]]:
        """A condition on the columns of a line, and its parameters.

        Words are sought in ``columns``, accents or not; without any, in the column ``words`` of the table *texts*.
        """
        parts, given = ["true"], list[object]()
        for word in self.text.split():
            test, sought = (f"contains(words, {FOLDED.format('?')})", word)
            if columns:
                test, sought = " OR ".join(f"regexp_matches({name}, ?, 'i')" for name in columns), pattern(word)
            parts.append(f"({test})")
            given += [sought] * (len(columns) or 1)
        words = " AND ".join(parts)
        if (amount := self.amount) is not None:
            words, given = f"({words} OR abs(debit) = ? OR abs(credit) = ?)", [*given, abs(amount), abs(amount)]
        elif (day := self.day) is not None:
            words, given = f"({words} OR entry_date = ?)", [*given, day]
        if self.start:
            words, given = f"{words} AND entry_date >= ?", [*given, self.start]
        if self.end:
            words, given = f"{words} AND entry_date <= ?", [*given, self.end]
        return words, given


def pattern(word: str) -> str:
    """A regular expression that finds ``word`` with or without its accents: folding a million labels takes longer."""
    plain = "".join(c for c in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(c))
    return "".join(f"[{_VARIANTS[char]}]" if char in _VARIANTS else re.escape(char) for char in plain)


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A line of the general ledger. ``balance``: debit − credit of its account up to it, openings first."""

    position: int
    """Its rank in the general ledger, from 1."""
    account: str
    line: int
    part: int
    entry_index: int
    entry_date: date | None
    journal_code: str
    entry_number: str
    piece_ref: str
    label: str
    aux: str
    aux_label: str
    lettering: str
    debit: Decimal
    credit: Decimal
    is_opening: bool
    is_closing: bool
    balance: Decimal


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """A page of lines. ``debit`` and ``credit`` are the sums of all the lines found, not of the page."""

    standing: Standing
    lines: tuple[LedgerLine, ...]
    count: int
    debit: Decimal
    credit: Decimal


@dataclass(frozen=True, slots=True)
class Account:
    """An account, and where its lines stand in the table ``ledger``."""

    number: str
    label: str
    pcg: str
    pcg_label: str
    first: int
    lines: int
    before: Decimal
    """Running sum of the accounts before it."""
    opening: Decimal
    debit: Decimal
    credit: Decimal
    """All of its lines, openings and closings included."""
    balance: Decimal
    """Closing entries left out."""
    closing_entries: Decimal
    previous: str
    next: str
    """Numbers of the accounts beside it, '' at the ends."""


_STANDING = Standing("EUR", Status.COMPUTED, ("CompteNum", "EcritureDate", "Debit", "Credit"))
_COLUMNS = (
    "position, account, line, part, entry_index, entry_date, journal_code, entry_number, piece_ref, label, aux, "
    "aux_label, lettering, debit, credit, is_opening, is_closing"
)


def find_account(tables: Mapping[str, Path], number: str) -> Account | None:
    """The account of this very number (``""``: the lines without one), None when no line bears it."""
    with open_books(tables) as books:
        return _account(books, number)


def _account(books: Books, number: str) -> Account | None:
    first, lines, *sums = books.row(
        "SELECT min(position), count(*), arg_min(running - debit + credit, position), "
        "coalesce(sum(debit - credit) FILTER (is_opening), 0), coalesce(sum(debit), 0), coalesce(sum(credit), 0), "
        "coalesce(sum(debit - credit) FILTER (NOT is_closing), 0), "
        "coalesce(sum(debit - credit) FILTER (is_closing), 0) "
        f"FROM {books.relation('ledger')} WHERE account = ?",
        [number],
    )
    if not lines:
        return None
    known = books.rows(
        "SELECT account, coalesce(account_label, ''), coalesce(account_pcg, ''), coalesce(pcg_label, ''), "
        "coalesce(lag(account) OVER o, ''), coalesce(lead(account) OVER o, '') "
        f"FROM {books.relation('accounts')} WINDOW o AS (ORDER BY account)"
    )
    label, pcg, pcg_label, previous, following = next((row[1:] for row in known if row[0] == number), ("",) * 5)
    before, opening, debit, credit, balance, closing = (Decimal(str(value)) for value in sums)
    return Account(
        number=number,
        label=str(label),
        pcg=str(pcg),
        pcg_label=str(pcg_label),
        first=int(str(first)),
        lines=int(str(lines)),
        before=before,
        opening=opening,
        debit=debit,
        credit=credit,
        balance=balance,
        closing_entries=closing,
        previous=str(previous),
        next=str(following),
    )


def account_lines(
    tables: Mapping[str, Path], account: Account, search: Search, *, offset: int = 0, limit: int | None = 100
) -> LedgerPage:
    """A page of an account: openings first, then by date, closings last; the balance runs over all of its lines."""
    first, last = account.first, account.first + account.lines
    with open_books(tables) as books:
        if search:
            return _searched(books, search, account, offset, limit)
        start = first + offset
        end = last if limit is None else min(start + limit, last)
        found = _lines(books, account.before, "position >= ? AND position < ?", [start, end])
        return LedgerPage(_STANDING, found, account.lines, account.debit, account.credit)


def find_lines(tables: Mapping[str, Path], search: Search, *, offset: int = 0, limit: int | None = 100) -> LedgerPage:
    """The lines of the whole file that answer a search, in file order. Their balance is not that of an account: 0."""
    with open_books(tables) as books:
        page = _searched(books, search, None, offset, limit)
    return replace(page, lines=tuple(replace(line, balance=Decimal(0)) for line in page.lines))


def _searched(books: Books, search: Search, account: Account | None, offset: int, limit: int | None) -> LedgerPage:
    """One pass over what is searched, then the lines of the page alone."""
    condition, given = search.condition()
    order, before = "part, line", Decimal(0)
    if account is not None:
        condition = f"position >= ? AND position < ? AND {condition}"
        given = [account.first, account.first + account.lines, *given]
        order, before = "position", account.before
    books.con.execute(
        f"CREATE TEMP TABLE hits AS SELECT position, part, line, debit, credit FROM {books.relation('texts')} "
        f"WHERE {condition}",
        given,
    )
    count, debit, credit = books.row(
        "SELECT count(*), coalesce(sum(debit), 0), coalesce(sum(credit), 0) FROM hits",
    )
    cut = "" if limit is None else f" LIMIT {int(limit)} OFFSET {int(offset)}"
    wanted = [int(str(row[0])) for row in books.rows(f"SELECT position FROM hits ORDER BY {order}{cut}")]
    rank = {position: at for at, position in enumerate(wanted)}
    if limit is None:
        found = _lines(books, before, "position IN (SELECT position FROM hits)", [])
    else:  # written out, so that the row groups without any are not read
        found = _lines(books, before, f"position IN ({', '.join(map(str, wanted))})", []) if wanted else ()
    page = tuple(sorted(found, key=lambda line: rank[line.position]))
    return LedgerPage(_STANDING, page, int(str(count)), Decimal(str(debit)), Decimal(str(credit)))


def _lines(books: Books, before: Decimal, where: str, given: Sequence[object]) -> tuple[LedgerLine, ...]:
    rows = books.rows(
        f"SELECT {_COLUMNS}, running - ? FROM {books.relation('ledger')} WHERE {where} ORDER BY position",
        [before, *given],
    )
    return tuple(map(_line, rows))


def _line(row: Sequence[object]) -> LedgerLine:
    position, account, line, part, index, day, *texts, debit, credit, opening, closing, balance = row
    journal, number, piece, label, aux, aux_label, lettering = map(as_text, texts)
    return LedgerLine(
        int(str(position)), as_text(account), int(str(line)), int(str(part)), int(str(index)), as_date(day), journal,
        number, piece, label, aux, aux_label, lettering, Decimal(str(debit)), Decimal(str(credit)), bool(opening),
        bool(closing), Decimal(str(balance)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A line of an entry, with everything that the file says of it."""

    line: int
    part: int
    account: str
    account_label: str
    aux: str
    aux_label: str
    piece_ref: str
    piece_date: date | None
    label: str
    debit: Decimal
    credit: Decimal
    lettering: str
    lettering_date: date | None
    valid_date: date | None
    currency_amount: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class Flag:
    """A check that points at the entry: its code and what was read (a gap, a number, a date)."""

    code: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, whole."""

    standing: Standing
    index: int
    journal_code: str
    journal_label: str
    number: str
    dates: tuple[date, ...]
    is_opening: bool
    is_closing: bool
    lines: tuple[EntryLine, ...]
    flags: tuple[Flag, ...]
    previous: int | None
    next: int | None
    """Indexes of the entries beside it in the file."""

    @property
    def debit(self) -> Decimal:
        """Sum of the debits."""
        return sum((line.debit for line in self.lines), Decimal(0))

    @property
    def credit(self) -> Decimal:
        """Sum of the credits."""
        return sum((line.credit for line in self.lines), Decimal(0))


_ENTRY = (
    "line, part, account, account_label, aux, aux_label, piece_ref, piece_date, label, debit, credit, lettering, "
    "lettering_date, valid_date, currency_amount, currency, journal_code, journal_label, entry_number, entry_date, "
    "is_opening, is_closing"
)


def find_entry(tables: Mapping[str, Path], index: int) -> Entry | None:
    """The entry of this index (``entry_index``), None when there is none."""
    with open_books(tables) as books:
        rows = books.rows(
            f"SELECT {_ENTRY} FROM {books.relation('lines')} WHERE entry_index = ? ORDER BY part, line", [index]
        )
        if not rows:
            return None
        count = int(str(books.row(f"SELECT entries FROM {books.relation('books')}")[0]))
        flags = (
            books.rows(
                "SELECT code, coalesce(value, ''), line "
                f"FROM {books.relation('flags')} WHERE entry_index = ? ORDER BY code",
                [index],
            )
            if books.has("flags")
            else []
        )
    code, label, number, _, opening, closing = rows[0][16:]
    return Entry(
        standing=Standing("EUR", Status.COMPUTED, ("JournalCode", "EcritureNum", "Debit", "Credit")),
        index=index,
        journal_code=as_text(code),
        journal_label=as_text(label),
        number=as_text(number),
        dates=tuple(sorted({day for row in rows if (day := as_date(row[19]))})),
        is_opening=bool(opening),
        is_closing=bool(closing),
        lines=tuple(_entry_line(row) for row in rows),
        flags=tuple(Flag(str(flag), str(value), int(str(line))) for flag, value, line in flags),
        previous=index - 1 if index > 1 else None,
        next=index + 1 if index < count else None,
    )


def _entry_line(row: Sequence[object]) -> EntryLine:
    currency_amount = row[14]
    return EntryLine(
        line=int(str(row[0])),
        part=int(str(row[1])),
        account=as_text(row[2]),
        account_label=as_text(row[3]),
        aux=as_text(row[4]),
        aux_label=as_text(row[5]),
        piece_ref=as_text(row[6]),
        piece_date=as_date(row[7]),
        label=as_text(row[8]),
        debit=Decimal(str(row[9])),
        credit=Decimal(str(row[10])),
        lettering=as_text(row[11]),
        lettering_date=as_date(row[12]),
        valid_date=as_date(row[13]),
        currency_amount=None if currency_amount is None else Decimal(str(currency_amount)),
        currency=as_text(row[15]),
    )
