"""Two years side by side, and figures that join two families."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bocage.formats.base import FileSource
from bocage.identifiers import Period
from bocage.indicators import economic
from bocage.indicators.changes import change_of, changes, comparable
from bocage.indicators.joined import CODES, joined
from bocage.indicators.result import Result, Status
from bocage.ingest.fec import write_facts
from bocage.wording import sentence
from tests.bocage.carbon.books import write_fec


def figure(code: str, value: Decimal | int | None, unit: str = "EUR", status: Status = Status.COMPUTED) -> Result:
    return Result(code, value, unit, status, "", (), reason=None if value is not None else "no_account")


def test_a_change_in_value_and_percent() -> None:
    change = change_of(figure("turnover", Decimal("200.00")), figure("turnover", Decimal("270.00")))
    assert change is not None
    assert (change.difference, change.percent, change.large) == (Decimal(70), Decimal("35.00"), True)
    fall = change_of(figure("turnover", Decimal(100)), figure("turnover", Decimal(70)))
    assert fall is not None
    assert (fall.percent, fall.large) == (Decimal(-30), False)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (figure("x", None, status=Status.MISSING), figure("x", Decimal(1))),
        (figure("x", Decimal(1)), figure("x", None, status=Status.HIDDEN)),
        (figure("x", Decimal(1), "EUR"), figure("x", Decimal(1), "%")),
    ],
    ids=["unknown before", "hidden after", "another unit"],
)
def test_one_side_unknown_tells_nothing(before: Result, after: Result) -> None:
    assert changes({"x": before}, {"x": after}) == {}


@pytest.mark.parametrize("before", [Decimal(0), Decimal(-5)])
def test_what_was_not_above_zero_has_no_percentage(before: Decimal) -> None:
    change = change_of(figure("x", before), figure("x", Decimal(5)))
    assert change is not None
    assert change.percent is None


def test_a_share_changes_by_points() -> None:
    change = change_of(figure("x", Decimal("4.5"), "%"), figure("x", Decimal(6), "%", Status.PARTIAL))
    assert change is not None
    assert (change.difference, change.percent, change.unsure) == (Decimal("1.5"), None, True)


@pytest.mark.parametrize(
    ("start", "end", "answer"),
    [
        ((2024, 1, 1), (2024, 12, 31), True),
        ((2023, 10, 1), (2024, 12, 31), False),
        ((2023, 1, 1), (2023, 12, 31), False),
    ],
    ids=["the year before", "fifteen months", "two years before"],
)
def test_years_that_may_be_compared(start: tuple[int, int, int], end: tuple[int, int, int], answer: bool) -> None:
    assert comparable(Period(date(*start), date(*end)), Period.year(2025)) is answer


def test_figures_of_two_families() -> None:
    known = {
        "turnover": figure("turnover", Decimal("500000.00")),
        "fte_year_end": figure("fte_year_end", Decimal("4.00"), "FTE", Status.PARTIAL),
        "wage_bill": figure("wage_bill", Decimal(150000)),
        "social_charges": figure("social_charges", Decimal(50000)),
        "value_added": figure("value_added", Decimal(250000)),
        "carbon_total": figure("carbon_total", Decimal(24600), "kgCO2e"),
    }
    found = {one.code: one for one in joined(known)}
    assert tuple(found) == CODES
    assert {code: one.value for code, one in found.items()} == {
        "revenue_per_fte": Decimal("125000.00"),
        "carbon_per_fte": Decimal("6150.00"),
        "carbon_per_keur": Decimal("49.20"),
        "wage_share": Decimal("80.00"),
    }
    assert found["revenue_per_fte"].status is Status.PARTIAL
    for code in (*CODES, *(one.reason for one in found.values() if one.reason)):
        assert sentence("economic", code).message


def test_an_unknown_side_makes_an_unknown_figure() -> None:
    found = joined({"turnover": figure("turnover", Decimal(1)), "fte_year_end": figure("fte_year_end", 0, "FTE")})
    assert [one.value for one in found] == [None] * 4
    assert found[0].reason == "nothing_to_divide"
    assert {one.reason for one in found[1:]} == {"side_unknown"}


# Economics of any small books ----------------------------------------------------------------------------------------

_CENTS = st.integers(1, 10_000_000).map(lambda cents: Decimal(cents) / 100)
_ACCOUNTS = ("601", "603", "607", "613", "621", "635", "641", "645", "707", "709", "741")
_LINES = st.lists(st.tuples(st.sampled_from(_ACCOUNTS), _CENTS, st.booleans()), min_size=1, max_size=12)


@settings(max_examples=15, deadline=None)
@given(drawn=_LINES)
def test_the_balances_follow_from_one_another(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[str, Decimal, bool]]
) -> None:
    entries = [
        [(f"{account}000", account, "", "x", amount if debit else -amount),
         ("512000", "Banque", "", "x", -amount if debit else amount)]
        for account, amount, debit in drawn
    ]  # fmt: skip
    folder: Path = tmp_path_factory.mktemp("books")
    (made,) = write_facts([FileSource(write_fec(folder, entries))], folder / "facts", work_dir=folder)
    values = {one.code: one.value for one in economic.compute(made.tables)}
    sums = {account: Decimal(0) for account, _, _ in drawn}
    for account, amount, debit in drawn:
        sums[account] += amount if debit else -amount
    known = {code: value for code, value in values.items() if isinstance(value, Decimal)}
    if "turnover" in known:
        assert known["turnover"] == -sums.get("707", 0) - sums.get("709", 0)
    if "value_added" in known and "ebitda" in known:
        taxes_and_staff = sum(sums.get(one, Decimal(0)) for one in ("635", "641", "645", "741"))
        assert known["ebitda"] == known["value_added"] - taxes_and_staff
    if "net_result" in known:
        assert known["net_result"] == -sum(sums.values())
    # Unknown is not zero: a figure whose accounts no line bears has no value.
    for code, account in (("wage_bill", "641"), ("social_charges", "645"), ("turnover", "70")):
        borne = any(one.startswith(account) for one in sums)
        assert (values[code] is not None) == borne
    families = economic.purchases_by_family(made.tables)
    assert sum(one.amount for one in families) == sum(v for a, v in sums.items() if a[:2] in ("60", "61", "62"))
