import json
from pathlib import Path

import pytest

from bocage.cli.main import main

VECTORS = json.loads((Path(__file__).parents[2] / "data" / "sirene" / "identifiers.json").read_text(encoding="utf-8"))


def answer(capsys: pytest.CaptureFixture[str], *numbers: str) -> tuple[int, list[dict[str, object]]]:
    code = main(["siret", "--json", *numbers])
    return code, json.loads(capsys.readouterr().out)["numbers"]


def test_good_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    good = [*VECTORS["valid_siren"], *VECTORS["valid_siret"], *VECTORS["la_poste_valid_siret"]]
    code, numbers = answer(capsys, *good)
    assert code == 0
    assert [one["number"] for one in numbers] == good
    assert all(one["valid"] is True and one["reason"] is None for one in numbers)
    assert {one["kind"] for one in numbers} == {"siren", "siret"}


def test_bad_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    bad = [*VECTORS["invalid_siren"], *VECTORS["invalid_siret"], *VECTORS["la_poste_invalid_siret"]]
    code, numbers = answer(capsys, *bad)
    assert code == 1
    assert all(one["valid"] is False and one["reason"] for one in numbers)


def test_one_wrong_number_among_good_ones(capsys: pytest.CaptureFixture[str]) -> None:
    code, numbers = answer(capsys, "000 012 344 00016", "00001234400017")
    assert code == 1
    assert [(one["valid"], one["reason"]) for one in numbers] == [(True, None), (False, "siret_key")]


def test_spaces_are_accepted_and_the_number_is_given_back_as_typed(capsys: pytest.CaptureFixture[str]) -> None:
    for typed in VECTORS["with_spaces"]:
        code, numbers = answer(capsys, typed)
        assert (code, numbers[0]["number"]) == (0, typed)


def test_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["siret", "00001234400016", "1234", "0000123440001"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "valide  SIRET 000\u00a0012\u00a0344\u00a000016"
    assert "Il manque 5 chiffres" in lines[1]
    assert "Il manque 1 chiffre\u00a0:" in lines[2]
    assert "\x1b" not in "".join(lines), "no colour outside a terminal"
