"""The accounts of one fiscal year, in memory: a few hundred rows, exact decimals.

A *flow* leaves out opening and closing entries; a *balance* leaves out closing entries only. Both are debit − credit in
euros, so an expense is positive and revenue negative.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from bocage.tables import locked_connection

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Account:
    """One account of the file."""

    number: str
    label: str
    flow: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True)
class Books:
    """Every account of a file, and the year of the general chart that it follows."""

    accounts: tuple[Account, ...]
    chart_year: int
    chart: str | None

    def flow(self, *prefixes: str, without: Iterable[str] = ()) -> Decimal:
        """Debit − credit of the accounts that begin with one of ``prefixes``, but for those of ``without``."""
        return sum((account.flow for account in self.matching(*prefixes, without=without)), ZERO)

    def matching(self, *prefixes: str, without: Iterable[str] = ()) -> list[Account]:
        """The accounts that begin with one of ``prefixes``, but for those of ``without``."""
        excluded = tuple(without)
        return [
            account
            for account in self.accounts
            if account.number.startswith(prefixes) and not (excluded and account.number.startswith(excluded))
        ]

    def has(self, *prefixes: str) -> bool:
        """Whether the file holds such an account."""
        return any(account.number.startswith(prefixes) for account in self.accounts)


def load(tables: Mapping[str, Path]) -> Books:
    """Read the accounts of an import (tables ``accounts`` and ``books``)."""
    with locked_connection(directories=sorted({path.parent for path in tables.values()})) as connection:
        rows = connection.execute(
            "SELECT account, coalesce(account_label, ''), debit - credit, balance FROM read_parquet(?) ORDER BY ALL",
            [str(tables["accounts"])],
        ).fetchall()
        book = connection.execute("SELECT chart_year, chart FROM read_parquet(?)", [str(tables["books"])]).fetchone()
    if book is None:
        raise ValueError("the table books holds one row")
    return Books(tuple(Account(*row) for row in rows), int(book[0]), book[1])
