import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bocage.identifiers import Siren, Siret
from bocage.registry import Answer, Company, NotFound, State, Unavailable, UnavailableReason
from bocage.registry.recherche import parse_search

SAMPLES = Path(__file__).parents[2] / "data" / "sirene" / "recherche"
TODAY = date(2026, 6, 1)


def sample(name: str) -> object:
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def read(name: str, number: str, asked_on: date = TODAY) -> Answer:
    parsed = Siret.parse(number) or Siren.parse(number)
    assert parsed is not None
    return parse_search(sample(name), parsed, asked_on=asked_on)


def company(name: str, number: str, asked_on: date = TODAY) -> Company:
    answer = read(name, number, asked_on)
    assert isinstance(answer, Company)
    return answer


def test_a_siren_gives_its_head_office_and_how_many_are_open() -> None:
    found = company("search_siren", "000010009")
    assert found.name == "FOURNIL EXEMPLE"
    assert found.state is State.OPEN
    assert found.open_establishments == 2
    assert found.head_office == "00001000900017"
    assert [one.siret for one in found.establishments] == ["00001000900017"]
    assert not found.all_open_establishments
    assert found.legal_form == "5499"
    assert found.size is not None
    assert (found.size.band, found.size.year) == ("12", 2023)
    assert found.created == date(2012, 4, 2)
    assert found.updated == date(2026, 3, 12)
    assert found.collective_agreements == ("0843",)
    assert (found.partial, found.masked) == (False, ())


def test_a_siret_adds_the_establishment_asked() -> None:
    found = company("search_siret", "00001000900025")
    branch = found.establishment(Siret("00001000900025"))
    assert branch is not None
    assert branch.head_office is False
    assert branch.state is State.OPEN
    assert branch.address.lines == ("12 AVENUE INVENTEE", "81000 ALBI")
    assert branch.address.commune == "81004"
    assert found.establishments[0].siret == found.head_office
    assert found.establishments[0].trade_names == ("FOURNIL EXEMPLE",)


def test_a_siret_that_the_answer_does_not_hold_is_not_found() -> None:
    assert read("search_siren", "00001000900025") == NotFound(Siret("00001000900025"))


def test_the_head_office_found_by_its_siret_is_described_once_and_in_full() -> None:
    found = company("search_scop", "00001005800014")
    assert [one.siret for one in found.establishments] == ["00001005800014"]
    assert found.establishments[0].address.street == "3 QUAI INVENTE"


def test_both_nomenclatures_are_kept() -> None:
    found = company("search_siren", "000010009")
    assert (found.activities.naf_rev2, found.activities.naf_2025) == ("10.71C", "10.71Y")
    assert found.activities.main == "10.71C"


def test_from_2027_a_lone_code_is_naf_2025() -> None:
    document = sample("search_siren")
    assert isinstance(document, dict)
    del document["results"][0]["activite_principale_naf25"]
    number = Siren("000010009")
    before = parse_search(document, number, asked_on=date(2026, 12, 31))
    after = parse_search(document, number, asked_on=date(2027, 1, 1))
    assert isinstance(before, Company)
    assert isinstance(after, Company)
    assert (before.activities.naf_rev2, before.activities.naf_2025) == ("10.71C", None)
    assert (after.activities.naf_rev2, after.activities.naf_2025) == (None, "10.71C")


def test_a_page_of_names_is_searched_for_the_right_siren_only() -> None:
    assert company("search_name_page1", "000010074").name == "METAUX EN GROS FICTIFS"
    assert isinstance(read("search_name_page1", "000010009"), NotFound)


def test_the_name_of_a_company_is_its_legal_name_not_the_name_with_its_acronym() -> None:
    found = company("search_name_page1", "000010017")
    assert (found.name, found.acronym) == ("ATELIERS DU PONT FICTIF", "APF")


def test_no_result() -> None:
    assert read("search_no_result", "000010009") == NotFound(Siren("000010009"))


def test_closed() -> None:
    found = company("search_closed", "00001008200014")
    assert found.state is State.CLOSED
    assert found.closed == date(2023, 11, 30)
    office = found.establishment(Siret("00001008200014"))
    assert office is not None
    assert (office.state, office.closed) == (State.CLOSED, date(2023, 11, 30))
    assert found.open_establishments == 0


def test_foreign() -> None:
    found = company("search_foreign", "000010090")
    assert found.foreign
    assert found.establishments[0].address.lines == ("10 SAMPLE STREET", "DUBLIN", "IRLANDE")
    assert not company("search_siren", "000010009").foreign


def test_a_masked_person_has_no_name_and_no_address_but_keeps_its_town() -> None:
    found = company("search_partial_diffusion_person", "000010025")
    assert found.partial
    assert found.sole_trader
    assert found.name is None
    assert found.masked == ("name", "acronym")
    office = found.establishments[0]
    assert office.partial
    assert set(office.masked) == {"street", "postcode", "trade_names"}
    assert office.address.lines == ("BORDEAUX",)
    assert office.address.commune == "33063"
    assert found.activities.naf_rev2 == "43.34Z"
    assert "NON-DIFFUSIBLE" not in repr(found)


def test_a_masked_company_keeps_its_name() -> None:
    found = company("search_partial_diffusion_company", "000010140")
    assert found.name == "SCI DU SECRET INVENTE"
    assert found.masked == ("acronym",)
    assert set(found.establishments[0].masked) == {"street", "postcode"}
    assert "NON-DIFFUSIBLE" not in repr(found)


def test_a_status_p_is_honoured_even_when_the_source_shows_the_values() -> None:
    document = sample("search_siren")
    assert isinstance(document, dict)
    unit = document["results"][0]
    unit.update({"statut_diffusion": "P", "nature_juridique": "1000"})
    unit["siege"]["statut_diffusion_etablissement"] = "P"
    found = parse_search(document, Siren("000010009"), asked_on=TODAY)
    assert isinstance(found, Company)
    assert found.name is None
    assert found.masked == ("name",)
    assert found.establishments[0].address.lines == ("TOULOUSE",)
    assert set(found.establishments[0].masked) == {"street", "postcode"}


def test_minimal_answer() -> None:
    found = company("search_minimal", "000010009")
    assert found.head_office is None
    assert found.establishments == ()


def test_officers_and_accounts_are_never_kept() -> None:
    words = repr(company("search_siren", "000010009"))
    assert "INVENTEE" not in words
    assert "CAMILLE" not in words
    assert "2100000" not in words


@pytest.mark.parametrize("document", [None, [], "x", {}, {"results": None}, {"erreur": "non"}])
def test_another_shape_is_an_unavailable_service(document: object) -> None:
    answer = parse_search(document, Siren("000010009"), asked_on=TODAY)
    assert answer == Unavailable(UnavailableReason.MALFORMED)


_SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["[NON-DIFFUSIBLE]", "P"])


@given(st.data())
def test_no_damage_to_an_answer_makes_the_reading_raise(data: st.DataObject) -> None:
    document = sample("search_siret")
    assert isinstance(document, dict)
    unit = document["results"][0]
    target = data.draw(st.sampled_from([unit, unit["siege"], unit["matching_etablissements"][0], unit["complements"]]))
    for key in data.draw(st.lists(st.sampled_from(sorted(target)), min_size=1, max_size=6)):
        target[key] = data.draw(_SCALARS | st.lists(_SCALARS, max_size=3))
    answer = parse_search(document, Siret("00001000900025"), asked_on=TODAY)
    assert "NON-DIFFUSIBLE" not in repr(answer)
