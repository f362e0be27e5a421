"""The spread of a group, and what it must not tell."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bocage.indicators.peers import may_show, size_class, spread


def test_the_quartiles_of_seven() -> None:
    found = spread([Decimal(one) for one in (70, 10, 20, 60, 30, 50, 40)])
    assert found is not None
    assert (found.count, found.low, found.median, found.high) == (7, Decimal(25), Decimal(40), Decimal(55))


def test_five_in_all_are_too_few() -> None:
    assert spread([Decimal(1)] * 5) is None
    assert spread([Decimal(1)] * 6) is not None


@pytest.mark.parametrize(
    ("others", "unseen", "shown"),
    [(4, 4, False), (5, 5, True), (5, 0, True), (9, 1, False), (9, 4, False), (9, 5, True)],
)
def test_what_subtraction_would_give_back_is_not_shown(others: int, unseen: int, shown: bool) -> None:
    assert may_show(others, unseen) is shown


@given(
    values=st.lists(st.decimals(min_value=1, max_value=10**6, places=2), min_size=6, max_size=20),
)
def test_no_more_than_two_digits_are_told(values: list[Decimal]) -> None:
    found = spread(values)
    assert found is not None
    assert found.low <= found.median <= found.high
    for one in (found.low, found.median, found.high):
        assert len(one.normalize().as_tuple().digits) <= 2


@pytest.mark.parametrize(
    ("turnover", "size"),
    [("900000", "micro"), ("900001", "small"), ("10000000", "small"), ("50000000", "medium"), ("50000001", "large")],
)
def test_the_size_of_a_company(turnover: str, size: str) -> None:
    assert size_class(Decimal(turnover)) == size
