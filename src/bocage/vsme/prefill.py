"""The table: one row a data point, and three counts that are never added up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bocage.indicators.result import Status as ResultStatus
from bocage.referentials.vsme import Datapoint, Module, datapoints
from bocage.vsme.evidence import Answer, Evidence
from bocage.vsme.rules import headcount, reason_not_applicable
from bocage.vsme.values import Status, Value
from bocage.vsme.valuing import find, number

_PAY_GAP = "PercentageGapInPayBetweenFemaleAndMaleEmployees"
MAY_OMIT_UNDER = 150
_NOBODY = {
    "AverageNumberOfAnnualTrainingHoursPerOtherGenderEmployee": "NumberOfOtherGenderEmployees",
    "AverageNumberOfAnnualTrainingHoursPerNonReportedGenderEmployee": "NumberOfNonReportedGenderEmployees",
}
"""Training hours of a group that has nobody."""


@dataclass(frozen=True, slots=True)
class Row:
    """A data point filled or not. ``reason`` is a code of ``vsme.toml``, or the words of whoever answered."""

    point: Datapoint
    status: Status
    value: Value
    unit: str
    sources: Sequence[str]
    reason: str
    said: bool = False
    """Whether ``reason`` is what somebody wrote."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Never added up: each answers another question. ``to_confirm`` is inside ``valued``."""

    valued: int
    not_applicable: int
    to_ask: int
    omitted: int
    to_confirm: int


@dataclass(frozen=True, slots=True)
class Prefill:
    """The 143 rows, in the order of the standard."""

    rows: tuple[Row, ...]

    def of_module(self, module: Module) -> tuple[Row, ...]:
        """The rows of one module; the free additions belong to ``Module.BOTH``."""
        return tuple(row for row in self.rows if row.point.module is module)

    def get(self, concept: str) -> Row:
        """The row of a concept. Raises KeyError."""
        for row in self.rows:
            if row.point.concept == concept:
                return row
        raise KeyError(concept)


def counts_of(rows: Iterable[Row]) -> Counts:
    """How many rows are valued, not applicable, to be asked, withheld; and among the valued, to be confirmed."""
    statuses = [row.status for row in rows]
    return Counts(
        valued=sum(status.valued for status in statuses),
        not_applicable=statuses.count(Status.NOT_APPLICABLE),
        to_ask=statuses.count(Status.TO_ASK),
        omitted=statuses.count(Status.OMITTED),
        to_confirm=statuses.count(Status.TO_CONFIRM),
    )


def prefill(known: Evidence) -> Prefill:
    """Fill every data point from what is known. The same evidence gives the same table."""
    return Prefill(tuple(_row(point, known) for point in datapoints()))


def _row(point: Datapoint, known: Evidence) -> Row:
    answered = known.answers.get(point.concept)
    if answered is not None:
        return _answered(point, answered)
    reason = reason_not_applicable(point, known) or _nobody(point, known)
    found = None if reason and reason != "optional" else find(point.concept, known)
    if found is not None:
        status = Status.TO_CONFIRM if found.confirm else Status.PREFILLED
        return Row(point, status, found.value, found.unit, found.sources, found.confirm)
    if reason:
        return Row(point, Status.NOT_APPLICABLE, None, point.unit, (), reason)
    if _hidden(point, known):
        return Row(point, Status.OMITTED, None, point.unit, ("pay_gap_mean",), "small_group")
    return Row(point, Status.TO_ASK, None, point.unit, (), "")


def _answered(point: Datapoint, answered: Answer) -> Row:
    valued = answered.status is Status.ANSWERED
    value = answered.value if valued else None
    return Row(point, answered.status, value, point.unit, ("answer",), answered.reason, said=True)


def _nobody(point: Datapoint, known: Evidence) -> str:
    group = _NOBODY.get(point.concept)
    return "nobody_of_group" if group and number(group, known) == 0 else ""


def _hidden(point: Datapoint, known: Evidence) -> bool:
    """The gap of a group of one or two persons would say what they earn: it may be omitted under 150 employees."""
    result = known.results.get("pay_gap_mean")
    count = headcount(known)
    small = count is None or count < MAY_OMIT_UNDER
    return point.concept == _PAY_GAP and result is not None and result.status is ResultStatus.HIDDEN and small
