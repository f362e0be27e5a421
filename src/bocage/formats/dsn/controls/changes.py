"""Controls of the changes of a contract: block 41.

Identifying rubriques say what the contract was called before; the others, but for the date and the depth of
recalculation, are modalities, one a block.
"""

from collections.abc import Iterable

from bocage.formats.dsn.controls.base import DAYS, Rule, RunRule, by_month_end, codes, day, local_rule, rule, run_rule
from bocage.formats.dsn.controls.context import Context
from bocage.formats.dsn.tree import Block

IDENTIFYING = codes("012 014 021 054")
_KINEMATIC = codes("001 028")
_NOT_MODALITIES = IDENTIFYING | _KINEMATIC


def modalities(block: Block) -> list[str]:
    """The rubriques of a block 41 that are modalities."""
    return [number for number in block.numbers if number not in _NOT_MODALITIES]


def _identifies(block: Block) -> bool:
    return not IDENTIFYING.isdisjoint(block.numbers)


def _depth_in_oldest(c: Context) -> Iterable[Block]:
    """Per contract and modality, 028 stands in the block with the oldest date, and in no other."""
    for contract in c.contracts():
        groups: dict[str, list[Block]] = {}
        for block in contract.of("S21.G00.41"):
            for number in modalities(block)[:1]:
                groups.setdefault(number, []).append(block)
        for blocks in groups.values():
            dated = [(day(block, "001"), rank, block) for rank, block in enumerate(blocks)]
            known = [row for row in dated if row[0] is not None]
            if len(known) != len(dated):
                continue
            oldest = min(known, key=lambda row: (row[0] or 0, row[1]))[2]
            yield from (block for block in blocks if ("028" in block.numbers) != (block is oldest))


def _month_start_or_contract_start(b: Block, _: Context) -> bool:
    value = b.values["028"]
    return value[:2] == "01" or b.parent is None or value == b.parent.get("001")


def _after_contract_start(b: Block, _: Context) -> bool:
    start = day(b.parent, "001") if b.parent else None
    depth = DAYS[b.values["028"]]
    return start is None or depth is None or depth >= start


def _before_change(b: Block, _: Context) -> bool:
    depth, change = DAYS[b.values["028"]], DAYS[b.values["001"]]
    return depth is None or change is None or depth <= change


def _dated_in_month(b: Block, c: Context) -> bool:
    change = DAYS[b.values["001"]]
    return change is None or change <= c.month_last


RULES: tuple[Rule | RunRule, ...] = (
    local_rule("41.001/CCH-12", "", lambda b, _: b.numbers != ("001",)),
    local_rule("41.001/CCH-13", "", lambda b, _: len(modalities(b)) <= 1),
    local_rule("41.001/CCH-14", "", lambda b, _: b.numbers != ("001", "028")),
    rule("41.001/CCH-15", "001", _dated_in_month),
    local_rule("41.001/CCH-16", "", lambda b, _: not (_identifies(b) and modalities(b))),
    by_month_end("41.001/SIG-11"),
    by_month_end("41.021/SIG-11"),
    run_rule("41.028/CCH-11", "41", _depth_in_oldest),
    local_rule("41.028/CCH-12", "028", lambda b, _: not _identifies(b)),
    rule("41.028/CCH-13", "028", _month_start_or_contract_start),
    rule("41.028/CCH-14", "028", _after_contract_start),
    rule("41.028/CCH-15", "001 028", _before_change),
)
