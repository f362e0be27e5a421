"""Sheets for spreadsheets: no text of a file becomes a formula, numbers read as the French write them."""

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import StringIO
from typing import Any

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


def _cell(value: Any) -> Any:
    return f"{value:f}".replace(".", ",") if isinstance(value, Decimal) else safe(value)
