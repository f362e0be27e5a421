"""The social lists kept beside the figures of a year: months, pyramids, families of exits, pay by category, coverage.

A cell whose value is None is hidden or does not apply: nothing of it is kept.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from bocage.indicators.workforce import Headcount, PyramidRow, Study

type Cells = Iterable[tuple[dict[str, str], Any]]


def social_lists(found: Study) -> Iterator[tuple[str, str, Cells]]:
    """(code, unit, cells) of each list."""
    details = found.details
    yield "headcount_by_month", "persons", [_month(one) for one in found.months]
    yield "hires_by_month", "persons", [({"month": one.month}, one.entries) for one in details.moves]
    yield "leavers_by_month", "persons", [({"month": one.month}, one.exits) for one in details.moves]
    yield "exits_by_family", "persons", [({"family": cell.name}, cell.value) for cell in details.exits]
    yield "age_pyramid", "persons", _pyramid("age_band", details.ages)
    yield "seniority_pyramid", "persons", _pyramid("seniority_band", details.seniorities)
    yield "contracts_by_nature", "persons", [({"nature": cell.name}, cell.value) for cell in details.natures]
    yield "temporary_by_recourse", "persons", [({"recourse": cell.name}, cell.value) for cell in details.recourses]
    yield "hourly_pay", "EUR", list(_pay(found))
    yield "payroll_coverage", "months", list(_coverage(found))


def _month(headcount: Headcount) -> tuple[dict[str, str], int]:
    cells = {
        "month": headcount.month,
        "F": str(headcount.women),
        "M": str(headcount.men),
        "permanent": str(headcount.permanent),
        "temporary": str(headcount.temporary),
    }
    return cells, headcount.total


def _pyramid(axis: str, rows: Iterable[PyramidRow]) -> Cells:
    return [({axis: row.band, "sex": sex}, count) for row in rows for sex, count in (("F", row.women), ("M", row.men))]


def _pay(found: Study) -> Iterator[tuple[dict[str, str], Any]]:
    for row in found.details.pay:
        hidden = {"hidden": "yes"} if row.hidden else {}
        for sex, side in (("F", row.women), ("M", row.men)):
            for what, value in (("persons", side.persons), ("mean", side.mean), ("median", side.median)):
                yield {"group": row.group, "sex": sex, "what": what, **hidden}, value
        yield {"group": row.group, "what": "gap_mean", **hidden}, row.gap_mean
        yield {"group": row.group, "what": "gap_median", **hidden}, row.gap_median


def _coverage(found: Study) -> Iterator[tuple[dict[str, str], Any]]:
    yield {"present": ",".join(found.coverage.present), "missing": ",".join(found.coverage.missing)}, None
    for one in found.coverage.establishments:
        yield {"siret": one.siret, "present": ",".join(one.present), "missing": ",".join(one.missing)}, None
