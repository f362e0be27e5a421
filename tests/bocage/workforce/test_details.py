"""Pyramids, OETH and Egapro: scales at their bounds, groups that are too small, who is left out."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bocage.formats.base import BytesSource
from bocage.indicators.workforce import Details, assemble, details
from bocage.indicators.workforce.egapro_staff import counted_staff
from bocage.indicators.workforce.hiding import SMALLEST_GROUP, hide_table
from bocage.indicators.workforce.screens import read_period
from bocage.ingest.dsn import write_facts
from bocage.referentials.egapro import Scale, highest, points
from bocage.referentials.oeth import smic_hours
from tests.bocage.workforce.payslips import KEY, YEAR, Contract, Person, declaration, year_of


def _details(folder: Path, *files: bytes) -> Details:
    sources = [BytesSource(f"{rank}.dsn", content) for rank, content in enumerate(files)]
    return details([write_facts(sources, folder, pseudonym_key=KEY).tables], YEAR)


def _team(women: int, men: int, *, born: int = 1980, gross: tuple[str, str] = ("2000.00", "2000.00")) -> list[Person]:
    return [
        Person(f"{sex}{born % 100}03019991{rank:02d}", [Contract(gross=pay)], birth=f"1403{born}")
        for sex, count, pay in ((2, women, gross[0]), (1, men, gross[1]))
        for rank in range(count)
    ]


@pytest.mark.parametrize(
    ("scale", "value", "earned"),
    [
        ("pay_gap", "-3", 40),
        ("pay_gap", "0", 40),
        ("pay_gap", "0.05", 39),
        ("pay_gap", "6.04", 34),
        ("pay_gap", "6.05", 33),
        ("pay_gap", "7.05", 31),
        ("pay_gap", "19.05", 2),
        ("pay_gap", "20.05", 0),
        ("raises_large", "2.04", 20),
        ("raises_and_promotions", "2.05", 25),
        ("promotions_large", "10.05", 0),
        ("best_paid", "1", 0),
        ("best_paid", "3", 5),
        ("best_paid", "4", 10),
    ],
)
def test_scales_at_their_bounds(scale: Scale, value: str, earned: int) -> None:
    assert points(scale, Decimal(value)) == earned
    assert earned <= highest(scale)


def test_hours_owed_for_a_missing_unit() -> None:
    assert [smic_hours(Decimal(count)) for count in ("19.99", "20", "249.99", "250", "750")] == [
        None,
        400,
        400,
        500,
        600,
    ]


tables = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("FM")), st.integers(0, 12), min_size=1, max_size=8
)


@given(tables)
def test_a_hidden_cell_is_never_alone_in_its_row_nor_its_column(counts: dict[tuple[str, str], int]) -> None:
    shown = hide_table(counts)
    for axis in (0, 1):
        for name in {place[axis] for place in counts}:
            line = [place for place in counts if place[axis] == name]
            hidden = [place for place in line if shown[place] is None]
            assert len(hidden) != 1 or len(line) == 1
            assert len(hidden) in (0, len(line)) or sum(counts[place] for place in hidden) >= SMALLEST_GROUP
    assert all(value is None or value == 0 or value >= SMALLEST_GROUP for value in shown.values())


def test_pyramids_hide_small_groups(tmp_path: Path) -> None:
    found = _details(tmp_path, *year_of(*_team(6, 7), *_team(5, 6, born=1990)))
    assert [(row.band, row.women, row.men) for row in found.ages if row.women] == [("30-39", 5, 6), ("40-49", 6, 7)]
    assert [(row.band, row.women, row.men) for row in found.seniorities if row.women] == [("5-9", 11, 13)]


def test_a_band_hidden_by_age_is_not_given_back_by_its_two_sexes(tmp_path: Path) -> None:
    """Under 30: 4 persons, hidden; 30-39: 12, hidden with them. Six women and six men would add up to the 12."""
    team = [*_team(4, 0, born=1997), *_team(6, 6, born=1990), *_team(9, 9, born=1980)]
    found = _details(tmp_path, *year_of(*team))
    assert [(row.band, row.women, row.men) for row in found.ages] == [
        ("<30", None, None),
        ("30-39", None, None),
        ("40-49", 9, 9),
        ("50+", 0, 0),
    ]


def test_a_nature_alone_on_its_side_is_the_public_count(tmp_path: Path) -> None:
    """Permanent and temporary are always shown: two fixed terms beside fifteen others are those two. Two temporary
    natures share theirs, and hide each other."""
    term, mission = Contract(values={"007": "02"}), Contract(values={"007": "03"})
    team = [*_team(6, 9), *(Person(f"28003019997{rank:02d}", [term]) for rank in range(2))]
    found = _details(tmp_path / "a", *year_of(*team, months=(12,)))
    assert {cell.name: cell.value for cell in found.natures} == {"01": 15, "02": 2}
    found = _details(tmp_path / "b", *year_of(*team, Person("2800301999790", [mission]), months=(12,)))
    assert {cell.name: cell.value for cell in found.natures} == {"01": 15, "02": None, "03": None}


def test_exits_by_family_hide_few_and_months_show_all(tmp_path: Path) -> None:
    staying, leaving = _team(6, 6), _team(6, 0, born=1990)
    files = year_of(*staying, *leaving, months=range(1, 6))
    for rank, person in enumerate(leaving):
        person.contracts = [Contract().ended("2025-06-15", "059" if rank else "066")]
    found = _details(tmp_path, *files, declaration("2025-06", [*staying, *leaving]), *year_of(*staying, months=(7,)))
    assert {cell.name: cell.value for cell in found.exits} == {"resignation": None, "death": None}
    assert [(month.month, month.entries, month.exits) for month in found.moves][5:] == [
        ("2025-06", 0, 6),
        ("2025-07", 0, 0),
    ]


def test_pay_by_category_hides_what_the_whole_would_give_back(tmp_path: Path) -> None:
    def named(status: str, women: int, men: int, born: int) -> list[Person]:
        team = _team(women, men, born=born)
        for person in team:
            person.contracts = [Contract(values={"002": status})]
        return team

    team = [*named("04", 3, 6, 1980), *named("05", 5, 5, 1981), *named("06", 6, 7, 1982), *named("07", 9, 9, 1983)]
    found = {row.group: row for row in _details(tmp_path, *year_of(*team)).pay}
    assert {name for name, row in found.items() if row.hidden} == {"managers", "technicians"}
    assert (found["managers"].women.persons, found["managers"].gap_mean) == (None, None)
    assert (found["all"].women.persons, found["all"].women.mean) == (23, Decimal("13.19"))


def test_what_one_sex_earns_is_hidden_when_the_gap_would_give_it(tmp_path: Path) -> None:
    """Three women and eight men: the gap is shown, so neither mean is."""
    (everyone,) = [row for row in _details(tmp_path, *year_of(*_team(3, 8))).pay if row.group == "all"]
    assert (everyone.gap_mean, everyone.women.mean, everyone.men.mean) == (0, None, None)


def test_no_pyramid_without_the_last_month(tmp_path: Path) -> None:
    found = _details(tmp_path, *year_of(*_team(6, 6), months=range(1, 12)))
    assert (found.ages, found.seniorities) == ((), ())


def test_the_obligation_of_a_company_of_forty(tmp_path: Path) -> None:
    team = _team(20, 18)
    team.append(Person("1800301999888", [Contract(values={"072": "01"})], birth="14031980"))
    team.append(Person("1600301999889", [Contract(values={"072": "08"}, quota="75.84")], birth="14031960"))
    found = _details(tmp_path, *year_of(*team)).disability
    # 39.50 × 6 % = 2.37, that is 2 units; 1 + 0.5 × 1.5 employed; 0.25 missing × 400 h × 11.88 €.
    # Two persons: what they make together would tell the age and the working time of each.
    assert (found.headcount, found.due, found.people, found.hidden) == (Decimal("39.50"), 2, 2, True)
    assert (found.employed, found.contribution, found.most) == (None, None, Decimal("9504.00"))


def test_the_units_of_five_beneficiaries_are_shown(tmp_path: Path) -> None:
    team = _team(50, 45)
    for rank, (born, quota) in enumerate((("1980", "151.67"),) * 3 + (("1960", "75.84"), ("1990", "151.67"))):
        person = Person(f"1{born[2:]}03019998{rank:02d}", [Contract(values={"072": "01"}, quota=quota)])
        person.birth = f"1403{born}"
        team.append(person)
    found = _details(tmp_path, *year_of(*team)).disability
    # 99.50 × 6 % = 5.97, that is 5 units; 4 + 0.5 × 1.5 employed; 0.25 missing × 400 h × 11.88 €.
    assert (found.headcount, found.due, found.employed, found.hidden) == (Decimal("99.50"), 5, Decimal("4.75"), False)
    assert found.contribution is not None
    assert abs(found.contribution - Decimal("1188.00")) < 1


def test_a_small_company_owes_nothing(tmp_path: Path) -> None:
    found = _details(tmp_path, *year_of(*_team(5, 5))).disability
    assert (found.due, found.contribution) == (None, None)


def test_the_index_needs_fifty_people(tmp_path: Path) -> None:
    found = _details(tmp_path, *year_of(*_team(24, 25))).egapro
    assert (found.counted, found.index, found.reason) == (49, None, "under_50_employees")


def test_the_index_is_owed_by_the_legal_headcount_not_by_the_staff_counted(tmp_path: Path) -> None:
    away = [Person(f"28003019998{rank:02d}", [Contract().stopped("2025-01-10", "2025-12-31")]) for rank in range(5)]
    found = _details(tmp_path, *year_of(*_team(25, 24), *away)).egapro
    assert (found.headcount, found.counted, found.reason) == (Decimal("54.00"), 49, "too_few_points")


def test_a_gap_in_pay_is_judged_by_its_size_and_raises_by_whom_they_favour(tmp_path: Path) -> None:
    team = _team(30, 30, gross=("2400.00", "2000.00"))
    files = year_of(*team, months=range(1, 7))
    for person in team:
        raised = str(person.nir).startswith("1")
        person.contracts = [Contract(base="2100.00" if raised else "2000.00", gross="2000.00" if raised else "2400.00")]
    found = _details(tmp_path, *files, *year_of(*team, months=range(7, 13))).egapro
    by_number = {indicator.number: indicator for indicator in found.indicators}
    # Women earn 20 % more: 15 once the relevance is taken off, judged as 15 would be the other way round.
    assert (by_number[1].value, by_number[1].earned, by_number[1].favours) == (Decimal("15.0"), 17, "F")
    # Only men, who are paid less, had a raise: a gap of 100 points that earns them all.
    assert (by_number[2].value, by_number[2].earned, by_number[2].favours) == (Decimal("100.0"), 35, "M")


def test_the_index_of_sixty_people(tmp_path: Path) -> None:
    team = _team(30, 30, gross=("1800.00", "2000.00"))
    left_out = [
        Person("2800301999990", [Contract(values={"008": "64"})], birth="14031980"),
        Person("2800301999991", [Contract(values={"024": "02"})], birth="14031980"),
        Person("2800301999992", [Contract().stopped("2025-01-10", "2025-12-31")], birth="14031980"),
        Person("2800301999993", [Contract(start="2025-09-01")], birth="14031980"),
    ]
    found = _details(tmp_path, *year_of(*team, *left_out)).egapro
    by_number = {indicator.number: indicator for indicator in found.indicators}
    assert found.counted == 60
    # 10 % less the five points of relevance.
    assert (by_number[1].value, by_number[1].earned) == (Decimal("5.0"), 35)
    assert (by_number[5].value, by_number[5].earned) == (0, 0)
    assert by_number[2].reason == "no_raise"
    assert (found.index, found.reason) == (None, "too_few_points")


def test_raises_that_favour_nobody_make_an_index(tmp_path: Path) -> None:
    team = _team(30, 30)
    files = year_of(*team, months=range(1, 7))
    for person in team:
        person.contracts = [Contract(base="2100.00", gross="2100.00")]
    files += year_of(*team, months=range(7, 13))
    found = _details(tmp_path, *files).egapro
    points_earned = {indicator.number: indicator.earned for indicator in found.indicators}
    assert {number: points_earned[number] for number in (1, 2, 3, 4)} == {1: 40, 2: 35, 3: None, 4: None}
    assert found.reason == "estimate"
    assert found.index is not None


def _exposed(*factors: tuple[str, int]) -> bytes:
    """So many persons exposed to each factor."""
    team = [person for factor, count in factors for person in [factor] * count]
    persons = [Person(f"28003019992{rank:02d}", birth="14031980") for rank in range(len(team))]
    head, *parts = declaration("2025-12", persons).split(b"S21.G00.40.001")
    exposures = [
        b"S21.G00.34.001,'%s'\r\nS21.G00.34.002,'00001'\r\nS21.G00.34.003,'2025'\r\n" % factor.encode()
        for factor in team
    ]
    return head + b"".join(exposure + b"S21.G00.40.001" + part for exposure, part in zip(exposures, parts, strict=True))


@pytest.mark.parametrize(
    ("factors", "shown"),
    [
        ((("07", 1),), {}),
        ((("07", 5), ("08", 6)), {"07": 5, "08": 6}),
        ((("07", 1), ("08", 6), ("09", 9)), {"07": None, "08": None, "09": 9}),
        ((("07", 2), ("08", 6)), {}),
    ],
    ids=["one", "groups", "the next one hidden too", "all hidden"],
)
def test_hardship_counts_persons_and_hides_factors_of_few(
    tmp_path: Path, factors: tuple[tuple[str, int], ...], shown: dict[str, int | None]
) -> None:
    found = _details(tmp_path, _exposed(*factors))
    assert (found.exposed, dict(found.exposures)) == (sum(count for _, count in factors), shown)


def test_the_index_takes_overtime_off_pay_and_hours_and_counts_those_supplied_elsewhere(tmp_path: Path) -> None:
    """By hand: 2 000 € for 151,67 h, and 200 € for ten more hours: 24 000 € a year at full time, not 22 513 €."""
    overtime = Contract(gross="2200.00", values={"074": "02"})
    overtime.pays = [
        ("2025-12-01", "2025-12-31", "001", "2200.00", None),
        ("2025-12-01", "2025-12-31", "002", "2200.00", "161.67"),
        ("2025-12-01", "2025-12-31", "010", "2000.00", None),
        ("2025-12-01", "2025-12-31", "017", "200.00", None),
    ]
    content = declaration("2025-12", [Person(contracts=[overtime])]).replace(
        b"S21.G00.51.011,'017'\r\n", b"S21.G00.51.011,'017'\r\nS21.G00.51.012,'10.00'\r\n"
    )
    tables = write_facts([BytesSource("a.dsn", content)], tmp_path, pseudonym_key=KEY).tables
    december = type(YEAR)(YEAR.start.replace(month=12), YEAR.end)
    with assemble([tables], december) as workforce:
        read_period(workforce)
        (person,) = counted_staff(workforce)
    assert person.pay == Decimal(24_000)
