"""Balance générale and balance auxiliaire: opening, movements, closing balance of each account, to the cent.

A closing balance leaves closing entries out (they clear classes 6 and 7 and do not belong in a FEC); they are shown
apart, so that opening + movements + closing entries is the whole file.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from bocage.indicators.ledger.reading import Books, Standing, as_text, open_books
from bocage.indicators.result import Status
from bocage.referentials.pcg import chart_for

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Amounts:
    """The six columns of a balance, in euros. A balance stands on its side; a sum of accounts keeps both sides."""

    opening_debit: Decimal = ZERO
    opening_credit: Decimal = ZERO
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    balance_debit: Decimal = ZERO
    balance_credit: Decimal = ZERO

    def __add__(self, other: "Amounts") -> "Amounts":
        return Amounts(*(mine + theirs for mine, theirs in zip(self.columns, other.columns, strict=True)))

    @property
    def columns(self) -> tuple[Decimal, ...]:
        """In the order of a printed balance."""
        return (
            *(self.opening_debit, self.opening_credit, self.debit, self.credit),
            *(self.balance_debit, self.balance_credit),
        )

    @property
    def balanced(self) -> bool:
        """Whether debits equal credits in each pair of columns."""
        return (
            self.opening_debit == self.opening_credit
            and self.debit == self.credit
            and self.balance_debit == self.balance_credit
        )


def amounts_of(opening: Decimal, debit: Decimal, credit: Decimal, balance: Decimal) -> Amounts:
    """Balances (debit − credit) put on their side."""
    return Amounts(max(opening, ZERO), max(-opening, ZERO), debit, credit, max(balance, ZERO), max(-balance, ZERO))


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """One account, or one third party of an account (``aux``)."""

    account: str
    label: str
    lines: int
    amounts: Amounts
    closing_entries: Decimal
    aux: str = ""

    @property
    def klass(self) -> str:
        """Its class, ``"6"``; ``""`` for an account that does not begin with a digit."""
        return self.account[:1] if self.account[:1].isdecimal() else ""

    @property
    def root(self) -> str:
        """Its account of two digits."""
        return self.account[:2] if self.account[:2].isdecimal() else ""


@dataclass(frozen=True, slots=True)
class Root:
    """The accounts of two digits in common, and their sum."""

    number: str
    label: str
    accounts: tuple[AccountBalance, ...]
    total: Amounts


@dataclass(frozen=True, slots=True)
class Class:
    """One class of the chart."""

    number: str
    label: str
    roots: tuple[Root, ...]
    total: Amounts

    @property
    def count(self) -> int:
        """How many accounts it holds."""
        return sum(len(root.accounts) for root in self.roots)


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """The balance of a file, or of the accounts that answer a search."""

    standing: Standing
    classes: tuple[Class, ...]
    total: Amounts
    closing_debit: Decimal
    closing_credit: Decimal
    """Closing entries, all accounts together (whole file only)."""
    blank: AccountBalance | None
    """The lines without an account; None when each has one."""
    file_debit: Decimal
    file_credit: Decimal
    """Every line of the file."""

    @property
    def count(self) -> int:
        """How many accounts it holds."""
        return sum(one.count for one in self.classes)

    def accounts(self) -> Iterator[AccountBalance]:
        """Every account, in order."""
        for one in self.classes:
            for root in one.roots:
                yield from root.accounts


def trial_balance(tables: Mapping[str, Path], query: str = "") -> TrialBalance:
    """The balance générale. ``query``: the first digits of accounts, or words of their label.

    Status *partial* (reason ``account_blank``) when some lines bear no account. Exact decimals, euros.
    """
    with open_books(tables) as books:
        rows = books.rows(
            "SELECT account, coalesce(account_label, pcg_label, ''), lines, opening, debit, credit, balance, "
            f"closing_entries FROM {books.relation('accounts')} ORDER BY account"
        )
        year = int(str(books.row(f"SELECT chart_year FROM {books.relation('books')}")[0]))
        debit, credit, lines = books.row(
            f"SELECT sum(debit), sum(credit), CAST(sum(lines) AS BIGINT) FROM {books.relation('journals')}"
        )
        closing = books.row(
            f"SELECT coalesce(sum(debit), 0), coalesce(sum(credit), 0) FROM {books.relation('lines')} WHERE is_closing"
        )
        found = [_account(row) for row in rows]
        whole = int(str(lines)) == sum(one.lines for one in found)
        blank = None if whole else _blank(books)
    kept = [one for one in found if _answers(one, query)]
    return TrialBalance(
        standing=Standing(
            "EUR",
            Status.COMPUTED if whole else Status.PARTIAL,
            ("CompteNum", "Debit", "Credit"),
            None if whole else "account_blank",
        ),
        classes=tuple(_classes(kept, chart_for(year).labels)),
        total=_sum(kept),
        closing_debit=_decimal(closing[0]),
        closing_credit=_decimal(closing[1]),
        blank=blank,
        file_debit=_decimal(debit),
        file_credit=_decimal(credit),
    )


def _decimal(value: object) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value or 0))


def _account(row: Sequence[object], aux: str = "") -> AccountBalance:
    account, label, lines, *sums, closing = row
    opening, debit, credit, balance = map(_decimal, sums)
    return AccountBalance(
        as_text(account),
        as_text(label),
        int(str(lines)),
        amounts_of(opening, debit, credit, balance),
        _decimal(closing),
        aux,
    )


_LINES = """
    SELECT '', '', count(*), coalesce(sum(amount) FILTER (is_opening), 0),
        coalesce(sum(debit) FILTER (NOT is_opening AND NOT is_closing), 0),
        coalesce(sum(credit) FILTER (NOT is_opening AND NOT is_closing), 0),
        coalesce(sum(amount) FILTER (NOT is_closing), 0), coalesce(sum(amount) FILTER (is_closing), 0)
"""


def _blank(books: Books) -> AccountBalance:
    return _account(books.row(f"{_LINES} FROM {books.relation('lines')} WHERE account IS NULL"))


def _answers(one: AccountBalance, query: str) -> bool:
    asked = query.strip()
    if not asked:
        return True
    if asked[0].isdecimal():
        return one.account.startswith(tuple(asked.replace(",", " ").split()))
    return all(
        word in one.label.casefold() or one.account.casefold().startswith(word) for word in asked.casefold().split()
    )


def _classes(accounts: Iterable[AccountBalance], labels: Mapping[str, str]) -> Iterator[Class]:
    for number, members in groupby(accounts, key=attrgetter("klass")):
        roots = tuple(_roots(members, labels))
        total = sum((root.total for root in roots), Amounts())
        yield Class(number, labels.get(number, ""), roots, total)


def _roots(accounts: Iterable[AccountBalance], labels: Mapping[str, str]) -> Iterator[Root]:
    for number, members in groupby(accounts, key=attrgetter("root")):
        held = tuple(members)
        yield Root(number, labels.get(number, ""), held, _sum(held))


def _sum(accounts: Iterable[AccountBalance]) -> Amounts:
    return sum((one.amounts for one in accounts), Amounts())


SIDES = ("40", "41")
"""Suppliers, customers."""


@dataclass(frozen=True, slots=True)
class AuxiliaryBalance:
    """The balance of the third parties of 40x or 41x: one page of them, and the total of all."""

    standing: Standing
    rows: tuple[AccountBalance, ...]
    count: int
    total: Amounts


def auxiliary_balance(
    tables: Mapping[str, Path], side: str, query: str = "", *, offset: int = 0, limit: int | None = 100
) -> AuxiliaryBalance:
    """The balance auxiliaire of ``side`` (``"40"`` or ``"41"``): account, third party, opening, movements, balance.

    ``query`` is sought in numbers and labels. Lines of such an account without a third party make one row of it
    (status *partial*, reason ``third_blank``). Raises ValueError for another side.
    """
    if side not in SIDES:
        raise ValueError(f"no auxiliary balance of {side}")
    with open_books(tables) as books:
        rows = books.rows(
            "SELECT account, coalesce(aux_label, ''), lines, opening, debit, credit, balance, closing_entries, "
            f"coalesce(aux, '') FROM {books.relation('auxiliaries')} WHERE starts_with(account, ?) "
            "ORDER BY account, aux NULLS FIRST",
            [side],
        )
    found = [_account(row[:-1], as_text(row[-1])) for row in rows]
    kept = [one for one in found if _is_asked(one, query)]
    whole = all(one.aux for one in found)
    return AuxiliaryBalance(
        standing=Standing(
            "EUR",
            Status.COMPUTED if whole else Status.PARTIAL,
            ("CompteNum", "CompAuxNum", "CompAuxLib", "Debit", "Credit"),
            None if whole else "third_blank",
        ),
        rows=tuple(kept[offset:] if limit is None else kept[offset : offset + limit]),
        count=len(kept),
        total=_sum(kept),
    )


def _is_asked(one: AccountBalance, query: str) -> bool:
    text = f"{one.account} {one.aux} {one.label}".casefold()
    return all(word in text for word in query.casefold().split())
