"""Sheets for spreadsheets: no text of a file becomes a formula, numbers read as the French write them."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO, StringIO
from itertools import batched
from tempfile import TemporaryFile
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The media type of an XLSX file."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet take a text for a formula."""


def safe(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets a quote before it; anything else stays as it is."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def as_csv(rows: Iterable[Sequence[Any]]) -> bytes:
    """Semicolons, decimal commas and a mark, as French spreadsheets expect."""
    text = StringIO()
    csv.writer(text, delimiter=";").writerows([_cell(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def stream_csv(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The same, a few hundred rows at a time: the sheet is never whole in memory."""
    yield b"\xef\xbb\xbf"
    for some in batched(rows, 200, strict=False):
        yield as_csv(some).removeprefix(b"\xef\xbb\xbf")


def as_workbook(title: str, rows: Iterable[Sequence[Any]], widths: Sequence[int]) -> IO[bytes]:
    """A workbook of one sheet, its first row in bold and in sight, written row by row to a file without a name."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for index, width in enumerate(widths):
        sheet.column_dimensions[chr(ord("A") + index)].width = width
    sheet.freeze_panes = "A2"
    for rank, row in enumerate(rows):
        cells = [WriteOnlyCell(sheet, value=safe(value)) for value in row]
        if rank == 0:
            for cell in cells:
                cell.font = Font(bold=True)
        sheet.append(cells)
    target = TemporaryFile()  # noqa: SIM115  # handed to the answer, which closes it
    book.save(target)
    target.seek(0)
    return target


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that the spreadsheet computes itself; never made of a text of a file."""

    text: str


type Cells = Iterable[Sequence[Any]]


def as_sheets(sheets: Sequence[tuple[str, Sequence[int], Cells]]) -> bytes:
    """A workbook: the name of each sheet, the widths of its columns, its rows.

    A :class:`Formula` is one, a Decimal a number; a text of a file never becomes a formula.
    """
    book = Workbook(write_only=True)
    for title, widths, rows in sheets:
        sheet = book.create_sheet(title)
        for index, width in enumerate(widths):
            sheet.column_dimensions[chr(ord("A") + index)].width = width
        for row in rows:
            sheet.append([_written(value) for value in row])
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _written(value: Any) -> Any:
    if isinstance(value, Formula):
        return value.text
    return float(value) if isinstance(value, Decimal) else safe(value)


def _cell(value: Any) -> Any:
    return f"{value:f}".replace(".", ",") if isinstance(value, Decimal) else safe(value)
