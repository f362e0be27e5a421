"""Against the public average of the branch: only what the doubt of the average lets one say."""

from decimal import Decimal

import pytest

from bocage.identifiers import Naf
from bocage.indicators.carbon import Place, against_branch
from bocage.referentials.carbon import shipped

D = Decimal


@pytest.mark.parametrize(
    ("naf", "kgco2e", "own", "average", "place"),
    [
        # Food products, 540 kg per k€ in 2023 at ± 80 %: from 108 to 972
        ("10.71C", "21600", "108", "540", Place.CLOSE),
        ("10.71C", "21599", "107.995", "540", Place.BELOW),
        ("10.71C", "194400", "972", "540", Place.CLOSE),
        ("10.71C", "194401", "972.005", "540", Place.ABOVE),
    ],
)
def test_a_difference_within_the_doubt_is_none(naf: str, kgco2e: str, own: str, average: str, place: Place) -> None:
    found = against_branch(D(kgco2e), D(200_000), Naf.parse(naf), year=2023, release=shipped())
    assert found is not None
    assert (found.own, found.average.value, found.place) == (D(own), D(average), place)


def test_a_trader_is_not_compared_with_its_margin() -> None:
    found = against_branch(D(1), D(1), Naf.parse("47.11B"), year=2023, release=shipped())
    assert found is not None
    assert found.place is Place.TRADE


@pytest.mark.parametrize(("naf", "turnover"), [("10.71C", 0), ("10.71C", -5), (None, 10), ("99.00Z", 10)])
def test_without_turnover_or_branch_nothing_is_said(naf: str | None, turnover: int) -> None:
    code = Naf.parse(naf) if naf else None
    assert against_branch(D(1), D(turnover), code, year=2023, release=shipped()) is None
