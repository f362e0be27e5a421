"""One fiscal year against the one before: what changed, and what cannot be said."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from bocage.identifiers import Period, quantize_cents
from bocage.indicators.result import Result, Status

HUNDRED = Decimal(100)
LARGE_PCT = Decimal(30)
"""Beyond this, a change deserves a word (VSME guidance on comparatives; our choice of the threshold)."""
_POINTS = frozenset({"%"})


@dataclass(frozen=True, slots=True)
class Change:
    """A figure of two years. ``difference`` is in the unit of the figure (points for a share).

    ``percent`` is None for a share, and when the earlier figure is not above zero: nothing can be divided, and a change
    of sign has no percentage. ``unsure``: one of the two figures is partial.
    """

    code: str
    unit: str
    before: Decimal
    after: Decimal
    difference: Decimal
    percent: Decimal | None
    unsure: bool

    @property
    def large(self) -> bool:
        """Whether it changed by more than thirty per cent, either way."""
        return self.percent is not None and abs(self.percent) > LARGE_PCT


def changes(before: Mapping[str, Result], after: Mapping[str, Result]) -> dict[str, Change]:
    """The figures known in both years, by code. One side unknown or hidden: no change is told, and none is zero."""
    found = {}
    for code, new in after.items():
        old = before.get(code)
        change = None if old is None else change_of(old, new)
        if change is not None:
            found[code] = change
    return found


def change_of(old: Result, new: Result) -> Change | None:
    """The change of one figure; None when a side is unknown, hidden, no number, or counted in another unit."""
    first, second = _known(old), _known(new)
    if first is None or second is None or old.unit != new.unit:
        return None
    difference = second - first
    share = quantize_cents(difference * HUNDRED / first) if first > 0 and new.unit not in _POINTS else None
    unsure = Status.PARTIAL in (old.status, new.status)
    return Change(new.code, new.unit, first, second, difference, share, unsure)


def comparable(before: Period, after: Period) -> bool:
    """Whether the earlier year ends just before the later one starts and lasts as long, give or take a month.

    A first year of fifteen months against one of twelve says nothing of the activity.
    """
    gap = (after.start - before.end).days
    lasts = abs((after.end - after.start).days - (before.end - before.start).days)
    return 0 < gap <= 7 and lasts <= 31


def _known(result: Result) -> Decimal | None:
    value = result.value
    if result.status not in (Status.COMPUTED, Status.PARTIAL) or isinstance(value, bool | str) or value is None:
        return None
    return Decimal(value)
