from datetime import date, timedelta

import pytest
from django.utils import timezone

from bocage.registry import UnavailableReason
from cabinet.registry.enums import LookupCase
from cabinet.registry.models import RegistryEntry
from cabinet.registry.services import look_up, purge_cache

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo(settings) -> None:
    settings.REGISTRY_SOURCES = ["demo"]


def test_the_company_of_the_sample_files() -> None:
    outcome = look_up("000 012 344 00016")
    assert outcome.case is LookupCase.FOUND
    details = outcome.details
    assert details is not None
    assert (details.siret, details.name) == ("00001234400016", "Mécanique de l’Atelier")
    assert (details.ape, details.ape_label) == ("25.62B", "Mécanique industrielle")
    assert (details.street, details.postcode, details.town) == ("12 rue de l’Atelier", "01000", "Bourg-en-Bresse")
    assert details.legal_form_label == "SAS, société par actions simplifiée"
    assert details.is_head_office is True
    assert details.is_open is True
    assert details.opened_on == date(2008, 3, 3)
    assert (details.size_band_label, details.size_year) == ("10 à 19 salariés", 2023)
    assert details.idcc == ("3248",)
    assert (outcome.source, outcome.source_label) == ("demo", "Registre de démonstration")
    assert outcome.read_at is not None
    assert outcome.seconds < 3


def test_a_wrong_key_is_never_sent(monkeypatch) -> None:
    monkeypatch.setattr("cabinet.registry.services.lookup", None)
    outcome = look_up("00001234400017")
    assert outcome.case is LookupCase.BAD_KEY
    assert outcome.key.reason == "siret_key"
    assert outcome.words.message.startswith("Le SIREN est juste")
    assert look_up("1234").words.message.startswith("Il manque 5 chiffres")
    assert look_up("").case is LookupCase.BAD_KEY


def test_a_siren_gives_the_list_head_office_first() -> None:
    outcome = look_up("000061283")
    assert outcome.case is LookupCase.SIREN
    assert outcome.open_establishments == 4
    assert outcome.sites_complete
    assert [site.is_head_office for site in outcome.sites] == [True, False, False, False]
    assert outcome.sites[0].address == "55 rue de Laval, 53100 Mayenne"
    assert outcome.details is not None
    assert outcome.details.siret == outcome.sites[0].siret
    assert "4 établissements ouverts" in outcome.words.message


def test_a_siren_of_the_public_service_gives_a_count_only(service, naps) -> None:
    service.sample("search_siren")
    outcome = look_up("000 010 009")
    assert outcome.case is LookupCase.SIREN
    assert outcome.open_establishments == 2
    assert not outcome.sites_complete
    assert outcome.details is not None
    assert outcome.details.siret == "00001000900017"


def test_a_siren_without_a_known_head_office(service, naps) -> None:
    service.sample("search_minimal")
    outcome = look_up("000010009")
    assert (outcome.case, outcome.details, outcome.open_establishments) == (LookupCase.SIREN, None, 2)


def test_closed_with_its_successor() -> None:
    outcome = look_up("00007461700010")
    assert outcome.case is LookupCase.FOUND_CLOSED
    assert outcome.closed_on == date(2019, 6, 30)
    assert outcome.successor == "00007461700028"
    assert outcome.words.message == "Cet établissement est fermé depuis le 30/06/2019."
    assert outcome.details is not None
    assert outcome.details.is_open is False


def test_closed_with_its_company() -> None:
    outcome = look_up("00005512900019")
    assert (outcome.case, outcome.closed_on, outcome.successor) == (LookupCase.FOUND_CLOSED, date(2024, 3, 31), None)


def test_a_hidden_person_is_left_to_the_user() -> None:
    outcome = look_up("00002317600019")
    assert outcome.case is LookupCase.FOUND_MASKED
    details = outcome.details
    assert details is not None
    assert (details.name, details.street, details.postcode, details.town) == ("", "", "", "Bordeaux")
    assert set(details.masked) >= {"name", "street", "postcode"}
    assert details.partial
    assert details.ape == "43.34Z"


def test_a_hidden_company_keeps_its_name() -> None:
    details = look_up("00002468700014").details
    assert details is not None
    assert details.name == "SCI de la Haie Close"
    assert details.masked == ("street", "postcode")


def test_unknown() -> None:
    outcome = look_up("00001000900025")
    assert (outcome.case, outcome.details, outcome.source) == (LookupCase.UNKNOWN, None, "")


def test_an_unknown_establishment_of_a_known_company() -> None:
    assert look_up("00001234400032").case is LookupCase.UNKNOWN


def test_unreachable(settings, service) -> None:
    settings.REGISTRY_RECHERCHE_URL = "http://127.0.0.1:9"
    outcome = look_up("00001000900025")
    assert (outcome.case, outcome.reason) == (LookupCase.UNREACHABLE, UnavailableReason.NETWORK)
    assert "ne répond pas" in outcome.words.message


def test_no_registry_at_all(settings) -> None:
    settings.REGISTRY_SOURCES = []
    outcome = look_up("00001234400016")
    assert outcome.case is LookupCase.UNREACHABLE
    assert outcome.words.message == "Aucun registre n’est interrogé sur cette installation."


def test_mail_goes_to_the_cedex() -> None:
    details = look_up("00005033600015").details
    assert details is not None
    assert (details.postcode, details.town, details.commune) == ("35042", "Rennes Cedex", "Rennes")
    assert details.street == "40 avenue des Entrepôts, CS 40012"


def test_overseas_abroad_sole_trader_and_no_activity() -> None:
    overseas, abroad, person, new = (
        look_up(number).details for number in ("00004576500013", "00006742100016", "00002104800012", "00007305600012")
    )
    assert overseas is not None
    assert overseas.territory == "La Réunion"
    assert abroad is not None
    assert (abroad.country, abroad.foreign, abroad.postcode) == ("Irlande", True, "")
    assert person is not None
    assert (person.sole_trader, person.name, person.legal_form_label) == (
        True,
        "Maëlle Korrivan",
        "Entrepreneur individuel",
    )
    assert new is not None
    assert (new.ape, new.ape_label, new.size_band) == ("", "", "")


@pytest.mark.parametrize("case", [case for case in LookupCase if case is not LookupCase.BAD_KEY])
def test_each_case_has_its_words(case: LookupCase) -> None:
    from bocage.wording import sentence

    assert sentence("registry", case.value).message


def test_what_nobody_used_for_two_years_is_deleted() -> None:
    now = timezone.now()
    for number, days in (("00001000900017", 729), ("00001000900025", 731)):
        used = now - timedelta(days=days)
        RegistryEntry.objects.create(
            number=number, siren=number[:9], source="recherche", record={}, fetched_at=used, used_at=used
        )
    assert purge_cache() == 1
    assert RegistryEntry.objects.get().number == "00001000900017"
