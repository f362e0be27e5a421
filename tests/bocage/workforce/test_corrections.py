"""What a later month says of an earlier one changes the facts of the earlier one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from bocage.formats.base import BytesSource
from bocage.identifiers import Period
from bocage.indicators.workforce import assemble, details
from bocage.indicators.workforce.egapro_staff import counted_staff
from bocage.indicators.workforce.screens import read_period
from bocage.ingest.dsn import write_facts
from tests.bocage.workforce.payslips import KEY, YEAR, Contract, Person, day, declaration, figures, year_of

MARCH = Period.year(2025).__class__(YEAR.start.replace(month=3), YEAR.end.replace(month=3))
"""The month that is corrected."""
WOMAN = "2790301999002"


@dataclass(frozen=True)
class Case:
    """``march``: what the month declared; ``later``: what another month says of it."""

    march: Callable[[], Sequence[Person]]
    later: Callable[[], Sequence[Person]]
    code: str
    before: object
    after: object
    said: str = "2025-06"


def _one(**values: object) -> Callable[[], Sequence[Person]]:
    return lambda: [Person(contracts=[Contract(**values)])]  # type: ignore[arg-type]


def _pay(*lines: tuple[str, str, str | None]) -> Callable[[], Sequence[Person]]:
    """A month that pays nothing for itself, and these (kind, amount, hours) for March."""
    return _one(pays=[("2025-03-01", "2025-03-31", *line) for line in lines])


def _with(change: Callable[[Contract], Contract], **values: object) -> Callable[[], Sequence[Person]]:
    return lambda: [Person(contracts=[change(Contract(**values))])]  # type: ignore[arg-type]


CASES = {
    "hours added": Case(_one(), _pay(("002", "80.00", "8.00")), "hours_paid", Decimal("151.67"), Decimal("159.67")),
    "hours cancelled and redone": Case(
        _one(),
        _pay(("002", "-2000.00", "-151.67"), ("002", "1900.00", "140.00")),
        "hours_paid",
        Decimal("151.67"),
        Decimal("140.00"),
    ),
    "hours told three months after the period": Case(
        _one(), _pay(("002", "80.00", "8.00")), "hours_paid", Decimal("151.67"), Decimal("159.67")
    ),
    "base pay raised to the minimum": Case(
        _one(base="1700.00"), _pay(("010", "120.00", None)), "minimum_wage_compliance", False, True
    ),
    "base pay taken back under it": Case(
        _one(base="1810.00"), _pay(("010", "-110.00", None)), "minimum_wage_compliance", True, False
    ),
    "stop told late": Case(
        _one(),
        _with(lambda contract: contract.stopped("2025-03-10", "2025-03-20", resumed="2025-03-21")),
        "absence_days",
        0,
        10,
    ),
    "stop shortened": Case(
        _with(lambda contract: contract.stopped("2025-03-10", "2025-03-28")),
        _with(lambda contract: contract.stopped("2025-03-10", "2025-03-28", resumed="2025-03-15")),
        "absence_days",
        18,
        4,
    ),
    "stop prolonged": Case(
        _with(lambda contract: contract.stopped("2025-03-10", "2025-03-14")),
        _with(lambda contract: contract.stopped("2025-03-10", "2025-03-31")),
        "absence_days",
        4,
        21,
    ),
    "stop cancelled": Case(
        _with(lambda contract: contract.stopped("2025-03-10", "2025-03-14", "06")),
        _with(lambda contract: contract.stopped("2025-03-10", "2025-03-14", "99")),
        "accidents_with_stop",
        1,
        0,
    ),
    "stop that becomes an accident": Case(
        _with(lambda contract: contract.stopped("2025-03-10", "2025-03-14", "01")),
        _with(lambda contract: contract.stopped("2025-03-10", "2025-03-14", "06")),
        "accidents_with_stop",
        0,
        1,
    ),
    "end undone": Case(
        _with(lambda contract: contract.ended("2025-03-14")),
        _with(lambda contract: contract.ended("2025-03-14", "099")),
        "headcount_year_end",
        0,
        1,
    ),
    "end moved": Case(
        _with(lambda contract: contract.ended("2025-03-14")),
        _with(lambda contract: contract.ended("2025-04-14")),
        "headcount_year_end",
        0,
        1,
    ),
    "end told late": Case(_one(), _with(lambda contract: contract.ended("2025-03-14")), "exits", 0, 1),
    "motive of the end corrected": Case(
        _with(lambda contract: contract.ended("2025-03-14", "031")),
        _with(lambda contract: contract.ended("2025-03-14", "998")),
        "exits",
        1,
        0,
    ),
    "start told late": Case(
        lambda: [Person(WOMAN)],
        lambda: [Person(WOMAN), Person(contracts=[Contract(start="2025-03-03")])],
        "entries",
        0,
        1,
    ),
    "start corrected": Case(
        _one(start="2025-03-03"),
        _with(lambda contract: contract.changed("2025-06-01", r021=day("2025-03-03")), start="2025-02-03"),
        "entries",
        1,
        0,
    ),
    "quota corrected backwards": Case(
        _one(),
        _with(lambda contract: contract.changed("2025-03-01", r007="151.67"), quota="75.84"),
        "fte_year_end",
        Decimal("1.00"),
        Decimal("0.50"),
    ),
    "part time corrected backwards": Case(
        _one(),
        _with(lambda contract: contract.changed("2025-03-10", r008="10"), values={"014": "20"}),
        "part_time_share",
        Decimal("0.00"),
        Decimal("100.00"),
    ),
    "nature corrected backwards": Case(
        _one(values={"007": "02"}),
        _with(lambda contract: contract.changed("2025-03-01", r004="02")),
        "fixed_term_share",
        Decimal("100.00"),
        Decimal("0.00"),
    ),
    "agreement corrected backwards": Case(
        _one(values={"017": "9999"}),
        _with(lambda contract: contract.changed("2025-01-01", r011="9999")),
        "collective_agreement_coverage",
        Decimal("0.00"),
        Decimal("100.00"),
    ),
    "status corrected backwards": Case(
        _one(),
        _with(lambda contract: contract.changed("2025-03-01", r002="06"), values={"002": "04"}),
        "managers_female_to_male",
        None,
        Decimal("0.00"),
    ),
    "birth date corrected": Case(
        lambda: [Person()],
        lambda: [Person(birth="14031988", changes=[{"001": day("2025-06-01"), "011": "14031968"}])],
        "age_mean",
        Decimal("57.00"),
        Decimal("37.00"),
    ),
    "number that joins two persons": Case(
        lambda: [Person(nir=None, ntt="1000012344M00021"), Person(WOMAN)],
        lambda: [Person(ntt="1000012344M00021"), Person(WOMAN)],
        "headcount_year_end",
        2,
        2,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_later_month_corrects_march(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    march = declaration("2025-03", case.march())
    assert figures(tmp_path / "before", march, period=MARCH)[case.code].value == case.before
    later = declaration(case.said, case.later())
    found = figures(tmp_path / "after", march, later, period=MARCH)
    assert found[case.code].value == case.after


def test_beyond_three_months_the_year_is_closed(tmp_path: Path) -> None:
    december = Period(YEAR.start.replace(month=12), YEAR.end)
    late = _pay(("002", "80.00", "8.00"))()
    late[0].contracts[0].pays = [("2025-12-01", "2025-12-31", "002", "80.00", "8.00")]
    files = [declaration("2025-12", [Person()])]
    for month, hours in (("2026-03", "159.67"), ("2026-04", "151.67")):
        found = figures(tmp_path / month, *files, declaration(month, late), period=december)
        assert found["hours_paid"].value == Decimal(hours)


def _exposed(*months: tuple[str, str]) -> list[bytes]:
    """(month, factor) declared for 2025."""
    return [
        declaration(month, [Person()]).replace(
            b"S90.G00.90.001",
            b"S21.G00.34.001,'%s'\r\nS21.G00.34.002,'00001'\r\nS21.G00.34.003,'2025'\r\nS90.G00.90.001"
            % factor.encode(),
        )
        for month, factor in months
    ]


@pytest.mark.parametrize(
    ("months", "exposed"),
    [
        ([("2025-12", "08")], 1),
        ([("2025-12", "08"), ("2026-01", "99")], 0),
        ([("2025-12", "08"), ("2026-01", "99"), ("2026-02", "07")], 1),
    ],
    ids=["declared", "cancelled", "cancelled and redone"],
)
def test_an_exposure_cancelled_in_a_later_month(months: list[tuple[str, str]], exposed: int, tmp_path: Path) -> None:
    sources = [BytesSource(f"{rank}.dsn", content) for rank, content in enumerate(_exposed(*months))]
    tables = write_facts(sources, tmp_path, pseudonym_key=KEY).tables
    assert details([tables], YEAR).exposed == exposed


def test_a_suspension_cancelled_in_a_later_month_is_no_absence(tmp_path: Path) -> None:
    away = {"001": "501", "002": day("2025-01-06"), "003": day("2025-10-31")}
    first = [*year_of(Person(), months=range(2, 13))]
    told = declaration("2025-01", [Person(contracts=[Contract(events=[("65", away)])])])
    undone = declaration("2025-11", [Person(contracts=[Contract(events=[("65", {**away, "001": "998"})])])], kind="03",
                         built="2025-12-02")  # fmt: skip
    for folder, files, counted in (("told", [told, *first], 0), ("undone", [told, *first, undone], 1)):
        sources = [BytesSource(f"{rank}.dsn", content) for rank, content in enumerate(files)]
        tables = write_facts(sources, tmp_path / folder, pseudonym_key=KEY).tables
        with assemble([tables], YEAR) as workforce:
            read_period(workforce)
            assert len(counted_staff(workforce)) == counted
