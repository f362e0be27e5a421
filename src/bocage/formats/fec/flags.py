"""Every entry that a check points at, not only the twenty places of a finding: what an auditor goes through.

Tables of the open file: ``flags`` (one row a code and entry), ``places`` (one row a code and line, for the checks that
say nothing of an entry) and ``sequences`` (one row a sequence of numbers). They are made with the very conditions of
the checks and only for the codes that these found, so that the view of entries and the report never disagree: for each
code the sum of ``n``, or the number of places, is the count of its finding.
"""

from collections.abc import Iterator

from bocage.formats.fec.checks import entries, lines, sequence
from bocage.formats.fec.checks.context import CheckContext, as_int
from bocage.formats.fec.profile import AMOUNTS, DATES

NUMBER_CODES = tuple(code for code, _ in entries.NUMBER_FLAGS)
ENTRY_CODES = ("ENT-01", "ENT-03", "ENT-04", "ENT-06", "ENT-07", "CLO-01", "VAT-01", "AUD-03")
LINE_CODES = (
    *("NUM-06", "NUM-07", "DATE-02", "DATE-03", "DATE-04", "DATE-05", "DATE-07", "DATE-08", "DATE-09"),
    *("AUX-01", "LET-01", "CUR-01", "CUR-02", "AUD-04", "AUD-06", "AUD-08", "AUD-09"),
)
TABLE_CODES = ("ROW-05", "SEQ-01", "SEQ-03", "SEQ-04", "AN-01", "CLO-02", "AUD-05")
VALUE_CODES = ("NUM-01", "NUM-02", "NUM-05", "NUM-09", "NUM-10", "DATE-01", "DATE-10", "DATE-11", "DATE-12")
"""The checks of a value as it is written."""
CODES = (*NUMBER_CODES, *ENTRY_CODES, *LINE_CODES, *TABLE_CODES)
"""The checks that point at entries: those of *contrôle* about writing alone (encoding, header…) are not among them."""

_ENTRY_OF = "JOIN (SELECT rowid AS r, entry_index FROM marks) m ON m.r = "


def define_flags(context: CheckContext) -> None:
    """Create ``flags``: code, entry_index, r (row of the first place in the entry), n (what the code counts), value."""
    context.con.execute(
        "CREATE OR REPLACE TABLE flags (code VARCHAR, entry_index INTEGER, r INTEGER, n BIGINT, value VARCHAR)"
    )
    for code, select in _selections(context):
        context.con.execute(f"INSERT INTO flags SELECT '{code}', entry_index, r, n, CAST(value AS VARCHAR) {select}")


def define_places(context: CheckContext) -> None:
    """Create ``places``: code, r (row), field (column judged, as the file names it), value; every line of the line
    checks that ``flags`` leaves out and every value written oddly, so that for each code their number is the count of
    its finding."""
    context.con.execute("CREATE OR REPLACE TABLE places (code VARCHAR, r INTEGER, field VARCHAR, value VARCHAR)")
    _define_odd_places(context)
    if not any(code in context.sink for code in lines.OTHER_CODES):
        return
    for check in lines.every_check(context):
        if check.code in lines.OTHER_CODES and check.code in context.sink and check.count != 0:
            context.con.execute(
                f"INSERT INTO places SELECT '{check.code}', r, ?, CAST({check.value or 'NULL'} AS VARCHAR) FROM rows "
                f"WHERE {check.condition}",
                [context.label(check.column) if check.column else None],
            )


def _define_odd_places(context: CheckContext) -> None:
    """Dates and amounts that staging left as text, as :mod:`~bocage.formats.fec.odd_values` has counted them."""
    for table, names, codes in (("date_forms", DATES, "f.code"), ("amount_forms", AMOUNTS, "f.codes")):
        if not _has_table(context, table):
            continue
        for name in names:
            context.con.execute(
                "INSERT INTO places SELECT code, r, ?, raw FROM (SELECT r, f.raw, unnest(string_split("
                f"{codes}, ' ')) AS code FROM rows JOIN {table} f ON {name}_raw = f.raw) WHERE code <> ''",
                [context.label(name)],
            )


def _selections(context: CheckContext) -> Iterator[tuple[str, str]]:
    """For each code found, the ``FROM`` of its entries: entry_index, r, n, value."""
    yield from _from_numbers(context)
    for code, condition, value in entries.entry_conditions(context):
        if code in context.sink:
            yield (
                code,
                f"FROM (SELECT entry_index, first_row AS r, 1 AS n, {value} AS value FROM entries WHERE {condition})",
            )
    if any(code in context.sink for code in LINE_CODES):
        for check in lines.every_check(context):
            if check.code in LINE_CODES and check.code in context.sink:
                yield check.code, _from_lines(check.condition, check.value)
    if "AN-01" in context.sink:
        yield "AN-01", _from_lines("opening AND r > (SELECT min(first_row) FROM entries WHERE NOT opening)")
    for code, select in _TABLES.items():
        if code in context.sink:
            yield code, select


def _from_lines(condition: str, value: str | None = None) -> str:
    shown = f"arg_min({value}, r)" if value else "NULL"
    return (
        f"FROM (SELECT entry_index, min(r) AS r, count(*) AS n, {shown} AS value FROM lines WHERE {condition} "
        f"GROUP BY entry_index)"
    )


def _from_rows(source: str, row: str = "r", value: str = "NULL") -> str:
    return (
        f"FROM (SELECT m.entry_index, min(s.{row}) AS r, count(*) AS n, min({value}) AS value FROM ({source}) s "
        f"{_ENTRY_OF} s.{row} GROUP BY m.entry_index)"
    )


_TABLES = {
    "ROW-05": _from_rows("SELECT r FROM copies"),
    "SEQ-01": (
        "FROM (SELECT m.entry_index, g.first_row AS r, CAST(g.next AS HUGEINT) - g.number - 1 AS n, "
        f"{sequence.MISSING} AS value FROM ({sequence.GAPS}) g {_ENTRY_OF} g.first_row)"
    ),
    "SEQ-03": _from_rows(sequence.LATE, value="s.valid_date"),
    "SEQ-04": (
        "FROM (SELECT entry_index, e.first_row AS r, e.n, e.entry_number AS value FROM entries e "
        "SEMI JOIN backward USING (entry_index))"
    ),
    "CLO-02": (
        "FROM (SELECT entry_index, e.first_row AS r, 1 AS n, e.entry_number AS value FROM entries e "
        "SEMI JOIN centralised USING (entry_index))"
    ),
    "AUD-05": _from_rows("SELECT first_row FROM twice", "first_row"),
}


def _from_numbers(context: CheckContext) -> Iterator[tuple[str, str]]:
    """Every entry that bears a flagged number; the number itself counts once, at its first entry."""
    if not any(code in context.sink for code in NUMBER_CODES):
        return
    source = entries.numbers_source(context)
    for code, condition in entries.NUMBER_FLAGS:
        if code not in context.sink:
            continue
        if context.grouping.numbers_shared:
            chosen = f"SELECT entry_number, first_row FROM {source} WHERE {condition}"
            yield (
                code,
                "FROM (SELECT entry_index, min(r) AS r, count_if(first) AS n, min(entry_number) AS value FROM (SELECT "
                "l.entry_index, l.r, l.entry_number, l.r = n.first_row AS first FROM lines l "
                f"JOIN ({chosen}) n ON n.entry_number = l.entry_number) GROUP BY entry_index)",
            )
        else:
            yield (
                code,
                "FROM (SELECT entry_index, first_row AS r, 1 AS n, entry_number AS value "
                f"FROM {source} WHERE {condition})",
            )


def define_sequences(context: CheckContext) -> None:
    """Create ``sequences``: code (NULL: the whole file), prefix, first and last number as written, numbers, missing,
    reused (numbers that serve in several entries of the sequence). Empty when numbers are not usable (SEQ-05)."""
    context.con.execute(
        "CREATE OR REPLACE TABLE sequences (code VARCHAR, prefix VARCHAR, first_number VARCHAR, last_number VARCHAR, "
        "numbers BIGINT, missing BIGINT, reused BIGINT)"
    )
    if not context.available("entry_number") or context.grouping.numbers_unusable:
        return
    if not _has_table(context, "sequence"):
        context.con.execute(
            "INSERT INTO sequences SELECT NULL, '', arg_min(entry_number, CAST(entry_number AS BIGINT)), "
            "arg_max(entry_number, CAST(entry_number AS BIGINT)), count(*), 0, 0 FROM entries"
        )
        return
    _define_reused(context)
    context.con.execute(
        "INSERT INTO sequences SELECT nullif(s.code, ''), s.prefix, f.entry_number, l.entry_number, s.numbers, "
        "s.missing, coalesce(u.n, 0) FROM (SELECT code, prefix, count(*) AS numbers, max(number) - min(number) + 1 - "
        "count(*) AS missing, arg_min(first_row, number) AS low, arg_max(first_row, number) AS high, min(first_row) AS "
        "met FROM sequence GROUP BY code, prefix) s JOIN rows f ON f.r = s.low JOIN rows l ON l.r = s.high "
        "LEFT JOIN reused u ON u.code = s.code AND u.prefix = s.prefix ORDER BY s.met"
    )


def _define_reused(context: CheckContext) -> None:
    """``reused``: by sequence, how many numbers serve in several of its entries (never when the number is the key)."""
    code = "coalesce(journal_code, '')" if "ALT-01" in context.sink else "''"
    found = (
        "SELECT code, regexp_replace(entry_number, '[0-9]{1,18}$', '') AS prefix, count(*) AS n FROM (SELECT "
        f"{code} AS code, entry_number FROM lines WHERE entry_number IS NOT NULL GROUP BY ALL HAVING "
        "count(DISTINCT entry_index) > 1) GROUP BY ALL"
    )
    none = "SELECT '' AS code, '' AS prefix, 0 AS n WHERE false"
    context.con.execute(f"CREATE OR REPLACE TABLE reused AS {none if context.grouping.key == 'number' else found}")


def _has_table(context: CheckContext, name: str) -> bool:
    found = context.row("SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", [name])
    return as_int(found[0]) > 0
