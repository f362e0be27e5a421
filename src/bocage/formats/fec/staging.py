"""Rows into a DuckDB table: text trimmed, dates and amounts typed, and the raw text kept only where it is not plain.

``staged`` holds one row a line of the file, in file order. A date or an amount has two columns: ``x`` (typed, NULL
when blank or
unreadable) and ``x_raw`` (the text, only when it is not written in the plain way). ``rows`` is the same with the line
number.
"""

from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bocage.formats.fec.columns import BY_ID, STAGED_IDS, ColumnMap
from bocage.formats.fec.sink import PART_BITS
from bocage.formats.fec.utf8_parts import utf8_parts
from bocage.tables import sql_path

UNIT = "\x1f"
"""Separates the fields of a cleaned file: it is taken out of the texts."""

_PLAIN_AMOUNT = "-?[0-9]{1,15}(,[0-9]{1,2})?"
_BUFFER = 24_000_000
"""More than the 122,880 rows of a group: smaller blocks are copied once more, to be put together."""
_TRIMMED = "' ' || chr(160)"


@dataclass(frozen=True, slots=True)
class Relation:
    """What to read: a text, its separator, and where its columns are."""

    path: Path
    separator: str
    new_line: str
    skip: int
    width: int
    numbered: bool
    """The first column is the line number (a cleaned file)."""
    latin_1_to: Path | None = None
    """The text is in Latin-1, and goes through UTF-8 in this folder; None: it is in UTF-8. DuckDB is not given Latin-1:
    short of memory, it drops a block that it has read, and what it reads in its place is shifted, which cuts lines or
    mixes two of them."""

    def queries(self) -> Generator[str]:
        """The table functions that read it, one a part, in their order."""
        if self.latin_1_to is None:
            yield self._sql(self.path, self.skip)
            return
        with closing(utf8_parts(self.path, self.latin_1_to)) as parts:
            for rank, part in enumerate(parts):
                yield self._sql(part, 0 if rank else self.skip)

    def _sql(self, path: Path, skip: int) -> str:
        names = (["line"] if self.numbered else []) + [f"c{index}" for index in range(self.width)]
        columns = ", ".join(f"'{name}': '{'INTEGER' if name == 'line' else 'VARCHAR'}'" for name in names)
        return (
            f"read_csv({sql_path(path)}, delim={_literal(self.separator)}, header=false, skip={skip}, "
            f"quote='', escape='', "
            f"auto_detect=false, null_padding=false, encoding='utf-8', new_line='{self.new_line}', "
            f"buffer_size={_BUFFER}, columns={{{columns}}})"
        )


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _text(source: str, *, padded: bool) -> str:
    return f"nullif(trim({source}, {_TRIMMED}), '')" if padded else source


def _date(source: str) -> str:
    return (
        f"CASE WHEN length({source}) = 8 AND {source} >= '1000' THEN CAST(try_strptime({source}, '%Y%m%d') AS DATE) END"
    )


def _amount(source: str) -> str:
    plain = f"regexp_full_match({source}, '{_PLAIN_AMOUNT}')"
    return f"CASE WHEN {plain} THEN CAST(replace({source}, ',', '.') AS DECIMAL(18, 2)) END"


def _typed(name: str, source: str | None, *, padded: bool) -> list[str]:
    kind = BY_ID[name].kind
    if kind == "text":
        return [f"{_text(source, padded=padded) if source else 'NULL::VARCHAR'} AS {name}"]
    if source is None:
        sql_type = "DATE" if kind == "date" else "DECIMAL(18, 2)"
        return [f"NULL::{sql_type} AS {name}", f"NULL::VARCHAR AS {name}_raw"]
    trimmed = _text(source, padded=padded)
    value = _date(trimmed) if kind == "date" else _amount(trimmed)
    raw = _text(source, padded=True)
    return [f"{value} AS {name}", f"CASE WHEN {value} IS NULL THEN {raw} END AS {name}_raw"]


def _sides(columns: ColumnMap, *, padded: bool) -> Mapping[str, str]:
    """Debit and Credit out of Montant and Sens. A blank or unknown side leaves both out (NUM-08).

    Sides are compared one by one: DuckDB makes a join of a long list after IN, and a join loses the order of the file.
    """
    amount = _text(f"c{columns.positions['amount']}", padded=padded)
    side = f"upper(trim(c{columns.positions['sens']}, {_TRIMMED}))"
    debit, credit = (
        "(" + " OR ".join(f"{side} = '{word}'" for word in words) + ")"
        for words in (("D", "+1", "1", "DEBIT", "DÉBIT"), ("C", "-1", "CREDIT", "CRÉDIT"))
    )
    return {
        "debit": f"(CASE WHEN {debit} THEN {amount} WHEN {credit} THEN '0' END)",
        "credit": f"(CASE WHEN {credit} THEN {amount} WHEN {debit} THEN '0' END)",
        "sens_raw": f"CASE WHEN {side} NOT IN ('D', 'C', '+1', '-1') OR c{columns.positions['sens']} IS NULL "
        f"THEN coalesce(c{columns.positions['sens']}, '') END",
    }


def stage(con: duckdb.DuckDBPyConnection, relation: Relation, columns: ColumnMap, *, padded: bool) -> None:
    """Create ``staged``. Raises duckdb.Error when a row does not have the number of fields expected."""
    absent = absent_columns(columns)
    sources: dict[str, str | None] = {
        name: f"c{columns.positions[name]}" if name in columns.positions else None
        for name in STAGED_IDS
        if name not in absent
    }
    sens = None
    if columns.signed:
        sides = dict(_sides(columns, padded=padded))
        sens = sides.pop("sens_raw")
        sources |= sides
    expressions = ["line"] if relation.numbered else []
    for name, source in sources.items():
        expressions += _typed(name, source, padded=padded)
    if sens:
        expressions.append(f"{sens} AS sens_raw")
    extra = [index for index in range(relation.width) if index not in set(columns.positions.values())]
    ghost = "true" if not columns.trailing else f"c{len(columns.names)} IS NULL OR trim(c{len(columns.names)}) = ''"
    others = ", ".join(f"c{index}" for index in extra)
    if others:
        expressions.append(f"hash({others}) AS others")
    if columns.trailing:
        expressions.append(f"CASE WHEN {ghost} THEN NULL ELSE c{len(columns.names)} END AS ghost")
    into = "CREATE OR REPLACE TABLE store.staged AS"
    with closing(relation.queries()) as queries:
        for query in queries:
            con.execute(f"{into} SELECT {', '.join(expressions)} FROM {query}")
            into = "INSERT INTO store.staged"


_ONLY_WHERE_PRESENT = ("settlement_date", "settlement_mode", "operation_nature", "client_id")


def absent_columns(columns: ColumnMap) -> Mapping[str, str]:
    """Columns that ``staged`` lacks, with the NULL that stands for each in ``rows``.

    They are left out because DuckDB gives up its second thread when a table has more columns than its memory likes.
    """
    absent = {}
    for name in _ONLY_WHERE_PRESENT:
        if name not in columns.positions:
            is_date = BY_ID[name].kind == "date"
            absent[name] = "NULL::DATE" if is_date else "NULL::VARCHAR"
            if is_date:
                absent[f"{name}_raw"] = "NULL::VARCHAR"
    if not columns.signed:
        absent["sens_raw"] = "NULL::VARCHAR"
    return absent


@dataclass(frozen=True, slots=True)
class Numbering:
    """How the staged table gives the line number of a row (a column, or the rank of the row), and what it lacks."""

    numbered: bool
    absent: Mapping[str, str]
    first_line: int = 0
    parts: bool = False

    def picked(self, table: str) -> str:
        """The columns of ``rows``, out of ``table`` (the staged one, under any alias)."""
        line = f"{table}.line" if self.numbered else f"CAST({table}.rowid + {self.first_line} AS INTEGER)"
        if self.parts:
            line = f"({table}.part::BIGINT << {PART_BITS}) + {table}.line"
        part = f"{table}.part" if self.parts else "1"
        apart = [*(["line"] if self.numbered else []), *(["part"] if self.parts else [])]
        rest = f"{table}.*" + (f" EXCLUDE ({', '.join(apart)})" if apart else "")
        lacking = "".join(f", {null} AS {name}" for name, null in self.absent.items())
        return f"CAST({table}.rowid AS INTEGER) AS r, {line} AS line, {part} AS part, {rest}{lacking}"


def define_rows(con: duckdb.DuckDBPyConnection, numbering: Numbering) -> Numbering:
    """Create the view ``rows``: staged with its line number, ``part`` (from 1), and ``r``, the rank from 0.

    In a file of several parts, the line number bears its part above :data:`~bocage.formats.fec.sink.PART_BITS`.
    """
    con.execute(f"CREATE OR REPLACE VIEW rows AS SELECT {numbering.picked('staged')} FROM store.staged")
    return numbering


def count_rows(con: duckdb.DuckDBPyConnection) -> int:
    """Rows staged."""
    row = con.execute("SELECT count(*) FROM store.staged").fetchone()
    return int(row[0]) if row else 0


def drop_rows(con: duckdb.DuckDBPyConnection, condition: str, numbering: Numbering) -> Numbering:
    """Leave out the rows that are no entry, keeping every line number."""
    con.execute(
        f"CREATE TABLE store.kept AS SELECT line, * EXCLUDE ({', '.join(('r', 'line', 'part', *numbering.absent))}) "
        f"FROM rows WHERE NOT coalesce({condition}, false) ORDER BY r"
    )
    con.execute("DROP VIEW rows")
    con.execute("DROP TABLE store.staged")
    con.execute("ALTER TABLE store.kept RENAME TO staged")
    return define_rows(con, Numbering(numbered=True, absent=numbering.absent))
