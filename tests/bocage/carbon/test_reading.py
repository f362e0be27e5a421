"""What the screens read of an inventory: cells, posts, qualities, suppliers, lines."""

from decimal import Decimal
from pathlib import Path

import pytest

from bocage.indicators import carbon
from bocage.indicators.carbon import Frame, How, Quality, Slice
from tests.bocage.carbon.books import bought, estimated

ENTRIES = (
    bought("601000", "30000", aux="FMOULI", label="Farine"),
    bought("602000", "10000", aux="FINCON", label="Divers"),
    bought("606100", "8800", aux="FCOURA", label="Électricité mars", account_label="Electricite"),
    bought("606300", "1000", aux="FMOULI", label="Petit matériel"),
    bought("226000", "50", aux="FMOULI"),
    [("641000", "Salaires", "", "Paie", Decimal(9000)), ("421000", "Personnel", "", "Paie", Decimal(-9000))],
)
KWH = carbon.checked_quantity("electricity", Decimal(40_000), "kWh", "ademe:43273", "billed")


@pytest.fixture
def inventory(tmp_path: Path) -> carbon.Inventory:
    return estimated(tmp_path, ENTRIES, naf={"FMOULI": "10.61A"})


def test_cells_sum_to_the_inventory(tmp_path: Path) -> None:
    found = estimated(tmp_path, ENTRIES, naf={"FMOULI": "10.61A"}, quantities=[KWH])
    cells = carbon.read_cells(found.lines)
    total = carbon.total_of(cells, found.factors)
    assert total.kgco2e == found.total
    assert total.uncertainty_pct == pytest.approx(found.uncertainty_pct)
    for frame, sums in ((Frame.GHGP, found.by_ghgp), (Frame.BEGES, found.by_beges)):
        posts = carbon.by_post(cells, frame)
        weights = {code: sum(cell.kgco2e for cell in some) for code, some in posts.items()}
        assert {code: kg for code, kg in weights.items() if kg} == sums
    qualities = dict(carbon.by_quality(cells))
    assert sum(qualities.values()) == found.total
    assert qualities[Quality.MEASURED] == Decimal("0.058") * 40_000
    assert [quality for quality, _ in carbon.by_quality(cells)] == [
        Quality.MEASURED,
        Quality.SUPPLIER,
        Quality.UNKNOWN,
    ]


def test_an_energy_that_waits_stands_under_its_combustion_and_weighs_nothing(inventory: carbon.Inventory) -> None:
    waiting = carbon.by_post(carbon.read_cells(inventory.lines), Frame.GHGP)["2.1"]
    total = carbon.total_of(waiting, inventory.factors)
    assert (total.kgco2e, total.missing_amount, total.missing_lines) == (0, 8800, 1)
    assert total.uncertainty_pct is None


def test_a_slice_gives_its_lines_with_their_entry(inventory: carbon.Inventory) -> None:
    page = carbon.lines_of(inventory.lines, Slice(category="goods", supplier="FMOULI"), limit=1)
    assert (page.count, page.amount, page.kgco2e) == (2, 31_000, page.kgco2e)
    assert page.lines[0].label == "Farine"
    assert (page.lines[0].line, page.lines[0].entry_index) == (2, 1)
    assert f"{page.lines[0].entry_date}" == "2023-03-15"
    second = carbon.lines_of(inventory.lines, Slice(category="goods", supplier="FMOULI"), offset=1, limit=1)
    assert [line.label for line in second.lines] == ["Petit matériel"]
    assert carbon.lines_of(inventory.lines, Slice(ghgp="3.3")).count == 1
    assert carbon.lines_of(inventory.lines, Slice(text="electricite")).count == 1
    assert carbon.lines_of(inventory.lines, Slice(no_supplier=True)).lines[0].account == "641000"
    assert carbon.lines_of(inventory.lines, Slice(hows=(How.UNKNOWN,))).kgco2e == 2840


def test_suppliers_weigh_what_their_lines_weigh(inventory: carbon.Inventory) -> None:
    page = carbon.suppliers_of(inventory.lines, Slice(ghgp="3.1"))
    assert [one.key for one in page.suppliers] == ["FMOULI", "FINCON"]
    assert page.count == 2
    every = {one.key: one for one in carbon.all_suppliers(inventory.lines)}
    assert set(every) == {"FMOULI", "FINCON", "FCOURA"}
    assert every["FINCON"].doubt == inventory.unknown_suppliers["FINCON"] == 5070
    assert (every["FCOURA"].missing, every["FCOURA"].kgco2e) == (8800, 0)
    assert sum(one.kgco2e for one in every.values()) == inventory.total
