"""What holds of any inventory: sums, the order of entries, signs."""

import tempfile
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bocage.indicators.carbon import How
from tests.bocage.carbon.books import Entry, bought, estimated, lines

ACCOUNTS = [
    "601000",
    "602600",
    "607000",
    "606100",
    "606400",
    "611000",
    "613500",
    "622600",
    "624100",
    "625100",
    "641000",
]
ACCOUNTS += ["603100", "609100", "629000", "215400", "218300", "6ZZ"]
LABELS = ["Facture EDF", "SNCF Paris Lyon", "Divers", "Carton kraft", "Don", ""]
NAF = {"F1": "10.61A", "F2": "46.34Z", "F3": "35.14Z", "F4": "64.20Z"}
ENTRIES = st.lists(
    st.builds(
        lambda account, cents, label, aux: bought(account, f"{Decimal(cents) / 100}", label=label, aux=aux),
        st.sampled_from(ACCOUNTS),
        st.integers(-10_000_000, 10_000_000).filter(bool),
        st.sampled_from(LABELS),
        st.sampled_from([*NAF, "F5"]),
    ),
    min_size=1,
    max_size=12,
)


@given(entries=ENTRIES)
@settings(max_examples=8, deadline=None)
def test_sums_agree_and_the_order_of_entries_does_not_matter(entries: list[Entry]) -> None:
    with tempfile.TemporaryDirectory() as name:
        found = estimated(Path(name) / "one", entries, naf=NAF)
        every = lines(found)
        turned = estimated(Path(name) / "two", reversed(entries), naf=NAF)
    assert found.total == sum(line.kgco2e for line in every)
    assert found.total == sum(found.by_scope.values()) == sum(found.by_category.values())
    assert found.total == sum(found.by_ghgp.values()) == sum(found.by_beges.values())
    spent = sum(amount for entry in entries for account, _, _, _, amount in entry if account[0] in "62")
    assert sum(line.amount for line in every) == spent
    out = [line for line in every if line.how is How.EXCLUDED and line.reason != "stock_basis"]
    assert found.eur_excluded == sum(line.amount for line in out)
    assert all(line.kgco2e == 0 for line in every if line.how in (How.EXCLUDED, How.MISSING, How.REPLACED))
    assert all(line.kgco2e * line.amount >= 0 for line in every if line.how not in (How.REBATE, How.STOCK))
    assert abs(turned.total - found.total) < Decimal("1E-6")
    assert turned.unknown_suppliers == found.unknown_suppliers
    assert turned.missing_quantities != () or found.missing_quantities == ()
