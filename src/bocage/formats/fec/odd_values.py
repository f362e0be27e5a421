"""The dates and amounts that staging left as text: read once each, put back, and counted by code."""

from collections.abc import Iterable
from decimal import Context, Decimal

import duckdb

from bocage.findings import MAX_PLACES, Place, Severity, Verdict
from bocage.formats.fec.columns import BY_ID, ColumnMap
from bocage.formats.fec.profile import AMOUNTS, DATES, Profile, take_profile
from bocage.formats.fec.sink import Sink
from bocage.formats.fec.values import points_are_thousands, read_amount, read_day
from bocage.tables import insert_lists

_EXACT = Context(prec=128)
_NARROW = Decimal(10) ** 15


def settle(con: duckdb.DuckDBPyConnection, columns: ColumnMap, sink: Sink, *, profile: Profile) -> Profile:
    """Read every odd value; the profile of what is staged then. The tables ``date_forms`` and ``amount_forms`` keep
    what was read."""
    dates = [name for name in DATES if profile.odd[name]]
    amounts = [name for name in AMOUNTS if profile.odd[name]]
    if dates:
        _settle_dates(con, dates, sink, columns)
    if amounts:
        _settle_amounts(con, amounts, sink, columns)
    return take_profile(con) if dates or amounts else profile


def column_label(name: str, columns: ColumnMap) -> str:
    """The name under which a person finds a field: the one read, else the legal one."""
    if columns.signed and name in {"debit", "credit"}:
        name = "amount"
    at = columns.positions.get(name)
    return columns.names[at] if at is not None else BY_ID[name].legal


def _distinct(con: duckdb.DuckDBPyConnection, names: list[str]) -> list[str]:
    union = " UNION ALL ".join(
        f"SELECT {name}_raw AS raw FROM store.staged WHERE {name}_raw IS NOT NULL" for name in names
    )
    return [str(raw) for (raw,) in con.execute(f"SELECT DISTINCT raw FROM ({union})").fetchall()]


def _settle_dates(con: duckdb.DuckDBPyConnection, names: list[str], sink: Sink, columns: ColumnMap) -> None:
    raws = _distinct(con, names)
    read = [read_day(raw) for raw in raws]
    con.execute("CREATE OR REPLACE TABLE date_forms (raw VARCHAR, value DATE, code VARCHAR)")
    insert_lists(
        con,
        "date_forms",
        [raws, [day.value for day in read], [day.code for day in read]],
        ["VARCHAR", "DATE", "VARCHAR"],
    )
    for name in names:
        con.execute(
            f"UPDATE store.staged SET {name} = f.value FROM date_forms f WHERE staged.{name}_raw = f.raw AND "
            "f.value IS NOT NULL"
        )
    for code in sorted({day.code for day in read} - {""}):
        _count(con, "date_forms", code, names, sink, columns)
    if "entry_date" in names and "DATE-12" in sink:
        row = con.execute(
            "SELECT count(*) FROM store.staged JOIN date_forms f ON entry_date_raw = f.raw WHERE f.code = 'DATE-12'"
        ).fetchone()
        if row and row[0]:
            sink.add("DATE-12", count=0, severity=Severity.ERROR, verdict=Verdict.CONFORME)


def _settle_amounts(con: duckdb.DuckDBPyConnection, names: list[str], sink: Sink, columns: ColumnMap) -> None:
    raws = _distinct(con, names)
    thousands = points_are_thousands(raws)
    read = [read_amount(raw, thousands_point=thousands) for raw in raws]
    values = [item.value for item in read if item.value is not None]
    scale = max((_scale(value) for value in values), default=2)
    if scale > 2 or any(value.copy_abs() >= _NARROW for value in values):
        for name in AMOUNTS:
            con.execute(f"ALTER TABLE store.staged ALTER {name} TYPE DECIMAL(38, {max(scale, 2)})")
    con.execute(
        f"CREATE OR REPLACE TABLE amount_forms (raw VARCHAR, value DECIMAL(38, {max(scale, 2)}), codes VARCHAR)"
    )
    texts = [None if item.value is None else f"{item.value:f}" for item in read]
    insert_lists(
        con, "amount_forms", [raws, texts, [" ".join(item.codes) for item in read]],
        ["VARCHAR", f"DECIMAL(38, {max(scale, 2)})", "VARCHAR"],
    )  # fmt: skip
    for name in names:
        con.execute(
            f"UPDATE store.staged SET {name} = f.value FROM amount_forms f WHERE staged.{name}_raw = f.raw AND "
            "f.value IS NOT NULL"
        )
    codes = {code for item in read for code in item.codes}
    for code in sorted(codes):
        _count(con, "amount_forms", code, names, sink, columns)


def _scale(value: Decimal) -> int:
    exponent = value.normalize(_EXACT).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _count(
    con: duckdb.DuckDBPyConnection, table: str, code: str, names: Iterable[str], sink: Sink, columns: ColumnMap
) -> None:
    """Count the fields that raise ``code`` and note the first places."""
    held = "f.code = ?" if table == "date_forms" else "list_contains(string_split(f.codes, ' '), ?)"
    for name in names:
        rows = con.execute(
            f"SELECT line, {name}_raw, count(*) OVER () FROM rows JOIN {table} f ON {name}_raw = f.raw WHERE {held} "
            f"ORDER BY r LIMIT {MAX_PLACES}",
            [code],
        ).fetchall()
        if rows:
            label = column_label(name, columns)
            sink.add(
                code,
                count=rows[0][2],
                places=[Place(line, label, raw) for line, raw, _ in rows],
                params={"valeur": rows[0][1]},
            )
