"""Runs the controls over the events of a reader."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter

from bocage.formats.dsn.collector import Collector
from bocage.formats.dsn.controls.base import Holds, Rule, RunRule
from bocage.formats.dsn.controls.catalogue import RULES
from bocage.formats.dsn.controls.context import Context
from bocage.formats.dsn.reader import After, Declaration, Envelope, Individual, Run
from bocage.formats.dsn.tree import MAX_PLANS, Block, Plan, Tree
from bocage.referentials.dsn import Norm, all_controls, load_norm

_P24 = "P24V01"
MAX_SHAPES = 20_000
"""Shapes of block whose rules are kept ready."""
MAX_VERDICTS = 20_000
"""Sets of values whose verdict is kept, for one shape."""
_NARROW = 7
"""A rubrique no longer than that is a code, a rate or a quota: its values repeat. Dates repeat too."""
_WORTH_REMEMBERING = 2


@dataclass(slots=True)
class _Remembered:
    """Rules that depend on a few values only, judged once for each set of values met in a declaration."""

    key: Callable[[Mapping[str, str]], object]
    rules: tuple[Rule, ...]
    verdicts: dict[object, tuple[Rule, ...]] = field(default_factory=dict)

    def broken(self, block: Block, context: Context) -> tuple[Rule, ...]:
        """The rules that these values break."""
        key = self.key(block.values)
        found = self.verdicts.get(key)
        if found is None:
            if len(self.verdicts) >= MAX_VERDICTS:
                self.verdicts.clear()
            found = tuple(rule for rule in self.rules if not rule.holds(block, context))
            self.verdicts[key] = found
        return found


@dataclass(frozen=True, slots=True, eq=False)
class _Shape:
    """The rules to run on the instances of a block that hold the same rubriques."""

    remembered: tuple[_Remembered, ...]
    direct: tuple[tuple[Holds, Rule], ...]
    gated: tuple[tuple[str, Mapping[str, Sequence[tuple[Holds, Rule]]]], ...]
    """Rubrique → value → the rules that this value may break."""


@dataclass(frozen=True, slots=True)
class _Applying:
    """The rules of one nature in one version."""

    by_block: Mapping[str, tuple[Rule, ...]]
    by_run: tuple[RunRule, ...]
    by_declaration: tuple[RunRule, ...]
    ids: frozenset[str]


@cache
def _applying(version: str, nature: str | None) -> _Applying:
    norm, official = load_norm(version), all_controls()
    listed = {f"{row.code}/{name}" for row in norm.rubriques.values() for name in row.controls}
    found = [
        rule
        for rule in RULES
        if official[rule.id].rubrique in norm.rubriques
        and (version != _P24 or rule.id in listed)
        and (rule.id.startswith("S10") or nature in official[rule.id].natures)
    ]
    by_block: dict[str, tuple[Rule, ...]] = {}
    for rule in found:
        if isinstance(rule, Rule):
            by_block[rule.block] = (*by_block.get(rule.block, ()), rule)
    run_rules = [rule for rule in found if isinstance(rule, RunRule) and (not rule.natures or nature in rule.natures)]
    return _Applying(
        by_block,
        tuple(rule for rule in run_rules if rule.triggers),
        tuple(rule for rule in run_rules if not rule.triggers),
        frozenset({rule.id for rules in by_block.values() for rule in rules} | {rule.id for rule in run_rules}),
    )


class RuleBook:
    """The rules that apply to one nature in one version, chosen by shape of block, for one file."""

    def __init__(self, norm: Norm, nature: str | None) -> None:
        self._rubriques = norm.rubriques
        self._applying = _applying(norm.version, nature)
        self.by_declaration = self._applying.by_declaration
        self.ids = self._applying.ids
        self._shapes: dict[tuple[str, tuple[str, ...], tuple[str, ...]], _Shape] = {}
        self._plans: dict[Plan, tuple[tuple[tuple[int, _Shape], ...], tuple[RunRule, ...]]] = {}

    def forget_verdicts(self) -> None:
        """A verdict may rest on the month, the file date or the company: it holds for one declaration."""
        for shape in self._shapes.values():
            for remembered in shape.remembered:
                remembered.verdicts.clear()

    def shape_of(self, block: Block) -> _Shape:
        """The rules to run on an instance with these rubriques present and readable."""
        key = (block.code, block.numbers, block.rejected)
        found = self._shapes.get(key)
        if found is None:
            if len(self._shapes) >= MAX_SHAPES:
                self._shapes.clear()
            found = self._shapes[key] = self._new_shape(block)
        return found

    def _new_shape(self, block: Block) -> _Shape:
        numbers = frozenset(block.numbers)
        readable = numbers - frozenset(block.rejected)
        direct, groups = [], {False: [], True: []}  # type: tuple[list[Rule], dict[bool, list[Rule]]]
        for rule in self._applying.by_block.get(block.code, ()):
            if not rule.applies_to(numbers, readable):
                continue
            rows = [self._rubriques[f"{block.code}.{number}"] for number in (rule.reads or frozenset()) & readable]
            if rule.reads is None or not all(row.kind == "D" or (row.max or 99) <= _NARROW for row in rows):
                direct.append(rule)
            else:
                groups[any(row.kind == "D" for row in rows)].append(rule)
        remembered = []
        for rules in groups.values():
            reads = sorted(frozenset().union(*(rule.reads or frozenset() for rule in rules)) & readable)
            if len(rules) < _WORTH_REMEMBERING and reads:
                direct += rules
            elif rules:
                remembered.append(_Remembered(itemgetter(*reads) if reads else _nothing, tuple(rules)))
        gates: dict[str, dict[str, list[tuple[Holds, Rule]]]] = {}
        for rule in direct:
            number, values = rule.only or ("", ())
            for value in values:
                gates.setdefault(number, {}).setdefault(value, []).append((rule.holds, rule))
        always = tuple((rule.holds, rule) for rule in direct if rule.only is None)
        return _Shape(tuple(remembered), always, tuple(gates.items()))

    def rules_of_run(self, run: Run) -> tuple[Sequence[tuple[int, _Shape]], Sequence[RunRule]]:
        """The rules to run on each block (by rank), and on the whole."""
        if run.rejected:
            return self._choose(run)
        found = self._plans.get(run.plan)
        if found is None:
            if len(self._plans) >= MAX_PLANS:
                self._plans.clear()
            found = self._plans[run.plan] = self._choose(run)
        return found

    def _choose(self, run: Run) -> tuple[tuple[tuple[int, _Shape], ...], tuple[RunRule, ...]]:
        shapes = [(rank, self.shape_of(block)) for rank, block in enumerate(run.blocks)]
        counts = Counter(block.code for block in run.blocks)
        counts.update(f"{block.code}.{number}" for block in run.blocks for number in block.numbers)
        return (
            tuple((rank, shape) for rank, shape in shapes if shape.remembered or shape.direct or shape.gated),
            tuple(found for found in self._applying.by_run if found.concerns(counts)),
        )


def _nothing(_: Mapping[str, str]) -> None:
    return None


class Engine:
    """Checks one file, event by event."""

    def __init__(self, norm: Norm, collector: Collector, tree: Callable[[str | None], Tree]) -> None:
        self._norm = norm
        self._collector = collector
        self._tree = tree
        self._books: dict[str | None, RuleBook] = {}
        self.ids: set[str] = set()
        self.envelope: Envelope | None = None
        self.context: Context | None = None
        self.headers: list[Context] = []
        """The declarations met, their individuals forgotten."""

    def book(self, nature: str | None) -> RuleBook:
        """The rules of a nature."""
        if nature not in self._books:
            self._books[nature] = RuleBook(self._norm, nature)
            self.ids |= self._books[nature].ids
        return self._books[nature]

    def open_envelope(self, envelope: Envelope) -> None:
        """Blocks S10."""
        self.envelope = envelope
        self.anomalies(envelope)

    def open_declaration(self, declaration: Declaration) -> Context:
        """A header: its structure is checked at once, its controls once the individuals are known."""
        self.context = Context(declaration, self.envelope)
        self.headers.append(self.context)
        for book in self._books.values():
            book.forget_verdicts()
        self.anomalies(declaration.header)
        return self.context

    def individual(self, individual: Individual) -> None:
        """One individual."""
        self.anomalies(individual)
        context = self.context
        if context is None or not individual.blocks:
            return
        context.remember(individual)
        self._check(individual, context)

    def after(self, run: After) -> None:
        """One block of the end."""
        self.anomalies(run)
        if self.context is not None:
            self.context.declaration.trailer.append(run)

    def close_declaration(self) -> None:
        """Everything of the declaration has been read."""
        context = self.context
        if context is None:
            return
        self._check(context.header, context)
        for run in context.trailer:
            self._check(run, context)
        context.look_at(context.header)
        for found in self.book(context.nature).by_declaration:
            self._tell(found, context)
        if self.envelope is not None and len(self.headers) == 1:
            self._check(self.envelope, context)
        self.context = None

    def anomalies(self, run: Run) -> None:
        """What the plan of a run found wrong in its sequence."""
        for anomaly in run.plan.anomalies:
            self._collector.add(
                anomaly.code, run.lines[anomaly.offset], anomaly.subject, params=self._words(anomaly.params)
            )

    def _words(self, params: Mapping[str, str]) -> Mapping[str, str]:
        nature = self.context.nature if self.context else ""
        return {"nature": nature, "version": self._norm.version, **params}

    def _check(self, run: Run, context: Context) -> None:
        context.look_at(run)
        by_block, by_run = self.book(context.nature).rules_of_run(run)
        blocks = run.blocks
        for rank, shape in by_block:
            block = blocks[rank]
            for remembered in shape.remembered:
                for found in remembered.broken(block, context):
                    self._report(found.id, block)
            for holds, found in shape.direct:
                if not holds(block, context):
                    self._report(found.id, block)
            for number, by_value in shape.gated:
                for holds, found in by_value.get(block.values[number], ()):
                    if not holds(block, context):
                        self._report(found.id, block)
        for run_rule in by_run:
            self._tell(run_rule, context)

    def _tell(self, found: RunRule, context: Context) -> None:
        for place in found.breaches(context):
            if isinstance(place, int):
                self._collector.add(found.id, place, found.id.partition("/")[0])
            else:
                self._report(found.id, place)

    def _report(self, control: str, block: Block) -> None:
        subject = control.partition("/")[0]
        number = subject[len(block.code) + 1 :] if subject.startswith(block.code + ".") else ""
        value = block.values.get(number)
        self._collector.add(control, block.line_of(number), subject, value=value)
