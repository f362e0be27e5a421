"""The API Sirene of Insee, as a real server answers it."""

import json
import logging

import pytest

from bocage.identifiers import Siren, Siret
from bocage.registry import Company, Duplicate, NotFound, State, Unavailable, UnavailableReason
from cabinet.registry.chain import lookup
from cabinet.registry.checks import usable_key
from cabinet.registry.insee import InseeRegistry
from cabinet.registry.models import SourceState
from tests.cabinet.registry.conftest import INSEE_KEY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("naps")]

OFFICE, CLOSED = Siret("00001000900017"), Siret("00001001700028")
UNIT, MOVED = Siren("000010009"), Siren("000010116")


def find(number: Siren | Siret = OFFICE, seconds: float = 2.0):
    return InseeRegistry().find(number, seconds=seconds)


def found(number: Siren | Siret) -> Company:
    answer = find(number, seconds=20.0)  # a busy machine is not what these tests are about
    assert isinstance(answer, Company)
    return answer


def reason(seconds: float = 2.0) -> UnavailableReason:
    answer = find(seconds=seconds)
    assert isinstance(answer, Unavailable)
    return answer.reason


def test_an_open_establishment_is_one_call(insee) -> None:
    insee.sample("siret_active_head_office")
    assert found(OFFICE).name == "FOURNIL EXEMPLE"
    assert insee.asked == ["/api-sirene/3.11/siret/00001000900017?masquerValeursNulles=true"]
    assert insee.keys == [INSEE_KEY]
    assert insee.agents[0].startswith("Bocage/")


def test_null_fields_may_be_left_out(insee) -> None:
    document = json.loads(insee.read("siret_active_head_office"))

    def lean(value: object) -> object:
        if isinstance(value, dict):
            return {key: lean(item) for key, item in value.items() if item is not None}
        return [lean(item) for item in value] if isinstance(value, list) else value

    insee.sample("siret_active_head_office")
    whole = found(OFFICE)
    insee.body = json.dumps(lean(document)).encode()
    assert found(OFFICE) == whole


@pytest.mark.parametrize(
    ("status", "successor", "expected"),
    [(200, "siret_succession_links", "00001011600028"), (404, "error_404", None), (503, "error_503", None)],
)
def test_a_closed_establishment_and_what_follows_it(insee, status: int, successor: str, expected: str | None) -> None:
    document = json.loads(insee.read(successor))
    for link in document.get("liensSuccession", []):
        link["siretEtablissementPredecesseur"] = CLOSED
    insee.route("liensSuccession", status=status, body=document)
    insee.sample("siret_closed_three_periods")
    place = found(CLOSED).establishment(CLOSED)
    assert place is not None
    assert (place.state, place.successor) == (State.CLOSED, expected)
    assert insee.asked[1].endswith(f"/siret/liensSuccession?q=siretEtablissementPredecesseur%3A{CLOSED}")


def test_masked_values_are_unknown(insee) -> None:
    insee.sample("siret_partial_diffusion")
    siret = Siret(json.loads(insee.body)["etablissement"]["siret"])
    hidden = found(siret)
    assert (hidden.name, hidden.partial) == (None, True)
    assert "[ND]" not in str(hidden)


def test_a_unit_and_its_establishments_page_by_page(insee) -> None:
    unit = json.loads(insee.read("siren_moved_head_office"))
    unit["uniteLegale"]["siren"] = UNIT
    insee.route("/siren/", body=unit)
    insee.route("curseur=%2A", "siret_search_by_siren_page1")
    insee.route("curseur=Ao", "siret_search_by_siren_page2")
    company = found(UNIT)
    assert company.all_open_establishments
    assert company.open_establishments == sum(one.state is State.OPEN for one in company.establishments)
    assert len(insee.asked) == 3, "no page is asked after the last establishment"


def test_a_page_that_fails_leaves_the_list_open(insee) -> None:
    unit = json.loads(insee.read("siren_moved_head_office"))
    unit["uniteLegale"]["siren"] = UNIT
    insee.route("/siren/", body=unit)
    insee.route("curseur=%2A", "siret_search_by_siren_page1")
    insee.route("curseur=Ao", "error_503", status=503)
    company = found(UNIT)
    assert (company.all_open_establishments, company.open_establishments) == (False, None)
    assert len(company.establishments) == 1


def test_thousands_of_establishments_are_not_all_read(insee) -> None:
    unit = json.loads(insee.read("siren_moved_head_office"))
    page = json.loads(insee.read("siret_search_by_siren_page2"))
    office = json.loads(insee.read("siret_active_head_office"))
    unit["uniteLegale"]["siren"] = UNIT
    unit["uniteLegale"]["periodesUniteLegale"][0]["nicSiegeUniteLegale"] = "00017"
    page["header"].update(total=25_000, curseur="*")
    insee.route("/siren/", body=unit)
    insee.route("curseur=", body=page)
    insee.route(f"/siret/{OFFICE}", body=office)
    company = found(UNIT)
    assert company.establishments[0].siret == OFFICE, "the head office was not in the page"
    assert (company.all_open_establishments, company.open_establishments) == (False, None)
    assert len(insee.asked) == 3


@pytest.mark.parametrize(
    "location", ["/api-sirene/3.11/siren/000010132", "https://api.insee.fr/x/siret/00001013200019"]
)
def test_a_unit_registered_twice(insee, location: str) -> None:
    insee.route("/siret/00001012400016", status=301, body="", Location=location)
    old = Siret("00001012400016")
    assert find(old) == Duplicate(old, Siren("000010132"))
    insee.route("/siren/000010132", body={"uniteLegale": {"siren": "000010132", "periodesUniteLegale": []}})
    insee.route("curseur=", "error_404", status=404)
    followed = lookup(old)
    assert isinstance(followed.answer, Company)
    assert followed.kept_siren == "000010132"
    assert lookup(old).kept_siren == "000010132", "kept under the number that was asked"


def test_a_duplicate_without_a_number_is_not_found(insee) -> None:
    insee.status, insee.body = 301, b""
    assert find() == NotFound(OFFICE)


@pytest.mark.parametrize("status", [403, 404])
def test_not_found(insee, status: int) -> None:
    insee.sample(f"error_{status}", status)
    assert find() == NotFound(OFFICE)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, UnavailableReason.BAD_REQUEST),
        (401, UnavailableReason.REFUSED),
        (406, UnavailableReason.BAD_REQUEST),
        (414, UnavailableReason.BAD_REQUEST),
        (500, UnavailableReason.SERVER_ERROR),
        (503, UnavailableReason.SERVER_ERROR),
    ],
)
def test_refusals(insee, status: int, expected: UnavailableReason) -> None:
    insee.status, insee.body = status, b'{"header": {"statut": 0, "message": "non"}}'
    assert reason() is expected


def test_too_many_calls(insee) -> None:
    insee.sample("error_429", 429)
    insee.headers = {"Retry-After": "12"}
    assert find() == Unavailable(UnavailableReason.RATE_LIMITED, retry_after=12.0)


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"etablissement": ', b"[]", b"null", b'{"etablissement": {}}'])
def test_a_body_that_is_not_the_answer(insee, body: bytes) -> None:
    insee.body = body
    assert reason() is UnavailableReason.MALFORMED


def test_cut_slow_and_silent(insee, elapsed) -> None:
    insee.sample("siret_active_head_office")
    insee.missing = 10
    assert reason() is UnavailableReason.NETWORK
    insee.missing, insee.status = 0, 0
    assert reason() is UnavailableReason.NETWORK
    insee.status, insee.wait = 200, 30.0
    assert reason(0.3) is UnavailableReason.TIMEOUT
    assert elapsed() < 5


def test_without_a_key_it_is_not_a_source(insee, settings) -> None:
    settings.REGISTRY_INSEE_KEY = ""
    assert reason() is UnavailableReason.NO_SOURCE
    assert insee.asked == []


def test_the_key_is_written_nowhere(insee, settings, caplog) -> None:
    with caplog.at_level(logging.DEBUG):
        insee.sample("siret_active_head_office")
        lookup(OFFICE)
        for status in (401, 429, 500, 0):
            insee.status = status
            lookup(OFFICE, again=True)
        SourceState.objects.all().delete()
        for wrong in ("é", "\n x"):  # cannot be sent: the libraries complain, and quote it
            settings.REGISTRY_INSEE_KEY = INSEE_KEY + wrong
            assert reason() is UnavailableReason.NETWORK
        assert INSEE_KEY not in repr(InseeRegistry().__dict__["_service"])
    assert INSEE_KEY in insee.keys
    assert INSEE_KEY not in caplog.text


@pytest.mark.parametrize(("key", "said"), [("", ["registry.W001"]), ("clef secrète", ["registry.E002"]), ("abc", [])])
def test_a_key_that_cannot_work_is_told_at_the_start(insee, settings, key: str, said: list[str]) -> None:
    settings.REGISTRY_INSEE_KEY = key
    messages = usable_key()
    assert [message.id for message in messages] == said
    assert not any("secrète" in str(message) for message in messages)
