"""Figures to results: status, reason, breakdown, and what small groups hide."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from bocage.indicators.result import Part, Result, Status, Value
from bocage.indicators.workforce.ages import AGE_BANDS, Tenure, banded, tenures
from bocage.indicators.workforce.assembling import Workforce
from bocage.indicators.workforce.catalogue import DEFINITIONS
from bocage.indicators.workforce.coverage import coverage_of
from bocage.indicators.workforce.exact import quotient, rounded
from bocage.indicators.workforce.hiding import Cell, gap_is_hidden, hide_small, is_small
from bocage.indicators.workforce.legal_headcount import LegalHeadcount, legal_headcount
from bocage.indicators.workforce.movements import Movements, movements
from bocage.indicators.workforce.pay import MinimumWage, PayGap, minimum_wage, pay_gap
from bocage.indicators.workforce.presence import (
    Headcount,
    categories,
    headcounts,
    management,
    month_ends,
    working_time,
)
from bocage.indicators.workforce.safety import (
    ABSENTEEISM_MOTIVES,
    ACCIDENT,
    Absence,
    Accidents,
    absences,
    accidents,
    contract_days,
    paid_hours,
)
from bocage.indicators.workforce.wordings import wording_of
from bocage.referentials.smic import CHECKED_UNTIL

NO_DECLARATION = "no_declaration"
LAST_MONTH_MISSING = "last_month_missing"
MONTHS_MISSING = "months_missing"
NO_EMPLOYEE = "no_employee"
NO_HOURS = "no_hours"
SMALL_GROUP = "small_group"
WORKED_HOURS = Fraction(1607, 1820)
"""Legal working time of a year over the hours paid for it: an option to bring paid hours near worked ones."""
HOURS_A_YEAR = 2_000
"""Of a full-time equivalent, by VSME §184, where the hours are unknown."""
ALL_CAUSES = ("02", "03")
"""Motives (60.001) that the rate « all causes » adds: maternity, paternity."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """A value before its status. ``reason``: why it is unknown, hidden or not whole."""

    value: Value
    breakdown: Sequence[Part] = ()
    reason: str | None = None
    hidden: bool = False


class Report:
    """The social indicators of an assembled company, computed once each."""

    def __init__(self, workforce: Workforce) -> None:
        self._workforce = workforce
        self._connection = workforce.connection
        self._complete = coverage_of(workforce).complete

    def results(self) -> list[Result]:
        """Every indicator, in the order of the catalogue."""
        if not self._workforce.months:
            return [self._result(code, _Answer(None, reason=NO_DECLARATION)) for code in DEFINITIONS]
        answers = dict(self._answers())
        return [self._result(code, answers[code]) for code in DEFINITIONS]

    def _result(self, code: str, answer: _Answer) -> Result:
        definition = DEFINITIONS[code]
        status, reason = Status.COMPUTED, answer.reason
        if answer.hidden:
            status = Status.HIDDEN
        elif answer.value is None:
            status = Status.MISSING
        elif not self._complete:
            status, reason = Status.PARTIAL, MONTHS_MISSING
        elif reason is not None:
            status = Status.PARTIAL
        said = wording_of(code)
        return Result(
            code,
            answer.value,
            definition.unit,
            status,
            said.formula,
            definition.sources,
            reason,
            tuple(answer.breakdown),
            said.exclusions,
            said.variants,
        )

    def _answers(self) -> Iterator[tuple[str, _Answer]]:
        counts = headcounts(self._connection)
        if self._workforce.has_last_month:
            yield from self._last_day(counts[self._workforce.period.end])
        else:
            unknown = _Answer(None, reason=LAST_MONTH_MISSING)
            yield from ((code, unknown) for code, definition in DEFINITIONS.items() if definition.last_day)
        at_month_end = [counts[day] for day in month_ends(self._workforce.months)]
        average = Fraction(sum(count.total for count in at_month_end), len(at_month_end))
        yield "headcount_average", _Answer(rounded(average, 4))
        yield "headcount_r130_1", _legal(legal_headcount(self._connection, self._workforce.months))
        first, last = counts[self._workforce.period.start], at_month_end[-1]
        moves = movements(self._connection, self._workforce.period)
        yield from _movements(moves, average, Fraction(first.total + last.total, 2))
        yield from self._safety()
        yield from self._pay()

    def _last_day(self, count: Headcount) -> Iterator[tuple[str, _Answer]]:
        day, everyone = self._workforce.period.end, count.total
        known = tenures(self._connection, day)
        yield "headcount_year_end", _Answer(everyone, _by_trait(count, categories(self._connection, day), known))
        yield "fte_year_end", _Answer(rounded(working_time(self._connection, day), 2))
        yield "part_time_share", _share(count.part_time, everyone)
        yield "fixed_term_share", _share(count.temporary, everyone)
        yield "collective_agreement_coverage", _share(count.covered, everyone)
        yield "apprentices", _Answer(count.apprentices)
        yield "disabled_workers", _Answer(count.disabled)
        yield "seniority_mean", _mean([person.seniority for person in known], "seniority_unknown")
        yield "age_mean", _mean([person.age for person in known], "age_unknown")
        women, men = management(self._connection, day)
        ratio = quotient(women, men, 2)
        breakdown = (Part({"sex": "F"}, women), Part({"sex": "M"}, men))
        yield "managers_female_to_male", _Answer(ratio, breakdown, None if men else "no_man_in_management")

    def _safety(self) -> Iterator[tuple[str, _Answer]]:
        hours = Fraction(paid_hours(self._connection))
        lost = absences(self._connection)
        counted = accidents(self._connection, self._workforce.period)
        under_contract = contract_days(self._connection, self._workforce.months)
        days = sum(absence.days for absence in lost if absence.motive in ABSENTEEISM_MOTIVES)
        at_work = sum(absence.days for absence in lost if absence.motive == ACCIDENT)
        yield "hours_paid", _Answer(rounded(hours, 2))
        yield "absence_days", _Answer(days, _by_motive(lost))
        yield (
            "absenteeism",
            _Answer(
                quotient(days, under_contract, 2, times=100),
                (_all_causes(lost, days, under_contract),),
                None if under_contract else NO_EMPLOYEE,
            ),
        )
        yield "accidents_with_stop", self._accidents(counted)
        yield "accident_rate_vsme", self._accident_rate(counted.at_work, hours)
        for code, above, times in (("frequency_rate", counted.at_work, 1_000_000), ("severity_rate", at_work, 1_000)):
            yield code, _rate(above, hours, times, None if hours else NO_HOURS)

    def _accident_rate(self, at_work: int, hours: Fraction) -> _Answer:
        """VSME §184: 2 000 hours a full-time equivalent where no hour is declared."""
        if hours:
            return _rate(at_work, hours, 200_000, "accidents_without_stop_unknown")
        ends = month_ends(self._workforce.months)
        full_time = sum((working_time(self._connection, day) for day in ends), Fraction(0)) / 12
        if not full_time:
            return _Answer(None, reason=NO_HOURS)
        return _Answer(quotient(at_work, full_time * HOURS_A_YEAR, 2, times=200_000), reason="hours_estimated")

    def _accidents(self, counted: Accidents) -> _Answer:
        breakdown = [Part({"kind": "commuting"}, counted.commuting)]
        if counted.diseases == 0:
            breakdown.append(Part({"kind": "occupational_disease"}, 0))
        else:
            shown = counted.diseases if counted.diseases >= 5 else None
            breakdown.append(Part({"kind": "occupational_disease"}, shown))
        reason = None if self._workforce.has_signals or not counted.at_work else "stops_counted"
        return _Answer(counted.at_work, breakdown, reason)

    def _pay(self) -> Iterator[tuple[str, _Answer]]:
        gap, larger = pay_gap(self._connection), pay_gap(self._connection, with_benefits=True)
        yield "pay_gap_mean", _gap(gap, gap.mean, larger.mean)
        yield "pay_gap_median", _gap(gap, gap.median, larger.median)
        yield (
            "minimum_wage_compliance",
            _minimum(
                minimum_wage(self._connection, list(self._workforce.months)), self._workforce.months[-1] > CHECKED_UNTIL
            ),
        )


def _rate(above: int, hours: Fraction, times: int, reason: str | None) -> _Answer:
    variants = (Part({"variant": "worked_hours"}, quotient(above, hours * WORKED_HOURS, 2, times=times)),)
    return _Answer(quotient(above, hours, 2, times=times), variants, reason)


def _share(part: int, whole: int) -> _Answer:
    return _Answer(quotient(part, whole, 2, times=100), reason=None if whole else NO_EMPLOYEE)


def _mean(years: Sequence[int | None], reason: str) -> _Answer:
    known = [year for year in years if year is not None]
    if not known:
        return _Answer(None, reason=reason if years else NO_EMPLOYEE)
    return _Answer(quotient(sum(known), len(known), 2), reason=None if len(known) == len(years) else reason)


def _by_trait(count: Headcount, statuses: Mapping[str, int], known: Sequence[Tenure]) -> list[Part]:
    parts = [Part({"sex": "F"}, count.women), Part({"sex": "M"}, count.men)]
    if count.unknown_sex:
        parts.append(Part({"sex": "unknown"}, count.unknown_sex))
    parts += [Part({"contract": "permanent"}, count.permanent), Part({"contract": "temporary"}, count.temporary)]
    parts += [Part({"category": status}, persons) for status, persons in statuses.items()]
    bands = banded([person.age for person in known if person.age is not None], AGE_BANDS)
    cells = hide_small([Cell(band, persons, persons) for band, persons in bands.items()])
    return parts + [Part({"age_band": cell.name}, cell.value) for cell in cells]


def _legal(figures: LegalHeadcount) -> _Answer:
    months = [Part({"month": f"{month:%Y-%m}"}, rounded(value, 4)) for month, value in figures.months.items()]
    return _Answer(figures.year, months, None if figures.year is not None else NO_EMPLOYEE)


def _movements(moves: Movements, average: Fraction, ends_mean: Fraction) -> Iterator[tuple[str, _Answer]]:
    yield "entries", _Answer(moves.entries)
    yield "exits", _Answer(moves.exits, (Part({"counted": "vsme"}, moves.leavers),))
    reason = None if average else NO_EMPLOYEE
    variants = (
        Part({"variant": "all_exits"}, quotient(moves.exits, average, 2, times=100)),
        Part({"variant": "efrag_template"}, quotient(moves.leavers, ends_mean, 2, times=100)),
    )
    yield "turnover_vsme", _Answer(quotient(moves.leavers, average, 2, times=100), variants, reason)
    half = Fraction(moves.entries + moves.exits, 2)
    yield "turnover_fr", _Answer(quotient(half, average, 2, times=100), reason=reason)


def _by_motive(lost: Sequence[Absence]) -> list[Part]:
    """Every motive met; the total speaks of the default ones only, so only they are given back by subtraction.

    The severity rate gives back the days of accidents at work, so the other hidden ones must not stand on them.
    """
    cells = [Cell(absence.motive, absence.days, absence.persons) for absence in lost]
    inside = [cell for cell in cells if cell.name in ABSENTEEISM_MOTIVES]
    outside = [cell for cell in cells if cell.name not in ABSENTEEISM_MOTIVES]
    shown = [*hide_small(inside, known={ACCIDENT}), *hide_small(outside, total_shown=False)]
    return [Part({"motif": cell.name}, cell.value) for cell in sorted(shown, key=lambda cell: cell.name)]


def _all_causes(lost: Sequence[Absence], days: int, under_contract: int) -> Part:
    """The rate with maternity and paternity: what it adds is an absence by motive, hidden when few persons made it."""
    added = [absence for absence in lost if absence.motive in ALL_CAUSES]
    small = is_small(sum(absence.persons for absence in added))
    everything = days + sum(absence.days for absence in added)
    return Part({"variant": "all_causes"}, None if small else quotient(everything, under_contract, 2, times=100))


def _gap(gap: PayGap, value: Value, with_benefits: Value) -> _Answer:
    persons = (Part({"persons": "F"}, gap.women), Part({"persons": "M"}, gap.men))
    if gap.women + gap.men == 0:
        return _Answer(None, persons, NO_HOURS)
    if gap_is_hidden(gap.women, gap.men):
        return _Answer(None, persons, SMALL_GROUP, hidden=True)
    return _Answer(value, (*persons, Part({"variant": "with_benefits"}, with_benefits)))


def _minimum(found: MinimumWage, late: bool) -> _Answer:
    exceptions = (Part({"exceptions": "contract-months"}, found.below),)
    if not found.compared:
        return _Answer(None, reason="no_hourly_contract")
    return _Answer(found.below == 0, exceptions, "smic_not_checked" if late else "legal_minimum_only")
