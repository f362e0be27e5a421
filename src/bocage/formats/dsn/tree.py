"""From a run of rubriques to a tree of blocks.

The tree of a run depends on its sequence of codes only, and payroll tools write the same sequences over and over:
a :class:`Plan` is computed once per sequence and applied to every individual that has it.

Instance rule of the norm: a new instance of a block starts when the block code changes, or when a rubrique comes at
or before the position of the previous one in the dictionary. The first rubrique of a block is not a marker: it may be
absent (30.001 of a person known by a provisional number only).
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple, Self, cast

from bocage.referentials.dsn import BlockRule, Norm, Rubrique, load_norm

OUTSIDE = -1
"""Parent of a block whose parent stands before the run."""

INDIVIDUAL = "S21.G00.30"
DECLARATION = "S20.G00.05"
COMPANY = "S21.G00.06"
ESTABLISHMENT = "S21.G00.11"

MAX_PLANS = 4096
"""Plans kept for one tree; beyond, they are forgotten and computed again."""


class Block:
    """One block instance: its rubriques, its parent and its children.

    ``values`` maps the three digits of a rubrique to its value as written; a value that breaks its format or its code
    list is taken out by the validator (see ``rejected``). ``numbers`` lists the rubriques present, in file order.
    """

    __slots__ = ("children", "code", "lines", "numbers", "parent", "rejected", "start", "values")

    def __init__(
        self,
        code: str,
        values: dict[str, str],
        numbers: tuple[str, ...],
        parent: "Block | None",
        lines: Sequence[int],
        start: int,
    ) -> None:
        self.code = code
        self.values = values
        self.numbers = numbers
        self.parent = parent
        self.children: Sequence[Block] = ()
        self.rejected: tuple[str, ...] = ()
        self.lines = lines
        self.start = start

    @property
    def line(self) -> int:
        """The physical line of the first rubrique, from 1."""
        return self.lines[self.start]

    def line_of(self, number: str) -> int:
        """The line of a rubrique, or the first line of the instance when the rubrique is absent."""
        if number in self.numbers:
            return self.lines[self.start + self.numbers.index(number)]
        return self.lines[self.start]

    def get(self, number: str) -> str | None:
        """The value of a rubrique, None when absent."""
        return self.values.get(number)

    def unsure(self, number: str) -> bool:
        """Whether nothing can be said of a rubrique that should be there: absent, or not as its format wants it."""
        return number not in self.values or number in self.rejected

    def of(self, code: str) -> "list[Block]":
        """The child instances of one block, in file order (``code`` is whole: ``S21.G00.51``)."""
        return [child for child in self.children if child.code == code] if self.children else []

    def __repr__(self) -> str:
        return f"<Block {self.code} line {self.line}>"


class PlannedBlock(NamedTuple):
    """Where an instance stands in its run: the rubriques of ``span``, which begins at ``start``."""

    code: str
    numbers: tuple[str, ...]
    start: int
    span: slice
    parent: int


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Something wrong in a sequence of codes. ``offset`` counts rubriques from the start of the run."""

    code: str
    offset: int
    subject: str
    """The rubrique or the block spoken of."""
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The tree of one sequence of codes."""

    blocks: tuple[PlannedBlock, ...]
    anomalies: tuple[Anomaly, ...]
    ranks: Mapping[str, Sequence[int]]
    """Block code → ranks of its instances."""
    skipping: bool = False
    """Whether some rubriques of the sequence are in no block."""
    owners: tuple[int, ...] = ()
    """Ranks of the instances that have children."""
    _lacking: dict[tuple[str, str], bool] = field(default_factory=dict)

    def lacks(self, code: str, number: str) -> bool:
        """Whether some instance of a block does not hold a rubrique."""
        found = self._lacking.get((code, number))
        if found is None:
            found = any(number not in self.blocks[rank].numbers for rank in self.ranks.get(code, ()))
            self._lacking[code, number] = found
        return found

    def build(self, values: Sequence[str], lines: Sequence[int]) -> list[Block]:
        """The blocks of a run whose values and line numbers are given, in file order."""
        built: list[Block] = []
        following, skipping = iter(values), self.skipping
        for code, numbers, start, span, parent in self.blocks:
            # One instance begins where the one before ends, unless a block out of the tree stands between.
            found = dict(zip(numbers, values[span] if skipping else following))  # noqa: B905 - numbers say how many
            if parent < 0:
                built.append(Block(code, found, numbers, None, lines, start))
                continue
            owner = built[parent]
            block = Block(code, found, numbers, owner, lines, start)
            if owner.children:
                owner.children.append(block)  # type: ignore[attr-defined]
            else:
                owner.children = [block]
            built.append(block)
        return built


@dataclass(slots=True)
class _Open:
    """A block instance being filled."""

    index: int
    code: str
    start: int
    parent: int
    numbers: list[str]
    last: int
    child_rank: int = -1
    counts: dict[str, int] = field(default_factory=dict)


class Tree:
    """The blocks of one nature in one version of the norm, and the plans of the sequences met in one file.

    ``nature`` None, or one without a published tree, gives a tree that knows parents only: no order, no cardinality,
    no usage.
    """

    def __init__(self, norm: Norm, nature: str | None) -> None:
        rules = norm.trees.get(nature or "")
        self.nature = nature
        self.known = rules is not None
        self.norm = norm
        everything = norm.envelope + (rules or _parents_only(norm))
        self.rules = {rule.block: rule for rule in everything}
        self.ranks = {rule.block: rank for rank, rule in enumerate(everything)}
        self.children: dict[str, list[BlockRule]] = {}
        for rule in everything:
            if rule.parent is not None:
                self.children.setdefault(rule.parent, []).append(rule)
        self.below = {block: tuple(self._descendants(block)) for block in self.rules}
        usage_nature = nature if self.known else None
        self.mandatory: dict[str, frozenset[str]] = {}
        self.forbidden: dict[str, frozenset[str]] = {}
        self._first_mandatory: dict[str, int] = {}
        rows_of: dict[str, list[Rubrique]] = {block: [] for block in norm.block_names}
        for row in norm.rubriques.values():
            rows_of[row.block].append(row)
        for block, rows in rows_of.items():
            letters = {row.number: _usage(row, usage_nature) for row in rows}
            self.mandatory[block] = frozenset(number for number, letter in letters.items() if letter == "O")
            self.forbidden[block] = frozenset(number for number, letter in letters.items() if letter in "IN")
            self._first_mandatory[block] = next((r.position for r in rows if letters[r.number] == "O"), len(rows))
        self._plans: dict[tuple[object, ...], Plan] = {}

    @classmethod
    def of(cls, norm: Norm, nature: str | None) -> Self:
        """The tree of a nature, without any plan. ``nature``: None, or one that has a tree."""
        tree = copy(_tree(norm.version, nature))
        tree._plans = {}
        return cast(Self, tree)

    def _descendants(self, block: str) -> Iterator[str]:
        for child in self.children.get(block, ()):
            yield child.block
            yield from self._descendants(child.block)

    def plan(self, codes: tuple[str, ...], outside: tuple[tuple[str, int], ...]) -> Plan:
        """The plan of a run of known codes; ``outside``: blocks open before it, with the rank of their last child."""
        key = (outside, codes)
        found = self._plans.get(key)
        if found is None:
            if len(self._plans) >= MAX_PLANS:
                self._plans.clear()
            found = self._plans[key] = _Planner(self, outside).run(codes)
        return found

    def continues(self, block: str, seen: Sequence[str], last: int, coming: Sequence[str], at: int) -> bool:
        """Whether the rubrique ``coming[at]``, which may step back, stays in the instance that already holds ``seen``.

        A rubrique that steps back opens a new instance, unless it is new in this one and either cannot begin an
        instance (a mandatory rubrique stands before it) or this instance still lacks a mandatory rubrique: then the
        order is wrong, not the tree. What follows decides first: when it repeats a rubrique of this instance before
        stepping back again, another instance has begun, and this one lacks what it lacks.
        """
        rubriques = self.norm.rubriques
        row = rubriques[coming[at]]
        if row.position > last:
            return True
        if row.number in seen:
            return False
        if row.position <= self._first_mandatory[block] and self.mandatory[block].issubset(seen):
            return False
        position = row.position
        for ahead in range(at + 1, len(coming)):
            following = rubriques[coming[ahead]]
            if following.block != block or following.position <= position:
                break
            if following.number in seen:
                return False
            position = following.position
        return True


@cache
def _tree(version: str, nature: str | None) -> Tree:
    return Tree(load_norm(version), nature)


def _usage(row: Rubrique, nature: str | None) -> str:
    """The usage letter; without a nature, O when the rubrique is mandatory in all of them, else F."""
    if row.usage is None:
        return "F"
    if nature is None:
        return "O" if set(row.usage.values()) == {"O"} else "F"
    return row.usage.get(nature, "F")


def _parents_only(norm: Norm) -> tuple[BlockRule, ...]:
    envelope = {rule.block for rule in norm.envelope}
    return tuple(
        BlockRule(code, parent, 0, None) for code, parent in norm.block_parents.items() if code not in envelope
    )


# Blocks whose number is known only when the whole declaration has been read.
_COUNTED_LATER = frozenset({INDIVIDUAL, DECLARATION, "S90.G00.90"})


class _Planner:
    """Builds one plan."""

    def __init__(self, tree: Tree, outside: tuple[tuple[str, int], ...]) -> None:
        self._tree = tree
        self._outside = dict(outside)
        self._done: list[_Open] = []
        self._last: dict[str, _Open] = {}
        self._anomalies: list[Anomaly] = []
        self._skipped: str | None = None

    def run(self, codes: tuple[str, ...]) -> Plan:
        rubriques = self._tree.norm.rubriques
        current: _Open | None = None
        for offset, code in enumerate(codes):
            row = rubriques[code]
            if row.block not in self._tree.rules:
                if self._skipped != row.block:
                    self._say("STR-BLO", offset, row.block)
                self._skipped, current = row.block, None
                continue
            self._skipped = None
            if (
                current is not None
                and current.code == row.block
                and self._tree.continues(row.block, current.numbers, current.last, codes, offset)
            ):
                if row.position < current.last:
                    self._say("STR-ORD-R", offset, code)
                current.numbers.append(row.number)
                current.last = max(current.last, row.position)
                continue
            current = self._open(row.block, row.number, row.position, offset)
        self._close_all()
        blocks = tuple(
            PlannedBlock(o.code, tuple(o.numbers), o.start, slice(o.start, o.start + len(o.numbers)), o.parent)
            for o in self._done
        )
        ranks: dict[str, list[int]] = {}
        for rank, block in enumerate(blocks):
            ranks.setdefault(block.code, []).append(rank)
        skipping = sum(len(block.numbers) for block in blocks) < len(codes)
        owners = tuple(sorted({block.parent for block in blocks} - {OUTSIDE}))
        return Plan(blocks, tuple(sorted(self._anomalies, key=lambda anomaly: anomaly.offset)), ranks, skipping, owners)

    def _say(self, code: str, offset: int, subject: str, **params: str) -> None:
        self._anomalies.append(Anomaly(code, offset, subject, params))

    def _open(self, block: str, number: str, position: int, offset: int) -> _Open:
        tree = self._tree
        rank = tree.ranks[block]
        rule = tree.rules[block]
        parent = self._last.get(rule.parent or "")
        if parent is not None:
            if rank < parent.child_rank and (tree.known or block[:3] == "S10"):
                self._say("STR-ORD-B", offset, block)
            # The place of this one, even when it steps back: one inversion is told once.
            parent.child_rank = rank
            count = parent.counts[block] = parent.counts.get(block, 0) + 1
            if rule.max is not None and count > rule.max:
                self._say("STR-CAR-MAX", offset, block, max=str(rule.max))
        elif rule.parent is not None:
            if rule.parent not in self._outside:
                self._say("STR-PAR", offset, block, parent=rule.parent)
            elif tree.known:
                if rank < self._outside[rule.parent]:
                    self._say("STR-ORD-B", offset, block)
                self._outside[rule.parent] = rank
        opened = _Open(len(self._done), block, offset, OUTSIDE if parent is None else parent.index, [number], position)
        for below in tree.below[block]:
            self._last.pop(below, None)
        self._last[block] = opened
        self._done.append(opened)
        return opened

    def _close_all(self) -> None:
        tree = self._tree
        for opened in self._done:
            seen = set(opened.numbers)
            for number in sorted(tree.mandatory[opened.code] - seen):
                self._say("STR-USA-O", opened.start, f"{opened.code}.{number}")
            for rank, number in enumerate(opened.numbers):
                if number in tree.forbidden[opened.code]:
                    self._say("STR-USA-I", opened.start + rank, f"{opened.code}.{number}")
            if not tree.known and opened.code[:3] not in ("S10", "S90"):
                continue
            for child in tree.children.get(opened.code, ()):
                if child.min > opened.counts.get(child.block, 0) and child.block not in _COUNTED_LATER:
                    self._say("STR-CAR-MIN", opened.start, child.block, parent=opened.code)
