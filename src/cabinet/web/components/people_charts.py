"""Charts of people: a pyramid, months with their movements, pay as pairs of dots. Numbers ready for SVG attributes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Band:
    """A row of a pyramid; None is hidden."""

    label: str
    women: int | None
    men: int | None


@dataclass(frozen=True, slots=True)
class Pyramid:
    """Women on the left, men on the right. ``sentence`` names the chart for those who do not see it."""

    sentence: str
    head: str
    women: int
    men: int
    bands: Sequence[Band]

    @property
    def hides(self) -> bool:
        """Whether a band is hidden, which a sentence must then say."""
        return any(band.women is None or band.men is None for band in self.bands)

    @property
    def says_nothing(self) -> bool:
        """Whether hatching alone would be drawn."""
        return not any(band.women or band.men for band in self.bands)


PYRAMID_STEP, PYRAMID_SIDE, PYRAMID_LEFT, PYRAMID_RIGHT, HIDDEN_WIDTH = 34, 130, 165, 295, 76


@dataclass(frozen=True, slots=True)
class DrawnBand:
    """A band in the units of the view box."""

    band: Band
    y: int
    middle: int
    women_x: int
    women_width: int
    men_width: int
    men_end: int


def draw_pyramid(chart: Pyramid) -> list[DrawnBand]:
    """Every band on the scale of the largest one shown."""
    top = max((count for band in chart.bands for count in (band.women, band.men) if count is not None), default=0)

    def width(count: int | None) -> int:
        return HIDDEN_WIDTH if count is None else round(count * PYRAMID_SIDE / top) if top else 0

    drawn = []
    for rank, band in enumerate(chart.bands):
        women, men, y = width(band.women), width(band.men), 28 + rank * PYRAMID_STEP
        drawn.append(DrawnBand(band, y, y + 17, PYRAMID_LEFT - women, women, men, PYRAMID_RIGHT + men))
    return drawn


@dataclass(frozen=True, slots=True)
class Flow:
    """A month: people at its end, entries and exits. All None for a month without DSN."""

    short: str
    month: str
    people: int | None
    entries: int | None
    exits: int | None


@dataclass(frozen=True, slots=True)
class FlowChart:
    """People as a line that a missing month cuts, entries above and exits below."""

    sentence: str
    flows: Sequence[Flow]


FLOW_STEP, FLOW_TOP, FLOW_TALL, FLOW_BASE, FLOW_BAR = 46, 26, 70, 146, 26


@dataclass(frozen=True, slots=True)
class DrawnFlow:
    """A month in the units of the view box."""

    flow: Flow
    x: int
    y: int
    entries: int
    exits: int
    entries_y: int


def draw_flows(chart: FlowChart) -> tuple[list[DrawnFlow], list[str]]:
    """The months, and the stretches of line between two holes as lists of points."""
    known = [flow.people for flow in chart.flows if flow.people is not None]
    low, high = (min(known), max(known)) if known else (0, 0)
    most = max((count for flow in chart.flows for count in (flow.entries, flow.exits) if count), default=0)
    drawn: list[DrawnFlow] = []
    lines: list[list[str]] = []
    current: list[str] = []
    for rank, flow in enumerate(chart.flows):
        x = rank * FLOW_STEP + FLOW_STEP // 2
        height = round(((flow.people or 0) - low) * FLOW_TALL / (high - low)) if high > low else FLOW_TALL // 2
        y = FLOW_TOP + FLOW_TALL - height
        bars = [round((count or 0) * FLOW_BAR / most) if most else 0 for count in (flow.entries, flow.exits)]
        drawn.append(DrawnFlow(flow, x, y, bars[0], bars[1], FLOW_BASE - bars[0]))
        if flow.people is None:
            lines.append(current)
            current = []
        else:
            current.append(f"{x},{y}")
    return drawn, [" ".join(points) for points in [*lines, current] if len(points) > 1]


@dataclass(frozen=True, slots=True)
class Pair:
    """A group: what women and men earn an hour, and the gap. Texts are ready; a value None is not drawn."""

    label: str
    women: str
    men: str
    women_value: Decimal | None
    men_value: Decimal | None
    gap: str
    note: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class PairChart:
    """Groups on one scale; a table in itself."""

    sentence: str
    pairs: Sequence[Pair]


@dataclass(frozen=True, slots=True)
class DrawnPair:
    """A pair with its places on the scale, empty when there is nothing to draw."""

    pair: Pair
    women: str
    men: str


def draw_pairs(chart: PairChart) -> list[DrawnPair]:
    """From 6 to 94 % of the width, on the scale of the values shown: dots need no zero."""
    values = [value for pair in chart.pairs for value in (pair.women_value, pair.men_value) if value is not None]
    low, high = (min(values), max(values)) if values else (Decimal(0), Decimal(0))

    def place(value: Decimal | None) -> str:
        if value is None:
            return ""
        share = (value - low) / (high - low) if high > low else Decimal("0.5")
        return f"{6 + share * 88:.2f}%"

    return [DrawnPair(pair, place(pair.women_value), place(pair.men_value)) for pair in chart.pairs]
