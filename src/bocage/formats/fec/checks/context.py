"""What every check is given, and the few gestures that they share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb

from bocage.findings import MAX_PLACES, Place
from bocage.formats.fec.columns import BY_ID, ColumnMap, Regime
from bocage.formats.fec.entries import Grouping
from bocage.formats.fec.names import FecName
from bocage.formats.fec.opening import Journal
from bocage.formats.fec.period import FecPeriod
from bocage.formats.fec.profile import Profile
from bocage.formats.fec.sink import Sink
from bocage.identifiers import quantize_cents


@dataclass(frozen=True, slots=True)
class CheckContext:
    """A staged and grouped file."""

    con: duckdb.DuckDBPyConnection
    sink: Sink
    name: FecName
    columns: ColumnMap
    regime: Regime
    grouping: Grouping
    journals: tuple[Journal, ...]
    period: FecPeriod
    separator: str
    several_years: bool
    chart: str | None
    profile: Profile
    piped: bool
    """The text holds a vertical bar somewhere."""
    opening_days: frozenset[date] = frozenset()
    cuts: tuple[int, ...] = ()
    """Rows (from 0) where a fiscal year after the first begins."""

    @property
    def closing(self) -> date | None:
        """The closing date of the name."""
        return self.name.closing

    def has(self, *fields: str) -> bool:
        """Whether the file has all these columns."""
        return all(self.available(field) for field in fields)

    def available(self, field: str) -> bool:
        """Whether the file has this column; Montant and Sens stand for Debit and Credit."""
        if self.columns.signed and field in {"debit", "credit"}:
            return True
        return field in self.columns.positions

    def label(self, field: str) -> str:
        """The name of the column as the file writes it."""
        if self.columns.signed and field in {"debit", "credit"}:
            field = "amount"
        at = self.columns.positions.get(field)
        return self.columns.names[at] if at is not None else BY_ID[field].legal

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """All the rows of a query."""
        return self.con.execute(sql, list(parameters)).fetchall()

    def row(self, sql: str, parameters: Sequence[object] = ()) -> tuple[object, ...]:
        """The only row of a query."""
        found = self.con.execute(sql, list(parameters)).fetchone()
        if found is None:
            raise LookupError("the query gave no row")
        return found


def places(rows: Sequence[Sequence[object]], column: str | None = None) -> list[Place]:
    """Places out of rows (line,) or (line, value)."""
    return [
        Place(as_int(row[0]), column, None if len(row) < 2 or row[1] is None else str(row[1]))
        for row in rows[:MAX_PLACES]
    ]


def as_int(value: object) -> int:
    """An integer of DuckDB; None is 0."""
    return int(str(value)) if value is not None else 0


def as_decimal(value: object) -> Decimal:
    """A decimal of DuckDB; None is 0."""
    return Decimal(str(value)) if value is not None else Decimal(0)


def euros(value: object) -> str:
    """An amount for a French sentence: ``1 234,56``."""
    amount = quantize_cents(as_decimal(value))
    return f"{amount:,.2f}".replace(",", "\u202f").replace(".", ",")
