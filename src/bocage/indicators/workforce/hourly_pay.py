"""Hourly pay of women and men, as a whole and by category, without what a small group would tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

import duckdb

from bocage.identifiers import Period
from bocage.indicators.workforce.chains import NOT_EMPLOYEES
from bocage.indicators.workforce.exact import rounded_decimal
from bocage.indicators.workforce.hiding import SMALLEST_GROUP, gap_is_hidden, is_small

EVERYONE, UNKNOWN = "all", "unknown"
CATEGORIES = {"03": "managers", "04": "managers", "05": "technicians", "06": "employees"}
CATEGORIES |= {"01": "workers", "02": "workers", "07": "workers"}
"""40.002 → category of the Index."""
ORDER = ("managers", "technicians", "employees", "workers", UNKNOWN)


@dataclass(frozen=True, slots=True)
class Side:
    """One sex in a group: persons, mean and median gross euros an hour. All None when hidden."""

    persons: int | None
    mean: Decimal | None
    median: Decimal | None


@dataclass(frozen=True, slots=True)
class HourlyPay:
    """One group. A gap is (men − women) / men, in %; None when hidden, or when a sex has nobody."""

    group: str
    women: Side
    men: Side
    gap_mean: Decimal | None
    gap_median: Decimal | None
    hidden: bool
    """Whether something of the group is not shown."""


_HIDDEN = Side(None, None, None)


def hourly_pay(connection: duckdb.DuckDBPyConnection, period: Period) -> list[HourlyPay]:
    """Everyone first, then each category. Needs ``work``. Empty when nobody has paid hours.

    A category is hidden when it has 1 to 4 women, or 1 to 4 men; then the next smallest with it, as long as the hidden
    ones could be found from the whole.
    """
    groups = _rates(connection, period)
    if not groups:
        return []
    whole = {sex: [rate for sides in groups.values() for rate in sides[sex]] for sex in "FM"}
    hidden = _hidden(groups)
    found = [_everyone(whole)]
    return found + [
        HourlyPay(name, _HIDDEN, _HIDDEN, None, None, hidden=True) if name in hidden else _shown(name, groups[name])
        for name in ORDER
        if name in groups
    ]


def _rates(connection: duckdb.DuckDBPyConnection, period: Period) -> dict[str, dict[str, list[Decimal]]]:
    rows = connection.execute(
        """
        SELECT s.status, p.sex, w.gross, w.hours
        FROM work w JOIN persons p USING (pid) LEFT JOIN (
            SELECT r.pid, arg_max(c.status, {'seq': r.seq, 'start': c.start, 'contract': r.contract}) AS status
            FROM rows r JOIN facts_contracts c USING (contract)
            WHERE r.month <= $1 AND NOT list_contains($2::VARCHAR[], coalesce(c.nature, '')) GROUP BY r.pid
        ) s USING (pid)
        WHERE w.hours > 0 AND p.sex IS NOT NULL
        """,
        [period.end, list(NOT_EMPLOYEES)],
    ).fetchall()
    groups: dict[str, dict[str, list[Decimal]]] = {}
    for status, sex, gross, hours in rows:
        sides = groups.setdefault(CATEGORIES.get(status, UNKNOWN), {"F": [], "M": []})
        sides[sex].append(Decimal(gross) / Decimal(hours))
    return groups


def _hidden(groups: dict[str, dict[str, list[Decimal]]]) -> set[str]:
    sizes = {name: {sex: len(rates) for sex, rates in sides.items()} for name, sides in groups.items()}
    hidden = {name for name, size in sizes.items() if any(map(is_small, size.values()))}
    while hidden and (len(hidden) == 1 or any(is_small(sum(sizes[name][sex] for name in hidden)) for sex in "FM")):
        shown = [name for name in sizes if name not in hidden]
        if not shown:
            break
        hidden.add(min(shown, key=lambda name: (sum(sizes[name].values()), name)))
    return hidden


def _everyone(sides: dict[str, list[Decimal]]) -> HourlyPay:
    """The counts and the gap by their own rules; what each sex earns only when both hold a group, for the gap would
    give one back from the other."""
    women, men = len(sides["F"]), len(sides["M"])
    if min(women, men) >= SMALLEST_GROUP:
        return _shown(EVERYONE, sides)
    whole = _shown(EVERYONE, sides)
    small = gap_is_hidden(women, men)
    return HourlyPay(
        EVERYONE,
        Side(women, None, None),
        Side(men, None, None),
        None if small else whole.gap_mean,
        None if small else whole.gap_median,
        hidden=True,
    )


def _shown(name: str, sides: dict[str, list[Decimal]]) -> HourlyPay:
    (mean_women, median_women), (mean_men, median_men) = (_middle(sides[sex]) for sex in "FM")
    return HourlyPay(
        name,
        _side(len(sides["F"]), mean_women, median_women),
        _side(len(sides["M"]), mean_men, median_men),
        _gap(mean_women, mean_men),
        _gap(median_women, median_men),
        hidden=False,
    )


def _middle(rates: Sequence[Decimal]) -> tuple[Decimal | None, Decimal | None]:
    return (sum(rates, Decimal(0)) / len(rates), median(rates)) if rates else (None, None)


def _side(persons: int, mean: Decimal | None, middle: Decimal | None) -> Side:
    return Side(
        persons,
        None if mean is None else rounded_decimal(mean, 2),
        None if middle is None else rounded_decimal(middle, 2),
    )


def _gap(women: Decimal | None, men: Decimal | None) -> Decimal | None:
    return rounded_decimal((men - women) / men * 100, 2) if women is not None and men else None
