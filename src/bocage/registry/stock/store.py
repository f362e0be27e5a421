"""The store: blocks of rows in a SQLite file, found by the number of their first row.

A block holds :data:`BLOCK_ROWS` rows, compressed. The key of a table is the number of the first row of each block, so
one descent of the tree and one decompression answer a question, whatever the size of the file.
"""

import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final, Self

from bocage.identifiers import Siren, Siret
from bocage.registry.columns import establishment_of, unit_of
from bocage.registry.company import Company, Establishment, State
from bocage.registry.fields import Fields
from bocage.registry.port import Answer, NotFound
from bocage.registry.stock.columns import (
    BLOCK_ROWS,
    FIELD,
    OFFICE_AT,
    ROW,
    STATE_AT,
    TOWN_AT,
    establishment_values,
    unit_values,
)
from bocage.registry.stock.names import Candidate, NameIndex, Place
from bocage.registry.stock.words import town_words

FILE: Final = "stock.sqlite3"
NAMES: Final = "names"
SITES_GIVEN: Final = 200
"""Open establishments that an answer holds at most: La Poste has thousands."""
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS units (first INTEGER PRIMARY KEY, rows BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS establishments (first INTEGER PRIMARY KEY, rows BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS successors (siret INTEGER PRIMARY KEY, successor INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS slices (number INTEGER PRIMARY KEY, units INTEGER, establishments INTEGER, updated TEXT);
"""
_LINKS_FOLLOWED: Final = 5


def open_writer(folder: Path) -> sqlite3.Connection:
    """The file of a load, made if need be."""
    connection = sqlite3.connect(folder / FILE, isolation_level=None)
    connection.executescript(f"PRAGMA page_size = 8192; PRAGMA synchronous = NORMAL; {_SCHEMA}")
    return connection


def write_rows(connection: sqlite3.Connection, table: str, rows: Iterable[str]) -> int:
    """Write rows that come in the order of their number; how many there were."""
    count = 0
    block: list[str] = []
    insert = f"INSERT OR REPLACE INTO {table} VALUES (?, ?)"
    for row in rows:
        block.append(row)
        if len(block) == BLOCK_ROWS:
            connection.execute(insert, _block(block))
            count, block = count + BLOCK_ROWS, []
    if block:
        connection.execute(insert, _block(block))
    return count + len(block)


def _block(rows: list[str]) -> tuple[int, bytes]:
    number = rows[0].partition(FIELD)[0]
    return int(number), zlib.compress(ROW.join(rows).encode(), 1)


class _Reader(sqlite3.Connection):
    """Closed with the last thread that reads the version: another may have taken its place meanwhile."""

    def __del__(self) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class Stock:
    """One version of the stock, open for reading. May be shared between threads."""

    connection: sqlite3.Connection
    names: NameIndex
    made_on: date

    @classmethod
    def open(cls, folder: Path, made_on: date) -> Self:
        """Open a version. Raises OSError, sqlite3.Error or ValueError when it is not whole."""
        if not (folder / FILE).is_file():
            raise FileNotFoundError(FILE)
        connection = sqlite3.connect(
            f"{(folder / FILE).resolve().as_uri()}?mode=ro&immutable=1",
            uri=True,
            check_same_thread=False,
            factory=_Reader,
        )
        connection.execute("PRAGMA mmap_size = 8589934592")
        connection.execute("SELECT first FROM units LIMIT 1").fetchone()
        return cls(connection, NameIndex.open(folder / NAMES), made_on)

    def close(self) -> None:
        """Give the files back."""
        self.connection.close()

    def find(self, number: Siren | Siret) -> Answer:
        """The company of a SIREN with its open establishments, or of a SIRET with its head office and the place asked.

        A SIREN gives :data:`SITES_GIVEN` open establishments at most, head office first, and their exact count.
        """
        company = self._unit(number[:9])
        if company is None:
            return NotFound(number)
        return self._with_place(company, number) if isinstance(number, Siret) else self._with_sites(company)

    def sites(self, siren: Siren, *, first: int = 0, limit: int = SITES_GIVEN) -> tuple[Establishment, ...]:
        """A page of the open establishments of a company, head office first, then by number."""
        rows = self._open_rows(siren)[first : first + limit]
        return tuple(one for row in rows if (one := self._establishment(row)) is not None)

    def search(self, name: str, town: str = "", *, limit: int = 5) -> tuple[Candidate, ...]:
        """The companies that bear this name, best first, each with a score between 0 and 1.

        Accents, case, legal forms and the order of words do not count; a wrong letter or two in a word lowers it.
        ``town`` prefers the companies that have an establishment there. Units of partial diffusion are never found.
        Nobody should take the first one without looking: names are shared.
        """
        return self.names.search(name, town, limit=limit, company=self._company, place=self._place)

    def _unit(self, siren: str) -> Company | None:
        row = self._row("units", siren)
        values = None if row is None else unit_values(row)
        if values is None:
            return None
        company = unit_of(values, Siren(siren), asked_on=self.made_on)
        closed = Fields.of(values).day("dateDebut") if company.state is State.CLOSED else None
        return replace(company, closed=closed)

    def _company(self, siren: str) -> Company | None:
        company = self._unit(siren)
        if company is None or company.head_office is None:
            return company
        office = self._place_of(company.head_office)
        return company if office is None else replace(company, establishments=(office,))

    def _with_place(self, company: Company, siret: Siret) -> Answer:
        place = self._place_of(siret)
        if place is None:
            return NotFound(siret)
        if place.state is State.CLOSED:
            place = replace(place, successor=self.successor(siret))
        office = None
        if company.head_office is not None and company.head_office != siret:
            office = self._place_of(company.head_office)
        return replace(company, establishments=(place,) if office is None else (office, place))

    def _with_sites(self, company: Company) -> Company:
        rows = self._open_rows(company.siren)
        places = [one for row in rows[:SITES_GIVEN] if (one := self._establishment(row)) is not None]
        if not any(one.siret == company.head_office for one in places) and company.head_office is not None:
            # The head office of a closed unit: there is no open one to show.
            office = self._place_of(company.head_office)
            places = places if office is None else [office, *places]
        return replace(
            company,
            establishments=tuple(places),
            open_establishments=len(rows),
            all_open_establishments=len(rows) <= SITES_GIVEN,
        )

    def successor(self, siret: Siret) -> Siret | None:
        """The establishment that follows a closed one; when that one is closed too, the one after it, and so on."""
        following: Siret | None = None
        current = siret
        for _ in range(_LINKS_FOLLOWED):
            found = self.connection.execute(
                "SELECT successor FROM successors WHERE siret = ?", (int(current),)
            ).fetchone()
            after = None if found is None else Siret.parse(f"{found[0]:014d}")
            if after is None or after == siret:
                break
            following = current = after
            place = self._place_of(after)
            if place is None or place.state is not State.CLOSED:
                break
        return following

    def _place(self, company: Company, town: tuple[str, ...]) -> Place:
        """Where a company answers to a town: the open establishment that is there, else its head office.

        The towns of partly public establishments are public too.
        """
        rows = self._open_rows(company.siren)
        for row in rows:
            if town and set(town) <= set(town_words(row.split(FIELD)[TOWN_AT])):
                return Place(self._establishment(row), matches=True)
        office = None if company.head_office is None else company.establishment(company.head_office)
        shown = office or (self._establishment(rows[0]) if rows else None)
        there = town_words(shown.address.town or "") if shown else ()
        return Place(shown, matches=bool(town) and set(town) <= set(there))

    def _place_of(self, siret: str) -> Establishment | None:
        row = self._row("establishments", siret)
        return None if row is None else self._establishment(row)

    def _establishment(self, row: str) -> Establishment | None:
        values = establishment_values(row)
        if values is None:
            return None
        closed = Fields.of(values).day("dateDebut") if values["etatAdministratifEtablissement"] == "F" else None
        return establishment_of(values, values, closed, asked_on=self.made_on)

    def _row(self, table: str, number: str) -> str | None:
        found = self.connection.execute(
            f"SELECT rows FROM {table} WHERE first <= ? ORDER BY first DESC LIMIT 1", (int(number),)
        ).fetchone()
        if found is None:
            return None
        text = zlib.decompress(found[0]).decode()
        start = number + FIELD
        if text.startswith(start):
            at = 0
        elif (at := text.find(ROW + start) + 1) == 0:
            return None
        end = text.find(ROW, at)
        return text[at:] if end < 0 else text[at:end]

    def _open_rows(self, siren: str) -> list[str]:
        """The rows of the open establishments of a company, head office first."""
        rows = []
        for row in self._rows_of(siren):
            fields = row.split(FIELD)
            if fields[STATE_AT] == "A":
                rows.append((fields[OFFICE_AT] != "true", row))
        return [row for _, row in sorted(rows)]

    def _rows_of(self, siren: str) -> Iterator[str]:
        low, high = int(siren) * 100_000, (int(siren) + 1) * 100_000
        first = self.connection.execute("SELECT max(first) FROM establishments WHERE first <= ?", (low,)).fetchone()[0]
        blocks = self.connection.execute(
            "SELECT rows FROM establishments WHERE first >= ? AND first < ? ORDER BY first", (first or 0, high)
        ).fetchall()
        for (block,) in blocks:
            yield from (row for row in zlib.decompress(block).decode().split(ROW) if row.startswith(siren))
