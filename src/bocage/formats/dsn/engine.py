"""Runs the controls over the events of a reader."""

from collections.abc import Callable, Mapping, Sequence

from bocage.formats.dsn.collector import Collector
from bocage.formats.dsn.controls.base import Holds, Rule, RunRule
from bocage.formats.dsn.controls.catalogue import RULES
from bocage.formats.dsn.controls.context import Context
from bocage.formats.dsn.reader import After, Declaration, Envelope, Individual, Run
from bocage.formats.dsn.tree import Block, Plan, Tree
from bocage.referentials.dsn import Norm, all_controls

type _Calls = tuple[tuple[Holds, Rule], ...]

_P24 = "P24V01"
MAX_SHAPES = 20_000
"""Shapes of block whose rules are kept ready."""


class RuleBook:
    """The rules that apply to one nature in one version, chosen by shape of block."""

    def __init__(self, norm: Norm, nature: str | None) -> None:
        official = all_controls()
        listed = {f"{row.code}/{name}" for row in norm.rubriques.values() for name in row.controls}
        self.rules: list[Rule] = []
        self.run_rules: list[RunRule] = []
        found: Rule | RunRule
        for found in RULES:
            control = official[found.id]
            envoi = found.id.startswith("S10")
            if control.rubrique not in norm.rubriques or (norm.version == _P24 and found.id not in listed):
                continue
            if not envoi and nature not in control.natures:
                continue
            if isinstance(found, Rule):
                self.rules.append(found)
            else:
                self.run_rules.append(found)
        self.ids = {rule.id for rule in self.rules} | {rule.id for rule in self.run_rules}
        self.by_run = [found for found in self.run_rules if found.trigger]
        self.by_declaration = [found for found in self.run_rules if not found.trigger]
        self._by_block: dict[str, list[Rule]] = {}
        for rule in self.rules:
            self._by_block.setdefault(rule.block, []).append(rule)
        self._shapes: dict[tuple[str, tuple[str, ...], tuple[str, ...]], _Calls] = {}
        self._plans: dict[Plan, tuple[tuple[tuple[int, _Calls], ...], tuple[RunRule, ...]]] = {}

    def calls(self, block: Block) -> _Calls:
        """The rules to call on an instance with these rubriques present and readable."""
        key = (block.code, block.numbers, block.rejected)
        found = self._shapes.get(key)
        if found is None:
            if len(self._shapes) >= MAX_SHAPES:
                self._shapes.clear()
            numbers = frozenset(block.numbers)
            readable = numbers - frozenset(block.rejected)
            candidates = self._by_block.get(block.code, ())
            found = self._shapes[key] = tuple((r.holds, r) for r in candidates if r.applies_to(numbers, readable))
        return found

    def calls_of_run(self, run: Run) -> tuple[Sequence[tuple[int, _Calls]], Sequence[RunRule]]:
        """The rules to call on each block of a run (by rank), and on the run."""
        if run.rejected:
            return self._choose(run)
        found = self._plans.get(run.plan)
        if found is None:
            if len(self._plans) >= MAX_SHAPES:
                self._plans.clear()
            found = self._plans[run.plan] = self._choose(run)
        return found

    def _choose(self, run: Run) -> tuple[tuple[tuple[int, _Calls], ...], tuple[RunRule, ...]]:
        by_block = [(rank, self.calls(block)) for rank, block in enumerate(run.blocks)]
        present = {block.code for block in run.blocks}
        return (
            tuple((rank, calls) for rank, calls in by_block if calls),
            tuple(found for found in self.by_run if found.trigger in present),
        )


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
        context.run = context.header
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
        context.run = run
        by_block, by_run = self.book(context.nature).calls_of_run(run)
        blocks = run.blocks
        for rank, calls in by_block:
            block = blocks[rank]
            for holds, found in calls:
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
