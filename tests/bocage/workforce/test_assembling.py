"""Which declarations count, who is who, which contract is which: by hand-made declarations."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.indicators.result import Status
from bocage.indicators.workforce import SeveralCompanies, compute, coverage
from tests.bocage.workforce.payslips import ANNEX, YEAR, Contract, Person, day, declaration, facts_of, figures, year_of

JANUARY, LATER = Person(), Person(nir="2790301999002", birth="14031979")


def _headcount(folder: Path, *files: bytes) -> object:
    return figures(folder, *files)["headcount_year_end"].value


def test_a_replacement_built_in_the_next_month_wins_with_a_smaller_number(tmp_path: Path) -> None:
    files = year_of(JANUARY)
    files[2] = declaration("2025-03", [JANUARY], ordre=40, built="2025-03-31")
    paid_twice = Person(contracts=[Contract(hours="100.00")])
    replaced = declaration("2025-03", [paid_twice], kind="03", ordre=1, built="2025-04-02")
    assert float(figures(tmp_path, *files, replaced)["hours_paid"].value or 0) == pytest.approx(11 * 151.67 + 100)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=5)
@given(order=st.permutations(range(15)))
def test_the_order_of_imports_changes_nothing(order: list[int], tmp_path_factory: pytest.TempPathFactory) -> None:
    contract = Contract().stopped("2025-05-06", "2025-05-20", "06")
    files = [
        *year_of(JANUARY, LATER),
        declaration("2025-05", [Person(contracts=[contract])], kind="03", built="2025-06-02"),
        declaration("2025-05", [], kind="05", ordre=2, built="2025-06-01"),
        declaration("2026-01", [Person(contracts=[Contract().ended("2025-12-15")]), LATER]),
    ]
    straight = figures(tmp_path_factory.mktemp("straight"), *files)
    imports = facts_of(tmp_path_factory.mktemp("mixed"), *(files[rank] for rank in order))
    mixed = {result.code: result for result in compute(imports, YEAR)}
    assert mixed == straight
    assert straight["accidents_with_stop"].value == 1
    assert straight["exits"].value == 1


def test_fractions_are_put_together_and_a_new_split_replaces_the_old_one(tmp_path: Path) -> None:
    files = year_of(JANUARY, LATER, months=range(1, 12))
    halves = [declaration("2025-12", [JANUARY], fraction="12"), declaration("2025-12", [LATER], fraction="22")]
    whole = declaration("2025-12", [JANUARY, LATER], kind="03", built="2026-01-04")
    hours = figures(tmp_path / "whole", *files, *halves, whole)["hours_paid"].value
    assert figures(tmp_path / "halves", *files, *halves)["hours_paid"].value == hours
    assert figures(tmp_path / "one", *files, whole)["hours_paid"].value == hours


def test_several_companies_are_refused_unless_one_is_chosen(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, declaration("2025-12", [JANUARY]), declaration("2025-12", [LATER], siren="000056788"))
    with pytest.raises(SeveralCompanies) as refused:
        compute(facts, YEAR)
    assert refused.value.sirens == ("000012344", "000056788")
    assert compute(facts, YEAR, siren="000056788")[0].value == 1


def test_a_declaration_without_a_readable_siren_joins_no_other(tmp_path: Path) -> None:
    nameless = declaration("2025-12", [LATER], siren="12 344")
    found = figures(tmp_path / "both", declaration("2025-12", [JANUARY]), nameless)
    assert found["headcount_year_end"].value == 1
    assert figures(tmp_path / "alone", nameless)["headcount_year_end"].value == 1


NTT = "1000012344M00021"


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (Person(nir=None, ntt=NTT), Person(ntt=NTT)),
        (Person(nir=None, ntt=NTT, matricule="M21"), Person(matricule="M21")),
        (Person(nir=None, matricule="M21"), Person(matricule="M21")),
        (Person(nir="1680301999777"), Person(changes=[{"001": day("2025-06-01"), "008": "1680301999777"}])),
    ],
    ids=["both numbers", "matricule, birth and start", "no number at first", "old NIR"],
)
def test_one_person_under_two_numbers(tmp_path: Path, first: Person, then: Person) -> None:
    months = [first] * 5 + [then] + [Person(matricule=then.matricule)] * 6
    found = figures(tmp_path, *(declaration(f"2025-{rank:02d}", [who]) for rank, who in enumerate(months, 1)))
    assert (found["headcount_year_end"].value, found["headcount_average"].value) == (1, 1)
    assert (found["entries"].value, found["exits"].value) == (0, 0)


def test_two_persons_who_share_too_little_stay_two(tmp_path: Path) -> None:
    first, then = Person(nir=None, ntt=NTT, matricule="M21"), Person(matricule="M21", birth="15031968")
    assert _headcount(tmp_path, *year_of(first, then)) == 2


def _moved(month: int, contract: Callable[[], Contract]) -> list[bytes]:
    """A contract that goes from the seat to the annex in ``month``."""
    files = year_of(Person(), months=range(1, month))
    first = contract()
    files += [declaration(f"2025-{month:02d}", [Person(contracts=[first])], nic=ANNEX)]
    kept = Contract(start=first.start, number=first.number)
    files += [declaration(f"2025-{rank:02d}", [Person(contracts=[kept])], nic=ANNEX) for rank in range(month + 1, 13)]
    return files


@pytest.mark.parametrize(
    "contract",
    [
        lambda: Contract().changed("2025-07-01", r012="00001234400016"),
        lambda: Contract(number="00002").changed("2025-07-01", r012="00001234400016", r014="00001"),
        lambda: Contract(start="2025-07-01").changed("2025-07-01", r012="00001234400016", r021=day("2020-01-01")),
    ],
    ids=["établissement", "établissement and number", "établissement and start"],
)
def test_a_contract_that_moves_is_one(tmp_path: Path, contract: Callable[[], Contract]) -> None:
    found = figures(tmp_path, *_moved(7, contract))
    assert (found["headcount_year_end"].value, found["entries"].value, found["exits"].value) == (1, 0, 0)
    assert found["headcount_r130_1"].value == 1


def test_a_start_declared_by_error_is_corrected(tmp_path: Path) -> None:
    wrong = declaration("2025-03", [Person(contracts=[Contract(start="2025-03-03")])])
    right = Contract(start="2025-03-17").changed("2025-03-17", r021=day("2025-03-03"))
    files = [wrong, declaration("2025-04", [Person(contracts=[right])])]
    months = figures(tmp_path, *files)["headcount_r130_1"].breakdown
    assert float(months[0].value or 0) == pytest.approx(15 / 31, abs=1e-4)


def test_a_new_contract_the_day_after_is_no_movement(tmp_path: Path) -> None:
    before = Contract(number="00001").ended("2025-06-30", "031")
    after = Contract(start="2025-07-01", number="00002")
    late = Contract(start="2025-07-02", number="00002")
    files = [*year_of(Person(), months=range(1, 6)), declaration("2025-06", [Person(contracts=[before])])]
    for contract, moves in ((after, 0), (late, 1)):
        rest = [declaration(f"2025-{month:02d}", [Person(contracts=[contract])]) for month in range(7, 13)]
        found = figures(tmp_path / str(moves), *files, *rest)
        assert (found["entries"].value, found["exits"].value) == (moves, moves)


@pytest.mark.parametrize(("motive", "exits", "leavers"), [("059", 1, 1), ("031", 1, 0), ("998", 0, 0), ("099", 0, 0)])
def test_motives_of_end(tmp_path: Path, motive: str, exits: int, leavers: int) -> None:
    files = year_of(LATER, Person(contracts=[Contract()]), months=range(1, 12))
    files.append(declaration("2025-12", [LATER, Person(contracts=[Contract().ended("2025-12-20", motive)])]))
    found = figures(tmp_path, *files)
    assert (found["exits"].value, found["exits"].breakdown[0].value) == (exits, leavers)
    assert found["headcount_year_end"].value == (2 if motive == "099" else 1)


def test_an_end_is_undone_by_a_later_month_even_of_the_next_year(tmp_path: Path) -> None:
    files = year_of(Person(), months=range(1, 12))
    files.append(declaration("2025-12", [Person(contracts=[Contract().ended("2025-12-20")])]))
    undone = declaration("2026-01", [Person(contracts=[Contract().ended("2025-12-20", "099")])])
    assert _headcount(tmp_path / "ended", *files) == 0
    assert _headcount(tmp_path / "undone", *files, undone) == 1


def test_two_contracts_make_one_person_with_the_traits_of_both(tmp_path: Path) -> None:
    half = Contract(quota="75.84", hours="75.84", base="1000.00", gross="1000.00", values={"014": "20"})
    other = Contract(number="00002", quota="75.84", hours="75.84", values={"007": "02", "014": "10"})
    found = figures(tmp_path, *year_of(Person(contracts=[half, other])))
    by = {next(iter(part.by.items())): part.value for part in found["headcount_year_end"].breakdown}
    assert (by["contract", "permanent"], by["contract", "temporary"]) == (1, 0)
    assert found["headcount_year_end"].value == 1
    assert found["part_time_share"].value == 100
    assert found["fte_year_end"].value == 1
    assert float(found["hours_paid"].value or 0) == pytest.approx(12 * 2 * 75.84)


def test_missing_months_are_said(tmp_path: Path) -> None:
    some = figures(tmp_path / "some", *year_of(Person(), months=(1, 2, 4, 12)))
    assert (some["headcount_year_end"].value, some["headcount_year_end"].status) == (1, Status.PARTIAL)
    assert some["hours_paid"].reason == "months_missing"
    cut = figures(tmp_path / "cut", *year_of(Person(), months=range(1, 12)))
    assert (cut["headcount_year_end"].value, cut["headcount_year_end"].reason) == (None, "last_month_missing")
    assert cut["headcount_average"].status is Status.PARTIAL
    nothing = figures(tmp_path / "nothing", *year_of(Person(), months=()))
    assert {(result.value, result.status, result.reason) for result in nothing.values()} == {
        (None, Status.MISSING, "no_declaration")
    }


def test_coverage_by_establishment(tmp_path: Path) -> None:
    files = year_of(Person())
    annex = Person(nir="2790301999002", contracts=[Contract(start="2025-04-07")])
    leaving = Person(nir="2790301999002", contracts=[Contract(start="2025-04-07").ended("2025-08-31")])
    files += [declaration(f"2025-{month:02d}", [annex], nic=ANNEX) for month in (4, 5, 7)]
    seen = coverage(facts_of(tmp_path / "open", *files), YEAR)
    assert seen.missing == ()
    assert seen.establishments[1].present == ("2025-04", "2025-05", "2025-07")
    assert seen.establishments[1].missing == ("2025-06", "2025-08", "2025-09", "2025-10", "2025-11", "2025-12")
    closed = coverage(facts_of(tmp_path / "closed", *files, declaration("2025-08", [leaving], nic=ANNEX)), YEAR)
    assert closed.establishments[1].missing == ("2025-06",)
    assert not closed.complete


def test_a_declaration_without_individuals_covers_its_month(tmp_path: Path) -> None:
    files = [declaration(f"2025-{month:02d}", [], kind="02") for month in range(1, 13)]
    found = figures(tmp_path, *files)
    assert (found["headcount_year_end"].value, found["headcount_year_end"].status) == (0, Status.COMPUTED)
    assert (found["part_time_share"].value, found["part_time_share"].reason) == (None, "no_employee")


def test_a_period_that_is_not_a_calendar_year(tmp_path: Path) -> None:
    period = type(YEAR)(date(2025, 7, 1), date(2026, 6, 30))
    files = [declaration(f"2025-{month:02d}", [Person()]) for month in range(7, 13)]
    hired = Person(LATER.nir, [Contract(start="2026-01-05")])
    files += [declaration(f"2026-{month:02d}", [Person(), hired]) for month in range(1, 7)]
    found = figures(tmp_path, *files, period=period)
    assert (found["headcount_year_end"].value, found["headcount_average"].value) == (2, 1.5)
