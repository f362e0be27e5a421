"""Geometry of the charts: numbers ready to be written as SVG attributes (the CSP refuses inline styles)."""

from dataclasses import dataclass
from decimal import Decimal

from cabinet.web.components.formats import number
from cabinet.web.components.parts import Bar, BarChart, CalendarMonth, ColumnChart, Mark, Point

type Number = Decimal | int


def share(value: Number, top: Number) -> str:
    """``62.5%``: a length of an SVG, whatever the language of the page."""
    ratio = Decimal(value) / Decimal(top) if top else Decimal(0)
    return f"{min(max(ratio, Decimal(0)), Decimal(1)) * 100:.2f}%"


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A bar with its lengths; ``width`` is empty when there is no value."""

    bar: Bar
    width: str
    low: str
    high: str


def draw_bars(chart: BarChart) -> list[DrawnBar]:
    """Every bar on the scale of the widest, interval included."""
    tops = [bar.high if bar.high is not None else bar.value for bar in chart.bars]
    top = max((top for top in tops if top is not None), default=Decimal(0))
    return [
        DrawnBar(
            bar,
            "" if bar.value is None else share(bar.value, top),
            "" if bar.low is None else share(bar.low, top),
            "" if bar.high is None else share(bar.high, top),
        )
        for bar in chart.bars
    ]


COLUMN_STEP, COLUMN_WIDTH, COLUMN_HEIGHT, COLUMN_BASE = 56, 34, 128, 154


@dataclass(frozen=True, slots=True)
class DrawnColumn:
    """A column in the units of the view box."""

    point: Point
    x: int
    middle: int
    y: int
    height: int
    text: str


def draw_columns(chart: ColumnChart) -> list[DrawnColumn]:
    """One column a month, from 0; a month without a value has no height."""
    top = max((Decimal(point.value) for point in chart.points if point.value is not None), default=Decimal(0))
    drawn = []
    for index, point in enumerate(chart.points):
        x = index * COLUMN_STEP + (COLUMN_STEP - COLUMN_WIDTH) // 2
        height = int(Decimal(point.value) / top * COLUMN_HEIGHT) if point.value is not None and top else 0
        drawn.append(
            DrawnColumn(
                point=point,
                x=x,
                middle=x + COLUMN_WIDTH // 2,
                y=COLUMN_BASE - height,
                height=height,
                text=point.text or (number(point.value) if point.value is not None else point.absent),
            )
        )
    return drawn


COVERAGE_WORDS = {
    "missing": "absent",
    "refused": "refusé",
    "to_check": "à vérifier",
    "reading": "en lecture",
}


def strip_sentence(marks: list[Mark], what: str) -> str:
    """``DSN : 11 mois sur 12. Absent : octobre 2025.``"""
    inside = [mark for mark in marks if mark.state != "none"]
    present = sum(mark.state == "present" for mark in inside)
    parts = [f"{what}\u00a0: {present} mois sur {len(inside)}."]
    for state, word in COVERAGE_WORDS.items():
        months = [mark.month for mark in inside if mark.state == state]
        if months:
            parts.append(f"{word.capitalize()}\u00a0: {', '.join(months)}.")
    return " ".join(parts)


@dataclass(frozen=True, slots=True)
class DrawnMonth:
    """A month of the calendar; ``top`` and ``height`` place the column of its entries in a cell."""

    month: CalendarMonth
    top: str
    height: str


def draw_calendar(months: list[CalendarMonth]) -> list[DrawnMonth]:
    """Columns of the FEC row, on the scale of the busiest month."""
    busiest = max((month.entries or 0 for month in months), default=0)
    drawn = []
    for month in months:
        tall = Decimal(month.entries or 0) / busiest * 84 if busiest else Decimal(0)
        drawn.append(DrawnMonth(month, f"{100 - tall:.1f}%", f"{tall:.1f}%"))
    return drawn
