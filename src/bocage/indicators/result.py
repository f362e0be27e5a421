"""A figure, and everything without which it may not travel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

BY_HAND = "by_hand"
"""First source of a figure that a person gave in the place of the computed one."""

type Value = Decimal | int | bool | str | None


class Status(StrEnum):
    """What stands behind a value. ``value`` is None for the last two."""

    COMPUTED = "computed"
    PARTIAL = "partial"
    MISSING = "missing"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Part:
    """One cell of a breakdown: ``by`` says of what (``{"sex": "F"}``)."""

    by: Mapping[str, str]
    value: Value


@dataclass(frozen=True, slots=True)
class Result:
    """One indicator. Unknown is None with a reason code, never 0."""

    code: str
    value: Value
    unit: str
    status: Status
    formula: str
    sources: Sequence[str]
    reason: str | None = None
    """A code of ``bocage.wording``; always set when value is None."""
    breakdown: Sequence[Part] = field(default=())
    exclusions: str = ""
    """Who or what the formula leaves out, in French; empty when it leaves nobody out."""
    variants: str = ""
    """What else the open text would allow, in French; their values are in the breakdown."""

    @property
    def definition(self) -> str:
        """Formula, exclusions and variants in one text."""
        return " ".join(filter(None, (self.formula, self.exclusions, self.variants)))

    def __post_init__(self) -> None:
        if self.value is None and not self.reason:
            raise ValueError(f"{self.code}: an unknown value needs a reason")
