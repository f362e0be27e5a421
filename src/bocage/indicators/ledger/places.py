"""Where a finding points: all of its places by pages, each with its entry and its account."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from bocage.indicators.ledger.accounts import Account
from bocage.indicators.ledger.reading import Books, as_text, open_books


@dataclass(frozen=True, slots=True)
class Spot:
    """A line of the file, where its entry and its account are found, and what a check read there.

    ``count``: what the check counts in the entry, from this line on; 1 when it judges single lines.
    """

    line: int
    part: int
    column: str
    value: str
    count: int
    entry_index: int
    account: str


@dataclass(frozen=True, slots=True)
class SpotPage:
    """A page of places, in file order. ``count``: how many there are, one an entry for the checks of entries."""

    spots: tuple[Spot, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A place without its entry nor its account: see :class:`Spot`."""

    line: int
    part: int
    column: str
    value: str
    count: int


_KEPT = MappingProxyType(
    {
        "flags": ("line, part, NULL, value, count", " ORDER BY part, line"),
        "places": ('line, part, "column", value, 1', ""),
    }
)
"""Tables that hold places: what is read of them, and how their rows come in file order (*places* is written so)."""
_BATCH = 10_000


def finding_places(tables: Mapping[str, Path], code: str, *, offset: int = 0, limit: int = 50) -> SpotPage | None:
    """The places of a check. None when the facts do not hold them: only those of the report are known then."""
    with open_books(tables) as books:
        for name, (picked, _) in _KEPT.items():
            if not books.has(name):
                continue
            source = f"FROM {books.relation(name)} WHERE code = ?"
            count = int(str(books.row(f"SELECT count(*) {source}", [code])[0]))
            if count:
                rows = books.rows(
                    f"SELECT {picked} {source} ORDER BY part, line LIMIT {int(limit)} OFFSET {int(offset)}", [code]
                )
                return SpotPage(_spots(books, rows), count)
    return None


def every_place(tables: Mapping[str, Path], code: str) -> Iterator[Mark]:
    """All the places of a check in file order, read as they are asked for; none when the facts do not hold them."""
    with open_books(tables) as books:
        for name, (picked, order) in _KEPT.items():
            if not books.has(name):
                continue
            books.con.execute(f"SELECT {picked} FROM {books.relation(name)} WHERE code = ?{order}", [code])
            found = False
            while rows := books.con.fetchmany(_BATCH):
                found = True
                for line, part, column, value, count in rows:
                    yield Mark(int(line), int(part), as_text(column), as_text(value), int(count))
            if found:
                return


def _spots(books: Books, rows: Sequence[Sequence[object]]) -> tuple[Spot, ...]:
    known = _held(books, [int(str(row[0])) for row in rows])
    spots = []
    for row in rows:
        line, part = int(str(row[0])), int(str(row[1]))
        index, account = known[part, line]
        spots.append(Spot(line, part, as_text(row[2]), as_text(row[3]), int(str(row[4])), index, account))
    return tuple(spots)


def _held(books: Books, lines: Iterable[int]) -> dict[tuple[int, int], tuple[int, str]]:
    wanted = ", ".join(str(line) for line in sorted(set(lines)))
    if not wanted:
        return {}
    rows = books.rows(
        f"SELECT part, line, entry_index, coalesce(account, '') FROM {books.relation('lines')} WHERE line IN ({wanted})"
    )
    return {(int(str(part)), int(str(line))): (int(str(index)), str(account)) for part, line, index, account in rows}


def entries_at(tables: Mapping[str, Path], lines: Iterable[int]) -> dict[tuple[int, int], tuple[int, str]]:
    """Part and line of the file → its entry and its account, for each of ``lines`` in any part that holds an entry
    there."""
    with open_books(tables) as books:
        return _held(books, lines)


def rank_in_account(tables: Mapping[str, Path], account: Account, line: int, part: int = 1) -> int | None:
    """The rank of a line among those of its account, from 0, as :func:`account_lines` orders them."""
    with open_books(tables) as books:
        rows = books.rows(
            f"SELECT position FROM {books.relation('texts')} WHERE position >= ? AND position < ? AND line = ? "
            "AND part = ?",
            [account.first, account.first + account.lines, line, part],
        )
    return int(str(rows[0][0])) - account.first if rows else None
