"""A value of a data point, and what stands behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from bocage.errors import BocageError
from bocage.referentials.vsme import Datapoint, members


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a data point that has several: ``key`` is a site (SIRET), a country (ISO), a rank."""

    key: str
    value: str


type Value = Decimal | int | bool | str | tuple[Cell, ...] | None


class Status(StrEnum):
    """Where a data point stands. The first three hold a value."""

    PREFILLED = "prefilled"
    TO_CONFIRM = "to_confirm"
    ANSWERED = "answered"
    TO_ASK = "to_ask"
    NOT_APPLICABLE = "not_applicable"
    OMITTED = "omitted"

    @property
    def valued(self) -> bool:
        """Whether there is a value to report."""
        return self in (Status.PREFILLED, Status.TO_CONFIRM, Status.ANSWERED)


@dataclass(frozen=True, slots=True)
class Valued:
    """A value found. ``confirm`` is a reason code of ``vsme.toml`` when somebody must look at it, else empty.

    ``sources``: codes of indicators (``turnover``), fields of the registry (``registry:legal_form``), quantities
    (``quantity:electricity``), lines of the file (``line:42``), data points (``vsme:Turnover``).
    """

    value: Value
    unit: str
    sources: Sequence[str]
    confirm: str = ""


class BadAnswer(BocageError):
    """An answer that does not fit its data point. ``code``: number, member, boolean, negative or empty."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


NUMBERS = frozenset(
    {"decimal", "monetary", "energy", "ghgEmissions", "ghgEmissionsPerMonetary", "mass", "area", "volume", "percent"}
)
MAY_BE_NEGATIVE = frozenset({"PercentageGapInPayBetweenFemaleAndMaleEmployees"})
_YES_NO = {"oui": True, "non": False, "true": True, "false": False}


def read_value(point: Datapoint, text: str) -> Value:
    """What a person typed for a data point, in its type. Numbers may bear spaces and a comma.

    Raises BadAnswer. A share is typed as a fraction, as the taxonomy keeps it, or with its « % ».
    """
    words = text.strip()
    if not words:
        raise BadAnswer("empty")
    if point.type in NUMBERS:
        return _number(point, words)
    if point.type == "boolean":
        if words.lower() not in _YES_NO:
            raise BadAnswer("boolean")
        return _YES_NO[words.lower()]
    choices = members(point.concept)
    if choices and point.type == "enumeration" and words not in choices:
        raise BadAnswer("member")
    return words


def _number(point: Datapoint, words: str) -> Decimal:
    plain = "".join(words.split()).replace(",", ".").replace("−", "-")
    hundredths = point.type == "percent" and plain.endswith("%")
    try:
        number = Decimal(plain.removesuffix("%")) / 100 if hundredths else Decimal(plain)
    except InvalidOperation:
        raise BadAnswer("number") from None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise BadAnswer("number")
    if number < 0 and point.concept not in MAY_BE_NEGATIVE:
        raise BadAnswer("negative")
    return number
