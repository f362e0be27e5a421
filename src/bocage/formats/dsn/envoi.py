"""Controls over a whole file: what it must hold, its counters, and the declarations of one envoi side by side."""

from bocage.formats.dsn.collector import Collector
from bocage.formats.dsn.controls.context import Context
from bocage.formats.dsn.reader import Closing, Envelope
from bocage.formats.dsn.tree import DECLARATION, INDIVIDUAL, Tree

_NIL = ("02", "05")
_NIL_ENVOI, _NORMAL_ENVOI = "02", "01"
_ALLOWED_WITHOUT_INDIVIDUAL = frozenset(
    {
        *("S20.G00.05", "S20.G00.07", "S20.G00.08", "S21.G00.06", "S21.G00.11"),
        *(f"S21.G00.{number}" for number in ("13", "15", "16", "20", "22", "23", "44", "55", "82")),
        *(f"S89.G00.{number}" for number in ("32", "33", "35", "43")),
        # People who are not employees are told as individuals (STR-SANS-IND), not as stray blocks.
        *(f"S89.G00.{number}" for number in ("91", "92", "93", "94")),
    }
)


def check_people(context: Context, tree: Tree, first_individual: int | None, collector: Collector) -> None:
    """As many individuals as the nature and the type allow."""
    declared = context.declared
    line = declared.line if declared else context.header.line
    people, people_not_employed = context.tally.individuals, context.people_after("S89.G00.91")
    if context.type in _NIL:
        if people or people_not_employed:
            place = declared.line_of("002") if declared else line
            collector.add("STR-SANS-IND", place, f"{DECLARATION}.002", value=context.type)
        blocks = [block for run in (context.header, *context.trailer) for block in run.blocks]
        for block in blocks:
            if block.code not in _ALLOWED_WITHOUT_INDIVIDUAL:
                collector.add("STR-BLO", block.line, block.code, params={"nature": context.nature})
        return
    rule = tree.rules.get(INDIVIDUAL)
    if rule is None or not tree.known:
        return
    if people < rule.min:
        parent = next(iter(context.header.of("S21.G00.11")), None)
        collector.add("STR-CAR-MIN", parent.line if parent else line, INDIVIDUAL, params={"parent": "S21.G00.11"})
    if rule.max is not None and people > rule.max:
        collector.add("STR-CAR-MAX", first_individual, INDIVIDUAL, params={"max": str(rule.max)})


def check_envoi(
    envelopes: list[Envelope],
    declarations: list[Context],
    closings: list[Closing],
    rubriques: int,
    enriched: bool,
    collector: Collector,
) -> None:
    """The envelope is there, once; the counters are right; the declarations agree."""
    for subject, runs in (("S10.G00.00", envelopes), ("S90.G00.90", closings)):
        found = [block for run in runs for block in run.of(subject)]
        if not found:
            collector.add("STR-CAR-MIN", 1, subject, params={"parent": "S10.G00.00"})
        if len(found) > 1:
            collector.add("STR-CAR-MAX", found[1].line, subject, params={"max": "1"})
    if not declarations:
        collector.add("STR-CAR-MIN", 1, DECLARATION, params={"parent": "S10.G00.00"})
    # Several envois in one file: that is told above, and their counters are not those of the file.
    if len(closings) == 1 and len(envelopes) < 2 and not enriched:
        _check_counters(closings[0], rubriques, len(declarations), collector)
    if len(envelopes) == 1 and declarations:
        _check_kind_of_envoi(envelopes[0], declarations, collector)
    _check_cancelled_inside(declarations, collector)


def _check_counters(closing: Closing, rubriques: int, declarations: int, collector: Collector) -> None:
    for number, counted in (("001", rubriques), ("002", declarations)):
        text = closing.first("S90.G00.90", number)
        if text is not None and text.isascii() and text.isdigit() and int(text) != counted:
            subject = f"S90.G00.90.{number}"
            line = closing.of("S90.G00.90")[0].line_of(number)
            collector.add(f"{subject}/CST-11", line, subject, value=text, params={"counted": str(counted)})


def _check_kind_of_envoi(envelope: Envelope, declarations: list[Context], collector: Collector) -> None:
    kind = envelope.first("S10.G00.00", "008")
    if kind is None or not all(context.nature and context.type for context in declarations):
        return
    nil = all(context.nature == "01" and context.type in _NIL for context in declarations)
    if (kind == _NIL_ENVOI) != nil:
        subject = "S10.G00.00.008"
        line = envelope.of("S10.G00.00")[0].line_of("008")
        expected = _NIL_ENVOI if nil else _NORMAL_ENVOI
        collector.add(f"{subject}/CCH-11", line, subject, value=kind, params={"expected": expected})


def _check_cancelled_inside(declarations: list[Context], collector: Collector) -> None:
    """One envoi does not hold a declaration and another that cancels it (S20.05.006 = date and order of the first)."""
    signals = [context for context in declarations if context.nature in ("04", "05", "07", "08") and context.declared]
    own = {f"{c.declared.get('007')}{c.declared.get('004')}" for c in signals if c.declared}
    for context in signals:
        block = context.declared
        if block is not None and block.get("006") in own:
            collector.add("S20.G00.05.002/CCH-11", block.line_of("002"), f"{DECLARATION}.002", value=context.type)
