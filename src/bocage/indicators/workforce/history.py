"""What a contract was on each day: the value of each declaration, corrected by the change log of the later ones.

A declaration says what holds at the end of its month. Block 41 says since when, and what held before; it may go back
before the month that carries it. So, for one field: before the oldest date of change, what was known already, or the
old value if nothing was; between two dates, the old value that the later block gives; from the last one, the contract.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

import duckdb

FIELDS = (
    "nature",
    "scheme",
    "status",
    "pcs",
    "position",
    "recourse",
    "unit",
    "reference",
    "quota",
    "modality",
    "idcc",
    "abroad",
    "supplied",
    "disabled",
)
"""Fields of a contract followed day by day."""
ALWAYS, FOREVER = date(1, 1, 1), date(9999, 12, 31)
_BATCH = 2_000

type _Row = tuple[Any, ...]
type Timeline = list[tuple[date, str | None]]
"""(from, value), ascending; the first one starts at ALWAYS."""


def write_history(connection: duckdb.DuckDBPyConnection) -> None:
    """Write ``history(chain, valid_from, valid_to, siret, <FIELDS>)``: one row a stretch without change."""
    fields = ", ".join(f"c.{field}" for field in FIELDS)
    names = ", ".join(FIELDS)
    connection.execute(
        f"""
        CREATE TABLE history AS
        WITH monthly AS (
            SELECT r.chain, r.month, r.siret, {fields}, hash({fields}, r.siret) AS mark
            FROM rows r JOIN facts_contracts c USING (contract) SEMI JOIN chains USING (chain)
            QUALIFY row_number() OVER (PARTITION BY r.chain, r.month ORDER BY r.seq DESC, c.start DESC, r.contract) = 1
        ), changed AS (
            SELECT * FROM monthly
            QUALIFY mark IS DISTINCT FROM lag(mark) OVER (PARTITION BY chain ORDER BY month)
        )
        SELECT chain,
               CASE WHEN lag(month) OVER w IS NULL THEN DATE '0001-01-01' ELSE month END AS valid_from,
               coalesce((lead(month) OVER w - 1)::DATE, DATE '9999-12-31') AS valid_to,
               siret, {names}
        FROM changed
        WINDOW w AS (PARTITION BY chain ORDER BY month)
        """
    )
    _rewrite(connection)


def _rewrite(connection: duckdb.DuckDBPyConnection) -> None:
    """Replace the history of the contracts that have a change log."""
    connection.execute(
        """
        CREATE TABLE rewritten AS
        SELECT DISTINCT r.chain FROM facts_changes g JOIN rows r USING (contract) SEMI JOIN chains USING (chain)
        """
    )
    if not connection.execute("SELECT count(*) FROM rewritten").fetchall()[0][0]:
        return
    connection.execute("DELETE FROM history WHERE chain IN (SELECT chain FROM rewritten)")
    slices: list[tuple[object, ...]] = []
    reader = connection.cursor()
    for chain, rows in _rows_of(reader):
        slices += _slices(chain, rows)
        if len(slices) >= _BATCH:
            _insert(connection, slices)
            slices = []
    _insert(connection, slices)


def _rows_of(reader: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, list[_Row]]]:
    """Chain by chain: (chain, month, siret, changes, values of FIELDS as text), oldest declaration first."""
    fields = ", ".join(f"c.{field}::VARCHAR" for field in FIELDS)
    reader.execute(
        f"""
        SELECT r.chain, r.month, r.siret, coalesce(g.log, []), {fields}
        FROM rows r SEMI JOIN rewritten USING (chain) JOIN facts_contracts c USING (contract)
        LEFT JOIN (
            SELECT contract, list([field, day::VARCHAR, old] ORDER BY field, day) AS log
            FROM facts_changes GROUP BY contract
        ) g USING (contract)
        ORDER BY r.chain, r.seq, r.contract
        """
    )

    def fetched() -> Iterator[_Row]:
        while batch := reader.fetchmany(_BATCH):
            yield from batch

    for chain, rows in groupby(fetched(), key=itemgetter(0)):
        yield chain, list(rows)


def _slices(chain: int, rows: Sequence[_Row]) -> Iterator[tuple[object, ...]]:
    timelines: dict[str, Timeline] = {field: [] for field in ("siret", *FIELDS)}
    for _, month, siret, log, *values in rows:
        changes: dict[str, list[tuple[date, str]]] = {}
        for field, day, old in log:
            changes.setdefault(field, []).append((date.fromisoformat(day), old))
        for field, value in zip(("siret", *FIELDS), (siret, *values), strict=True):
            timelines[field] = told(timelines[field], month, value, changes.get(field, ()))
    starts = sorted({day for timeline in timelines.values() for day, _ in timeline})
    for index, start in enumerate(starts):
        end = starts[index + 1] - timedelta(days=1) if index + 1 < len(starts) else FOREVER
        yield chain, start, end, *(value_on(timeline, start) for timeline in timelines.values())


def told(timeline: Timeline, month: date, value: str | None, changes: Sequence[tuple[date, str]]) -> Timeline:
    """The timeline of a field once a declaration of ``month`` has said ``value`` and its change log.

    ``changes``: (day, value before that day), by ascending day.
    """
    if not changes:
        return [*_until(timeline, month), (month if timeline else ALWAYS, value)]
    first = changes[0][0]
    anchor = min(first, month)
    before = _until(timeline, anchor)
    if not timeline:
        before = [(ALWAYS, changes[0][1])]
    elif first > month:
        before = [*before, (month, changes[0][1])]
    following = [*(old for _, old in changes[1:]), value]
    return [*before, *((day, then) for (day, _), then in zip(changes, following, strict=True))]


def _until(timeline: Timeline, day: date) -> Timeline:
    return [(start, value) for start, value in timeline if start < day]


def value_on(timeline: Timeline, day: date) -> str | None:
    """The value that holds on ``day``."""
    found = None
    for start, value in timeline:
        if start > day:
            break
        found = value
    return found


def _insert(connection: duckdb.DuckDBPyConnection, slices: Sequence[tuple[object, ...]]) -> None:
    if not slices:
        return
    columns: Mapping[str, str] = {
        "chain": "INTEGER",
        "valid_from": "DATE",
        "valid_to": "DATE",
        "siret": "VARCHAR",
        **dict.fromkeys(FIELDS, "VARCHAR"),
    }
    picked = ", ".join(f"unnest(${rank}::{kind}[])" for rank, kind in enumerate(columns.values(), 1))
    connection.execute(
        f"INSERT INTO history ({', '.join(columns)}) SELECT {picked}",
        [list(column) for column in zip(*slices, strict=True)],
    )
