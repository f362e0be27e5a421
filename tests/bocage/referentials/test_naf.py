import pytest

from bocage.identifiers import Naf
from bocage.referentials import naf
from bocage.referentials.loader import read_rows


def test_a_code_gives_its_label_its_section_and_its_aggregates() -> None:
    bakery = naf.activity("10.71C")
    assert bakery is not None
    assert bakery.label == "Boulangerie et boulangerie-pâtisserie"
    assert (bakery.section, bakery.division, bakery.a64, bakery.ratio_branch) == ("C", "10", "CA0", "C10T12")
    assert naf.naf_label("2562B") == "Mécanique industrielle"
    assert naf.naf_section("2562b") == "C"


def test_an_unknown_code_has_no_label() -> None:
    assert naf.naf_label("00.00Z") is None
    assert naf.naf_label("boulangerie") is None
    assert naf.naf_section("") is None


def test_the_nomenclature_is_whole() -> None:
    everything = naf.activities()
    assert len(everything) == 732
    assert len({one.division for one in everything}) == 88
    assert list(naf.sections()) == list("ABCDEFGHIJKLMNOPQRSTU")
    assert all(naf.section_label(one.section) and naf.division_label(one.division) for one in everything)


def test_only_division_99_has_no_emission_ratio() -> None:
    assert [one.code for one in naf.activities() if one.ratio_branch is None] == ["99.00Z"]


def test_the_branch_of_a_division_is_that_of_its_codes() -> None:
    for one in naf.activities():
        assert naf.ratio_branch_of_division(one.division) == one.ratio_branch


def test_the_sections_are_dated() -> None:
    assert naf.NAF_REV2_IN_FORCE.end.isoformat() == "2026-12-31"


def test_naf_2025_is_checked_on_its_four_digits_only() -> None:
    found = naf.nace_2_1_class("10.71Y")
    assert found is not None
    assert (found.code, found.section) == ("10.71", "C")
    assert naf.nace_2_1_class("10.71") == found
    assert naf.nace_2_1_class("45.11Z") is None, "division 45 is gone from NACE Rev. 2.1"
    assert naf.nace_2_1_class("x") is None


def test_nothing_can_be_changed() -> None:
    with pytest.raises(TypeError):
        naf.sections()["A"] = "autre"  # type: ignore[index]


def test_the_codes_of_the_file_are_well_formed() -> None:
    rows = read_rows("bocage.referentials.naf", "naf_rev2.csv")
    assert all(Naf.parse(row["code"]) == row["code"] for row in rows)
    assert all(row["code"].startswith(row["classe"]) for row in rows)
