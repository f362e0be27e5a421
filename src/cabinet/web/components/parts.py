"""The small objects that component templates draw. Views build them; no query, no request in here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Link:
    """A breadcrumb: the last one of a trail has no address."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab is a page with its own address. ``count`` is written in grey after the label."""

    label: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a wizard. ``state``: done, current or todo; only a step that has an address can be gone back to."""

    title: str
    state: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the address of the same list without it."""

    label: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One segment of a switch between views of the same thing."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A month of a coverage strip. ``state``: present, missing, refused, to_check or none (outside the period)."""

    month: str
    """In full: ``octobre 2025``."""
    state: str


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """A month of the coverage calendar: the FEC cell holds the entries, the DSN cell the head count."""

    month: str
    short: str
    fec: str
    dsn: str
    entries: int | None = None
    people: int | None = None
    fec_url: str = ""
    dsn_url: str = ""
    findings: int = 0
    """Findings between months that speak of this one."""


@dataclass(frozen=True, slots=True)
class EstablishmentRow:
    """The DSN of one établissement among several: the state and the address of each month, in their order."""

    label: str
    name: str
    """What the label shortens."""
    cells: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of a bar chart. ``value`` None draws a dashed outline (``hidden``: hatching) and writes ``text``.

    ``low`` and ``high`` bound the value at 95 %; ``tone`` is a class suffix: series-a, scope-1, …
    """

    label: str
    value: Decimal | int | None
    text: str
    low: Decimal | int | None = None
    high: Decimal | int | None = None
    tone: str = "series-a"
    hidden: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars from 0, the figure written at their end. ``sentence`` names the chart for those who do not see it."""

    sentence: str
    head: str
    unit: str
    bars: Sequence[Bar] = field(default=())


@dataclass(frozen=True, slots=True)
class Point:
    """A month of a column chart; ``value`` None cuts the chart and writes ``absent``."""

    short: str
    month: str
    value: Decimal | int | None
    text: str = ""
    absent: str = "absent"


@dataclass(frozen=True, slots=True)
class ColumnChart:
    """One quantity month by month, from 0."""

    sentence: str
    unit: str
    points: Sequence[Point] = field(default=())
