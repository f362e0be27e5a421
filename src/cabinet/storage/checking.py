"""Files that no row names, and rows whose file is gone. Safe while others write.

A file is looked at before its row is asked for, a row before its file: what is being written or removed meanwhile is
asked again before it is told, and what has just been written is left alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Protocol

from cabinet.storage import door
from cabinet.storage.door import Stored

AT_ONCE = 500
"""How many names are asked for in one query: SQLite takes no more than some thousands of values."""


class Place(Protocol):
    """What a room keeps in the storage."""

    def holds(self, name: str) -> bool:
        """Whether a file of that name would be of this place."""
        ...

    def named(self, names: Sequence[str]) -> set[str]:
        """Those of these names that a row speaks of."""
        ...

    def needed(self) -> Iterator[str]:
        """The names without which a row is incomplete."""
        ...


@dataclass(frozen=True, slots=True)
class Orphan:
    """A file that no row names; ``is_recent`` says that it may be one that is being written."""

    file: Stored
    is_recent: bool


def orphans(places: Sequence[Place], *, before: datetime) -> Iterator[Orphan]:
    """The files that no row names; those changed after ``before`` are recent."""
    for files in batched(door.everything(), AT_ONCE, strict=False):
        for file in _unnamed(places, files):
            yield Orphan(file, file.changed_at >= before)


def _unnamed(places: Sequence[Place], files: Iterable[Stored]) -> list[Stored]:
    by_place: dict[int | None, list[Stored]] = {}
    for file in files:
        held = next((rank for rank, place in enumerate(places) if place.holds(file.name)), None)
        by_place.setdefault(held, []).append(file)
    found = by_place.pop(None, [])
    for rank, some in by_place.items():
        if rank is not None:
            named = places[rank].named([file.name for file in some])
            found += [file for file in some if file.name not in named]
    return found


def remove_orphan(places: Sequence[Place], orphan: Orphan) -> bool:
    """Destroy an orphan; False when it is recent, or when a row names it by now."""
    if orphan.is_recent or not _unnamed(places, [orphan.file]):
        return False
    door.remove(orphan.file.name)
    return True


def missing(places: Sequence[Place]) -> Iterator[str]:
    """The names that rows need and that are not there."""
    for place in places:
        for name in place.needed():
            if not door.exists(name) and place.named([name]) and not door.exists(name):
                yield name
