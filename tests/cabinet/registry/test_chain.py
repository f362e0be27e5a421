import logging

import pytest
from django.db import DatabaseError
from django.utils import timezone

from bocage.identifiers import Siren, Siret
from bocage.registry import Company, Duplicate, NotFound, Unavailable, UnavailableReason
from cabinet.registry import chain, guard
from cabinet.registry.chain import SourceKind, lookup
from cabinet.registry.models import RegistryEntry, SourceState

pytestmark = pytest.mark.django_db

BRANCH = Siret("00001000900025")
UNIT = Siren("000010009")
DEMO_SIRET = Siret("00001234400016")
DAY = 86_400


class Canned:
    """A source with answers written in advance."""

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)
        self.calls: list[tuple[str, float]] = []
        self.name = "canned"

    def find(self, number, *, seconds):
        self.calls.append((number, seconds))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def sources(monkeypatch, settings):
    """Replace the sources of the chain by canned ones, in order."""

    def install(**canned: Canned) -> None:
        kinds = {name: SourceKind(lambda one=one: one, per_second=None, kept=False) for name, one in canned.items()}
        monkeypatch.setattr(chain, "KINDS", kinds)
        settings.REGISTRY_SOURCES = list(canned)

    return install


def unavailable(reason: UnavailableReason = UnavailableReason.SERVER_ERROR) -> Unavailable:
    return Unavailable(reason)


def test_the_first_that_knows_answers(sources) -> None:
    first, second = Canned(Company(UNIT, name="A")), Canned(Company(UNIT, name="B"))
    sources(first=first, second=second)
    found = lookup(UNIT)
    assert isinstance(found.answer, Company)
    assert (found.answer.name, found.source) == ("A", "first")
    assert second.calls == []


@pytest.mark.parametrize("answer", [NotFound(UNIT), unavailable(), RuntimeError("cassé"), DatabaseError()])
def test_the_next_one_is_asked_when_the_first_cannot_say(sources, answer: object) -> None:
    sources(first=Canned(answer), second=Canned(Company(UNIT, name="B")))
    found = lookup(UNIT)
    assert found.source == "second"


def test_not_found_means_that_every_source_answered(sources) -> None:
    sources(first=Canned(NotFound(UNIT)), second=Canned(NotFound(UNIT)))
    assert lookup(UNIT).answer == NotFound(UNIT)
    sources(first=Canned(NotFound(UNIT)), second=Canned(unavailable()))
    assert lookup(UNIT).answer == unavailable()
    sources(first=Canned(unavailable()), second=Canned(NotFound(UNIT)))
    assert lookup(UNIT).answer == unavailable()


def test_one_budget_for_all(sources, monkeypatch) -> None:
    now = 100.0
    monkeypatch.setattr(chain, "monotonic", lambda: now)

    class Slow(Canned):
        def find(self, number, *, seconds):
            nonlocal now
            now += 2.0
            return super().find(number, seconds=seconds)

    first, second = Slow(unavailable(UnavailableReason.TIMEOUT)), Canned(NotFound(UNIT))
    sources(first=first, second=second)
    found = lookup(UNIT)
    assert first.calls == [(UNIT, 3.0)]
    assert second.calls == [(UNIT, 1.0)]
    assert found.seconds == 2.0


def test_a_duplicate_is_followed_once(sources) -> None:
    kept = Siren("000010132")
    canned = Canned(Duplicate(UNIT, kept), Company(kept, name="Gardée"))
    sources(one=canned)
    found = lookup(UNIT)
    assert isinstance(found.answer, Company)
    assert found.answer.siren == kept
    sources(one=Canned(Duplicate(UNIT, kept)))
    assert lookup(UNIT).answer == NotFound(UNIT)


def test_no_source_at_all(settings) -> None:
    settings.REGISTRY_SOURCES = []
    assert lookup(UNIT).answer == unavailable(UnavailableReason.NO_SOURCE)


def test_the_demo_registry_is_not_cached(settings) -> None:
    settings.REGISTRY_SOURCES = ["demo"]
    found = lookup(DEMO_SIRET)
    assert (found.source, isinstance(found.answer, Company)) == ("demo", True)
    assert not RegistryEntry.objects.exists()


def test_an_answer_is_kept_thirty_days(service, naps, clock) -> None:
    service.sample("search_siret")
    first = lookup(BRANCH)
    assert (first.source, len(service.asked)) == ("recherche", 1)
    clock(29 * DAY)
    second = lookup(BRANCH)
    assert second.answer == first.answer
    assert len(service.asked) == 1
    assert (first.read_at - second.read_at).total_seconds() < 5, "dated by the day it was read"
    clock(2 * DAY)
    lookup(BRANCH)
    assert len(service.asked) == 2


def test_asking_again_ignores_what_is_kept(service, naps) -> None:
    service.sample("search_siret")
    lookup(BRANCH)
    lookup(BRANCH, again=True)
    assert len(service.asked) == 2


def test_an_answer_of_a_source_no_longer_configured_is_not_used(service, settings, naps) -> None:
    service.sample("search_siret")
    lookup(BRANCH)
    settings.REGISTRY_SOURCES = ["demo"]
    assert lookup(BRANCH).answer == NotFound(BRANCH)


def test_a_unit_hidden_since_disappears_from_every_row(service, naps) -> None:
    service.sample("search_siret")
    lookup(BRANCH)
    service.unit("search_siren", statut_diffusion="P", nature_juridique="1000")
    lookup(UNIT)
    rows = RegistryEntry.objects.all()
    assert [row.number for row in rows] == [UNIT]
    assert "FOURNIL" not in rows[0].record.get("name", "")
    assert rows[0].record["masked"] == ["name"]


def test_a_unit_that_is_no_longer_public_is_forgotten(service, naps) -> None:
    service.sample("search_siret")
    lookup(BRANCH)
    service.sample("search_no_result")
    assert lookup(BRANCH, again=True).answer == NotFound(BRANCH)
    assert not RegistryEntry.objects.exists()


def test_a_failure_does_not_erase_what_is_kept(service, naps) -> None:
    service.sample("search_siret")
    lookup(BRANCH)
    service.sample("error_500", 500)
    lookup(BRANCH, again=True)
    assert RegistryEntry.objects.count() == 1


def test_officers_and_accounts_are_not_kept(service, naps) -> None:
    service.sample("search_siren")
    lookup(UNIT)
    row = RegistryEntry.objects.get()
    assert "INVENTEE" not in str(row.record)
    assert "2100000" not in str(row.record)


def test_five_failures_rest_the_source_for_a_minute(service, naps, clock) -> None:
    service.sample("error_500", 500)
    reasons = [lookup(UNIT).answer for _ in range(7)]
    assert reasons == [unavailable()] * 5 + [unavailable(UnavailableReason.CIRCUIT_OPEN)] * 2
    assert len(service.asked) == 5
    clock(61)
    service.sample("search_siren")
    assert isinstance(lookup(UNIT).answer, Company)
    assert SourceState.objects.get().failures == 0


def test_a_source_that_still_fails_rests_again_at_once(service, naps, clock) -> None:
    service.sample("error_500", 500)
    for _ in range(5):
        lookup(UNIT)
    clock(61)
    assert lookup(UNIT).answer == unavailable()
    assert lookup(UNIT).answer == unavailable(UnavailableReason.CIRCUIT_OPEN)
    assert len(service.asked) == 6


def test_a_success_starts_the_count_again(service, naps) -> None:
    for _ in range(2):
        service.sample("error_500", 500)
        for _ in range(4):
            lookup(UNIT, again=True)
        service.sample("search_siren")
        assert isinstance(lookup(UNIT, again=True).answer, Company)
    assert len(service.asked) == 10


def test_a_bad_request_is_our_fault_not_a_failure(service, naps) -> None:
    service.sample("error_400_too_short", 400)
    for _ in range(8):
        assert lookup(UNIT).answer == unavailable(UnavailableReason.BAD_REQUEST)


def test_the_pause_that_the_service_asks_for_is_kept(service, naps, clock) -> None:
    service.status, service.body, service.headers = 429, b"", {"Retry-After": "20"}
    assert lookup(UNIT).answer == Unavailable(UnavailableReason.RATE_LIMITED, retry_after=20.0)
    service.sample("search_siren")
    service.headers = {}
    assert lookup(UNIT).answer == unavailable(UnavailableReason.CIRCUIT_OPEN)
    clock(21)
    assert isinstance(lookup(UNIT).answer, Company)
    assert len(service.asked) == 2


def test_calls_are_spaced(service, naps, monkeypatch) -> None:
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    for _ in range(4):
        lookup(UNIT)
    assert [round(nap, 2) for nap in naps] == [0.2, 0.4, 0.6]
    assert lookup(UNIT).answer == unavailable(UnavailableReason.RATE_LIMITED), "0.8 s is too long to wait out of 3"
    assert len(service.asked) == 4


def test_two_processes_never_book_the_same_place(monkeypatch) -> None:
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    fetch = SourceState.objects.get_or_create

    def fetch_then_lose(**wanted):
        found = fetch(**wanted)
        if not rivals:
            rivals.append(1)
            assert guard.reserve("recherche", per_second=5, patience=1) == 0.0
        return found

    rivals: list[int] = []
    monkeypatch.setattr(SourceState.objects, "get_or_create", fetch_then_lose)
    assert guard.reserve("recherche", per_second=5, patience=1) == pytest.approx(0.2)


def test_a_busy_database_does_not_stop_the_question(service, naps, monkeypatch) -> None:
    def broken(*args, **kwargs):
        raise DatabaseError("locked")

    for module, names in ((chain.entries, ("recall", "keep", "forget")), (guard, ("is_open", "reserve", "note"))):
        for name in names:
            monkeypatch.setattr(module, name, broken)
    service.sample("search_siret")
    assert isinstance(lookup(BRANCH).answer, Company)


def test_the_log_holds_the_siren_and_the_status_only(service, naps, caplog) -> None:
    service.sample("search_siret")
    with caplog.at_level(logging.DEBUG, logger="cabinet.registry"):
        lookup(BRANCH)
        service.sample("error_400_too_short", 400)
        lookup(BRANCH, again=True)
    words = caplog.text
    assert "000010009 Company" in words
    assert "000010009 bad_request" in words
    assert "FOURNIL" not in words
    assert "caractères" not in words
