import json
from datetime import date
from pathlib import Path

import pytest

from bocage.identifiers import Siren, Siret
from bocage.registry import Company, Duplicate, NotFound, State, Unavailable, UnavailableReason
from bocage.registry.insee import next_cursor, parse_siren, parse_siret, parse_sites, parse_status, parse_successor

SAMPLES = Path(__file__).parents[2] / "data" / "sirene" / "insee"
TODAY = date(2026, 6, 1)


def sample(name: str) -> object:
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def by_siret(name: str, siret: str) -> Company:
    answer = parse_siret(sample(name), Siret(siret), asked_on=TODAY)
    assert isinstance(answer, Company)
    return answer


def test_an_open_head_office() -> None:
    found = by_siret("siret_active_head_office", "00001000900017")
    office = found.establishments[0]
    assert found.name == "FOURNIL EXEMPLE"
    assert (found.activities.naf_rev2, found.activities.naf_2025) == ("10.71C", "10.71Y")
    assert (office.head_office, office.state, office.closed) == (True, State.OPEN, None)
    assert office.address.lines == ("1 RUE DE L EXEMPLE", "31000 TOULOUSE")
    assert office.trade_names == ("FOURNIL EXEMPLE",)
    assert found.head_office == office.siret


def test_the_closing_day_is_the_start_of_the_closed_period() -> None:
    found = by_siret("siret_closed_three_periods", "00001001700028")
    place = found.establishments[0]
    assert (place.state, place.closed) == (State.CLOSED, date(2020, 7, 1))
    assert place.head_office is False
    assert found.head_office == "00001001700010"
    assert place.address.street == "ROUTE DE L USINE"


def test_the_current_period_is_the_one_without_an_end_wherever_it_stands() -> None:
    document = sample("siret_closed_three_periods")
    assert isinstance(document, dict)
    document["etablissement"]["periodesEtablissement"].reverse()
    answer = parse_siret(document, Siret("00001001700028"), asked_on=TODAY)
    assert isinstance(answer, Company)
    assert answer.establishments[0].closed == date(2020, 7, 1)


def test_a_closed_run_of_several_periods_is_dated_by_its_first_day() -> None:
    document = sample("siret_closed_three_periods")
    assert isinstance(document, dict)
    periods = document["etablissement"]["periodesEtablissement"]
    periods[0]["dateDebut"] = "2024-01-01"
    periods.insert(1, {**periods[0], "dateDebut": "2020-07-01", "dateFin": "2023-12-31"})
    answer = parse_siret(document, Siret("00001001700028"), asked_on=TODAY)
    assert isinstance(answer, Company)
    assert answer.establishments[0].closed == date(2020, 7, 1)


def test_an_old_nomenclature_is_not_taken_for_naf_rev_2() -> None:
    document = sample("siret_active_head_office")
    assert isinstance(document, dict)
    document["etablissement"]["periodesEtablissement"][0]["nomenclatureActivitePrincipaleEtablissement"] = "NAFRev1"
    answer = parse_siret(document, Siret("00001000900017"), asked_on=TODAY)
    assert isinstance(answer, Company)
    assert answer.establishments[0].activities.main is None


def test_a_masked_person() -> None:
    found = by_siret("siret_partial_diffusion", "00001002500013")
    assert found.partial
    assert (found.name, found.masked) == (None, ("name",))
    assert set(found.establishments[0].masked) == {"street", "postcode"}
    assert found.establishments[0].address.lines == ("BORDEAUX",)
    assert "[ND]" not in repr(found)


def test_the_name_of_a_person_is_the_first_name_and_the_name_of_use() -> None:
    document = sample("siret_partial_diffusion")
    assert isinstance(document, dict)
    place = document["etablissement"]
    place["statutDiffusionEtablissement"] = "O"
    place["uniteLegale"].update(
        {
            "statutDiffusionUniteLegale": "O",
            "prenom1UniteLegale": "CAMILLE",
            "prenomUsuelUniteLegale": "LOU",
            "nomUniteLegale": "INVENTEE",
            "nomUsageUniteLegale": None,
        }
    )
    answer = parse_siret(document, Siret("00001002500013"), asked_on=TODAY)
    assert isinstance(answer, Company)
    assert (answer.name, answer.sole_trader, answer.masked) == ("LOU INVENTEE", True, ())


def test_a_moved_head_office_keeps_its_former_number() -> None:
    answer = parse_siren(sample("siren_moved_head_office"), Siren("000010116"), asked_on=TODAY)
    assert isinstance(answer, Company)
    assert answer.name == "IMPRIMERIE NOMADE EXEMPLE"
    assert answer.legal_form == "5710"
    assert answer.head_office == "00001011600028"
    assert answer.former_head_offices == ("00001011600010",)
    assert (answer.state, answer.closed) == (State.OPEN, None)


def test_every_page_of_establishments() -> None:
    pages = [sample(f"siret_search_by_siren_{page}") for page in ("page2", "page1", "last_page")]
    answer = parse_sites(pages, Siren("000010009"), asked_on=TODAY)
    assert isinstance(answer, Company)
    assert [one.siret for one in answer.establishments] == ["00001000900017", "00001000900025"]
    assert answer.all_open_establishments
    assert answer.open_establishments == 2
    assert answer.establishments[1].address.street == "12 AVENUE INVENTEE"


def test_the_last_page_is_the_one_that_points_at_itself() -> None:
    assert next_cursor(sample("siret_search_by_siren_page1")) == "AoEpMDAwMDEwMDA5"
    assert next_cursor(sample("siret_search_by_siren_last_page")) is None


def test_the_successor_of_a_closed_establishment() -> None:
    links = sample("siret_succession_links")
    assert parse_successor(links, Siret("00001011600010")) == "00001011600028"
    assert parse_successor(links, Siret("00001011600028")) is None
    assert parse_successor({}, Siret("00001011600010")) is None


def test_a_duplicate_unit_names_the_one_that_is_kept() -> None:
    wrapped = sample("error_301_duplicate")
    assert isinstance(wrapped, dict)
    answer = parse_status(wrapped["_status"], Siren("000010124"), location=wrapped["_headers"]["Location"])
    assert answer == Duplicate(Siren("000010124"), Siren("000010132"))
    assert parse_status(301, Siren("000010124")) == NotFound(Siren("000010124"))


@pytest.mark.parametrize("status", [403, 404])
def test_not_visible_and_unknown_are_not_found(status: int) -> None:
    assert parse_status(status, Siren("000010041")) == NotFound(Siren("000010041"))


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (400, UnavailableReason.BAD_REQUEST),
        (401, UnavailableReason.REFUSED),
        (429, UnavailableReason.RATE_LIMITED),
        (500, UnavailableReason.SERVER_ERROR),
        (503, UnavailableReason.SERVER_ERROR),
    ],
)
def test_other_statuses(status: int, reason: UnavailableReason) -> None:
    assert parse_status(status, Siren("000010041")) == Unavailable(reason)


@pytest.mark.parametrize("document", [None, [], {}, {"etablissement": []}, {"etablissement": {}}])
def test_another_shape_is_an_unavailable_service(document: object) -> None:
    assert parse_siret(document, Siret("00001000900017"), asked_on=TODAY) == Unavailable(UnavailableReason.MALFORMED)
