"""Contracts under several names, their ends, and the spells of employment that they make.

- An *identity* is what a declaration calls a contract: SIRET, person, start, number.
- A *chain* is one contract through its identities: block 41 says that a SIRET, a number or a start has changed.
- A *spell* is a stretch of employment of one person: a contract that starts at most one day after another has ended
  continues it, so that neither is a movement.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

import duckdb

from bocage.identifiers import Period
from bocage.indicators.workforce.persons import Groups

NOT_EMPLOYEES = ("29", "32", "51", "52", "70", "80", "81", "89", "93")
"""Natures (40.007) that are no employment: internship, mandate, elected office, civic service…"""
NOT_AN_EXIT = ("100", "998", "116", "119")
"""Motives (62.002) that only move a contract elsewhere."""
UNDONE = "099"


class Identity(NamedTuple):
    """A contract as a declaration names it; ``number`` is a digest."""

    siret: str
    person: int
    start: date
    number: str


class _Link(NamedTuple):
    row: int
    identity: int
    day: date | None
    old_siret: str | None
    old_number: str | None
    old_start: date | None


def link_contracts(connection: duckdb.DuckDBPyConnection, period: Period) -> None:
    """Write the tables below.

    - ``rows(contract, identity, chain, pid, month, seq, siret)``: contract rows from the start of the period on;
    - ``chains(chain, pid, siret, start, "end", motive, employee, first_month, last_month)``: those that concern the
      period; ``end`` NULL: still running;
    - ``spells(pid, start, "end", motive)``: employment of one person, by employee chains.
    """
    _write_identities(connection)
    _write_identity_chains(connection)
    connection.execute(
        """
        CREATE TABLE rows AS
        SELECT c.contract, i.identity, g.chain, i.pid, k.month, k.seq, k.siret
        FROM facts_contracts c JOIN kept k USING (declaration) JOIN people p USING (person)
        JOIN identities i ON i.siret = k.siret AND i.pid = p.pid AND i.start = coalesce(c.start, DATE '0001-01-01')
            AND i.number = coalesce(c.number, '')
        JOIN identity_chains g ON g.identity = i.identity
        WHERE k.month >= $1
        """,
        [period.start.replace(day=1)],
    )
    _write_ends(connection)
    _write_chains(connection, period)
    _write_spells(connection)


def _write_identities(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        """
        CREATE TABLE identities AS
        SELECT row_number() OVER (ORDER BY siret, pid, start, number)::INTEGER AS identity, *
        FROM (
            SELECT k.siret, p.pid, coalesce(c.start, DATE '0001-01-01') AS start, coalesce(c.number, '') AS number,
                   min(k.seq) AS first_seq, max(k.seq) AS last_seq, min(k.month) AS first_month,
                   max(k.month) AS last_month
            FROM facts_contracts c JOIN kept k USING (declaration) JOIN people p USING (person)
            GROUP BY ALL
        )
        """
    )


def _write_identity_chains(connection: duckdb.DuckDBPyConnection) -> None:
    """``identity_chains(identity, chain, corrected, older_start)``.

    ``corrected``: another identity of the same établissement took its place, so that its start no longer counts.
    ``older_start``: start before a move from an établissement that these facts may not hold.
    """
    groups: Groups[int] = Groups()
    corrected: set[int] = set()
    older: dict[int, date] = {}
    known, links = _known_identities(connection), _links(connection)
    names = {number: identity for identity, number in known.items()}
    for identity_links in links:
        identity = identity_links[0].identity
        for former, moved in _former(names[identity], identity_links):
            found = known.get(former)
            if found is not None and found != identity:
                groups.join(identity, found)
                if not moved:
                    corrected.add(found)
            elif found is None and moved and former.start < names[identity].start:
                older[identity] = min(former.start, older.get(identity, former.start))
    numbers = sorted(set(names) & ({item for item, _ in groups.members()} | corrected | set(older)))
    connection.execute(
        """
        CREATE TABLE identity_chains AS
        SELECT i.identity, coalesce(x.chain, i.identity) AS chain, coalesce(x.corrected, false) AS corrected,
               x.older_start
        FROM identities i LEFT JOIN (
            SELECT unnest($1::INTEGER[]) AS identity, unnest($2::INTEGER[]) AS chain,
                   unnest($3::BOOLEAN[]) AS corrected, unnest($4::DATE[]) AS older_start
        ) x USING (identity)
        """,
        [
            numbers,
            [groups.find(number) for number in numbers],
            [number in corrected for number in numbers],
            [older.get(number) for number in numbers],
        ],
    )


def _known_identities(connection: duckdb.DuckDBPyConnection) -> dict[Identity, int]:
    """The identities of the persons who have a link: others cannot be linked."""
    rows = connection.execute(
        """
        SELECT i.identity, i.siret, i.pid, i.start, i.number FROM identities i
        WHERE i.pid IN (
            SELECT p.pid FROM facts_links l JOIN facts_contracts c USING (contract) JOIN people p USING (person)
        )
        """
    ).fetchall()
    return {Identity(siret, pid, start, number): identity for identity, siret, pid, start, number in rows}


def _links(connection: duckdb.DuckDBPyConnection) -> list[list[_Link]]:
    """The links of each contract row that has some, oldest declaration first."""
    rows = connection.execute(
        """
        SELECT l.contract, i.identity, l.day, l.old_siret, l.old_number, l.old_start
        FROM facts_links l JOIN facts_contracts c USING (contract) JOIN kept k USING (declaration)
        JOIN people p USING (person)
        JOIN identities i ON i.siret = k.siret AND i.pid = p.pid AND i.start = coalesce(c.start, DATE '0001-01-01')
            AND i.number = coalesce(c.number, '')
        ORDER BY k.seq, l.contract, l.day
        """
    ).fetchall()
    by_row: dict[int, list[_Link]] = defaultdict(list)
    for row in rows:
        by_row[row[0]].append(_Link(*row))
    return list(by_row.values())


def _former(identity: Identity, links: Iterable[_Link]) -> Iterator[tuple[Identity, bool]]:
    """Names that a contract had before, latest first, and whether it stood in another établissement then."""
    by_day: dict[date, list[_Link]] = defaultdict(list)
    for link in links:
        by_day[link.day or date.min].append(link)
    current = identity
    for day in sorted(by_day, reverse=True):
        for link in by_day[day]:
            alone = _renamed(identity, link)
            yield alone, alone.siret != identity.siret
            current = _renamed(current, link)
        yield current, current.siret != identity.siret


def _renamed(identity: Identity, link: _Link) -> Identity:
    return Identity(
        link.old_siret or identity.siret,
        identity.person,
        link.old_start or identity.start,
        link.old_number or identity.number,
    )


def _write_ends(connection: duckdb.DuckDBPyConnection) -> None:
    """``identity_ends(identity, last_day, motive)``: what was said last of the end, undone ends left out."""
    connection.execute(
        """
        CREATE TABLE identity_ends AS
        SELECT identity, said.last_day AS last_day, said.motive AS motive
        FROM (
            SELECT i.identity, arg_max({'last_day': e.last_day, 'motive': e.motive}, k.seq) AS said
            FROM facts_ends e JOIN facts_contracts c USING (contract) JOIN kept k USING (declaration)
            JOIN people p USING (person)
            JOIN identities i ON i.siret = k.siret AND i.pid = p.pid
                AND i.start = coalesce(c.start, DATE '0001-01-01') AND i.number = coalesce(c.number, '')
            GROUP BY i.identity
        )
        WHERE said.motive <> $1
        """,
        [UNDONE],
    )


def _write_chains(connection: duckdb.DuckDBPyConnection, period: Period) -> None:
    """A chain ends with its last identity. One first declared after the period counts when it began inside."""
    connection.execute(
        """
        CREATE TABLE chains AS
        WITH whole AS (
            SELECT g.chain, any_value(i.pid) AS pid,
                   coalesce(
                       min(least(i.start, coalesce(g.older_start, i.start))) FILTER (NOT g.corrected), min(i.start)
                   ) AS start,
                   arg_max(i.identity, {'seq': i.last_seq, 'start': i.start, 'identity': i.identity}) AS last,
                   min(i.first_month) AS first_month, max(i.last_month) AS last_month
            FROM identities i JOIN identity_chains g USING (identity)
            GROUP BY g.chain
        ), described AS (
            SELECT r.chain, min(r.month) AS first_row,
                   arg_max(coalesce(c.nature, ''), {'late': r.month <= $2, 'seq': r.seq}) AS nature
            FROM rows r JOIN facts_contracts c USING (contract)
            GROUP BY r.chain
        )
        SELECT w.chain, w.pid, i.siret, w.start, e.last_day AS "end", e.motive, d.nature,
               NOT list_contains($3::VARCHAR[], d.nature) AS employee, w.first_month, w.last_month
        FROM whole w JOIN described d USING (chain) JOIN identities i ON i.identity = w.last
        LEFT JOIN identity_ends e ON e.identity = w.last
        WHERE d.first_row <= $2 OR (w.start BETWEEN $1 AND $2)
        """,
        [period.start, period.end, list(NOT_EMPLOYEES)],
    )


def _write_spells(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        """
        CREATE TABLE spells AS
        WITH ordered AS (
            SELECT pid, start, coalesce("end", DATE '9999-12-30') AS until, motive,
                   max(coalesce("end", DATE '9999-12-30')) OVER (
                       PARTITION BY pid ORDER BY start, chain ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                   ) AS before
            FROM chains WHERE employee AND coalesce("end", start) >= start
        ), numbered AS (
            SELECT *, count(*) FILTER (before IS NULL OR start > before + 1) OVER (
                PARTITION BY pid ORDER BY start, until ROWS UNBOUNDED PRECEDING
            ) AS spell
            FROM ordered
        )
        SELECT pid, min(start) AS start, nullif(max(until), DATE '9999-12-30') AS "end",
               arg_max(motive, until) AS motive
        FROM numbered GROUP BY pid, spell
        """
    )
