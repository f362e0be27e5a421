import json
from importlib.resources import files

from django.core.checks.registry import registry

from bocage.identifiers import check_number
from bocage.referentials.naf import naf_label
from bocage.referentials.sirene import department_of_commune, legal_form_label, size_band_label
from bocage.registry import State
from cabinet.registry.checks import known_sources
from cabinet.registry.demo import companies


def test_every_company_of_the_file_is_read() -> None:
    document = json.loads((files("cabinet.registry") / "demo_companies.json").read_text(encoding="utf-8"))
    assert len(companies()) == len(document["companies"]) >= 12


def test_every_number_is_invented_and_has_a_valid_key() -> None:
    for siren, company in companies().items():
        assert siren.startswith("0000")
        assert check_number(siren, expected="siren").valid
        for one in company.establishments:
            assert check_number(one.siret, expected="siret").valid
            assert one.siret.siren == siren
            assert one.successor is None or company.establishment(one.successor) is not None


def test_every_code_has_its_label() -> None:
    for company in companies().values():
        assert legal_form_label(company.legal_form or "")
        assert company.size is None or size_band_label(company.size.band)
        for one in company.establishments:
            assert one.activities.main is None or naf_label(one.activities.main)
            assert one.address.commune is None or department_of_commune(one.address.commune)


def test_every_company_has_one_head_office_and_counts_right() -> None:
    for company in companies().values():
        offices = [one for one in company.establishments if one.head_office]
        assert [one.siret for one in offices] == [company.head_office]
        held = sum(one.state is State.OPEN for one in company.establishments)
        assert company.open_establishments is not None
        assert (company.open_establishments == held) == company.all_open_establishments
        assert company.open_establishments >= held


def test_what_is_hidden_is_not_in_the_file() -> None:
    hidden = [company for company in companies().values() if company.partial]
    assert {company.legal_form for company in hidden} == {"1000", "6540"}
    for company in hidden:
        assert (company.name is None) == ("name" in company.masked)
        for one in company.establishments:
            assert one.address.street is None
            assert one.address.postcode is None


def test_an_unknown_source_stops_the_start(settings) -> None:
    settings.REGISTRY_SOURCES = ["demo", "annuaire"]
    assert [error.id for error in known_sources()] == ["registry.E001"]
    settings.REGISTRY_SOURCES = ["demo", "recherche"]
    assert known_sources() == []
    assert known_sources in registry.get_checks()
