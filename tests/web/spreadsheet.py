"""Evaluates the few formulas that our workbooks hold, by their own rules and not by ours: SUMIFS, SUM, INDEX and MATCH,
ROUND, the four operations, references. An unknown function fails."""

import re
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils import column_index_from_string

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|\"(?P<text>[^\"]*)\"|(?P<name>[A-Z]+)\(|"
    r"(?P<ref>(?:(?:'[^']+'|[A-Za-zÀ-ÿ]+)!)?\$?[A-Z]+\$?\d*(?::\$?[A-Z]+\$?\d*)?)|(?P<sign>[-+*/(),=]))"
)


class Sheets:
    """A workbook whose formulas are computed when they are asked for."""

    def __init__(self, content: bytes) -> None:
        self.book: Workbook = load_workbook(BytesIO(content))

    def value(self, sheet: str, cell: str) -> Any:
        """What the cell shows."""
        found = self.book[sheet][cell].value
        if isinstance(found, str) and found.startswith("="):
            return _Formula(self, sheet, found[1:]).result()
        return Decimal(str(found)) if isinstance(found, int | float) and not isinstance(found, bool) else found

    def column(self, sheet: str, letters: str, first: int = 1, last: int = 0) -> list[Any]:
        rows = range(first, (last or self.book[sheet].max_row) + 1)
        return [self.value(sheet, f"{letters}{row}") for row in rows]


class _Formula:
    def __init__(self, sheets: Sheets, sheet: str, text: str) -> None:
        self.sheets, self.sheet, self.tokens = sheets, sheet, list(self._read(text))

    @staticmethod
    def _read(text: str) -> Any:
        at = 0
        while at < len(text):
            found = _TOKEN.match(text, at)
            assert found is not None, text[at:]
            yield found.lastgroup, found.group(found.lastgroup or 0)
            at = found.end()

    def result(self) -> Any:
        value = self._sum()
        assert not self.tokens, self.tokens
        return value

    def _next(self, *signs: str) -> str:
        if self.tokens and self.tokens[0][0] == "sign" and self.tokens[0][1] in signs:
            return str(self.tokens.pop(0)[1])
        return ""

    def _sum(self) -> Any:
        value = self._product()
        while sign := self._next("+", "-"):
            other = self._product()
            value = value + other if sign == "+" else value - other
        return value

    def _product(self) -> Any:
        value = self._one()
        while sign := self._next("*", "/"):
            other = self._one()
            value = value * other if sign == "*" else value / other
        return value

    def _one(self) -> Any:
        if self._next("-"):
            return -self._one()
        kind, text = self.tokens.pop(0)
        if kind == "number":
            return Decimal(text)
        if kind == "text":
            return text
        if kind == "ref":
            return self._reference(text)
        if kind == "name":
            return self._call(text)
        assert text == "(", text
        value = self._sum()
        assert self._next(")")
        return value

    def _reference(self, text: str) -> Any:
        sheet, _, cells = text.replace("$", "").rpartition("!")
        name = sheet.strip("'") or self.sheet
        first, _, last = cells.partition(":")
        if not last:
            return self.sheets.value(name, first)
        letters = re.sub(r"\d", "", first)
        assert column_index_from_string(letters) == column_index_from_string(re.sub(r"\d", "", last))
        return self.sheets.column(
            name, letters, *(int(re.sub(r"\D", "", one) or 0) or edge for one, edge in ((first, 1), (last, 0)))
        )

    def _call(self, name: str) -> Any:
        given = [self._sum()]
        while self._next(","):
            given.append(self._sum())
        assert self._next(")")
        match name:
            case "SUM":
                return sum((one for one in given[0] if isinstance(one, Decimal)), Decimal(0))
            case "SUMIFS":
                amounts, keys, wanted = given
                return sum(
                    (a for a, k in zip(amounts, keys, strict=False) if _fits(k, wanted) and isinstance(a, Decimal)),
                    Decimal(0),
                )
            case "MATCH":
                assert given[2] == 0
                return Decimal(given[1].index(given[0]) + 1)
            case "INDEX":
                return given[0][int(given[1]) - 1]
            case "ROUND":
                return round(given[0], int(given[1]))
        raise AssertionError(name)


def _fits(key: Any, wanted: str) -> bool:
    """A criterion with its ``*``: it speaks of texts only."""
    return isinstance(key, str) and re.fullmatch(re.escape(wanted).replace(r"\*", ".*"), key) is not None
