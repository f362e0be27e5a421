"""What is not shown of small groups: one rule for screens, exports, API and command line.

- pay other than the gap, absence by motive, age bands, any crossed breakdown: hidden when fewer than 5 persons stand
  behind the figure;
- the gap in pay: hidden when a sex has fewer than 3 persons;
- a hidden cell that its neighbours give back by subtraction is hidden with the next smallest one, and again as long as
  all the hidden ones together are still a small group: 3 and 1 hidden beside a public total hide nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

SMALLEST_GROUP = 5
SMALLEST_SEX = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a breakdown: its value (None once hidden) and how many persons stand behind it."""

    name: str
    value: int | None
    persons: int


def is_small(persons: int) -> bool:
    """Whether a group is too small to be spoken of. Nobody is not a group: 0 says nothing of anyone."""
    return 0 < persons < SMALLEST_GROUP


def hide_small(cells: Sequence[Cell], *, total_shown: bool = True, known: Collection[str] = ()) -> list[Cell]:
    """The same cells, those of small groups without a value.

    ``total_shown``: the sum of the cells is public, so that the sum of the hidden ones is too. ``known``: cells that
    another figure gives back all the same; the others are hidden as if those were not there.
    """
    hidden = {index for index, cell in enumerate(cells) if cell.persons < SMALLEST_GROUP}
    if total_shown and hidden:
        _widen(cells, hidden)
        kept = {index for index, cell in enumerate(cells) if cell.name in known}
        if kept & hidden and not hidden <= kept:
            secret = hidden - kept
            _widen(cells, secret, unusable=kept)
            hidden |= secret
    return [replace(cell, value=None) if index in hidden else cell for index, cell in enumerate(cells)]


def _widen(cells: Sequence[Cell], hidden: set[int], unusable: Collection[int] = ()) -> None:
    """Hide the next smallest cells until the hidden ones are at least two, and together no small group."""
    while len(hidden) == 1 or sum(cells[index].persons for index in hidden) < SMALLEST_GROUP:
        shown = [index for index in range(len(cells)) if index not in hidden and index not in unusable]
        if not shown:
            return
        hidden.add(min(shown, key=lambda index: (cells[index].persons, cells[index].name)))


type Place = tuple[str, str]


def hide_table(counts: Mapping[Place, int], *, rows: Collection[str] = ()) -> dict[Place, int | None]:
    """A crossed breakdown by (row, column) whose totals by row and by column are public.

    Cells of 1 to 4 persons are hidden, and the whole of ``rows``, whose total is itself hidden elsewhere. Then, as long
    as the hidden cells of a row or of a column are one alone, or a small group together, its next smallest one is
    hidden too. Cells of nobody stay 0, unless they are needed to hide another.
    """
    hidden = {place for place, persons in counts.items() if is_small(persons) or place[0] in rows}
    lines = [
        [place for place in counts if place[axis] == name] for axis in (0, 1) for name in {p[axis] for p in counts}
    ]
    lines.sort()
    changed = True
    while changed:
        changed = False
        for line in lines:
            secret, shown = [p for p in line if p in hidden], [p for p in line if p not in hidden]
            if secret and shown and (len(secret) == 1 or sum(counts[place] for place in secret) < SMALLEST_GROUP):
                hidden.add(min(shown, key=lambda place: (counts[place] == 0, counts[place], place)))
                changed = True
    return {place: None if place in hidden else persons for place, persons in counts.items()}


def gap_is_hidden(women: int, men: int) -> bool:
    """Whether a gap between women and men would say what one person earns."""
    return min(women, men) < SMALLEST_SEX
