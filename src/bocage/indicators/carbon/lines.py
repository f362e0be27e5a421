"""The lines behind a figure, page by page, and the suppliers behind a post."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from bocage.indicators.carbon.inventory import How
from bocage.tables import locked_connection

_CODES = ("ghgp", "beges")
_EQUAL = ("sub_post", "category", "branch", "factor", "supplier", "account", "rule")


@dataclass(frozen=True, slots=True)
class Slice:
    """Which lines: each field that is set narrows. ``hows`` keeps lines by how they got their figure.

    ``ghgp`` and ``beges`` match either of the two codes of a line that waits for its quantity. ``no_supplier`` keeps
    the lines without one.
    """

    ghgp: str | None = None
    beges: str | None = None
    sub_post: str | None = None
    category: str | None = None
    branch: str | None = None
    factor: str | None = None
    supplier: str | None = None
    account: str | None = None
    rule: str | None = None
    no_supplier: bool = False
    hows: tuple[How, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class TracedLine:
    """A line of the books and what became of it; ``line`` is None for a quantity."""

    line: int | None
    entry_index: int | None
    entry_date: date | None
    account: str | None
    supplier: str | None
    supplier_name: str
    label: str
    amount: Decimal
    category: str | None
    how: How
    branch: str | None
    factor: str | None
    kgco2e: Decimal
    ghgp: str | None
    reason: str | None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class LinesPage:
    """A page of lines, with the count and the sums of all of them."""

    lines: tuple[TracedLine, ...]
    count: int
    amount: Decimal
    kgco2e: Decimal


@dataclass(frozen=True, slots=True)
class SupplierTotal:
    """What a supplier weighs: euros, kilograms, and the doubt (kgCO2e, signed) left by its unknown branch.

    ``missing`` is the amount of its lines that wait for a quantity.
    """

    key: str
    name: str
    amount: Decimal
    kgco2e: Decimal
    doubt: Decimal
    missing: Decimal
    lines: int
    is_account: bool = False
    """``key`` is an account: nobody knows who supplied these lines."""


@dataclass(frozen=True, slots=True)
class SuppliersPage:
    """A page of suppliers, and how many there are."""

    suppliers: tuple[SupplierTotal, ...]
    count: int


_LINE = tuple(field.name for field in fields(TracedLine))
_TOTALS = (
    "supplier, coalesce(arg_max(supplier_name, amount), '') AS name, sum(amount) FILTER (how <> 'missing') AS euros, "
    "sum(kgco2e) AS kg, sum(coalesce(doubt, 0)) AS doubt, sum(amount) FILTER (how = 'missing') AS missing, "
    "count(*) AS lines"
)


@contextmanager
def _opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with locked_connection(files=[path]) as connection:
        yield connection


def _where(wanted: Slice) -> tuple[str, list[object]]:
    """The condition of a slice and its parameters."""
    tests: list[str] = []
    values: list[object] = []
    for name in _CODES:
        code = getattr(wanted, name)
        if code:
            tests.append(f"list_contains(string_split({name}, '+'), ?)")
            values.append(code)
    for name in _EQUAL:
        value = getattr(wanted, name)
        if value is not None:
            tests.append(f"{name} = ?")
            values.append(value)
    if wanted.no_supplier:
        tests.append("supplier IS NULL AND line IS NOT NULL")
    if wanted.hows:
        tests.append(f"how IN ({', '.join('?' * len(wanted.hows))})")
        values.extend(how.value for how in wanted.hows)
    if wanted.text:
        tests.append(
            "contains(strip_accents(lower(concat_ws(' ', label, supplier_name, account))), strip_accents(lower(?)))"
        )
        values.append(wanted.text)
    return " AND ".join(tests) or "true", values


def lines_of(path: Path, wanted: Slice, *, offset: int = 0, limit: int = 50) -> LinesPage:
    """The lines of a slice, largest figure first, then largest amount, then in the order of the file."""
    where, values = _where(wanted)
    with _opened(path) as connection:
        count, amount, kg = connection.execute(
            f"SELECT count(*), sum(amount), sum(kgco2e) FROM read_parquet(?) WHERE {where}", [str(path), *values]
        ).fetchone() or (0, None, None)
        # An estimate kept by an earlier version has no column ``rule``: COLUMNS takes those that there are.
        cursor = connection.execute(
            f"SELECT COLUMNS('^({'|'.join(_LINE)})$') FROM read_parquet(?) WHERE {where} "
            "ORDER BY abs(kgco2e) DESC, abs(amount) DESC, seq LIMIT ? OFFSET ?",
            [str(path), *values, limit, offset],
        )
        names = [column[0] for column in cursor.description or ()]
        lines = tuple(_traced(dict(zip(names, row, strict=True))) for row in cursor.fetchall())
    return LinesPage(lines, int(count), Decimal(amount or 0), Decimal(kg or 0))


def _traced(values: dict[str, Any]) -> TracedLine:
    texts = {name: values[name] or "" for name in ("supplier_name", "label")}
    return TracedLine(**{**values, **texts, "how": How(values["how"])})


def suppliers_of(path: Path, wanted: Slice, *, offset: int = 0, limit: int = 50) -> SuppliersPage:
    """The suppliers of a slice, heaviest first; lines without supplier are left out."""
    where, values = _where(wanted)
    with _opened(path) as connection:
        row = connection.execute(
            f"SELECT count(DISTINCT supplier) FROM read_parquet(?) WHERE {where}", [str(path), *values]
        ).fetchone()
        rows = connection.execute(
            f"SELECT {_TOTALS} FROM read_parquet(?) WHERE {where} AND supplier IS NOT NULL GROUP BY supplier "
            "ORDER BY abs(kg) DESC, abs(coalesce(euros, 0)) DESC, supplier LIMIT ? OFFSET ?",
            [str(path), *values, limit, offset],
        ).fetchall()
    return SuppliersPage(tuple(map(_supplier, rows)), int(row[0]) if row else 0)


def all_suppliers(path: Path) -> tuple[SupplierTotal, ...]:
    """Every supplier of the inventory, excluded lines left out, in the order of their keys.

    Lines without supplier whose branch is unknown stand under their account, as in ``unknown_suppliers``.
    """
    with _opened(path) as connection:
        rows = connection.execute(
            f"SELECT {_TOTALS}, bool_and(direct) FROM (SELECT * REPLACE (coalesce(supplier, account) AS supplier), "
            "supplier IS NULL AS direct FROM read_parquet(?) "
            "WHERE how <> 'excluded' AND (supplier IS NOT NULL OR how = 'unknown')) "
            "GROUP BY supplier ORDER BY supplier",
            [str(path)],
        ).fetchall()
    return tuple(replace(_supplier(row[:-1]), is_account=row[-1]) for row in rows)


def _supplier(row: tuple[object, ...]) -> SupplierTotal:
    key, name, amount, kg, doubt, missing, lines = row
    euros, kilograms, weight, waiting = (Decimal(str(value or 0)) for value in (amount, kg, doubt, missing))
    return SupplierTotal(str(key), str(name), euros, kilograms, weight, waiting, int(str(lines)))


def missing_lines(path: Path, *, most: int = 20) -> dict[str, tuple[int, ...]]:
    """The first lines of the file that wait for a quantity, by category."""
    with _opened(path) as connection:
        rows = connection.execute(
            "SELECT category, list(line ORDER BY seq)[:?] FROM read_parquet(?) "
            "WHERE how = 'missing' AND line IS NOT NULL GROUP BY category ORDER BY category",
            [most, str(path)],
        ).fetchall()
    return {str(category): tuple(lines) for category, lines in rows}
