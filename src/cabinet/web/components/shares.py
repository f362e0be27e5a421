"""Charts of shares: an interval on an axis, a treemap. Lengths are percentages, so that text keeps its size."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure between its bounds, on an axis that begins at zero. ``sentence`` names it for those who see no chart."""

    sentence: str
    low: Decimal
    value: Decimal
    high: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of the axis."""

    place: str
    value: Decimal
    anchor: str


@dataclass(frozen=True, slots=True)
class DrawnInterval:
    """Places along the axis, as percentages."""

    low: str
    value: str
    width: str
    ticks: Sequence[Tick]


def nice_step(top: Decimal) -> Decimal:
    """A step of 1, 2 or 5 times a power of ten that cuts ``top`` into four to nine parts.

    >>> nice_step(Decimal(9471))
    Decimal('2000')
    """
    if top <= 0:
        return Decimal(1)
    power = Decimal(10) ** (top.adjusted() - 1)
    return next(step for step in (power * size for size in (1, 2, 5, 10, 20)) if top / step <= 6)


def draw_interval(chart: Interval) -> DrawnInterval:
    """The interval from 0 to the first mark past its upper end."""
    step = nice_step(chart.high)
    marks = max(math.ceil(chart.high / step), 1)
    top = step * marks

    def place(value: Decimal) -> str:
        return f"{min(max(value / top, Decimal(0)), Decimal(1)) * 100:.2f}%"

    ticks = [
        Tick(place(step * rank), step * rank, "start" if rank == 0 else "end" if rank == marks else "middle")
        for rank in range(marks + 1)
    ]
    return DrawnInterval(place(chart.low), place(chart.value), place(chart.high - chart.low), ticks)


@dataclass(frozen=True, slots=True)
class Tile:
    """A part of a treemap: its area is ``size``, its tint ``step`` (1 to 5), 0 for unknown, which is hatched.

    ``lines`` are texts ready to be written in it, the first one in bold; ``cells`` are those of its row of the table.
    """

    label: str
    size: Decimal
    step: int
    lines: tuple[str, ...]
    cells: tuple[str, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Treemap:
    """Areas that add up to a whole, with the same figures as a table."""

    sentence: str
    heads: tuple[str, ...]
    tiles: Sequence[Tile]
    keys: Sequence[tuple[int, str]]
    caption: str


@dataclass(frozen=True, slots=True)
class DrawnTile:
    """A tile with its place; ``room``: ``all`` at any width, ``wide`` on a wide screen only, ``none`` for no text."""

    tile: Tile
    x: str
    y: str
    width: str
    height: str
    room: str
    lines: Sequence[tuple[int, str]]


WIDE, NARROW, TALL = 560, 300, 440
LETTER, LINE = 7, 18


def draw_treemap(chart: Treemap) -> list[DrawnTile]:
    """Squarified: each tile as square as the others allow, largest first from the top left."""
    tiles = sorted((tile for tile in chart.tiles if tile.size > 0), key=lambda tile: -tile.size)
    whole = sum((tile.size for tile in tiles), Decimal(0))
    if not whole:
        return []
    scale = WIDE * TALL / float(whole)
    places = _squarify([float(tile.size) * scale for tile in tiles], 0.0, 0.0, float(WIDE), float(TALL))
    return [_drawn(tile, *place) for tile, place in zip(tiles, places, strict=True)]


def _drawn(tile: Tile, x: float, y: float, width: float, height: float) -> DrawnTile:
    longest = max((len(line) for line in tile.lines), default=0) * LETTER + 16
    shown = tile.lines[: max(int((height - 10) // LINE), 0)]
    narrow = width * NARROW / WIDE
    room = "none" if not shown or width < longest else "all" if narrow >= longest else "wide"
    return DrawnTile(
        tile,
        f"{x / WIDE * 100:.3f}%",
        f"{y:.1f}",
        f"{width / WIDE * 100:.3f}%",
        f"{height:.1f}",
        room,
        [(20 + LINE * rank, line) for rank, line in enumerate(shown)],
    )


type Place = tuple[float, float, float, float]


def _squarify(areas: list[float], x: float, y: float, width: float, height: float) -> list[Place]:
    """Rows along the shorter side, each closed when one more tile would make it less square (Bruls et al., 2000)."""
    places: list[Place] = []
    left = areas
    while left:
        side = min(width, height)
        count = 1
        while count < len(left) and _worst(left[: count + 1], side) <= _worst(left[:count], side):
            count += 1
        row, left = left[:count], left[count:]
        depth = sum(row) / side
        at = y if width >= height else x
        for area in row:
            length = area / depth
            places.append((x, at, depth, length) if width >= height else (at, y, length, depth))
            at += length
        if width >= height:
            x, width = x + depth, max(width - depth, 1e-6)
        else:
            y, height = y + depth, max(height - depth, 1e-6)
    return places


def _worst(row: list[float], side: float) -> float:
    """The largest ratio of sides in a row."""
    total = sum(row)
    return max(side**2 * max(row) / total**2, total**2 / (side**2 * min(row)))
