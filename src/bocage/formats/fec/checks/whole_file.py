"""Checks on the file as a whole: its name, its dates, its fiscal years."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from bocage.formats.fec.checks.context import CheckContext, as_int
from bocage.formats.fec.names import FecName
from bocage.formats.fec.period import FecPeriod, find_period, matches
from bocage.formats.fec.sink import Sink
from bocage.formats.fec.typed import Asked
from bocage.identifiers import Siren
from bocage.identifiers.period import minus_months

_PARTIAL_DAYS, _ONE_YEAR_APART, _TOO_WIDE = 31, 330, 730


def judge_name(name: FecName, sink: Sink) -> None:
    """FILE-02, FILE-03, FILE-09, and the part of FILE-04 that the name alone tells."""
    if not name.accepted or name.crashes:
        sink.add("FILE-02")
    if name.has_fec and name.siren is None:
        sink.add("FILE-03")
    if name.has_date and name.closing is None:
        sink.add("FILE-04")
    if name.decorated:
        sink.add("FILE-09")


def run(context: CheckContext, asked: Asked) -> None:
    """Every check of this module that needs the entries."""
    sink, period, closing = context.sink, context.period, context.closing
    if closing is not None:
        if not _some_within(context, minus_months(closing, 24), closing):
            sink.add("FILE-04")
        if period.last_entry is not None and (closing - period.last_entry).days > _PARTIAL_DAYS:
            sink.add("FILE-10", params={"date": f"{period.last_entry:%d/%m/%Y}"})
    if _other_client(context.name, asked) or _other_year(context, asked):
        sink.add("FILE-05")
    if context.several_years:
        sink.add("FILE-12")


def _some_within(context: CheckContext, floor: date, closing: date) -> bool:
    """Whether an entry that is no opening falls after ``floor`` and by ``closing``."""
    if any(
        day is not None and floor < day <= closing for day in (context.period.first_entry, context.period.last_entry)
    ):
        return True
    found = context.row(
        "SELECT count(*) FROM lines WHERE entry_date > ? AND entry_date <= ? AND NOT opening",
        [floor, closing],
    )
    return as_int(found[0]) > 0


def _other_client(name: FecName, asked: Asked) -> bool:
    given = Siren.parse(asked.siren) if asked.siren else None
    return name.siren is not None and given is not None and name.siren != given


def _other_year(context: CheckContext, asked: Asked) -> bool:
    if asked.start is None or asked.end is None:
        return False
    return not matches(context.period, context.closing, asked.start, asked.end)


def with_years(context: CheckContext) -> CheckContext:
    """FILE-12: several fiscal years, and where each one after the first begins."""
    period = context.period
    spread = (period.last_entry - period.first_entry).days if period.first_entry and period.last_entry else 0
    sets = context.rows(
        "SELECT entry_date, min(r) FROM lines WHERE opening AND entry_date IS NOT NULL "
        "GROUP BY entry_date HAVING sum(coalesce(debit, 0)) = sum(coalesce(credit, 0)) AND count(*) > 1 ORDER BY 1"
    )
    kept: list[tuple[date, int]] = []
    for day, row in sets:
        if isinstance(day, date) and (not kept or (day - kept[-1][0]).days >= _ONE_YEAR_APART):
            kept.append((day, as_int(row)))
    cuts = tuple(sorted(row for _, row in kept[1:]))
    return replace(context, several_years=spread > _TOO_WIDE or bool(cuts), cuts=cuts)


def fiscal_years(context: CheckContext) -> tuple[FecPeriod, ...]:
    """One period a part: the file is cut before each balanced set of opening lines after the first."""
    bounds = [0, *context.cuts, None]
    years = []
    for start, stop in pairwise(bounds):
        closing = context.closing if stop is None else None
        years.append(_year(context, [start, stop if stop is not None else 2**31 - 1], closing))
    return tuple(years)


def _year(context: CheckContext, bounds: Sequence[int | None], closing: date | None) -> FecPeriod:
    source = "FROM lines l WHERE l.r >= ? AND l.r < ?"
    first, last = context.row(f"SELECT min(l.entry_date), max(l.entry_date) {source} AND NOT opening", bounds)
    days = context.rows(f"SELECT DISTINCT l.entry_date {source} AND opening AND l.entry_date IS NOT NULL", bounds)
    return find_period(
        closing,
        first if isinstance(first, date) else None,
        last if isinstance(last, date) else None,
        frozenset(day for (day,) in days if isinstance(day, date)),
    )
