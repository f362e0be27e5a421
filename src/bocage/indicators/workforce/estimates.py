"""Hardship, OETH and Egapro as results: value, status and reason, like any indicator; shown by the screens alone."""

from collections.abc import Iterator, Sequence

from bocage.indicators.result import Part, Result, Status, Value
from bocage.indicators.workforce.catalogue import ESTIMATES
from bocage.indicators.workforce.disability import Disability
from bocage.indicators.workforce.egapro import Egapro, Indicator
from bocage.indicators.workforce.wordings import wording_of

ESTIMATE, SMALL_GROUP, MONTHS_MISSING = "estimate", "small_group", "months_missing"
UNDER_20 = "under_20_employees"
EGAPRO_CODES = ("egapro_pay_gap", "egapro_raises", "egapro_promotions", "egapro_returns", "egapro_best_paid")
"""Indicators 1 to 5 of the Index."""

type _Answer = tuple[str, Value, Sequence[Part], str | None]


def estimates(
    exposed: int, exposures: Sequence[Part], oeth: Disability, index: Egapro, *, complete: bool
) -> list[Result]:
    """Every estimate, in the order of the catalogue. ``complete``: every month of the period is declared."""
    exposure: _Answer = "hardship_exposed", exposed, exposures, None
    found = {code: (value, parts, reason) for code, value, parts, reason in [exposure, *_oeth(oeth), *_egapro(index)]}
    return [_result(code, *found[code], complete=complete) for code in ESTIMATES]


def _result(code: str, value: Value, parts: Sequence[Part], reason: str | None, *, complete: bool) -> Result:
    definition = ESTIMATES[code]
    status = Status.COMPUTED
    if value is None:
        status = Status.HIDDEN if reason == SMALL_GROUP else Status.MISSING
    elif reason is not None or not complete:
        status, reason = Status.PARTIAL, reason if complete else MONTHS_MISSING
    said = wording_of(code)
    return Result(
        code,
        value,
        definition.unit,
        status,
        said.formula,
        definition.sources,
        reason,
        tuple(parts),
        said.exclusions,
        said.variants,
    )


def _oeth(found: Disability) -> Iterator[_Answer]:
    known = (Part({"oeth": "headcount"}, found.headcount), Part({"oeth": "people"}, found.people))
    owed = None if found.due is not None else UNDER_20
    yield "oeth_due", found.due, known, owed or ESTIMATE
    yield "oeth_employed", found.employed, known, SMALL_GROUP if found.hidden else ESTIMATE
    yield "oeth_external", found.external, (), None
    most = (Part({"oeth": "most"}, found.most),) if found.most is not None else ()
    reason = owed or (SMALL_GROUP if found.hidden else "before_deductions")
    yield "oeth_contribution", found.contribution, most, reason


def _egapro(found: Egapro) -> Iterator[_Answer]:
    known = (Part({"egapro": "headcount"}, found.headcount), Part({"egapro": "counted"}, found.counted))
    yield "egapro_index", found.index, known, found.reason
    by_number = {indicator.number: indicator for indicator in found.indicators}
    for number, code in enumerate(EGAPRO_CODES, 1):
        indicator = by_number.get(number)
        if indicator is None:
            yield code, None, (), found.reason
        else:
            yield code, indicator.value, _parts(indicator), indicator.reason or ESTIMATE


def _parts(indicator: Indicator) -> list[Part]:
    parts = [Part({"points": "highest"}, indicator.highest)]
    if indicator.earned is not None:
        parts.insert(0, Part({"points": "earned"}, indicator.earned))
    return parts + ([Part({"favours": indicator.favours}, "yes")] if indicator.favours else [])
