"""Formulas, one trap at a time."""

from decimal import Decimal
from pathlib import Path

import pytest

from bocage.indicators.result import Status
from tests.bocage.workforce.payslips import YEAR, Contract, Person, day, declaration, figures, year_of


def _women(count: int) -> list[Person]:
    return [Person(nir=f"28003019990{rank:02d}", birth="14031980") for rank in range(10, 10 + count)]


def _men(count: int) -> list[Person]:
    return [Person(nir=f"18003019990{rank:02d}", birth="14031980") for rank in range(50, 50 + count)]


@pytest.mark.parametrize("nature", ["29", "32", "51", "52", "70", "80", "81", "89", "93"])
def test_some_contracts_are_no_employment(tmp_path: Path, nature: str) -> None:
    trainee = Person(contracts=[Contract(values={"007": nature})])
    found = figures(tmp_path, *year_of(trainee, *_women(1)))
    assert found["headcount_year_end"].value == 1
    assert found["hours_paid"].value == Decimal("1820.04")


@pytest.mark.parametrize(
    "values",
    [{"008": "64"}, {"008": "61"}, {"008": "41"}, {"007": "02", "021": "01"}, {"007": "03"}],
    ids=["apprentice", "professionnalisation", "CUI", "replacement", "agency"],
)
def test_left_out_of_the_legal_headcount(tmp_path: Path, values: dict[str, str]) -> None:
    found = figures(tmp_path, *year_of(Person(contracts=[Contract(values=values)]), *_women(1)))
    assert (found["headcount_year_end"].value, found["headcount_r130_1"].value) == (2, 1)


def test_a_month_without_employee_does_not_lower_the_legal_headcount(tmp_path: Path) -> None:
    files = [declaration(f"2025-{month:02d}", [], kind="02") for month in range(1, 7)]
    files += year_of(Person(contracts=[Contract(start="2025-07-01")]), months=range(7, 13))
    assert figures(tmp_path, *files)["headcount_r130_1"].value == 1


def test_a_change_told_late_rewrites_the_months_before(tmp_path: Path) -> None:
    files = year_of(Person(), months=range(1, 5))
    half = Contract(quota="75.84").changed("2025-03-01", r007="151.67")
    files.append(declaration("2025-05", [Person(contracts=[half])]))
    months = [part.value for part in figures(tmp_path, *files)["headcount_r130_1"].breakdown]
    assert months == [Decimal("1.0000"), Decimal("1.0000"), *[Decimal("0.5000")] * 3]


def test_a_change_of_the_last_day_told_the_next_year(tmp_path: Path) -> None:
    half = Contract(quota="75.84", values={"014": "20"}).changed("2025-12-15", r007="151.67")
    half.changed("2025-12-15", r008="10")
    found = figures(tmp_path, *year_of(Person()), declaration("2026-01", [Person(contracts=[half])]))
    assert (found["fte_year_end"].value, found["part_time_share"].value) == (Decimal("0.50"), 100)


def test_stops_are_updated_clipped_and_cancelled(tmp_path: Path) -> None:
    sick, cancelled, partial = _women(3)
    january = [
        Person(sick.nir, [Contract().stopped("2024-12-20", "2025-01-10")]),
        Person(cancelled.nir, [Contract().stopped("2025-01-15", "2025-01-25")]),
        Person(partial.nir, [Contract().stopped("2025-01-15", "2025-06-30", "15")]),
    ]
    february = [
        Person(sick.nir, [Contract().stopped("2024-12-20", "2025-01-10", resumed="2025-01-09")]),
        Person(cancelled.nir, [Contract().stopped("2025-01-15", "2025-01-25", "99")]),
        partial,
    ]
    files = [declaration("2025-01", january), declaration("2025-02", february)]
    found = figures(tmp_path, *files, *year_of(sick, cancelled, partial, months=range(3, 13)))
    # From 1 to 8 January: the days of December belong to the year before.
    assert found["absence_days"].value == 8
    assert found["absenteeism"].value == Decimal("0.73")


def test_a_relapse_is_one_accident_when_signals_date_it(tmp_path: Path) -> None:
    first = Contract().stopped("2025-02-03", "2025-02-10", "06", resumed="2025-02-11")
    again = Contract().stopped("2025-04-07", "2025-04-11", "06", resumed="2025-04-14")
    files = year_of(Person(), months=(1, 3, *range(5, 13)))
    files += [declaration("2025-02", [Person(contracts=[first])]), declaration("2025-04", [Person(contracts=[again])])]
    signals = []
    for rank, (last_worked, end) in enumerate((("2025-02-03", "2025-02-10"), ("2025-04-07", "2025-04-11"))):
        stop = Contract().stopped(last_worked, end, "06")
        stop.events[0][1]["012"] = day("2025-02-03")
        signals.append(declaration("2025-04", [Person(contracts=[stop])], nature="04", ordre=rank, built="2025-04-10"))
    assert figures(tmp_path / "alone", *files)["accidents_with_stop"].value == 2
    assert figures(tmp_path / "signals", *files, *signals)["accidents_with_stop"].value == 1


def test_an_accident_of_the_year_before_still_costs_days(tmp_path: Path) -> None:
    stop = Contract().stopped("2024-12-20", "2025-01-10", "06")
    found = figures(
        tmp_path, declaration("2025-01", [Person(contracts=[stop])]), *year_of(Person(), months=range(2, 13))
    )
    assert (found["accidents_with_stop"].value, found["absence_days"].value) == (0, 10)


def test_pay_lines_belong_to_the_month_they_pay(tmp_path: Path) -> None:
    late = Contract(pays=[("2025-12-01", "2025-12-31", "002", "100.00", "10.00")])
    early = Contract(pays=[("2024-12-01", "2024-12-31", "002", "100.00", "10.00")])
    files = [declaration("2025-01", [Person(contracts=[early])]), *year_of(Person(), months=range(2, 13))]
    found = figures(tmp_path, *files, declaration("2026-01", [Person(contracts=[late])]))
    assert found["hours_paid"].value == 11 * Decimal("151.67") + 10


def test_corrections_by_difference_or_by_redoing_give_the_same(tmp_path: Path) -> None:
    usual = ("2025-02-01", "2025-02-28")
    difference = [(*usual, "001", "2000.00", None), (*usual, "002", "2000.00", "151.67")]
    extra = [("2025-01-01", "2025-01-31", "001", "50.00", None), ("2025-01-01", "2025-01-31", "002", "50.00", "5.00")]
    redone = []
    for amount, hours in (("-2000.00", "-151.67"), ("2050.00", "156.67")):
        redone += [
            ("2025-01-01", "2025-01-31", "001", amount, None),
            ("2025-01-01", "2025-01-31", "002", amount, hours),
        ]
    values = []
    for rank, more in enumerate((extra, redone)):
        february = declaration("2025-02", [Person(contracts=[Contract(pays=[*difference, *more])])])
        values.append(figures(tmp_path / str(rank), *year_of(Person(), months=(1,)), february)["hours_paid"].value)
    assert values == [Decimal("308.34")] * 2


def test_days_count_seven_hours_and_calendar_days_count_nothing(tmp_path: Path) -> None:
    content = declaration("2025-12", [Person(contracts=[Contract(hours="18.17", values={"011": "20"})])])
    days = content.replace(b"S21.G00.53.003,'10'", b"S21.G00.53.003,'20'")
    calendar = content.replace(b"S21.G00.53.003,'10'", b"S21.G00.53.003,'40'")
    absent = content.replace(b"S21.G00.53.003,'10'\r\n", b"")
    values = [figures(tmp_path / str(n), file)["hours_paid"].value for n, file in enumerate((days, calendar, absent))]
    # Without a unit of its own, the quantity is in the unit of the contract.
    assert values == [Decimal("127.19"), 0, Decimal("127.19")]


@pytest.mark.parametrize(("women", "hidden"), [(2, True), (3, False)])
def test_the_pay_gap_hides_a_small_group(tmp_path: Path, women: int, hidden: bool) -> None:
    found = figures(tmp_path, *year_of(*_women(women), *_men(4)))
    for code in ("pay_gap_mean", "pay_gap_median"):
        assert (found[code].status is Status.HIDDEN) is hidden
        assert found[code].value == (None if hidden else 0)
        assert found[code].reason == ("small_group" if hidden else None)


def test_the_pay_gap_keeps_its_sign(tmp_path: Path) -> None:
    paid_more = [Person(person.nir, [Contract(gross="2200.00")]) for person in _women(3)]
    assert figures(tmp_path, *year_of(*paid_more, *_men(3)))["pay_gap_mean"].value == Decimal("-10.00")


@pytest.mark.parametrize(("base", "below"), [("1801.83", 0), ("1800.33", 0), ("1800.32", 12)])
def test_minimum_wage(tmp_path: Path, base: str, below: int) -> None:
    # 11.88 € an hour in 2025, less the cent that 151.67 costs: 11.87 × 151.67 = 1800.3229.
    found = figures(tmp_path, *year_of(Person(contracts=[Contract(base=base)])))["minimum_wage_compliance"]
    assert found.value is (below == 0)
    assert [(dict(part.by), part.value) for part in found.breakdown] == [({"exceptions": "contract-months"}, below)]


@pytest.mark.parametrize(
    "contract",
    [
        Contract(base="900.00", values={"008": "65"}),
        Contract(base="900.00", values={"008": "61"}),
        Contract(base="900.00", values={"011": "20", "012": "18.17"}, quota="18.17"),
    ],
    ids=["apprentice", "professionnalisation", "days"],
)
def test_contracts_that_the_minimum_wage_leaves_out(tmp_path: Path, contract: Contract) -> None:
    found = figures(tmp_path, *year_of(Person(contracts=[contract])))["minimum_wage_compliance"]
    assert (found.value, found.status, found.reason) == (None, Status.MISSING, "no_hourly_contract")


def test_the_smic_of_each_month_applies(tmp_path: Path) -> None:
    period = type(YEAR)(YEAR.start.replace(year=2024), YEAR.end.replace(year=2024))
    files = [declaration(f"2024-{month:02d}", [Person(contracts=[Contract(base="1770.00")])]) for month in range(1, 13)]
    found = figures(tmp_path, *files, period=period)["minimum_wage_compliance"]
    assert found.breakdown[0].value == 2


def test_coverage_by_agreement_counts_persons(tmp_path: Path) -> None:
    none = Person(contracts=[Contract(values={"017": "9999"})])
    found = figures(tmp_path, *year_of(none, *_women(3)))
    assert found["collective_agreement_coverage"].value == 75


def test_seniority_is_declared_or_counted_from_the_start(tmp_path: Path) -> None:
    found = figures(tmp_path, *year_of(Person(contracts=[Contract(start="2015-12-31")]), *_women(1)))
    # Ten full years, and five: 1 January 2020 to 31 December 2025.
    assert found["seniority_mean"].value == Decimal("7.50")
    assert found["age_mean"].value == Decimal("51.00")


def test_no_man_in_management(tmp_path: Path) -> None:
    (leader,) = _women(1)
    leader.contracts = [Contract(values={"002": "03"})]
    found = figures(tmp_path, *year_of(leader, *_men(2)))["managers_female_to_male"]
    assert (found.value, found.reason) == (None, "no_man_in_management")
    assert [part.value for part in found.breakdown] == [1, 0]


def test_accidents_without_hours_take_two_thousand_hours_a_full_time(tmp_path: Path) -> None:
    """By hand: one accident, two people at full time all year: 1 × 200 000 / 4 000."""
    hurt = Contract(pays=[]).stopped("2025-03-03", "2025-03-10", "06")
    quiet = [Person(nir, [Contract(pays=[])]) for nir in ("2800301999010", "1680301999001")]
    files = year_of(*quiet, months=[*range(1, 3), *range(4, 13)])
    files.append(declaration("2025-03", [quiet[0], Person(contracts=[hurt])]))
    found = figures(tmp_path, *files)
    assert (found["accident_rate_vsme"].value, found["accident_rate_vsme"].reason) == (50, "hours_estimated")
    assert (found["frequency_rate"].value, found["frequency_rate"].reason) == (None, "no_hours")
