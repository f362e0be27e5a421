"""One inventory in three frames: its posts, each with its interval, its parts and what waits for a quantity."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bocage.indicators.carbon import Cell, Frame, How, Total, by_post
from cabinet.carbon.selectors import Reading
from cabinet.web.carbon.links import Asked, address
from cabinet.web.carbon.words import category_name, cell_name, doubt, post_name, tonnes
from cabinet.web.components.charts import share
from cabinet.web.components.formats import UNKNOWN, euros
from cabinet.web.dossier.frame import Head

EXPECTED = {
    Frame.GHGP: ("1.2", "1.4", "2.1", "3.7"),
    Frame.BEGES: ("1.2", "1.4", "2.1", "3.3"),
    Frame.BILAN_CARBONE: ("Electricite", "DeplacementsDomicileTravail"),
}
"""Posts that most companies have: shown even when the books hold nothing of them, to be confirmed."""
PARTS = 5
"""Parts shown under the largest post; the others together."""


@dataclass(frozen=True, slots=True)
class PostPart:
    """A part of a post, with its bar."""

    label: str
    text: str
    width: str
    low: str
    high: str
    unknown: bool
    url: str


@dataclass(frozen=True, slots=True)
class Post:
    """A line of the chart. ``width`` is empty when there is no figure: ``note`` says what is missing."""

    code: str
    label: str
    text: str
    doubt: str
    note: str
    width: str
    low: str
    high: str
    tone: str
    url: str
    parts: Sequence[PostPart]


@dataclass(frozen=True, slots=True)
class PostGroup:
    """The posts of a scope or of a chapter of the frame."""

    title: str
    tone: str
    text: str
    posts: Sequence[Post]


def post_groups(head: Head, reading: Reading, frame: Frame) -> list[PostGroup]:
    """Every post of the frame that has a figure or should have one, under its chapter."""
    cells = by_post(reading.cells, frame)
    codes = sorted({*cells, *EXPECTED[frame]}, key=_rank)
    totals = {code: reading.total(cells.get(code, ())) for code in codes}
    top = max((total.high for total in totals.values()), default=Decimal(0))
    largest = max(totals, key=lambda code: totals[code].kgco2e, default="")
    groups: dict[str, list[Post]] = {}
    for code in codes:
        some = cells.get(code, [])
        parts = _parts(head, reading, some, frame, code, top) if code == largest else []
        post = _post(head, totals[code], frame, code, top, parts, has_cells=bool(some))
        groups.setdefault(_chapter(frame, code), []).append(post)
    return [_group(reading, frame, chapter, cells, posts) for chapter, posts in groups.items()]


def _rank(code: str) -> tuple[int, ...] | tuple[int, int, str]:
    parts = code.split(".")
    return tuple(int(part) for part in parts) if parts[0].isdecimal() else (9, 0, code)


def _chapter(frame: Frame, code: str) -> str:
    return "" if frame is Frame.BILAN_CARBONE else code.split(".")[0]


def _tone(frame: Frame, code: str) -> str:
    chapter = code.split(".")[0]
    if frame is Frame.BILAN_CARBONE:
        return "series-a"
    return f"scope-{chapter if chapter in '12' else '3'}"


def _group(
    reading: Reading, frame: Frame, chapter: str, cells: dict[str, list[Cell]], posts: Sequence[Post]
) -> PostGroup:
    inside = [cell for code, some in cells.items() if _chapter(frame, code) == chapter for cell in some]
    total = reading.total(inside)
    named = {"": "Postes du Bilan Carbone"}.get(chapter) or post_name(frame, chapter)
    title = f"Scope {chapter}, {named[0].lower()}{named[1:]}" if frame is Frame.GHGP else named
    tone = "series-a" if frame is Frame.BILAN_CARBONE else _tone(frame, chapter)
    return PostGroup(title, tone, tonnes(total.kgco2e) if total.lines else "", posts)


def _post(
    head: Head, total: Total, frame: Frame, code: str, top: Decimal, parts: Sequence[PostPart], *, has_cells: bool
) -> Post:
    known = total.lines > 0
    note = "" if has_cells else "rien dans les comptes"
    if total.missing_amount:
        note = f"{euros(total.missing_amount)}\u00a0€ sans quantité"
    return Post(
        code="" if frame is Frame.BILAN_CARBONE else code,
        label=post_name(frame, code),
        text=tonnes(total.kgco2e) if known else UNKNOWN if has_cells else "à confirmer",
        doubt=doubt(total) if known else "",
        note=note,
        width=share(max(total.kgco2e, Decimal(0)), top) if known else "",
        low=share(total.low, top),
        high=share(total.high, top),
        tone=_tone(frame, code),
        url=address(head, "carbon_detail", Asked(frame=frame, post=code)) if has_cells else "",
        parts=parts,
    )


def _parts(
    head: Head, reading: Reading, cells: Iterable[Cell], frame: Frame, code: str, top: Decimal
) -> list[PostPart]:
    """The heaviest parts of a post, by category and factor; what is left together."""
    found: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        if cell.kgco2e and cell.how is not How.REBATE:
            found.setdefault((cell.category or "", cell.factor or ""), []).append(cell)
    if len(found) < 2:
        return []
    weighed = sorted(((reading.total(some), key, some) for key, some in found.items()), key=lambda one: -one[0].kgco2e)
    parts = [
        PostPart(
            label=cell_name(some[0]),
            text=tonnes(total.kgco2e),
            width=share(total.kgco2e, top),
            low=share(total.low, top),
            high=share(total.high, top),
            unknown=some[0].how is How.UNKNOWN,
            url=address(head, "carbon_trace", Asked(frame=frame, post=code, category=key[0], factor=key[1])),
        )
        for total, key, some in weighed[:PARTS]
    ]
    left = [cell for _, _, some in weighed[PARTS:] for cell in some]
    if left:
        total = reading.total(left)
        url = address(head, "carbon_detail", Asked(frame=frame, post=code))
        label = f"{len(weighed) - PARTS} autres parts" if len(weighed) > PARTS + 1 else cell_name(left[0])
        parts.append(
            PostPart(
                label,
                tonnes(total.kgco2e),
                share(total.kgco2e, top),
                share(total.low, top),
                share(total.high, top),
                False,
                url,
            )
        )
    return parts


def category_totals(reading: Reading, cells: Iterable[Cell]) -> list[tuple[str, str, Total]]:
    """(category, its name, its total), heaviest first; what waits for a quantity too."""
    found: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.how is not How.EXCLUDED:
            found.setdefault(cell.category or "", []).append(cell)
    totals = [(category, category_name(category or None), reading.total(some)) for category, some in found.items()]
    return sorted(totals, key=lambda one: (-one[2].kgco2e, -one[2].missing_amount, one[0]))
