"""Reading a list of clients, whatever spreadsheet wrote it: rows of known columns, one at a time."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from openpyxl import load_workbook

from cabinet.accounts.names import fold

MAX_ROWS = 10_000
MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
"""What a workbook may weigh once unzipped: a small file that swells is no list of clients."""
MAX_CELL = 1_000

COLUMNS: dict[str, tuple[str, ...]] = {
    "siret": ("siret", "numero de siret", "n de siret", "n siret", "no siret", "siret etablissement"),
    "name": ("nom", "nom de l entreprise", "raison sociale", "denomination", "entreprise", "client"),
    "file_code": ("code dossier", "code", "dossier", "numero de dossier", "code client", "n dossier"),
    "portfolios": ("portefeuilles", "portefeuille"),
    "manager": ("responsable", "responsable de dossier", "collaborateur", "e mail du responsable"),
    "contact_name": ("personne de contact", "contact", "nom du contact", "interlocuteur"),
    "contact_email": ("e mail du contact", "email du contact", "mail du contact", "courriel du contact", "e mail",
                      "email", "mail", "courriel"),
}  # fmt: skip
"""Our column → the heads that name it, without accents, case or punctuation; the first is that of the model."""

MODEL = ("SIRET", "Nom", "Code dossier", "Portefeuilles", "Responsable", "Personne de contact", "E-mail du contact")
ZIP = b"PK\x03\x04"


class UnreadableSheet(Exception):
    """The file cannot be read as a list at all; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One row that holds something: its line in the file, and our columns → texts."""

    number: int
    values: dict[str, str]


def read_sheet(data: bytes) -> Iterator[SheetLine]:
    """The rows of a CSV or XLSX, in order, empty ones left out. Its content says which it is, never its name.

    Raises UnreadableSheet: ``empty``, ``unreadable``, ``no_siret`` (no head names the SIRET), ``too_large``,
    ``too_many_rows`` (told once the limit is passed).
    """
    if len(data) > MAX_BYTES:
        raise UnreadableSheet("too_large")
    rows = _workbook_rows(data) if data.startswith(ZIP) else _text_rows(data)
    head, columns = _head(rows)
    count = 0
    for number, row in rows:
        values = {column: row[index] for column, index in columns.items() if index < len(row) and row[index]}
        if not values:
            continue
        count += 1
        if count > MAX_ROWS:
            raise UnreadableSheet("too_many_rows")
        yield SheetLine(number, values)
    if not count:
        raise UnreadableSheet("empty" if head else "no_siret")


type _Rows = Iterator[tuple[int, Sequence[str]]]


def _head(rows: _Rows) -> tuple[int, dict[str, int]]:
    """The line of the head, among the first ten (a title may stand above), and our columns → their place."""
    read = 0
    for number, row in islice(rows, 10):
        read += 1
        folded = [_plain(cell) for cell in row]
        columns = {}
        for column, names in COLUMNS.items():
            place = next((folded.index(name) for name in names if name in folded), None)
            if place is not None:
                columns[column] = place
        if "siret" in columns:
            return number, columns
    raise UnreadableSheet("no_siret" if read else "empty")


def _plain(text: str) -> str:
    letters = "".join(letter if letter.isalnum() else " " for letter in fold(text))
    return " ".join(letters.split())


def _text_rows(data: bytes) -> _Rows:
    text = _decode(data)
    if "\0" in text:
        raise UnreadableSheet("unreadable")
    first = [line for line in text[:10_000].splitlines() if line.strip()][:10]
    head = next((line for line in first if "siret" in line.lower()), "")
    separator = max(";\t,|", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for row in reader:
            yield reader.line_num, [_cell(cell) for cell in row]
    except csv.Error:
        raise UnreadableSheet("unreadable") from None


def _decode(data: bytes) -> str:
    """UTF-8 or UTF-16 with or without its mark, else Windows-1252, in which every old spreadsheet of France writes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: Iterable[str] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252", "latin-1")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableSheet("unreadable")


def _workbook_rows(data: bytes) -> _Rows:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MAX_UNPACKED:
                raise UnreadableSheet("too_large")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        rows = chain.from_iterable(enumerate(sheet.iter_rows(values_only=True), 1) for sheet in book.worksheets[:1])
        for number, row in rows:
            yield number, [_cell(value) for value in row]
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError, EOFError, NotImplementedError):
        # openpyxl raises these, and the XML parser's SyntaxError, for a workbook that is damaged or is not one.
        raise UnreadableSheet("unreadable") from None


def _cell(value: Any) -> str:
    """A cell as text: a number of fourteen digits keeps them all, a formula's quote is taken off."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = " ".join(str(value).split())[:MAX_CELL]
    return text[1:] if text.startswith("'") else text
