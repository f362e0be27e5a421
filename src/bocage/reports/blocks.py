"""What a printed report is made of. Texts are plain: no markup, whatever they hold is printed as it stands."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

type Tone = Literal["plain", "ok", "warn", "err", "info"]
type Align = Literal["left", "right", "center"]

INK = "#1f2933"
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Brand:
    """Whose report it is. ``logo`` is a PNG; colours are ``#rrggbb``, readable on white (the caller's business).

    Raises ValueError for a colour written otherwise.
    """

    firm: str
    lines: tuple[str, ...] = ()
    """Address, telephone: what stands under the name."""
    logo: bytes | None = None
    main_colour: str = "#1b4f72"
    accent_colour: str = "#0f766e"

    def __post_init__(self) -> None:
        for colour in (self.main_colour, self.accent_colour):
            if not _HEX.fullmatch(colour):
                raise ValueError(f"not a colour: {colour}")


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a part (1) or of a chapter of it (2)."""

    text: str
    level: Literal[1, 2] = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text of its own. ``quiet`` is smaller and grey: a source, a limit."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Labels and what they hold, one a line: an identity, a set of settings."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a strip: already written as it is to be read, its unit beside it."""

    label: str
    value: str
    unit: str = ""
    note: str = ""
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Figures:
    """Two to four figures side by side; more go to a second row."""

    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A framed remark. The title says in words what the tone says in colour."""

    title: str
    text: str = ""
    tone: Tone = "info"


@dataclass(frozen=True, slots=True)
class Column:
    """``share`` of the width left by the others. A ``raw`` column is cut anywhere: codes, paths, lines of a file."""

    title: str
    align: Align = "left"
    share: int = 1
    raw: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under titles that are printed again on each page; ``total`` is a last row in bold.

    Raises ValueError for a row that has not one cell a column.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] | None = None
    caption: str = ""

    def __post_init__(self) -> None:
        for row in (*self.rows, *((self.total,) if self.total else ())):
            if len(row) != len(self.columns):
                raise ValueError(f"{len(row)} cells for {len(self.columns)} columns")


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of :mod:`bocage.reports.charts`; ``alt`` says what it shows to those who cannot see it."""

    svg: bytes
    alt: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins a page."""


type Block = Heading | Paragraph | Bullets | Pairs | Figures | Note | Table | Chart | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report. ``day`` is printed and dates the file: the same document always gives the same bytes.

    Raises ValueError for what a reader who hears the page could not follow: a title, a heading or the words of a chart
    left empty, a first heading that is not of level 1.
    """

    title: str
    subject: str
    """Whom it is about, under the title."""
    brand: Brand
    day: date
    blocks: tuple[Block, ...]
    identity: tuple[tuple[str, str], ...] = ()
    """Labels and values beneath the title."""
    footer: str = ""
    """At the foot of every page, beside its number; the title and the subject when empty."""
    cover: bool = False
    """A first page that holds the title alone."""

    def __post_init__(self) -> None:
        headings = [block for block in self.blocks if isinstance(block, Heading)]
        charts = [block.alt for block in self.blocks if isinstance(block, Chart)]
        if not all((self.title, *(one.text for one in headings), *charts)):
            raise ValueError("a title, a heading or the words of a chart are empty")
        if headings and headings[0].level != 1:
            raise ValueError("the first heading is of level 1")
