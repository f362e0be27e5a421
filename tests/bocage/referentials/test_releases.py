"""A newer release of Base Carbone is read from both of its forms, and changes nothing of what an older one said."""

from decimal import Decimal

import pytest

from bocage.referentials.carbon import (
    NotARelease,
    Release,
    pack,
    read_lines,
    read_official_csv,
    release_of,
    shipped,
    unpack,
    version_key,
    version_named,
)
from tests.bocage.referentials.releases import LEFT_OUT, changed_rows, interface_lines, official_csv

MIX_2025 = {
    "like": "ademe:43642",
    "attribute": "2025 - mix moyen",
    "value": "0.05",
    "posts_json": '[{"type": "Combustion à la centrale", "nom": "", "total": 0.03},'
    ' {"type": "Amont", "nom": "", "total": 0.02}]',
}
CHANGES = {
    "ademe:43642": {"value": "0.06"},
    "ademe:99001": MIX_2025,
    "ademe:43406": {"value": "700"},  # food 2019, Base Carbone alone
    "ademe:43410": {"value": "1"},  # food 2023, given by SDES
    "ademe:43391": {},
}


@pytest.fixture(scope="module")
def newer() -> Release:
    found = read_official_csv(official_csv(changed_rows(CHANGES)))
    return release_of("V23.9", unpack(pack(found.rows)))


def test_both_forms_of_a_release_give_the_same_bytes() -> None:
    rows = list(changed_rows(CHANGES))
    from_file = read_official_csv(official_csv(rows))
    from_interface = read_lines(interface_lines(rows))
    assert pack(from_file.rows) == pack(from_interface.rows)
    assert from_file.lines == from_interface.lines > len(from_file.rows)
    assert read_official_csv(official_csv(rows, "utf-8-sig")).rows == from_file.rows


def test_a_factor_that_did_not_change_keeps_its_parts_under_the_new_version(newer: Release) -> None:
    same, before = newer.factor("ademe:27039"), shipped().factor("ademe:27039")
    assert same is not None
    assert before is not None
    assert (same.version, before.version) == ("V23.9", "V23.6")
    assert (same.value, same.parts, same.unit) == (before.value, before.parts, before.unit)


def test_a_changed_factor_is_another_one_and_the_former_stays(newer: Release) -> None:
    after, before = newer.factor("ademe:43642"), shipped().factor("ademe:43642")
    assert after is not None
    assert before is not None
    assert (after.value, before.value) == (Decimal("0.06"), Decimal("0.0519"))


def test_what_was_withdrawn_is_answered_at_its_last_version(newer: Release) -> None:
    assert LEFT_OUT[0] not in newer.rows
    found = newer.factor("ademe:25775")  # not among the rows of this short release either
    assert found is not None
    assert found.version == "V23.6"
    assert newer.factor("ademe:1") is None


def test_a_newer_year_of_an_everyday_factor_is_offered_first(newer: Release) -> None:
    offered = newer.factors_of_use("electricity")
    assert offered[0].id == "ademe:99001"
    assert [part.value for part in offered[0].parts] == [Decimal("0.03"), Decimal("0.02")]
    assert [one.id for one in offered[1:]] == [one.id for one in shipped().factors_of_use("electricity")]


def test_national_ratios_stand_and_those_of_base_carbone_follow_it(newer: Release) -> None:
    food = newer.ratio("C10T12", 2019)
    assert food is not None
    assert (food.value, food.source) == (Decimal(700), "Base Carbone V23.9")
    assert newer.ratio("C10T12", 2023) == shipped().ratio("C10T12", 2023)


def test_a_year_of_ratios_is_taken_whole_or_not_at_all() -> None:
    monetary = {name: row for name, row in shipped().rows.items() if "keuro (2019) HT" in row["unit"]}
    half = dict(list(monetary.items())[:20])
    for models, years in ((half, 2023), (monetary, 2024)):
        added = {
            f"ademe:{90_000 + rank}": {
                "like": name,
                "name": row["name"].replace("2019", "2024"),
                "unit": "kgCO2e/keuro (2024) HT",
                "value": "123",
            }
            for rank, (name, row) in enumerate(models.items())
        }
        found = release_of("V24.0", read_official_csv(official_csv(changed_rows(added))).rows)
        assert found.ratio_years[-1] == years
        food = found.ratio("C10T12", 2024)
        assert food is not None
        assert food.year == years
    assert shipped().ratio_years == (2019, 2020, 2021, 2022, 2023)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a;b;c\n1;2;3\n", "columns"),
        (official_csv(changed_rows({}, keep=20)), "extract"),
        (official_csv(changed_rows({"ademe:43642": {"value": "douze"}})), "number"),
    ],
)
def test_what_is_no_release_is_refused_with_what_was_met(content: bytes, code: str) -> None:
    with pytest.raises(NotARelease) as caught:
        read_official_csv(content)
    assert caught.value.code == code
    assert caught.value.value


def test_versions_are_ordered_by_number_and_read_from_titles() -> None:
    assert sorted(["V23.10", "V23.6", "V24.0"], key=version_key) == ["V23.6", "V23.10", "V24.0"]
    assert version_named("Base Carbone® V23.9 (août 2026)") == "V23.9"
    assert version_named("base_carbone_v23.10.csv") == "V23.10"
    assert version_named("Base Carbone") is None
    with pytest.raises(ValueError, match="latest"):
        version_key("latest")
