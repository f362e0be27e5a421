"""Checks on the order of the file: numbers, validation dates, chronology, repeated lines."""

from bocage.findings import MAX_PLACES
from bocage.formats.fec.checks.context import CheckContext, as_int, places

_MOST_SHOWN = 8
LATE = (
    "SELECT line, valid_date, r FROM (SELECT line, r, valid_date, max(valid_date) OVER (ORDER BY r ROWS BETWEEN "
    "UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM rows WHERE valid_date IS NOT NULL) WHERE valid_date < before"
)
"""Lines validated before an earlier one (SEQ-03)."""
GAPS = (
    "SELECT first_row, number, next FROM (SELECT first_row, number, lead(number) OVER (PARTITION BY code, prefix "
    "ORDER BY number) AS next FROM sequence) WHERE next > number + 1"
)
"""Numbers after which others are missing (SEQ-01)."""
MISSING = (
    "CASE WHEN g.next - g.number = 2 THEN CAST(g.number + 1 AS VARCHAR) ELSE (g.number + 1) || '-' || (g.next - 1) END"
)
"""What is missing after a row ``g`` of :data:`GAPS`."""


def run(context: CheckContext) -> None:
    """Every check of this module."""
    _validation_order(context)
    _identical(context)
    if context.available("entry_number") and not context.grouping.numbers_unusable:
        _sequences(context)
        _chronology(context)


def _validation_order(context: CheckContext) -> None:
    """SEQ-03: a validation date lower than one met before."""
    if context.profile.low["valid_date"] == context.profile.high["valid_date"]:
        return
    falls = context.row(
        "SELECT count(*) FROM (SELECT valid_date < lag(valid_date) OVER () AS falls FROM store.staged WHERE "
        "valid_date IS NOT NULL) WHERE falls"
    )
    if not as_int(falls[0]):
        return
    count = as_int(context.row(f"SELECT count(*) FROM ({LATE})")[0])
    found = context.rows(f"SELECT line, valid_date FROM ({LATE}) ORDER BY r LIMIT {MAX_PLACES}")
    context.sink.add("SEQ-03", count=count, places=places(found, context.label("valid_date")))


def _identical(context: CheckContext) -> None:
    """ROW-05: lines equal in every column. Entries without two lines alike and grouping on a few columns rule nearly
    all out before the exact comparison."""
    few = "entry_index, account, debit, credit"
    context.con.execute(
        f"CREATE OR REPLACE TABLE suspects AS SELECT {few} FROM lines WHERE alike GROUP BY ALL HAVING count(*) > 1"
    )
    if not as_int(context.row("SELECT count(*) FROM suspects")[0]):
        return
    names = [
        str(row[0])
        for row in context.rows("SELECT column_name FROM (DESCRIBE store.staged)")
        if row[0] not in {"line", "part"}
    ]
    matched = " AND ".join(f"l.{name} IS NOT DISTINCT FROM s.{name}" for name in few.split(", "))
    copies = (
        f"SELECT line, r FROM (SELECT line, r, row_number() OVER (PARTITION BY {', '.join(names)} ORDER BY r) AS "
        f"rank FROM lines l "
        f"WHERE EXISTS (SELECT 1 FROM suspects s WHERE {matched})) WHERE rank > 1"
    )
    context.con.execute(f"CREATE OR REPLACE TABLE copies AS {copies}")
    count = as_int(context.row("SELECT count(*) FROM copies")[0])
    if count:
        found = context.rows(f"SELECT line FROM copies ORDER BY r LIMIT {MAX_PLACES}")
        context.sink.add("ROW-05", count=count, places=places(found), params={"n": str(count)})


def _sequences(context: CheckContext) -> None:
    """SEQ-01 and SEQ-02. A sequence: the numbers with one non-digit prefix, in a journal when numbers are shared
    between journals."""
    if _plain_and_whole(context):
        return
    grouped = context.grouping.key == "number"
    shared = "ALT-01" in context.sink
    source = "entries" if grouped else "(SELECT journal_code, entry_number, r AS first_row FROM rows)"
    code = "coalesce(journal_code, '')" if shared else "''"
    context.con.execute(
        "CREATE OR REPLACE TABLE sequence AS SELECT code, entry_number[1:length(entry_number) - length(digits)] AS "
        "prefix, "
        "CAST(digits AS BIGINT) AS number, min(first_row) AS first_row FROM (SELECT DISTINCT ON (code, entry_number) "
        f"{code} AS code, entry_number, first_row, regexp_extract(entry_number, '[0-9]{{1,18}}$') AS digits FROM "
        f"{source} "
        "WHERE entry_number IS NOT NULL ORDER BY first_row) WHERE digits <> '' GROUP BY ALL"
    )
    missing = as_int(context.row(f"SELECT sum(CAST(next AS HUGEINT) - number - 1) FROM ({GAPS})")[0])
    if missing:
        found = context.rows(
            f"SELECT r.line, {MISSING} FROM (SELECT * FROM ({GAPS}) ORDER BY first_row LIMIT {MAX_PLACES}) g "
            f"JOIN rows r ON r.r = g.first_row ORDER BY r.r"
        )
        words = ", ".join(str(row[1]) for row in found[:_MOST_SHOWN])
        context.sink.add("SEQ-01", count=missing, places=places(found), params={"numeros": words})
    if shared:
        _per_journal(context)


def _plain_and_whole(context: CheckContext) -> bool:
    """The usual case, told at once: plain integers, one sequence for the file, none missing."""
    if context.grouping.numbers_shared:
        return False
    plain = (
        "SELECT CASE WHEN regexp_full_match(entry_number, '[0-9]{1,15}') THEN CAST(entry_number AS BIGINT) END AS "
        "number, starts_with(entry_number, '0') AS padded FROM entries"
    )
    row = context.row(f"SELECT count(*), count(number), max(number) - min(number) + 1, count_if(padded) FROM ({plain})")
    total, numbers, span, padded = (as_int(item) for item in row)
    if total != numbers or span > numbers:
        return False
    # numbers are different as texts: they are as integers, but for zeros before them
    return not padded or span == as_int(context.row(f"SELECT count(DISTINCT number) FROM ({plain})")[0])


def _per_journal(context: CheckContext) -> None:
    """SEQ-02: every journal has its own sequence, starting again."""
    found = context.rows(
        "SELECT r.line, s.code FROM (SELECT code, min(first_row) AS first_row FROM sequence GROUP BY code) s JOIN "
        "rows r ON r.r = s.first_row "
        "ORDER BY r.r"
    )
    if len(found) > 1:
        context.sink.add("SEQ-02", count=len(found), places=places(found))


def _chronology(context: CheckContext) -> None:
    """SEQ-04: in a journal, the number grows from one line to the next and the date goes back."""
    back = (
        "SELECT first_row, journal_code, entry_index FROM (SELECT e.first_row, e.journal_code, e.entry_index, "
        "e.day_max, "
        "CAST(nullif(regexp_extract(e.entry_number, '[0-9]{1,18}$'), '') AS BIGINT) AS number, "
        "regexp_replace(e.entry_number, '[0-9]{1,18}$', '') AS prefix, "
        "lag(number) OVER same AS before, lag(e.day_max) OVER same AS day_before FROM entries e WHERE NOT e.opening "
        "WINDOW same AS (PARTITION BY coalesce(journal_code, ''), prefix ORDER BY e.first_row)) WHERE number > "
        "before AND day_max < day_before"
    )
    falls = context.row(
        "SELECT count(*) FROM (SELECT day_max < lag(day_max) OVER (ORDER BY first_row) AS falls FROM entries WHERE "
        "NOT opening) WHERE falls"
    )
    if not as_int(falls[0]):
        return
    context.con.execute(f"CREATE OR REPLACE TABLE backward AS {back}")
    count = as_int(context.row("SELECT count(*) FROM lines JOIN backward USING (entry_index)")[0])
    if count:
        found = context.rows(
            f"SELECT l.line, b.journal_code FROM lines l JOIN backward b USING (entry_index) ORDER BY l.r LIMIT "
            f"{MAX_PLACES}"
        )
        params = {"journal": str(found[0][1] or "")}
        context.sink.add("SEQ-04", count=count, places=places([row[:1] for row in found]), params=params)
