import gzip
import time
from datetime import timedelta
from email.utils import format_datetime

import httpx
import pytest
from django.utils import timezone

from bocage.identifiers import Siren, Siret
from bocage.registry import Company, NotFound, Unavailable, UnavailableReason
from cabinet.registry.recherche import RechercheRegistry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("naps")]

BRANCH = Siret("00001000900025")
UNIT = Siren("000010009")


def find(number: Siren | Siret = UNIT, seconds: float = 2.0):
    return RechercheRegistry().find(number, seconds=seconds)


def reason(seconds: float = 2.0) -> UnavailableReason:
    answer = find(seconds=seconds)
    assert isinstance(answer, Unavailable)
    return answer.reason


def test_a_siret(service) -> None:
    service.sample("search_siret")
    answer = find(BRANCH)
    assert isinstance(answer, Company)
    assert answer.establishment(BRANCH) is not None
    assert service.asked == ["/search?q=00001000900025&per_page=1"]


def test_it_says_who_asks(service) -> None:
    service.sample("search_siren")
    assert isinstance(find(), Company)
    assert service.agents[0].startswith("Bocage/")
    assert "contact@exemple.invalid" in service.agents[0]


def test_a_base_address_may_have_a_path(service, settings) -> None:
    settings.REGISTRY_RECHERCHE_URL += "/annuaire/"
    service.sample("search_siren")
    assert isinstance(find(), Company)
    assert service.asked == ["/annuaire/search?q=000010009&per_page=1"]


def test_an_empty_list_is_not_found(service) -> None:
    assert find() == NotFound(UNIT)


@pytest.mark.parametrize(
    ("sample", "status", "expected"),
    [
        ("error_400_too_short", 400, UnavailableReason.BAD_REQUEST),
        ("error_400_no_parameter", 400, UnavailableReason.BAD_REQUEST),
        ("error_400_per_page", 400, UnavailableReason.BAD_REQUEST),
        ("error_500", 500, UnavailableReason.SERVER_ERROR),
        ("error_500", 503, UnavailableReason.SERVER_ERROR),
        ("error_500", 403, UnavailableReason.REFUSED),
    ],
)
def test_refusals(service, sample: str, status: int, expected: UnavailableReason) -> None:
    service.sample(sample, status)
    assert reason() is expected


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("", None), ("Wed, 21 Oct 2020 07:28:00 GMT", None)])
def test_too_many_calls(service, header: str, seconds: float | None) -> None:
    service.status, service.body = 429, b"slow down"
    service.headers = {"Retry-After": header}
    assert find() == Unavailable(UnavailableReason.RATE_LIMITED, retry_after=seconds)


def test_a_pause_given_as_a_date(service) -> None:
    service.status, service.headers = 429, {"Retry-After": format_datetime(timezone.now() + timedelta(seconds=30))}
    answer = find()
    assert isinstance(answer, Unavailable)
    assert answer.retry_after is not None
    assert 20 < answer.retry_after <= 30


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"results": [', b"[]", b"\xff\xfe", b"[" * 100_000, b"null"])
def test_a_body_that_is_not_the_answer(service, body: bytes) -> None:
    service.body = body
    assert reason() is UnavailableReason.MALFORMED


def test_a_body_without_end(service) -> None:
    service.headers = {"Content-Encoding": "gzip"}
    service.body = gzip.compress(b" " * 50_000_000)
    assert reason() is UnavailableReason.MALFORMED


def test_a_body_cut_short(service) -> None:
    service.sample("search_siret")
    service.missing = 10
    assert reason() is UnavailableReason.NETWORK


def test_a_connection_cut_before_any_word(service) -> None:
    service.status = 0
    assert reason() is UnavailableReason.NETWORK


def test_a_redirection_is_not_followed(service) -> None:
    service.status, service.headers = 302, {"Location": "/ailleurs"}
    assert reason() is UnavailableReason.SERVER_ERROR
    assert len(service.asked) == 1


def test_a_slow_answer(service, elapsed) -> None:
    service.wait = 30.0
    assert reason(0.3) is UnavailableReason.TIMEOUT
    assert elapsed() < 1.5


def test_an_answer_that_drips(service, elapsed) -> None:
    service.sample("search_siren")
    service.drip = 0.1
    assert reason(0.4) is UnavailableReason.TIMEOUT
    assert elapsed() < 1.5


def test_nobody_listens(service, settings) -> None:
    settings.REGISTRY_RECHERCHE_URL = "http://127.0.0.1:9"
    assert reason() is UnavailableReason.NETWORK


def test_an_address_that_is_not_one(service, settings) -> None:
    settings.REGISTRY_RECHERCHE_URL = "registre"
    assert reason() is UnavailableReason.NETWORK


def test_a_name_that_takes_for_ever_to_resolve(service, elapsed) -> None:
    class Stuck(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            time.sleep(2)
            return httpx.Response(200)

    answer = RechercheRegistry(transport=Stuck()).find(UNIT, seconds=0.3)
    assert answer == Unavailable(UnavailableReason.TIMEOUT)
    assert elapsed() < 1.5
