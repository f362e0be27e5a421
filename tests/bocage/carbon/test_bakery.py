"""The worked example, to the gram, through the command line."""

import json
from pathlib import Path

import pytest

from bocage.cli.main import main

BAKERY = Path(__file__).parents[2] / "data" / "carbon"
EXPECTED = json.loads((BAKERY / "expected.json").read_text(encoding="utf-8"))
QUANTITIES = ("--quantities", str(BAKERY / "quantities.json"))
CASES = {
    "default": QUANTITIES,
    "no_quantities": (),
    "stock_basis_consumption": (*QUANTITIES, "--stock-basis", "consumption"),
}


def carbon(*arguments: str, file: Path = BAKERY / "000010710FEC20231231.txt") -> list[str]:
    return ["carbon", str(file), "--naf", "10.71C", "--suppliers", str(BAKERY / "suppliers.csv"), *arguments]


@pytest.mark.parametrize("case", CASES)
def test_the_bakery_has_the_figures_worked_out_by_hand(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*carbon(*CASES[case]), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    wanted = EXPECTED[case]
    for key in ("total_kgco2e", "uncertainty_pct", "share_from_spend_pct"):
        assert found[key] == pytest.approx(wanted[key], abs=0.01), key
    for key in ("by_scope", "by_category", "by_ghgp", "by_beges", "unknown_suppliers"):
        assert found[key] == pytest.approx(wanted[key], abs=0.001), key
    for key in ("turnover_eur", "eur_excluded", "ask_suppliers", "missing_quantities"):
        assert found[key] == wanted[key], key
    assert sum(line["kgco2e"] for line in found["lines"]) == pytest.approx(found["total_kgco2e"])


def test_the_doubt_on_a_large_unknown_supplier_is_asked(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "000010710FEC20231231.txt"
    text = (BAKERY / file.name).read_text(encoding="utf-8")
    file.write_text(text.replace("\t2000,00\t0,00\t\t\t20240315", "\t10000,00\t0,00\t\t\t20240315"), encoding="utf-8")
    assert main([*carbon(*QUANTITIES, file=file), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["unknown_suppliers"] == {"FINCON": 5070.0}
    assert found["ask_suppliers"] == ["FINCON"]


def test_people_read_the_total_and_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(carbon()) == 0
    said = capsys.readouterr().out
    assert "24,6\u00a0t CO2e" in said
    assert "sans quantité, non comptées : 3" in said


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        ({"category": "love"}, "catégorie «\u00a0love\u00a0»"),
        ({"factor": "ademe:1"}, "facteur «\u00a0ademe:1\u00a0»"),
        ({"unit": "kWh"}, "«\u00a0kWh\u00a0» ne se convertit pas en «\u00a0kWh PCS\u00a0»"),
        ({"quantity": -3}, "«\u00a0-3\u00a0»"),
        ({"quantity": "beaucoup"}, "«\u00a0beaucoup\u00a0»"),
        ({"activity": "guess"}, "«\u00a0guess\u00a0»"),
    ],
)
def test_a_quantity_that_cannot_be_used_is_refused_with_its_rank(
    quantity: dict[str, object], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = {
        "category": "fuel_fixed",
        "quantity": 1,
        "unit": "kWh PCS",
        "factor": "ademe:37133",
        "activity": "billed",
    }
    file = tmp_path / "quantities.json"
    file.write_text(json.dumps([good, good | quantity]), encoding="utf-8")
    assert main(carbon("--quantities", str(file))) == 2
    said = capsys.readouterr().err
    assert "quantité 2" in said
    assert words in said


def test_an_unusable_fec_says_why_and_gives_no_figure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*carbon(file=BAKERY / "README.md"), "--json"]) == 1
    answer = capsys.readouterr()
    assert json.loads(answer.out)["total_kgco2e"] is None
    assert answer.err
