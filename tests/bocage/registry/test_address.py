import pytest

from bocage.registry import Address
from bocage.registry.address import compose_street, street_from_text
from bocage.registry.coordinates import from_lambert_93


def test_a_whole_address() -> None:
    address = Address(
        complement="BATIMENT B", street="12 RUE DE L ATELIER", distribution="BP 40", postcode="01000", town="BOURG"
    )
    assert address.lines == ("BATIMENT B", "12 RUE DE L ATELIER", "BP 40", "01000 BOURG")
    assert address.one_line == "BATIMENT B, 12 RUE DE L ATELIER, BP 40, 01000 BOURG"


def test_mail_goes_to_the_cedex() -> None:
    address = Address(postcode="35000", town="RENNES", cedex_code="35042", cedex_label="RENNES CEDEX")
    assert address.lines == ("35042 RENNES CEDEX",)
    assert Address(town="RENNES", cedex_code="35042").town_line == "35042 RENNES CEDEX"


def test_overseas() -> None:
    address = Address(postcode="97400", town="SAINT-DENIS", commune="97411")
    assert address.overseas
    assert (address.department, address.territory) == ("974", "La Réunion")
    mainland = Address(postcode="31000", commune="31555")
    assert (mainland.department, mainland.territory) == ("31", None)
    assert not mainland.overseas


def test_nothing_known() -> None:
    assert Address().lines == ()
    assert Address().one_line == ""
    assert Address().department is None


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"number": "12", "street_type": "AV", "name": "INVENTEE"}, "12 AVENUE INVENTEE"),
        ({"number": "12", "repetition": "B", "street_type": "RUE", "name": "X"}, "12 B RUE X"),
        ({"number": "12", "last_number": "16", "street_type": "QUAI", "name": "X"}, "12-16 QUAI X"),
        ({"number": "12", "last_number": "12", "name": "X"}, "12 X"),
        ({"number": None, "name": "ZI DES METAUX"}, "ZI DES METAUX"),
        ({"number": None}, None),
    ],
)
def test_the_line_of_the_way(parts: dict[str, str | None], expected: str | None) -> None:
    assert compose_street(**parts) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "postcode", "town", "street"),
    [
        ("12 AVENUE INVENTEE 81000 ALBI", "81000", "ALBI", "12 AVENUE INVENTEE"),
        ("81000 ALBI", "81000", "ALBI", ""),
        ("1 RUE X 35042 RENNES CEDEX", "35042", "RENNES", "1 RUE X"),
        ("10 SAMPLE STREET DUBLIN", None, "DUBLIN", "10 SAMPLE STREET"),
        ("LIEU DIT LA LANDE", None, None, "LIEU DIT LA LANDE"),
    ],
)
def test_the_street_of_an_address_in_one_string(text: str, postcode: str | None, town: str | None, street: str) -> None:
    assert street_from_text(text, postcode, town) == street


def test_lambert_93_becomes_degrees() -> None:
    # The projection's origin is exact by definition; the other is the sample head office, in Toulouse.
    assert from_lambert_93("700000", "6600000") == ("46.5", "3")
    assert from_lambert_93("574357.8", "6279642.9") == ("43.6047", "1.4442")


@pytest.mark.parametrize("place", [(None, "6600000"), ("", ""), ("x", "1"), ("nan", "nan"), ("0", "0"), ("9e9", "9e9")])
def test_what_is_no_place_has_no_degrees(place: tuple[str | None, str | None]) -> None:
    assert from_lambert_93(*place) is None
