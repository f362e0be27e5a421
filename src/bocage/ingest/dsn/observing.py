"""The controls between declarations, made on facts: the DSN themselves were destroyed once accepted.

Same controls as :class:`bocage.formats.dsn.together.Together` makes on files; pseudonyms and digests stand for the
identifiers.
"""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from bocage.formats.dsn.together import TogetherView, view_of
from bocage.formats.dsn.together.collecting import (
    HOUR_UNITS,
    NEVER,
    NOT_EMPLOYEES,
    ContractSeen,
    Observed,
    PersonSeen,
    Renamed,
    StopSeen,
)
from bocage.identifiers.declaration import DeclarationId
from bocage.tables import locked_connection, sql_path

type Tables = Mapping[str, Path]
"""Name of a table of :mod:`bocage.facts.payroll` → its Parquet file, for one import."""

_MEMORY = "400MB"
_BATCH = 5_000


def together_of(imports: Mapping[str, Tables], *, siren: str) -> TogetherView:
    """What the declarations of a company say together.

    ``imports``: name of an import → its payroll tables. Findings bear these names where files would stand; of two
    declarations that nothing else tells apart, the first name counts. The declarations of another SIREN are left out.
    """
    directories = sorted({path.parent for tables in imports.values() for path in tables.values()})
    declarations: list[Observed] = []
    aliases: dict[int, int] = {}
    with (
        tempfile.TemporaryDirectory(prefix="bocage-") as work,
        locked_connection(
            directories=[*directories, Path(work)], temp_directory=Path(work), memory_limit=_MEMORY
        ) as connection,
    ):
        for name, tables in imports.items():
            facts = _Facts(connection, tables)
            aliases.update((row["alias"], row["person"]) for row in facts.rows(_ALIASES))
            declarations += _observed(name, facts, siren)
    return view_of(declarations, aliases)


class _Facts:
    """The tables of one import, by queries that name them between braces."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, tables: Tables) -> None:
        self._connection = connection
        self._tables = {name: f"read_parquet({sql_path(path)})" for name, path in tables.items()}

    def rows(self, query: str) -> Iterator[dict[str, Any]]:
        """Each row by the names of its columns."""
        reader = self._connection.execute(query.format(**self._tables))
        names = [column[0] for column in reader.description or ()]
        while batch := reader.fetchmany(_BATCH):
            yield from (dict(zip(names, row, strict=True)) for row in batch)


def _key(column: str) -> str:
    """The first sixty bits of a digest, as a number."""
    return f"coalesce(('0x' || substr({column}, 1, 15))::BIGINT, 0)"


def _day(column: str) -> str:
    """A date as :meth:`datetime.date.toordinal` counts, 0 when it is not known."""
    return f"coalesce({column} - DATE '0001-01-01' + 1, 0)"


def _listed(codes: frozenset[str]) -> str:
    return ", ".join(f"'{code}'" for code in sorted(codes))


_DECLARATIONS = """
    SELECT declaration, siret, month, nature, type, fraction, scope, file_date, ordre, cancels, siren, line
    FROM {declarations} ORDER BY declaration
"""
_ALIASES = f"SELECT {_key('person')} AS person, {_key('alias')} AS alias FROM {{aliases}} ORDER BY ALL"
_CONTRACTS = f"""
    SELECT c.contract, c.declaration, c.individual_line, c.line,
           -- Someone without any identifier is followed by the birth date alone.
           CASE WHEN c.identity = 'none' THEN {_key("c.birth")} ELSE {_key("c.person")} END AS person,
           CASE c.sex WHEN 'M' THEN 1 WHEN 'F' THEN 2 ELSE 0 END AS sex, {_key("c.birth")} AS birth,
           (c.identity = 'ntt')::INTEGER AS provisional, c.birth_corrected::INTEGER AS birth_corrected,
           {_day("c.start")} AS start, {_key("c.number")} AS number,
           (coalesce(c.nature, '') NOT IN ({_listed(NOT_EMPLOYEES)}))::INTEGER AS employee,
           coalesce((c.quota * 100)::BIGINT, -1) AS quota, (g.contract IS NOT NULL)::INTEGER AS quota_changed,
           {_day("e.last_day")} AS ended, coalesce(e.motive, 0) AS motive,
           coalesce(s.until, 0) AS suspended, {_day("p.start")} AS paid_from
    FROM {{contracts}} c
    LEFT JOIN (
        SELECT DISTINCT contract FROM {{changes}} WHERE field IN ('unit', 'quota', 'reference')
    ) g USING (contract)
    LEFT JOIN (
        SELECT contract, max(last_day) AS last_day, arg_max(TRY_CAST(motive AS INTEGER), last_day) AS motive
        FROM {{ends}} GROUP BY contract
    ) e USING (contract)
    LEFT JOIN (
        SELECT contract, max(CASE WHEN "end" IS NULL THEN {NEVER} ELSE {_day('"end"')} END) AS until
        FROM {{suspensions}} WHERE motive IS DISTINCT FROM '998' GROUP BY contract
    ) s USING (contract)
    LEFT JOIN (
        SELECT contract, max(start) AS start FROM {{pay}} WHERE kind = '001' AND amount > 0 GROUP BY contract
    ) p USING (contract)
    ORDER BY c.contract
"""
_STOPS = f"""
    SELECT contract, motive = '99' AS cancelled, {_day("last_worked")} AS last_worked, {_day("planned_end")} AS planned,
           {_day("resumed")} AS resumed, line
    FROM {{absences}} ORDER BY contract, line
"""
_LINKS = f"""
    SELECT contract, old_siret, {_key("old_number")} AS number, {_day("old_start")} AS start
    FROM {{links}} ORDER BY ALL
"""
_GROSS = """
    SELECT c.declaration, (sum(p.amount) * 100)::BIGINT AS total
    FROM {pay} p JOIN {contracts} c USING (contract) WHERE p.kind = '001' GROUP BY c.declaration
"""
_HOURS = f"""
    SELECT c.declaration, (sum(h.quantity) * 100)::BIGINT AS total
    FROM {{hours}} h JOIN {{contracts}} c USING (contract)
    WHERE h.kind = '01' AND h.unit IN ({_listed(HOUR_UNITS)}) GROUP BY c.declaration
"""


def _observed(name: str, facts: _Facts, siren: str) -> list[Observed]:
    """The declarations of the company in one import."""
    found = {row["declaration"]: _header(name, row) for row in facts.rows(_DECLARATIONS) if row["siren"] == siren}
    contracts: dict[int, tuple[Observed, ContractSeen]] = {}
    persons: set[tuple[int, int]] = set()
    employed: set[tuple[int, int]] = set()
    for row in facts.rows(_CONTRACTS):
        if (observed := found.get(row["declaration"])) is None:
            continue
        individual = row["declaration"], row["individual_line"]
        if individual not in persons:
            persons.add(individual)
            observed.add_person(_person(row))
        contracts[row["contract"]] = observed, _contract(row)
        observed.add_contract(contracts[row["contract"]][1])
        if row["employee"] and individual not in employed:
            employed.add(individual)
            observed.employees += 1
    for row in facts.rows(_STOPS):
        if row["contract"] in contracts:
            observed, seen = contracts[row["contract"]]
            identity = seen.person, seen.start, seen.number
            observed.stops.append(
                StopSeen(identity, row["last_worked"], row["planned"], row["resumed"], row["cancelled"], row["line"])
            )
    for row in facts.rows(_LINKS):
        if row["contract"] in contracts:
            observed, seen = contracts[row["contract"]]
            siret, start = row["old_siret"] or observed.identity.siret, row["start"] or seen.start
            observed.renamed.append(Renamed(siret, seen.person, start, row["number"] or seen.number))
    for row in facts.rows(_GROSS):
        if row["declaration"] in found:
            found[row["declaration"]].gross = row["total"]
    for row in facts.rows(_HOURS):
        if row["declaration"] in found:
            found[row["declaration"]].hours = row["total"]
    return list(found.values())


def _header(name: str, row: Mapping[str, Any]) -> Observed:
    identity = DeclarationId(
        row["siret"],
        row["month"],
        row["nature"],
        row["type"],
        row["fraction"],
        row["scope"],
        row["file_date"],
        row["ordre"],
    )
    return Observed(name, identity, row["siren"], row["cancels"], row["line"])


def _person(row: Mapping[str, Any]) -> PersonSeen:
    return PersonSeen(
        row["person"], row["sex"], row["birth"], row["provisional"], row["birth_corrected"], row["individual_line"]
    )


def _contract(row: Mapping[str, Any]) -> ContractSeen:
    return ContractSeen(
        row["person"],
        row["start"],
        row["number"],
        row["employee"],
        row["quota"],
        row["quota_changed"],
        row["ended"],
        row["motive"],
        row["suspended"],
        row["paid_from"],
        row["line"],
    )
