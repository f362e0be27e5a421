"""Which DSN counts, when several speak of the same month.

A monthly declaration is replaced as a whole, never amended. Its key is (SIRET, month, fraction, scope); among those of
one key the one that counts has the highest (file date, ordre) *in this order*, because ``ordre`` restarts at each
calendar month: a replacement built in the next month may bear a smaller number than what it replaces.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

MONTHLY = "01"
"""S20.G00.05.001 of the monthly declaration, the only one that this rule speaks of."""
NORMAL_TYPES = frozenset({"01", "02"})
REPLACING_TYPES = frozenset({"03", "05"})


class DeclarationKey(NamedTuple):
    """What a declaration speaks of: a later one with the same key takes its place."""

    siret: str
    month: date
    fraction: str
    scope: str


class Rank(NamedTuple):
    """Order of building, oldest first."""

    file_date: date
    ordre: int


@dataclass(frozen=True, slots=True)
class DeclarationId:
    """The identity that a declaration gives itself (block S20.G00.05)."""

    siret: str
    month: date | None
    """First day of the month declared; None for a signal."""
    nature: str = MONTHLY
    type: str = "01"
    fraction: str = "11"
    """Two digits nd: part n of d; 11 is the whole."""
    scope: str = "01"
    file_date: date | None = None
    ordre: int = 0

    @property
    def key(self) -> DeclarationKey | None:
        """None for a signal, or when the month could not be read."""
        if self.nature != MONTHLY or self.month is None:
            return None
        return DeclarationKey(self.siret, self.month, self.fraction, self.scope)

    @property
    def rank(self) -> Rank:
        """A declaration without a readable file date comes before every other one."""
        return Rank(self.file_date or date.min, self.ordre)


@dataclass(frozen=True, slots=True)
class Selection:
    """What counts among declarations, by their positions in the sequence given."""

    kept: tuple[int, ...]
    """Monthly declarations that count, ascending."""
    superseded: Mapping[int, int]
    """Position of a declaration that no longer counts → position of the one that took its place."""
    repeated: tuple[tuple[int, int], ...]
    """(first, again): the same declaration given twice, same key and same rank."""
    doubled: tuple[tuple[int, int], ...]
    """(older, newer): a second normal declaration for one key, which the platform does not accept."""
    stale: tuple[tuple[int, int], ...]
    """(replacement, later): a replacement built before a normal declaration of its key."""
    fractions_missing: Mapping[DeclarationKey, tuple[int, ...]]
    """Key of a declaration kept → the parts of its set that are not there."""


def select(declarations: Sequence[DeclarationId]) -> Selection:
    """Say which monthly declarations count.

    The order of ``declarations`` changes nothing, but for two that nothing tells apart: the first given is kept.
    """
    by_key: dict[DeclarationKey, list[int]] = defaultdict(list)
    for position, declaration in enumerate(declarations):
        if (key := declaration.key) is not None:
            by_key[key].append(position)
    superseded: dict[int, int] = {}
    repeated: list[tuple[int, int]] = []
    doubled: list[tuple[int, int]] = []
    stale: list[tuple[int, int]] = []
    winners: dict[DeclarationKey, int] = {}
    for key, positions in by_key.items():
        ranked = sorted(positions, key=lambda position: (*_order(declarations[position]), -position))
        winners[key] = ranked[-1]
        superseded.update((position, ranked[-1]) for position in ranked[:-1])
        for older, newer in pairwise(ranked):
            if declarations[older].rank == declarations[newer].rank:
                repeated.append((newer, older))
        doubled += _doubled(declarations, ranked)
        stale += _stale(declarations, ranked)
    superseded.update(_other_splits(declarations, winners))
    kept = {key: winner for key, winner in winners.items() if winner not in superseded}
    return Selection(
        tuple(sorted(kept.values())),
        MappingProxyType(_followed(superseded)),
        tuple(sorted(repeated)),
        tuple(sorted(doubled)),
        tuple(sorted(stale)),
        MappingProxyType(_missing_parts(kept)),
    )


def _order(declaration: DeclarationId) -> tuple[Rank, bool, str]:
    """Between two of equal rank: a replacement comes after what it may replace, a finer split after a coarser one."""
    return declaration.rank, declaration.type in REPLACING_TYPES, declaration.fraction[-1:]


def _doubled(declarations: Sequence[DeclarationId], ranked: Sequence[int]) -> Iterator[tuple[int, int]]:
    normal = [position for position in ranked if declarations[position].type in NORMAL_TYPES]
    return ((older, newer) for older, newer in pairwise(normal) if declarations[older].rank != declarations[newer].rank)


def _stale(declarations: Sequence[DeclarationId], ranked: Sequence[int]) -> Iterator[tuple[int, int]]:
    for index, position in enumerate(ranked):
        if declarations[position].type in REPLACING_TYPES:
            later = [other for other in ranked[index + 1 :] if declarations[other].type in NORMAL_TYPES]
            if later:
                yield position, later[0]


def _other_splits(
    declarations: Sequence[DeclarationId], winners: Mapping[DeclarationKey, int]
) -> Iterator[tuple[int, int]]:
    """Sets cut another way: a month sent in two parts, then again as a whole, would count twice."""
    by_month: dict[tuple[str, date, str], list[int]] = defaultdict(list)
    for key, winner in winners.items():
        by_month[key.siret, key.month, key.scope].append(winner)
    for positions in by_month.values():
        newest = max(positions, key=lambda position: _order(declarations[position]))
        parts = declarations[newest].fraction[-1:]
        yield from ((other, newest) for other in positions if declarations[other].fraction[-1:] != parts)


def _followed(superseded: Mapping[int, int]) -> dict[int, int]:
    """Each one replaced, with the one that counts at the end of the chain."""
    followed = {}
    for position, by in superseded.items():
        last = by
        while last in superseded:
            last = superseded[last]
        followed[position] = last
    return followed


def _missing_parts(kept: Mapping[DeclarationKey, int]) -> dict[DeclarationKey, tuple[int, ...]]:
    sets: dict[tuple[str, date, str], dict[int, DeclarationKey]] = defaultdict(dict)
    for key in kept:
        if len(key.fraction) == 2 and key.fraction.isdigit():
            sets[key.siret, key.month, key.scope][int(key.fraction[0])] = key
    missing = {}
    for parts in sets.values():
        first = parts[min(parts)]
        absent = tuple(part for part in range(1, int(first.fraction[1]) + 1) if part not in parts)
        if absent:
            missing[first] = absent
    return missing
