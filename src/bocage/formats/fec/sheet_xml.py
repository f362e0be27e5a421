"""The few parts of an xlsx that a FEC needs: first sheet, shared texts, which styles are dates. Nothing else is
followed."""

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import NamedTuple
from xml.parsers import expat

_BLOCK = 1 << 18
_BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})$")
_CENT, _CLOSE = Decimal("0.01"), Decimal("0.000001")
_LAST_COLUMN, _LONGEST_TEXT = 16_384, 65_536
_MOST_TEXT, _TEXT_COST = 300 << 20, 60
"""Characters of all the texts shared by the cells, and what one costs beyond its own."""
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_LAST_SERIAL = 2_958_465


class Cell(NamedTuple):
    """A value as a flat file would write it. ``typed``: a number or a date of the workbook, not a text."""

    value: str
    typed: bool


class Row(NamedTuple):
    """A row that holds at least one value; ``number`` is the workbook's own."""

    number: int
    cells: dict[int, Cell]


type _Handlers = tuple[Callable[[str, dict[str, str]], None], Callable[[str], None], Callable[[str], None]]


def _parse(book: zipfile.ZipFile, name: str, handlers: _Handlers) -> Iterator[None]:
    """Parse a member, giving the hand back after each block. Raises expat.ExpatError."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = handlers
    with book.open(name) as stream:
        while block := stream.read(_BLOCK):
            parser.Parse(block, False)
            yield
    parser.Parse(b"", True)
    yield


def _all(book: zipfile.ZipFile, name: str, start: Callable[[str, dict[str, str]], None]) -> None:
    for _ in _parse(
        book, name, (lambda tag, attributes: start(_local(tag), attributes), lambda _: None, lambda _: None)
    ):
        pass


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first sheet of a workbook, and what is needed to read its cells."""

    book: zipfile.ZipFile
    path: str
    texts: list[str]
    date_styles: frozenset[int]
    epoch: date

    def rows(self) -> Iterator[Row]:
        """Every row with a value, in order. Raises expat.ExpatError."""
        reader = _RowReader(self)
        for _ in _parse(self.book, self.path, (reader.start, reader.end, reader.text)):
            yield from reader.ready
            reader.ready.clear()


def first_sheet(book: zipfile.ZipFile) -> Sheet:
    """Raises KeyError when a part is missing and expat.ExpatError when one is not well formed."""
    sheets: list[str] = []
    dates_1904: list[bool] = []

    def workbook(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            sheets.append(next((value for key, value in attributes.items() if _local(key) == "id" and ":" in key), ""))
        elif tag == "workbookPr":
            dates_1904.append(attributes.get("date1904") in {"1", "true"})

    _all(book, "xl/workbook.xml", workbook)
    targets: dict[str, str] = {}

    def relations(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    _all(book, "xl/_rels/workbook.xml.rels", relations)
    target = targets[sheets[0]] if sheets else ""
    path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    names = set(book.namelist())
    if path not in names:
        raise KeyError("sheet")
    return Sheet(
        book=book,
        path=path,
        texts=_shared_texts(book) if "xl/sharedStrings.xml" in names else [],
        date_styles=_date_styles(book) if "xl/styles.xml" in names else frozenset(),
        epoch=_EPOCH_1904 if any(dates_1904) else _EPOCH,
    )


def _shared_texts(book: zipfile.ZipFile) -> list[str]:
    texts: list[str] = []
    parts: list[str] = []
    state = {"text": 0, "phonetic": 0, "size": 0}

    def start(tag: str, _attributes: dict[str, str]) -> None:
        name = _local(tag)
        if name == "si":
            parts.clear()
        elif name == "rPh":
            state["phonetic"] = 1
        state["text"] = int(name == "t" and not state["phonetic"])

    def end(tag: str) -> None:
        name = _local(tag)
        state["text"] = 0
        if name == "rPh":
            state["phonetic"] = 0
        elif name == "si":
            texts.append("".join(parts)[:_LONGEST_TEXT])
            hold(_TEXT_COST)

    def text(data: str) -> None:
        if state["text"]:
            hold(len(data))
            parts.append(data)

    def hold(size: int) -> None:
        state["size"] += size
        if state["size"] > _MOST_TEXT:
            raise ValueError("the texts of the workbook do not fit in memory")

    for _ in _parse(book, "xl/sharedStrings.xml", (start, end, text)):
        pass
    return texts


def _date_styles(book: zipfile.ZipFile) -> frozenset[int]:
    formats: dict[str, str] = {}
    styles: list[str] = []
    inside = {"xfs": False}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt":
            formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag in {"cellXfs", "cellStyleXfs"}:
            inside["xfs"] = tag == "cellXfs"
        elif tag == "xf" and inside["xfs"]:
            styles.append(attributes.get("numFmtId", "0"))

    _all(book, "xl/styles.xml", start)
    return frozenset(index for index, style in enumerate(styles) if _is_date(style, formats.get(style)))


def _is_date(style: str, code: str | None) -> bool:
    if code is None:
        return style.isdigit() and int(style) in _BUILT_IN_DATES
    bare = _QUOTED.sub("", code).lower()
    return any(letter in bare for letter in "ymdh")


class _RowReader:
    """Cells of a sheet, row by row."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.ready: list[Row] = []
        self._row = 0
        self._column = -1
        self._cells: dict[int, Cell] = {}
        self._kind = "n"
        self._style = 0
        self._value: list[str] = []
        self._length = 0
        self._taking = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = _local(tag)
        if name == "row":
            number = attributes.get("r", "")
            self._row = int(number) if number.isdigit() and len(number) < 8 else self._row + 1
            self._column, self._cells = -1, {}
        elif name == "c":
            found = _CELL.match(attributes.get("r", ""))
            self._column = _column_index(found[1]) if found else self._column + 1
            self._kind = attributes.get("t", "n")
            style = attributes.get("s", "0")
            self._style = int(style) if style.isdigit() and len(style) < 7 else 0
            self._value, self._length = [], 0
        self._taking = name in {"v", "t"}

    def text(self, data: str) -> None:
        """Characters of a value."""
        if self._taking and self._length < _LONGEST_TEXT:
            self._value.append(data)
            self._length += len(data)

    def end(self, tag: str) -> None:
        """An element ends."""
        name = _local(tag)
        self._taking = False
        if name == "c":
            cell = self._cell("".join(self._value)[:_LONGEST_TEXT])
            if cell is not None and cell.value.strip() and 0 <= self._column < _LAST_COLUMN:
                self._cells[self._column] = cell
        elif name == "row" and self._cells:
            self.ready.append(Row(self._row, self._cells))

    def _cell(self, raw: str) -> Cell | None:
        if self._kind == "s":
            index = int(raw) if raw.isdigit() and len(raw) < 10 else -1
            texts = self._sheet.texts
            return Cell(texts[index], typed=False) if 0 <= index < len(texts) else None
        if self._kind in {"str", "inlineStr", "e"}:
            return Cell(raw, typed=False)
        if self._kind == "d":
            return Cell(raw[:10].replace("-", ""), typed=True)
        if not raw.strip():
            return None
        return self._number(raw.strip())

    def _number(self, raw: str) -> Cell:
        try:
            value = Decimal(raw)
        except InvalidOperation:
            return Cell(raw, typed=False)
        if not value.is_finite() or abs(value) >= Decimal(10) ** 20:
            return Cell(raw, typed=False)
        if self._style in self._sheet.date_styles and 0 < value <= _LAST_SERIAL:
            return Cell((self._sheet.epoch + timedelta(days=int(value))).strftime("%Y%m%d"), typed=True)
        rounded = value.quantize(_CENT)
        value = rounded if abs(value - rounded) <= _CLOSE else value
        text = f"{value.normalize():f}"
        return Cell(text.replace(".", ","), typed=True)


def _column_index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1
