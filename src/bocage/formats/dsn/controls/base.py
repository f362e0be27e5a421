"""How a control of the norm is written here.

A control is a :class:`Rule` on one block instance, or a :class:`RunRule` on what hangs together (an individual, the
whole declaration). Both bear the official id, written short: ``40.010/CCH-12`` is ``S21.G00.40.010/CCH-12``,
``S89.92.005/CCH-11`` is ``S89.G00.92.005/CCH-11``. Natures, family and severity come from the official list.

A test that reads an absent rubrique is not applied: ``needs`` lists the rubriques of the block that a rule reads, and
the rule is not even called when one is absent or malformed. ``absent`` lists those whose absence is the point.
Rules are chosen by the set of rubriques present, once per shape of block, so that a file pays for the tests that can
fail only.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bocage.formats.dsn.controls.context import Context
from bocage.formats.dsn.tree import Block

type Holds = Callable[[Block, Context], bool]
type Breaches = Callable[[Context], Iterable[Block | int]]


@dataclass(frozen=True, slots=True)
class Condition:
    """A test on the rubriques of one block, and those that it reads."""

    needs: frozenset[str]
    holds: Callable[[Block], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """A control that looks at one instance of ``block``. ``holds`` is True when all is well."""

    id: str
    block: str
    needs: frozenset[str]
    absent: frozenset[str]
    holds: Holds
    reads: frozenset[str] | None = None
    """When the answer depends on nothing but these values of the block, the rubriques present and the declaration:
    the values read. Such an answer is remembered. None: it depends on other blocks."""
    only: tuple[str, frozenset[str]] | None = None
    """A rubrique that the rule needs, and its only values with which the rule can be broken."""

    def applies_to(self, numbers: frozenset[str], readable: frozenset[str]) -> bool:
        """Whether the rule has to be called for an instance with these rubriques: nothing it reads is malformed."""
        if not self.needs <= readable or self.absent & numbers:
            return False
        return self.reads is None or not self.reads & (numbers - readable)


@dataclass(frozen=True, slots=True)
class RunRule:
    """A control that looks further: gives what is at fault, one block instance (or line) for each breach.

    ``triggers``: blocks or rubriques, one of which at least must be there for the rule to be called (none: it looks at
    the declaration as a whole, once, at its end). ``several``: the trigger must be there twice. ``natures``: the rule
    says itself that it speaks of these only.
    """

    id: str
    triggers: frozenset[str]
    breaches: Breaches
    several: bool = False
    natures: frozenset[str] = frozenset()

    def concerns(self, counts: Mapping[str, int]) -> bool:
        """Whether the rule has to be called for a run that holds so many of each block and rubrique."""
        least = 2 if self.several else 1
        return any(counts.get(trigger, 0) >= least for trigger in self.triggers)


def full_code(short: str) -> str:
    """``40.010`` → ``S21.G00.40.010``, ``S20.05.001`` → ``S20.G00.05.001``; a block alone works too."""
    head, _, rest = short.partition(".")
    return f"{head}.G00.{rest}" if head[0] == "S" else f"S21.G00.{short}"


def full_id(short: str) -> str:
    """The official id of a control written short."""
    code, _, name = short.partition("/")
    return f"{full_code(code)}/{name}"


def split_id(short: str) -> tuple[str, str]:
    """Block (whole) and number of the rubrique that bears a control."""
    block, _, number = full_code(short.partition("/")[0]).rpartition(".")
    return block, number


def codes(text: str) -> frozenset[str]:
    """``"01 02 10-13"`` as a set; a range keeps the width of its bounds."""
    found = set()
    for word in text.split():
        low, dash, high = word.partition("-")
        if dash and low.isdigit() and high.isdigit():
            found |= {str(value).zfill(len(low)) for value in range(int(low), int(high) + 1)}
        else:
            found.add(word)
    return frozenset(found)


class _Days(dict[str, int | None]):
    """JJMMAAAA → ordinal day, None for what is not a date. Dates repeat: they are kept."""

    def __missing__(self, text: str) -> int | None:
        try:
            value: int | None = date(int(text[4:8]), int(text[2:4]), int(text[:2])).toordinal()
        except ValueError:
            value = None
        if len(self) > 100_000:
            self.clear()
        self[text] = value
        return value


DAYS = _Days()
_AMOUNT = re.compile(r"-?\d{1,16}\.\d{2}", re.ASCII)


class _Cents(dict[str | None, int | None]):
    """Text → cents, None for what is not an amount. A payslip says the same amount several times: they are kept."""

    def __missing__(self, text: str | None) -> int | None:
        value = None if text is None or _AMOUNT.fullmatch(text) is None else int(text.replace(".", ""))
        if len(self) > 50_000:
            self.clear()
        self[text] = value
        return value


_CENTS = _Cents()


def day(block: Block, number: str) -> int | None:
    """The date of a rubrique as an ordinal, None when absent or unreadable."""
    text = block.values.get(number)
    return None if text is None else DAYS[text]


def cents(text: str | None) -> int | None:
    """``"12.30"`` → 1230; None when absent or not an amount with two decimals."""
    return _CENTS[text]


def among(number: str, values: str) -> Condition:
    """The rubrique is present with one of these values."""
    wanted = codes(values)
    return Condition(frozenset({number}), lambda block: block.values[number] in wanted)


def other_than(number: str, values: str) -> Condition:
    """The rubrique is present with another value."""
    refused = codes(values)
    return Condition(frozenset({number}), lambda block: block.values[number] not in refused)


def both(*conditions: Condition) -> Condition:
    """All the conditions."""
    tests = tuple(condition.holds for condition in conditions)
    needs = frozenset().union(*(condition.needs for condition in conditions))
    return Condition(needs, lambda block: all(test(block) for test in tests))


def rule(
    short: str,
    needs: str,
    holds: Holds,
    *,
    block: str | None = None,
    absent: str = "",
    reads: str | None = None,
    only: str = "",
) -> Rule:
    """A control in its own words. ``block``: short code of the block looked at, when it does not bear the control.

    ``only``: a rubrique, then the values that the control speaks of, as ``"003 10 21"``.
    """
    bearer, _ = split_id(short)
    seen = full_code(block) if block else bearer
    local = None if reads is None else frozenset(reads.split())
    number, _, values = only.partition(" ")
    spoken_of = (number, codes(values)) if number else None
    return Rule(full_id(short), seen, frozenset(needs.split()), frozenset(absent.split()), holds, local, spoken_of)


def local_rule(short: str, needs: str, holds: Holds, *, absent: str = "") -> Rule:
    """A control that reads nothing but the rubriques it needs, and the declaration."""
    return rule(short, needs, holds, absent=absent, reads=needs)


def run_rule(short: str, triggers: str, breaches: Breaches, *, several: bool = False, natures: str = "") -> RunRule:
    """A control over an individual or a declaration. ``triggers``: short codes of blocks or rubriques, or empty."""
    watched = frozenset(full_code(trigger) for trigger in triggers.split())
    return RunRule(full_id(short), watched, breaches, several, codes(natures))


def required(short: str, when: Condition) -> Rule:
    """The bearer must be present when the condition is met."""
    block, number = split_id(short)
    test = when.holds
    return Rule(full_id(short), block, when.needs, frozenset({number}), lambda b, _: not test(b), when.needs)


def forbidden(short: str, when: Condition) -> Rule:
    """The bearer must be absent when the condition is met."""
    block, number = split_id(short)
    test = when.holds
    return Rule(full_id(short), block, when.needs | {number}, frozenset(), lambda b, _: not test(b), when.needs)


def present_iff(short: str, when: Condition) -> Rule:
    """The bearer is present when the condition is met, and only then."""
    block, number = split_id(short)
    test = when.holds
    return Rule(
        full_id(short), block, when.needs, frozenset(), lambda b, _: test(b) == (number in b.numbers), when.needs
    )


def required_with(short: str, other: str) -> Rule:
    """The bearer must be present when ``other`` is."""
    block, number = split_id(short)
    return Rule(
        full_id(short), block, frozenset(), frozenset({number}), lambda b, _: other not in b.numbers, frozenset()
    )


def all_or_none(short: str, numbers: str) -> Rule:
    """These rubriques are all present or all absent."""
    wanted = numbers.split()
    block, _ = split_id(short)

    def holds(b: Block, _: Context) -> bool:
        return sum(number in b.numbers for number in wanted) in (0, len(wanted))

    return Rule(full_id(short), block, frozenset(), frozenset(), holds, frozenset())


def exclusive(short: str, others: str) -> Rule:
    """The bearer and the ``others`` never stand together."""
    block, number = split_id(short)
    refused = others.split()
    return Rule(
        full_id(short),
        block,
        frozenset({number}),
        frozenset(),
        lambda b, _: not any(other in b.numbers for other in refused),
        frozenset(),
    )


def values_need(short: str, values: str, condition: Condition) -> Rule:
    """When the bearer is one of ``values``, the condition must be met."""
    block, number = split_id(short)
    concerned = codes(values)
    test = condition.holds
    return Rule(
        full_id(short),
        block,
        condition.needs | {number},
        frozenset(),
        lambda b, _: b.values[number] not in concerned or test(b),
        condition.needs | {number},
    )


def values_refused(short: str, values: str, when: Condition | None = None) -> Rule:
    """The bearer may not be one of ``values`` (when the condition is met)."""
    block, number = split_id(short)
    refused = codes(values)
    if when is None:
        return local_rule(short, number, lambda b, _: b.values[number] not in refused)
    test = when.holds
    return Rule(
        full_id(short),
        block,
        when.needs | {number},
        frozenset(),
        lambda b, _: b.values[number] not in refused or not test(b),
        when.needs | {number},
    )


def values_wanted(short: str, values: str, when: Condition) -> Rule:
    """The bearer must be one of ``values`` when the condition is met."""
    block, number = split_id(short)
    wanted = codes(values)
    test = when.holds
    return Rule(
        full_id(short),
        block,
        when.needs | {number},
        frozenset(),
        lambda b, _: b.values[number] in wanted or not test(b),
        when.needs | {number},
    )


def in_order(short: str, earlier: str, later: str, *, strict: bool = False) -> Rule:
    """Two dates of one block: ``earlier`` is not after ``later`` (or is before it)."""
    block, _ = split_id(short)

    def holds(b: Block, _: Context) -> bool:
        first, second = DAYS[b.values[earlier]], DAYS[b.values[later]]
        return first is None or second is None or first < second or (first == second and not strict)

    return Rule(full_id(short), block, frozenset({earlier, later}), frozenset(), holds, frozenset({earlier, later}))


def same_year(short: str, first: str, second: str) -> Rule:
    """Two dates of one block lie in one calendar year."""
    block, _ = split_id(short)
    return Rule(
        full_id(short),
        block,
        frozenset({first, second}),
        frozenset(),
        lambda b, _: b.values[first][4:] == b.values[second][4:],
        frozenset({first, second}),
    )


def by_month_end(short: str, when: Condition | None = None) -> Rule:
    """The date is not after the last day of the main month."""
    return _dated(short, lambda c: c.month_last, when)


def by_next_month_end(short: str, when: Condition | None = None) -> Rule:
    """The date is not after the last day of the month that follows the main month."""
    return _dated(short, lambda c: c.next_month_last, when)


def by_file_date(short: str) -> Rule:
    """The date is not after the day the file was built."""
    return _dated(short, lambda c: c.file_day, None)


def _dated(short: str, limit: Callable[[Context], int], when: Condition | None) -> Rule:
    block, number = split_id(short)
    test = when.holds if when else None

    def holds(b: Block, c: Context) -> bool:
        value = DAYS[b.values[number]]
        return value is None or value <= limit(c) or (test is not None and not test(b))

    needs = frozenset({number}) | (when.needs if when else frozenset())
    return Rule(full_id(short), block, needs, frozenset(), holds, needs)


def period_past(short: str, end: str, *, of_parent: bool = False) -> Rule:
    """The bearer is allowed only for a period that ends before the main month (``end``: rubrique of its last day)."""
    block, number = split_id(short)

    def holds(b: Block, c: Context) -> bool:
        owner = b.parent if of_parent else b
        last = None if owner is None else day(owner, end)
        return last is None or last < c.month_first

    if of_parent:
        return Rule(full_id(short), block, frozenset({number}), frozenset(), holds)
    return Rule(full_id(short), block, frozenset({number, end}), frozenset(), holds, frozenset({end}))
