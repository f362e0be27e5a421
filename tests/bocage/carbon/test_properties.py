"""What holds of any inventory: sums, the order of entries, signs."""

import tempfile
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bocage.identifiers import Naf
from bocage.indicators.carbon import How, Options, UserRule, checked_quantity
from tests.bocage.carbon.books import Entry, bought, estimated, lines
from tests.bocage.carbon.naive import Case, inventory

GRAIN = Decimal("1E-6")
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
ACCOUNTS += [
    "603100",
    "603700",
    "609000",
    "609200",
    "619000",
    "215000",
    "606300",
    "681100",
    "609100",
    "629000",
    "215400",
    "218300",
    "6ZZ",
]
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


CASES = st.builds(
    Case,
    year=st.just("2023"),
    naf=st.sampled_from([None, "10.71C"]),
    suppliers=st.sampled_from([{}, NAF]),
    quantities=st.sampled_from([(), (("electricity", "1000", "ademe:43273", "billed"),)]),
    rules=st.sampled_from([{}, {"F1": "C25", "F5": "M71"}]),
    consumption=st.booleans(),
    amortised=st.booleans(),
)


@given(entries=ENTRIES, case=CASES)
@settings(max_examples=8, deadline=None)
def test_any_book_gives_what_the_method_written_a_second_time_gives(entries: list[Entry], case: Case) -> None:
    naf = Naf.parse(case.naf) if case.naf else None
    with tempfile.TemporaryDirectory() as name:
        found = estimated(
            Path(name),
            entries,
            naf=dict(case.suppliers),
            options=Options(naf=naf, stock_consumed=case.consumption, amortised=case.amortised),
            quantities=[checked_quantity(one[0], Decimal(one[1]), "kWh", one[2], one[3]) for one in case.quantities],
            rules=[UserRule(supplier=key, branch=branch) for key, branch in case.rules.items()],
        )
        every = lines(found)
        rows, wanted = inventory(Path(name) / "000010710FEC20231231.txt", case)
    assert [line.how for line in every] == [row.how for row in rows]
    assert all(abs(line.kgco2e - row.kg) < GRAIN for line, row in zip(every, rows, strict=True))
    assert found.ask_suppliers == wanted["asked"]
    assert found.eur_excluded == wanted["excluded"]


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
