"""One fiscal year a FEC: its two dates, and when they do not match, both periods drawn one above the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bocage.identifiers.period import last_day_of_month
from bocage.wording import Sentence
from cabinet.onboarding.checks import YearOf, year_problems
from cabinet.web.components.formats import SHORT_MONTHS, day
from cabinet.web.wizard.forms import YearForm
from cabinet.web.wizard.words import describe, year_anchor

APART = 17
"""Per cent of the drawing that the name of a month takes."""


@dataclass(frozen=True, slots=True)
class Span:
    """A period on the drawing: from ``x``, ``width`` wide, both in per cent as SVG writes them."""

    label: str
    text: str
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A month written under the drawing."""

    x: str
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The period typed above that of the file."""

    typed: Span
    file: Span
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class YearBlock:
    """What the page shows of a fiscal year."""

    key: str
    anchor: str
    title: str
    form: YearForm
    required: bool
    fault: Sentence | None
    comparison: Comparison | None
    may_take: bool
    from_file: bool

    @property
    def fields(self) -> str:
        """The ids of its two fields."""
        return f"{self.form['start'].id_for_label} {self.form['end'].id_for_label}"

    @property
    def invalid(self) -> str:
        """As ARIA writes it."""
        return "true" if self.fault else "false"

    @property
    def verdict_id(self) -> str:
        """The id of what is said of its dates."""
        return f"{self.anchor}-verdict"

    @property
    def optional(self) -> bool:
        """Whether both dates may be left empty."""
        return not self.required


def draw_years(years: Sequence[YearOf]) -> tuple[YearBlock, ...]:
    """The blocks, in the order of the years."""
    faults = {one.field: describe(one).words for one in year_problems(years)}
    codes = {one.field: one.code for one in year_problems(years)}
    several = len(years) > 1
    return tuple(_draw(year, faults.get(year.key), codes.get(year.key, ""), several) for year in years)


def _draw(year: YearOf, fault: Sentence | None, code: str, several: bool) -> YearBlock:
    fec = year.fec
    own = fec is not None and fec.period_start is not None and fec.period_end is not None
    return YearBlock(
        key=year.key,
        anchor=year_anchor(year.key),
        title=f"Exercice de {fec.file_name}" if fec is not None and several else "Exercice",
        form=YearForm.showing(year),
        required=fec is not None,
        fault=fault,
        comparison=_compare(year) if code == "period" else None,
        may_take=own and fault is not None and not year.taken_from_file,
        from_file=year.taken_from_file,
    )


def _compare(year: YearOf) -> Comparison | None:
    fec = year.fec
    if fec is None or year.start is None or year.end is None or fec.period_start is None or fec.period_end is None:
        return None
    first = min(year.start, fec.period_start).replace(day=1)
    axis = Axis(first, last_day_of_month(max(year.end, fec.period_end)))
    typed = _span(axis, "Saisi", year.start, year.end)
    own = _span(axis, "FEC", fec.period_start, fec.period_end)
    return Comparison(typed, own, _ticks(axis, (year.start, fec.period_start), (year.end, fec.period_end)))


@dataclass(frozen=True, slots=True)
class Axis:
    """The days that the drawing covers, both included."""

    first: date
    last: date

    def place(self, moment: date) -> float:
        """Where a day begins, in per cent."""
        return 100 * (moment - self.first).days / ((self.last - self.first).days + 1)


def _percent(value: float) -> str:
    return f"{value:.2f}%"


def _span(axis: Axis, label: str, start: date, end: date) -> Span:
    x, after = axis.place(start), axis.place(end + timedelta(days=1))
    return Span(label, f"du {day(start)} au {day(end)}", _percent(x), _percent(max(0.3, after - x)))


def _ticks(axis: Axis, starts: tuple[date, date], ends: tuple[date, date]) -> tuple[Tick, ...]:
    """The months of the four ends, but for those too close to another to be read."""
    ticks: list[Tick] = []
    taken: list[float] = []
    for moment, is_end in sorted([(one, False) for one in starts] + [(one, True) for one in ends]):
        x = axis.place(moment + timedelta(days=1)) if is_end else axis.place(moment)
        if all(abs(x - other) >= APART for other in taken):
            taken.append(x)
            text = f"{SHORT_MONTHS[moment.month - 1]} {moment.year}"
            ticks.append(Tick(_percent(x), text, "end" if is_end else "start"))
    return tuple(ticks)
