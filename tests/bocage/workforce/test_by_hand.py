"""A company of eight in 2025, whose figures are worked out by hand beside each."""

from decimal import Decimal
from pathlib import Path

import pytest

from bocage.indicators.result import Result
from tests.bocage.workforce.payslips import Contract, Person, declaration, figures, year_of

MANAGER, FIXED, PART = {"002": "04"}, {"007": "02"}, {"014": "20"}
A, B, C = "2800301999011", "2800301999012", "2800301999013"
D, E, F, G, H = (f"18003019990{rank}" for rank in range(51, 56))


def _present(month: int) -> list[Person]:
    """Women: A full time, B half time, C two contracts. Men: D comes on 17 March, E is there from May to September, F
    leaves on 10 June, G came on 1 January and is hurt in April, H (fixed term) is ill in October."""
    second = Contract(number="00002", quota="60.00", hours="60.00", gross="600.00", values=PART)
    both = [Contract(quota="100.00", hours="100.00", gross="1500.00"), second]
    half = Contract(quota="75.84", hours="75.84", gross="1200.00", values=PART | MANAGER)
    hurt, ill = Contract("2025-01-01", gross="2500.00"), Contract(gross="2100.00", values=FIXED)
    if month == 4:
        hurt.stopped("2025-04-01", "2025-04-30", "06", resumed="2025-04-16")
    if month == 10:
        ill.stopped("2025-10-10", "2025-10-20")
    found = [(A, [Contract(values=MANAGER)]), (B, [half]), (C, both), (G, [hurt]), (H, [ill])]
    if month >= 3:
        found.append((D, [Contract("2025-03-17", gross="2400.00", values=MANAGER)]))
    if 5 <= month <= 9:
        term = Contract("2025-05-01", gross="1900.00", values=FIXED)
        found.append((E, [term.ended("2025-09-30", "031") if month == 9 else term]))
    if month <= 6:
        found.append((F, [Contract().ended("2025-06-10") if month == 6 else Contract()]))
    return [Person(nir, contracts, birth="14031980") for nir, contracts in found]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    files = [declaration(f"2025-{month:02d}", _present(month)) for month in range(1, 13)]
    return figures(tmp_path_factory.mktemp("company"), *files)


@pytest.mark.parametrize(
    ("code", "value"),
    [
        # A, B, C, D, G, H
        ("headcount_year_end", "6"),
        # (6 + 6 + 7 + 7 + 8 + 7 + 7 + 7 + 7 + 6 + 6 + 6) ÷ 12: E is still there on 30 September
        ("headcount_average", "6.6667"),
        # A, D, G, H: 4; B 75.84 and C 100 + 60 over 151.67
        ("fte_year_end", "5.55"),
        # B, and C by one of her two contracts: 2 ÷ 6
        ("part_time_share", "33.33"),
        # H: 1 ÷ 6
        ("fixed_term_share", "16.67"),
        # 12 × (3 + 235.84 ÷ 151.67) + D 15 ÷ 31 + 9 + E 5 + F 5 + 10 ÷ 30 = 74.4767; ÷ 12 = 6.2064, cut
        ("headcount_r130_1", "6.20"),
        # D, E, G; the end of E’s term is an exit, no departure
        ("entries", "3"),
        ("exits", "2"),
        # F: 1 ÷ 6.6667
        ("turnover_vsme", "15.00"),
        # (3 + 2) ÷ 2 ÷ 6.6667
        ("turnover_fr", "37.50"),
        # 12 × (3 × 151.67 + 75.84 + 160) + 151.67 × (10 + 5 + 6)
        ("hours_paid", "11475.27"),
        # 2 to 15 April, 11 to 20 October
        ("absence_days", "24"),
        # 24 ÷ (6 contracts × 365 + D 290 + E 153 + F 161)
        ("absenteeism", "0.86"),
        ("accidents_with_stop", "1"),
        # 1 × 200 000, 1 × 10⁶, then 14 days × 1 000, over 11 475.27 hours
        ("accident_rate_vsme", "17.43"),
        ("frequency_rate", "87.14"),
        ("severity_rate", "1.22"),
        # Women 13.187, 15.823, 13.125: 14.0448. Men, E and F too, 15.824, 12.527, 13.187, 16.483, 13.846: 14.3733
        ("pay_gap_mean", "2.29"),
        # 2 000 against 2 100 for the same hours: 100 ÷ 2 100
        ("pay_gap_median", "4.76"),
        # A and B over D
        ("managers_female_to_male", "2.00"),
    ],
)
def test_figures(year: dict[str, Result], code: str, value: str) -> None:
    assert year[code].value == Decimal(value)


@pytest.mark.parametrize(
    ("code", "by", "value"),
    [
        ("headcount_year_end", {"sex": "F"}, "3"),
        ("headcount_year_end", {"contract": "temporary"}, "1"),
        ("headcount_year_end", {"category": "04"}, "3"),
        # A, C 160 ÷ 151.67, B 75.84 ÷ 151.67, F, G, H; with D for 15 days of 31
        ("headcount_r130_1", {"month": "2025-03"}, "6.0388"),
        # D and E, F for 10 days of 30
        ("headcount_r130_1", {"month": "2025-06"}, "6.8883"),
        ("exits", {"counted": "vsme"}, "1"),
        # 2 ÷ 6.6667
        ("turnover_vsme", {"variant": "all_exits"}, "30.00"),
        # 1 ÷ the mean of 6 on 1 January and 6 on 31 December
        ("turnover_vsme", {"variant": "efrag_template"}, "16.67"),
        ("pay_gap_mean", {"persons": "F"}, "3"),
        ("pay_gap_mean", {"persons": "M"}, "5"),
    ],
)
def test_breakdowns(year: dict[str, Result], code: str, by: dict[str, str], value: str) -> None:
    (part,) = [part for part in year[code].breakdown if dict(part.by) == by]
    assert part.value == Decimal(value)


def test_the_absences_of_one_person_are_hidden(year: dict[str, Result]) -> None:
    assert [(dict(part.by), part.value) for part in year["absence_days"].breakdown] == [
        ({"motif": "01"}, None),
        ({"motif": "06"}, None),
    ]


def test_executives_alone_are_management_when_there_are_some(tmp_path: Path) -> None:
    """40.002: two women and a man at 03; the two men at 04 are then left out."""
    statuses = ((A, "03"), (B, "03"), (D, "03"), (E, "04"), (F, "04"))
    team = [Person(nir, [Contract(values={"002": status})], birth="14031980") for nir, status in statuses]
    assert figures(tmp_path, *year_of(*team, months=(12,)))["managers_female_to_male"].value == 2


WOMEN = [f"20003019990{rank}" for rank in range(61, 66)]
MEN = [f"18103019990{rank}" for rank in range(71, 76)]


def _ten(month: int) -> list[Person]:
    """Five women of 25 and five men of 44, all at 2 000 euros for 151.67 hours, since 2020.

    The first woman has 151.67 a month in kind and no agreement, and is hurt in April; the last is an apprentice. The
    first man has 303.34 of intéressement a month, the second 500 of expenses, the fourth a base pay of 1 500, the last
    is disabled. In March the five men have an occupational disease; in June the five women are on maternity leave.
    """
    own: dict[str, Contract] = {nir: Contract() for nir in (*WOMEN, *MEN)}
    for nir in WOMEN:
        own[nir].seniority = ("03", "4")
        if month == 6:
            own[nir].stopped("2025-06-09", "2025-06-19", "02")
    for nir in MEN if month == 3 else ():
        own[nir].stopped("2025-03-03", "2025-03-13", "05")
    if month == 4:
        own[WOMEN[0]].stopped("2025-04-07", "2025-04-30", "06", resumed="2025-04-18")
    own[WOMEN[0]].values["017"] = "9999"
    own[WOMEN[0]].benefits.append(("02", "151.67"))
    own[WOMEN[4]].values |= {"007": "02", "008": "64"}
    own[MEN[0]].benefits.append(("12", "303.34"))
    own[MEN[1]].benefits.append(("07", "500.00"))
    own[MEN[3]].base = "1500.00"
    own[MEN[4]].values["072"] = "01"
    births = {nir: "14032000" if nir in WOMEN else "14031981" for nir in own}
    return [Person(nir, [contract], birth=births[nir]) for nir, contract in own.items()]


@pytest.fixture(scope="module")
def ten(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    files = [declaration(f"2025-{month:02d}", _ten(month)) for month in range(1, 13)]
    return figures(tmp_path_factory.mktemp("ten"), *files)


@pytest.mark.parametrize(
    ("code", "by", "value"),
    [
        ("headcount_year_end", {"age_band": "<30"}, "5"),
        ("headcount_year_end", {"age_band": "40-49"}, "5"),
        # (5 × 25 + 5 × 44) ÷ 10
        ("age_mean", None, "34.50"),
        # Women 4 years, as declared; men since 1 January 2020: 5
        ("seniority_mean", None, "4.50"),
        ("collective_agreement_coverage", None, "90.00"),
        ("apprentices", None, "1"),
        ("disabled_workers", None, "1"),
        # Without the apprentice
        ("headcount_r130_1", None, "9.00"),
        # The fourth man: 1 500 ÷ 151.67 = 9.89 an hour, each month
        ("minimum_wage_compliance", {"exceptions": "contract-months"}, "12"),
        # 10 × 12 × 151.67
        ("hours_paid", None, "18200.40"),
        # 5 × (4 to 13 March) + 8 to 17 April
        ("absence_days", None, "60"),
        # 60 ÷ 3 650
        ("absenteeism", None, "1.64"),
        # and 5 × (10 to 19 June): 110 ÷ 3 650
        ("absenteeism", {"variant": "all_causes"}, "3.01"),
        ("accidents_with_stop", None, "1"),
        ("accidents_with_stop", {"kind": "occupational_disease"}, "5"),
        ("accidents_with_stop", {"kind": "commuting"}, "0"),
        # 10⁶ ÷ 18 200.4; then over 18 200.4 × 1607 ÷ 1820 = 16 070.353 hours
        ("frequency_rate", None, "54.94"),
        ("frequency_rate", {"variant": "worked_hours"}, "62.23"),
        # 10 days × 1 000
        ("severity_rate", None, "0.55"),
        ("severity_rate", {"variant": "worked_hours"}, "0.62"),
        # 200 000
        ("accident_rate_vsme", None, "10.99"),
        ("accident_rate_vsme", {"variant": "worked_hours"}, "12.45"),
        # 2 000 ÷ 151.67 = 13.1865 for everyone
        ("pay_gap_mean", None, "0.00"),
        # In kind, one euro an hour for one woman of five: 13.3865. Intéressement, two for one man of five: 13.5865.
        # Expenses are no pay. 0.2 ÷ 13.5865
        ("pay_gap_mean", {"variant": "with_benefits"}, "1.47"),
        # The third of five has nothing more
        ("pay_gap_median", {"variant": "with_benefits"}, "0.00"),
    ],
)
def test_what_else_a_company_of_ten_tells(
    ten: dict[str, Result], code: str, by: dict[str, str] | None, value: str
) -> None:
    result = ten[code]
    found = [part.value for part in result.breakdown if dict(part.by) == by] if by else [result.value]
    assert found == [Decimal(value)]


def test_one_month_below_the_minimum_is_no_compliance(ten: dict[str, Result]) -> None:
    assert ten["minimum_wage_compliance"].value is False
