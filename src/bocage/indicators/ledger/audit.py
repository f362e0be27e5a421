"""Vue contrôle: the entries that checks point at, sequences of numbers, chronology, journals by month.

The flags are facts, made when the file was read by the very checks of its report: nothing is judged again here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from bocage.indicators.ledger.accounts import Search
from bocage.indicators.ledger.reading import Books, Standing, as_date, as_text, open_books
from bocage.indicators.result import Status

NUMBER_CODES = ("ALT-01", "ALT-02", "ALT-03", "ALT-04", "ALT-05", "ALT-06")
"""What the administration's own tool marks with a cross, number by number, over the whole file."""
CHRONOLOGY_CODES = (
    *("DATE-02", "DATE-03", "DATE-04", "DATE-05", "DATE-07", "DATE-08", "DATE-09", "SEQ-03", "SEQ-04"),
    *("AN-01", "AUD-03", "AUD-08"),
)
"""Checks about dates and their order."""


@dataclass(frozen=True, slots=True)
class FlagCount:
    """One check: how many entries it points at, and how many of what it counts (the count of its finding)."""

    code: str
    entries: int
    count: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A check that points at an entry; ``value`` is what was read (a gap, a number, a date)."""

    code: str
    count: int
    value: str


@dataclass(frozen=True, slots=True)
class FlaggedEntry:
    """An entry and its marks."""

    index: int
    line: int
    lines: int
    journal_code: str
    number: str
    date: date | None
    piece_ref: str
    label: str
    debit: Decimal
    credit: Decimal
    is_opening: bool
    is_closing: bool
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class FlaggedPage:
    """A page of entries, and how many answer."""

    standing: Standing
    entries: tuple[FlaggedEntry, ...]
    count: int


def flag_counts(tables: Mapping[str, Path]) -> list[FlagCount] | None:
    """Each check that points at entries. None when the file was read before flags were kept."""
    with open_books(tables) as books:
        if not books.has("flags"):
            return None
        rows = books.rows(
            "SELECT code, count(DISTINCT entry_index), CAST(sum(count) AS BIGINT) "
            f"FROM {books.relation('flags')} GROUP BY code ORDER BY code"
        )
    return [FlagCount(str(code), int(str(entries)), int(str(count))) for code, entries, count in rows]


def journals(tables: Mapping[str, Path]) -> list[tuple[str, str]]:
    """Code and label of each journal, in the order of the file; a blank code is ''."""
    with open_books(tables) as books:
        rows = books.rows(f"SELECT journal_code, journal_label FROM {books.relation('journals')}")
    return [(as_text(code), as_text(label)) for code, label in rows]


def flagged_entries(
    tables: Mapping[str, Path],
    codes: Sequence[str],
    search: Search,
    *,
    journal: str | None = None,
    offset: int = 0,
    limit: int | None = 50,
) -> FlaggedPage:
    """The entries with one of ``codes`` (any code when empty), in file order, with all of their marks.

    ``search`` looks at the first line of the entry: its label, voucher, number, date, and the sums of the entry.
    """
    condition, given = search.condition(("label", "piece_ref", "entry_number"))
    if journal is not None:
        condition, given = f"{condition} AND coalesce(journal_code, '') = ?", [*given, journal]
    with open_books(tables) as books:
        flags = books.relation("flags")
        if codes:
            marks = ", ".join("?" for _ in codes)
            condition = f"{condition} AND entry_index IN (SELECT entry_index FROM {flags} WHERE code IN ({marks}))"
            given = [*given, *codes]
        source = f"FROM {books.relation('flagged')} WHERE {condition}"
        count = int(str(books.row(f"SELECT count(*) {source}", given)[0]))
        page = "" if limit is None else f" LIMIT {int(limit)} OFFSET {int(offset)}"
        rows = books.rows(f"SELECT * {source} ORDER BY entry_index{page}", given)
        found = _marks_of(books, [int(str(row[0])) for row in rows]) if limit is not None else _marks_of(books, None)
    standing = Standing("entries", Status.COMPUTED, ("docs/formats/fec.md",))
    return FlaggedPage(standing, tuple(_flagged(row, found) for row in rows), count)


def _marks_of(books: Books, indexes: Sequence[int] | None) -> dict[int, list[Mark]]:
    """Marks by entry; ``indexes`` None: of every entry."""
    where, given = "", list[object]()
    if indexes is not None:
        if not indexes:
            return {}
        where, given = f"WHERE entry_index IN ({', '.join('?' for _ in indexes)})", list(indexes)
    rows = books.rows(
        f"SELECT entry_index, code, count, value FROM {books.relation('flags')} {where} ORDER BY entry_index, code",
        given,
    )
    found: dict[int, list[Mark]] = {}
    for index, code, count, value in rows:
        found.setdefault(int(str(index)), []).append(Mark(str(code), int(str(count)), as_text(value)))
    return found


def _flagged(row: Sequence[object], marks: Mapping[int, list[Mark]]) -> FlaggedEntry:
    index, line, _, lines, journal, number, day, piece, label, debit, credit, opening, closing = row
    return FlaggedEntry(
        index=int(str(index)),
        line=int(str(line)),
        lines=int(str(lines)),
        journal_code=as_text(journal),
        number=as_text(number),
        date=as_date(day),
        piece_ref=as_text(piece),
        label=as_text(label),
        debit=Decimal(str(debit)),
        credit=Decimal(str(credit)),
        is_opening=bool(opening),
        is_closing=bool(closing),
        marks=tuple(marks.get(int(str(index)), ())),
    )


@dataclass(frozen=True, slots=True)
class NumberSequence:
    """One sequence of numbers. ``journal_code`` None: the whole file is numbered together."""

    journal_code: str | None
    prefix: str
    first: str
    last: str
    numbers: int
    missing: int
    reused: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers that no entry bears, after the entry ``index``."""

    index: int
    line: int
    journal_code: str
    number: str
    missing: str
    """``"3"`` or ``"3-7"``."""
    count: int


@dataclass(frozen=True, slots=True)
class Numbering:
    """How entries are numbered: the key that made them, their sequences and the first gaps.

    Status *missing* (reason ``numbers_unusable``) when numbers say nothing (SEQ-05).
    """

    standing: Standing
    key: str
    """number, piece or balance: how lines were put into entries."""
    sequences: tuple[NumberSequence, ...]
    gaps: tuple[Gap, ...]


def numbering(tables: Mapping[str, Path], *, gaps: int = 50) -> Numbering:
    """Sequences and gaps, by the key chosen for this file."""
    with open_books(tables) as books:
        key = as_text(books.row(f"SELECT entry_key FROM {books.relation('books')}")[0])
        rows = books.rows(f"SELECT * FROM {books.relation('sequences')}") if books.has("sequences") else []
        holes = (
            books.rows(
                "SELECT f.entry_index, f.line, e.journal_code, e.entry_number, f.value, f.count "
                f"FROM {books.relation('flags')} f JOIN {books.relation('flagged')} e USING (entry_index) "
                "WHERE f.code = 'SEQ-01' ORDER BY f.line LIMIT ?",
                [gaps],
            )
            if books.has("flags")
            else []
        )
    sources = ("JournalCode", "EcritureNum")
    standing = (
        Standing("numbers", Status.COMPUTED, sources)
        if rows
        else Standing("numbers", Status.MISSING, sources, "numbers_unusable")
    )
    return Numbering(
        standing,
        key,
        tuple(map(_sequence, rows)),
        tuple(
            Gap(int(str(index)), int(str(line)), as_text(journal), as_text(number), as_text(value), int(str(count)))
            for index, line, journal, number, value, count in holes
        ),
    )


def _sequence(row: Sequence[object]) -> NumberSequence:
    journal, prefix, first, last, numbers, missing, reused = row
    return NumberSequence(
        None if journal is None else str(journal),
        as_text(prefix),
        as_text(first),
        as_text(last),
        int(str(numbers)),
        int(str(missing)),
        int(str(reused)),
    )


@dataclass(frozen=True, slots=True)
class Chronology:
    """When entries were dated and validated, in lines."""

    standing: Standing
    first_valid: date | None
    last_valid: date | None
    unvalidated: int
    """Lines without ValidDate."""
    delays: tuple[tuple[str, int], ...]
    """Lines by delay from EcritureDate to ValidDate: before, 0-31, 32-90, 91-180, over-180 (days)."""
    weekdays: tuple[int, ...]
    """Lines by day of the week, Monday first, openings left out."""


def chronology(tables: Mapping[str, Path]) -> Chronology:
    """Delays of validation and days of the week. Status *missing* (reason ``not_validated``) without any ValidDate."""
    late = "valid_date - entry_date"
    delays = {
        "before": f"{late} < 0",
        "0-31": f"{late} BETWEEN 0 AND 31",
        "32-90": f"{late} BETWEEN 32 AND 90",
        "91-180": f"{late} BETWEEN 91 AND 180",
        "over-180": f"{late} > 180",
    }
    with open_books(tables) as books:
        first, last, unvalidated, *counts = books.row(
            "SELECT min(valid_date), max(valid_date), count_if(valid_date IS NULL), "
            + ", ".join(f"count_if({condition})" for condition in delays.values())
            + ", "
            + ", ".join(f"count_if(NOT is_opening AND isodow(entry_date) = {day})" for day in range(1, 8))
            + f" FROM {books.relation('lines')}"
        )
    numbers = [int(str(count)) for count in counts]
    validated = as_date(first) is not None
    return Chronology(
        Standing(
            "lines",
            Status.COMPUTED if validated else Status.MISSING,
            ("EcritureDate", "ValidDate"),
            None if validated else "not_validated",
        ),
        as_date(first),
        as_date(last),
        int(str(unvalidated)),
        tuple(zip(delays, numbers, strict=False)),
        tuple(numbers[len(delays) :]),
    )


@dataclass(frozen=True, slots=True)
class MonthCell:
    """One journal in one month."""

    lines: int
    entries: int
    debit: Decimal
    credit: Decimal

    @property
    def gap(self) -> Decimal:
        """Debit − credit: not nil is ENT-08."""
        return self.debit - self.credit


@dataclass(frozen=True, slots=True)
class JournalMonths:
    """One journal: its cell of each month of the table, None where it has no line."""

    code: str
    label: str
    nature: str
    cells: tuple[MonthCell | None, ...]
    total: MonthCell


@dataclass(frozen=True, slots=True)
class MonthTable:
    """Journals × months, euros. ``months`` are first days; None stands for the lines whose date cannot be read."""

    standing: Standing
    months: tuple[date | None, ...]
    journals: tuple[JournalMonths, ...]
    totals: tuple[MonthCell, ...]
    total: MonthCell


def _total(cells: Iterable[MonthCell]) -> MonthCell:
    held = list(cells)
    return MonthCell(
        sum(cell.lines for cell in held),
        sum(cell.entries for cell in held),
        sum((cell.debit for cell in held), Decimal(0)),
        sum((cell.credit for cell in held), Decimal(0)),
    )


def month_table(tables: Mapping[str, Path]) -> MonthTable:
    """Debits and credits of each journal in each month. *Partial* (reason ``dates_unread``) when a date is missing."""
    with open_books(tables) as books:
        rows = books.rows(f"SELECT * FROM {books.relation('months')} ORDER BY month NULLS LAST")
        named = books.rows(f"SELECT journal_code, journal_label, journal_nature FROM {books.relation('journals')}")
    months = tuple(dict.fromkeys(as_date(row[1]) for row in rows))
    cells = {
        (as_text(code), as_date(month)): MonthCell(
            int(str(lines)), int(str(entries)), Decimal(str(debit)), Decimal(str(credit))
        )
        for code, month, lines, entries, debit, credit in rows
    }
    found = []
    for code, label, nature in named:
        mine = [cells.get((as_text(code), month)) for month in months]
        total = _total(cell for cell in mine if cell)
        found.append(JournalMonths(as_text(code), as_text(label), as_text(nature), tuple(mine), total))
    totals = tuple(_total(cell for (_, of), cell in cells.items() if of == month) for month in months)
    unread = None in months
    return MonthTable(
        Standing(
            "EUR",
            Status.PARTIAL if unread else Status.COMPUTED,
            ("JournalCode", "EcritureDate", "Debit", "Credit"),
            "dates_unread" if unread else None,
        ),
        months,
        tuple(found),
        totals,
        _total(cells.values()),
    )
