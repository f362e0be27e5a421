"""Charts of the printed reports, as SVG: bars and columns from 0, their values written beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.etree import ElementTree as ET

from bocage.reports.blocks import INK
from bocage.wording.figures import NBSP, UNKNOWN, number

_WIDTH = 480
_LABEL, _BAR, _VALUE = 170, 200, 110
_ROW, _THICK, _SIZE = 18, 10, 9
_COLUMNS_HEIGHT, _FOOT, _HEAD = 110, 18, 14
_LONGEST_LABEL = 38
_PALE = "#e4e7eb"


@dataclass(frozen=True, slots=True)
class Mark:
    """A bar or a column. An unknown value has no bar: it is said in words. ``text`` replaces the value as written."""

    label: str
    value: Decimal | None
    text: str = ""

    @property
    def written(self) -> str:
        """What stands beside the bar."""
        return self.text or (UNKNOWN if self.value is None else number(self.value))


def bars(marks: Sequence[Mark], colour: str) -> bytes:
    """One horizontal bar a mark, on the scale of the longest. Negative values go to the left of the axis."""
    height = max(len(marks), 1) * _ROW
    drawing = _drawing(_WIDTH, height)
    known = [mark.value for mark in marks if mark.value is not None]
    low, high = min([*known, Decimal(0)]), max([*known, Decimal(0)])
    span = high - low or Decimal(1)
    axis = _LABEL + _scaled(-low, span, _BAR)
    for rank, mark in enumerate(marks):
        y = rank * _ROW
        _text(drawing, _shortened(mark.label), x=_LABEL - 6, y=y + 12, anchor="end")
        if mark.value is not None:
            length = _scaled(abs(mark.value), span, _BAR)
            _box(drawing, axis - length if mark.value < 0 else axis, y + 4, length, _THICK, colour)
        _text(drawing, mark.written, x=_LABEL + _BAR + 6, y=y + 12, colour="#52606d")
    _box(drawing, axis, Decimal(0), Decimal("0.6"), Decimal(height), INK)
    return _bytes(drawing)


def columns(marks: Sequence[Mark], colour: str) -> bytes:
    """One column a mark, as the months of a year; values are positive or nil. Raises ValueError for a negative one."""
    if any(mark.value is not None and mark.value < 0 for mark in marks):
        raise ValueError("a column starts from 0")
    drawing = _drawing(_WIDTH, _HEAD + _COLUMNS_HEIGHT + _FOOT)
    step = Decimal(_WIDTH) / max(len(marks), 1)
    thick = step * Decimal("0.62")
    top = max([mark.value for mark in marks if mark.value is not None], default=Decimal(0)) or Decimal(1)
    base = Decimal(_HEAD + _COLUMNS_HEIGHT)
    for rank, mark in enumerate(marks):
        middle = step * rank + step / 2
        tall = Decimal(0) if mark.value is None else _scaled(mark.value, top, _COLUMNS_HEIGHT)
        _box(drawing, middle - thick / 2, base - tall, thick, tall, colour)
        _text(drawing, mark.written, x=middle, y=base - tall - 4, anchor="middle", colour="#52606d")
        _text(drawing, mark.label, x=middle, y=base + 12, anchor="middle")
    _box(drawing, Decimal(0), base, Decimal(_WIDTH), Decimal("0.6"), _PALE)
    return _bytes(drawing)


def _scaled(value: Decimal, span: Decimal, length: int) -> Decimal:
    return value / span * length


def _shortened(label: str) -> str:
    label = _printable(label)
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1].rstrip() + "…"


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable() or letter == NBSP)


def _drawing(width: int, height: int) -> ET.Element:
    size = {"width": f"{width}", "height": f"{height}", "viewBox": f"0 0 {width} {height}"}
    return ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **size})


def _at(value: Decimal | int) -> str:
    return f"{Decimal(value):.2f}"


def _box(
    drawing: ET.Element, x: Decimal | int, y: Decimal | int, width: Decimal, height: Decimal | int, colour: str
) -> None:
    place = {"x": _at(x), "y": _at(y), "width": _at(width), "height": _at(height)}
    ET.SubElement(drawing, "rect", {**place, "fill": colour})


def _text(
    drawing: ET.Element, text: str, *, x: Decimal | int, y: Decimal | int, anchor: str = "start", colour: str = INK
) -> None:
    # In a drawing, Typst takes a variable face at its lightest: the stroke gives letters the weight of the text.
    weight = {"stroke": colour, "stroke-width": "0.28"}
    face = {"font-family": "Source Sans 3", "font-size": f"{_SIZE}", "text-anchor": anchor, "fill": colour, **weight}
    element = ET.SubElement(drawing, "text", {"x": _at(x), "y": _at(y), **face})
    element.text = _printable(text)


def _bytes(drawing: ET.Element) -> bytes:
    return ET.tostring(drawing, encoding="unicode").encode()
