"""What is not shown of small groups: one rule for screens, exports, API and command line.

- pay other than the gap, absence by motive, age bands, any crossed breakdown: hidden when fewer than 5 persons stand
  behind the figure;
- the gap in pay: hidden when a sex has fewer than 3 persons;
- a hidden cell that its neighbours give back by subtraction is hidden with the next smallest one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

SMALLEST_GROUP = 5
SMALLEST_SEX = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a breakdown: its value (None once hidden) and how many persons stand behind it."""

    name: str
    value: int | None
    persons: int


def hide_small(cells: Sequence[Cell], *, total_shown: bool = True) -> list[Cell]:
    """The same cells, those of small groups without a value.

    ``total_shown``: the sum of the cells is public, so that one hidden cell alone could be computed.
    """
    hidden = {index for index, cell in enumerate(cells) if cell.persons < SMALLEST_GROUP}
    if total_shown and len(hidden) == 1:
        shown = [index for index in range(len(cells)) if index not in hidden]
        if shown:
            hidden.add(min(shown, key=lambda index: (cells[index].persons, cells[index].name)))
    return [replace(cell, value=None) if index in hidden else cell for index, cell in enumerate(cells)]


def hide_table(counts: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int | None]:
    """A crossed breakdown by (row, column) whose totals by row and by column are public.

    Cells of 1 to 4 persons are hidden; then, as long as a row or a column has exactly one hidden cell, its next
    smallest one is hidden too. Cells of nobody stay 0, unless they are needed to hide another.
    """
    hidden = {place for place, persons in counts.items() if 0 < persons < SMALLEST_GROUP}
    lines = [
        [place for place in counts if place[axis] == name] for axis in (0, 1) for name in {p[axis] for p in counts}
    ]
    lines.sort()
    changed = True
    while changed:
        changed = False
        for line in lines:
            shown = [place for place in line if place not in hidden]
            if len(line) - len(shown) == 1 and shown:
                hidden.add(min(shown, key=lambda place: (counts[place] == 0, counts[place], place)))
                changed = True
    return {place: None if place in hidden else persons for place, persons in counts.items()}


def gap_is_hidden(women: int, men: int) -> bool:
    """Whether a gap between women and men would say what one person earns."""
    return min(women, men) < SMALLEST_SEX
