"""Streaming reader: bytes to declarations and individuals, one at a time.

:func:`read` is what a consumer of facts wants::

    for declaration in read(source):
        for person in declaration.individuals():
            for contract in person.of("S21.G00.40"):
                contract.get("009"), [stop.get("002") for stop in contract.of("S21.G00.60")]
        declaration.trailer          # blocks 85 and S89, known once the individuals have been consumed

:class:`Reader` gives the same as a flat sequence of events; the validator and a facts builder may share one pass by
handing events on. Memory holds one individual, the header of its declaration and the plans of the shapes met.
Reading never raises for what the file says: what cannot be read is reported to ``on_fault``.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from bocage.formats.base import Progress, Source, head
from bocage.formats.dsn.lines import Encoding, line_batches
from bocage.formats.dsn.tree import COMPANY, DECLARATION, ESTABLISHMENT, INDIVIDUAL, Block, Plan, Tree
from bocage.formats.dsn.values import (
    AFTER,
    CLOSING,
    DECLARED,
    ENVELOPE,
    PERSON,
    UNKNOWN,
    Fault,
    Hit,
    LineTable,
    plain_table,
)
from bocage.referentials.dsn import Norm, load_norm, nearest_version

type OnFault = Callable[[int, str, str, Fault], None]
"""Called with line, rubrique ("" when the line has none), value as written and what is wrong. The value may be a
person's: it is for the caller to keep silent."""

_ENVELOPE_ROOT = "S10.G00.00"
_HEADER_OUTSIDE = ((_ENVELOPE_ROOT, 0),)


@dataclass(slots=True, eq=False)
class Run:
    """Consecutive rubriques that hang together: a header, an individual, a block after the individuals."""

    blocks: list[Block]
    plan: Plan
    lines: Sequence[int]
    rejected: bool = False
    """Some value of the run breaks its format."""
    index: dict[str, list[Block]] = field(default_factory=dict)

    def of(self, code: str) -> Sequence[Block]:
        """Every instance of a block in the run, in file order, whatever its parent (``code``: ``S21.G00.51``)."""
        found = self.index.get(code)
        if found is None:
            blocks = self.blocks
            found = self.index[code] = [blocks[rank] for rank in self.plan.ranks.get(code, ())]
        return found

    def first(self, code: str, number: str) -> str | None:
        """The value of a rubrique in the first instance of a block that holds it."""
        return next((block.values[number] for block in self.of(code) if number in block.values), None)

    @property
    def line(self) -> int:
        """The first line of the run."""
        return self.lines[0]

    def release(self) -> None:
        """Let the blocks go once nobody will look at them: parents and children hold each other otherwise, and wait for
        the collector, which stops a long reading every few people."""
        blocks = self.blocks
        for rank in self.plan.owners:
            blocks[rank].children = ()


class Envelope(Run):
    """Blocks S10: who sends, with which version, for a test or for good."""

    __slots__ = ()


class Individual(Run):
    """A block 30 and what hangs under it (31, 34, 40, 50, 86, 98 and theirs)."""

    __slots__ = ()

    @property
    def root(self) -> Block:
        """The block 30."""
        return self.blocks[0]

    @property
    def contracts(self) -> Sequence[Block]:
        """The blocks 40."""
        return self.of("S21.G00.40")


class After(Run):
    """A block after the individuals: 85, S89.G00.32, 67, 87, 88, 89 or 91, and what hangs under it."""

    __slots__ = ()


class Closing(Run):
    """Block S90."""

    __slots__ = ()


class Declaration:
    """One declaration: its header (S20, 06, 11 and the blocks before the individuals) and what follows."""

    def __init__(self, header: Run, tree: Tree, envelope: Envelope | None) -> None:
        self.header = header
        self.tree = tree
        self.envelope = envelope
        self.trailer: list[After] = []
        """Filled while the individuals are consumed."""
        self._following: Iterator[Individual] | None = None

    def _s20(self, number: str) -> str | None:
        return self.header.first(DECLARATION, number)

    @property
    def version(self) -> str | None:
        """S10.G00.00.006 as written."""
        return self.envelope.first(_ENVELOPE_ROOT, "006") if self.envelope else None

    @property
    def test(self) -> bool:
        """Whether the envoi is a test (S10.G00.00.005)."""
        return bool(self.envelope) and self.envelope is not None and self.envelope.first(_ENVELOPE_ROOT, "005") == "01"

    @property
    def nature(self) -> str | None:
        """01 monthly, 04 and 05 stop and resumption, 07 end of contract, 08 and 09 others."""
        return self._s20("001")

    @property
    def type(self) -> str | None:
        """01 normal, 02 without individual, 03 replaces, 04 cancels, 05 replaces without individual."""
        return self._s20("002")

    @property
    def fraction(self) -> str | None:
        """Two digits: rank and number of fractions."""
        return self._s20("003")

    @property
    def order(self) -> int | None:
        """Rank of building (S20.G00.05.004)."""
        text = self._s20("004")
        return int(text) if text and text.isascii() and text.isdigit() else None

    @property
    def month(self) -> str | None:
        """Main month declared as ``2025-03``; None for a signal."""
        text = self._s20("005") or ""
        readable = len(text) == 8 and text.isascii() and text.isdigit() and 1 <= int(text[2:4]) <= 12
        return f"{text[4:]}-{text[2:4]}" if readable else None

    @property
    def file_date(self) -> str | None:
        """S20.G00.05.007, JJMMAAAA."""
        return self._s20("007")

    @property
    def scope(self) -> str | None:
        """01 whole, 02 agricultural part, 03 general-scheme part (S20.G00.05.008)."""
        return self._s20("008")

    @property
    def siren(self) -> str | None:
        """S21.G00.06.001."""
        return self.header.first("S21.G00.06", "001")

    @property
    def nic(self) -> str | None:
        """S21.G00.11.001."""
        return self.header.first(ESTABLISHMENT, "001")

    @property
    def siret(self) -> str | None:
        """SIREN and NIC, as written: the keys are not checked here."""
        siren, nic = self.siren, self.nic
        return siren + nic if siren and nic else None

    def individuals(self) -> Iterator[Individual]:
        """The individuals, once; must be consumed before the next declaration is asked for (it is done otherwise)."""
        return self._following if self._following is not None else iter(())

    def follow(self, individuals: Iterator[Individual]) -> None:
        """Say where the individuals come from (the reader does)."""
        self._following = individuals


type Event = Envelope | Declaration | Individual | After | Closing


def read(source: Source, *, on_fault: OnFault | None = None, progress: Progress | None = None) -> Iterator[Declaration]:
    """The declarations of one DSN text (not of an archive: see :func:`bocage.formats.dsn.archives.opened`)."""
    events = Reader(source, on_fault=on_fault, progress=progress).events()
    waiting: list[Event | None] = [next(events, None)]

    def individuals_of(declaration: Declaration) -> Iterator[Individual]:
        while True:
            event = waiting[0] = next(events, None)
            if isinstance(event, Individual):
                yield event
            elif isinstance(event, After):
                declaration.trailer.append(event)
            else:
                return

    while waiting[0] is not None:
        event = waiting[0]
        if isinstance(event, Declaration):
            following = individuals_of(event)
            event.follow(following)
            yield event
            for _ in following:
                pass
        else:
            waiting[0] = next(events, None)


class Reader:
    """One pass over one DSN text."""

    def __init__(
        self,
        source: Source,
        *,
        table: Callable[[Norm], LineTable] = plain_table,
        on_fault: OnFault | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.source = source
        self.encoding = Encoding()
        self.stated_version = stated_version(source)
        self.norm = load_norm(nearest_version(self.stated_version or ""))
        self.lines_read = 0
        self.rubriques = 0
        """Lines that hold a rubrique, known or not: what S90.G00.90.001 counts."""
        self._table = table(self.norm)
        self._on_fault = on_fault
        self._progress = progress
        self._trees: dict[str | None, Tree] = {}
        self._bare_tree = self._tree = self.tree(None)
        self._root = _Root("", [], 0, -1)
        self._envelope: Envelope | None = None
        self._outside: tuple[tuple[str, int], ...] = _HEADER_OUTSIDE
        self._after_rank = 0

    def tree(self, nature: str | None) -> Tree:
        """The tree of a nature in the version of the file."""
        known = nature if nature in self.norm.trees else None
        if known not in self._trees:
            self._trees[known] = Tree.of(self.norm, known)
        return self._trees[known]

    def events(self) -> Iterator[Event]:
        """Everything that the file holds, in order."""
        hits: list[Hit] = []
        lines: Sequence[int] = range(1, 1)
        opened = ENVELOPE
        rejected = False
        for number, texts in line_batches(self.source, self.encoding, self._progress):
            table = self._table
            table.irregular = False
            fresh = list(map(table.__getitem__, texts))
            self.lines_read = number + len(texts) - 1
            fresh_lines: Sequence[int] = range(number, number + len(fresh))
            if table.irregular:
                fresh, fresh_lines, spoilt = self._sort_out(fresh, fresh_lines)
                rejected = rejected or spoilt
            self.rubriques += len(fresh)
            kept = len(hits)
            lines = _joined(lines, fresh_lines)
            hits += fresh
            start = 0
            for cut, section in self._cuts(hits, kept, opened):
                if cut > start:
                    yield from self._emit(opened, hits[start:cut], lines[start:cut], rejected)
                start, opened = cut, section
            del hits[:start]
            lines = lines[start:]
            self._root.end -= start
            rejected = any(hit[3] for hit in hits) if rejected else False
        if hits:
            yield from self._emit(opened, hits, lines, rejected)

    def _sort_out(self, hits: list[Hit], lines: Sequence[int]) -> tuple[list[Hit], Sequence[int], bool]:
        """Report the faults of irregular lines, and leave out those that hold no rubrique of the dictionary."""
        kept, kept_lines, spoilt = [], [], False
        for hit, line in zip(hits, lines, strict=True):
            if hit[3]:
                spoilt = True
                for fault in hit[3]:
                    if self._on_fault is not None:
                        self._on_fault(line, hit[0], hit[1], fault)
                if hit[2] == UNKNOWN:
                    self.rubriques += bool(hit[0])
                    continue
            kept.append(hit)
            kept_lines.append(line)
        return kept, (lines if len(kept) == len(lines) else kept_lines), spoilt

    def _cuts(self, hits: list[Hit], kept: int, opened: int) -> Iterator[tuple[int, int]]:
        """Where a new run starts among ``hits``, and its section. Those before ``kept`` were looked at already."""
        rubriques = self.norm.rubriques
        for index in [rank for rank in range(kept, len(hits)) if hits[rank][2]]:
            code, section = hits[index][0], hits[index][2]
            if section == opened and section in _SINGLE:
                continue
            row = rubriques[code]
            root = self._root
            tree = self._tree if section == PERSON else self._bare_tree
            if (
                section == opened
                and index == root.end
                and row.block == root.block
                and (
                    row.position > root.last
                    or tree.continues(row.block, root.seen, root.last, _codes_from(hits, index), 0)
                )
            ):
                root.seen.append(row.number)
                root.last = max(root.last, row.position)
                root.end = index + 1
                continue
            yield index, section
            opened = section
            self._root = _Root(row.block, [row.number], row.position, index + 1)

    def _emit(self, section: int, hits: list[Hit], lines: Sequence[int], rejected: bool) -> Iterator[Event]:
        codes = tuple([hit[0] for hit in hits])
        if section == DECLARED:
            nature = next((hit[1] for hit in hits if hit[0] == f"{DECLARATION}.001"), None)
            self._tree = self.tree(nature)
            plan = self._tree.plan(codes, _HEADER_OUTSIDE)
        elif section in _SINGLE:
            plan = self._bare_tree.plan(codes, ((_ENVELOPE_ROOT, 0),) if section == CLOSING else ())
        else:
            plan = self._tree.plan(codes, self._outside_of(section))
        blocks = plan.build([hit[1] for hit in hits], lines)
        rejected = rejected and _take_out(blocks, hits)
        if section == PERSON:
            yield Individual(blocks, plan, lines, rejected)
        elif section == AFTER:
            if blocks:
                self._after_rank = max(self._after_rank, self._tree.ranks[blocks[0].code])
            yield After(blocks, plan, lines, rejected)
        elif section == DECLARED:
            header = Run(blocks, plan, lines, rejected)
            self._open_declaration(header)
            yield Declaration(header, self._tree, self._envelope)
        elif section == CLOSING:
            yield Closing(blocks, plan, lines, rejected)
        else:
            self._envelope = Envelope(blocks, plan, lines, rejected)
            yield self._envelope

    def _open_declaration(self, header: Run) -> None:
        present = {block.code for block in header.blocks}
        ranks = self._tree.ranks
        self._after_rank = 0
        self._outside = (
            (_ENVELOPE_ROOT, 0),
            (DECLARATION, ranks[COMPANY]),
            *((code, ranks.get(INDIVIDUAL, 0)) for code in (COMPANY, ESTABLISHMENT) if code in present),
        )

    def _outside_of(self, section: int) -> tuple[tuple[str, int], ...]:
        if not self._after_rank:
            return self._outside
        if section == AFTER:
            return tuple((code, self._after_rank if code == DECLARATION else rank) for code, rank in self._outside)
        return tuple((code, _TOO_LATE if code == ESTABLISHMENT else rank) for code, rank in self._outside)


_SINGLE = (ENVELOPE, CLOSING)
_TOO_LATE = 1_000
"""A rank after every other: an individual that comes after the blocks of the end."""


@dataclass(slots=True)
class _Root:
    """The block that opens the current run, while its rubriques come in a row."""

    block: str
    seen: list[str]
    last: int
    end: int
    """Index of the line after its last rubrique."""


def stated_version(source: Source) -> str | None:
    """S10.G00.00.006 as written in the first lines."""
    found = _VERSION.search(head(source))
    return found.group(1).decode("latin-1") if found else None


_VERSION = re.compile(rb"S10\.G00\.00\.006\s*[,;]\s*['\"]?([^'\"\r\n]{1,12})")


def _codes_from(hits: Sequence[Hit], index: int) -> list[str]:
    """The codes that follow, as far as an instance may reach."""
    return [hit[0] for hit in hits[index : index + _LONGEST_BLOCK]]


_LONGEST_BLOCK = 100
"""More than the rubriques of any block."""


def _joined(left: Sequence[int], right: Sequence[int]) -> Sequence[int]:
    if not left:
        return right
    if not right:
        return left
    if isinstance(left, range) and isinstance(right, range) and left.stop == right.start:
        return range(left.start, right.stop)
    return [*left, *right]


def _take_out(blocks: list[Block], hits: list[Hit]) -> bool:
    """Remove the values that break their format, mark those that no control may judge; whether there were any."""
    found = False
    for block in blocks:
        for rank, number in enumerate(block.numbers):
            faults = hits[block.start + rank][3]
            if any(fault.spoils for fault in faults):
                block.values.pop(number, None)
            elif not any(fault.doubtful for fault in faults):
                continue
            block.rejected += (number,)
            found = True
    return found
