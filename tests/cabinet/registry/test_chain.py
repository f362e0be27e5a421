import json
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import DatabaseError, connections
from django.utils import timezone

from bocage.identifiers import Siren, Siret
from bocage.registry import Company, Duplicate, Establishment, NotFound, State, Unavailable, UnavailableReason
from cabinet.registry import chain, entries, guard
from cabinet.registry.chain import SourceKind, lookup
from cabinet.registry.insee import RATE as INSEE_RATE
from cabinet.registry.models import RegistryEntry, SourceState
from cabinet.registry.patience import BACKGROUND
from cabinet.registry.recherche import RATE as RECHERCHE_RATE

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
        kinds = {name: SourceKind(lambda one=one: one, kept=False, whole=True) for name, one in canned.items()}
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


@pytest.mark.parametrize("names", [("bare", "sure"), ("sure", "bare")])
def test_a_source_that_is_not_set_up_is_no_reason_to_doubt_the_others(sources, names) -> None:
    kinds = {"bare": Canned(unavailable(UnavailableReason.NO_SOURCE)), "sure": Canned(NotFound(UNIT))}
    sources(**{name: kinds[name] for name in names})
    assert lookup(UNIT).answer == NotFound(UNIT)
    sources(bare=kinds["bare"])
    assert lookup(UNIT).answer == unavailable(UnavailableReason.NO_SOURCE)
    sources(bare=kinds["bare"], down=Canned(unavailable(UnavailableReason.TIMEOUT)))
    assert lookup(UNIT).answer == unavailable(UnavailableReason.TIMEOUT)


def test_a_stock_without_files_leaves_the_number_to_the_others(service, settings, naps, tmp_path) -> None:
    settings.REGISTRY_STOCK_DIR, settings.REGISTRY_SOURCES = tmp_path, ["stock", "recherche"]
    assert lookup(UNIT).answer == NotFound(UNIT)


def test_a_source_that_failed_for_a_moment_is_asked_again_when_nobody_else_knows(sources, naps) -> None:
    shaky = Canned(unavailable(), Company(UNIT, name="A"))
    sources(shaky=shaky, other=Canned(NotFound(UNIT)))
    assert lookup(UNIT).source == "shaky"
    assert len(naps) == 1
    assert 0.3 <= naps[0] < 0.5


def test_it_is_not_when_another_knows(sources, naps) -> None:
    shaky = Canned(unavailable())
    sources(shaky=shaky, other=Canned(Company(UNIT)))
    assert lookup(UNIT).source == "other"
    assert (len(shaky.calls), naps) == (1, [])


@pytest.mark.parametrize(("asked_for", "calls"), [(1.5, 2), (20.0, 1)])
def test_the_pause_asked_for_is_taken_when_there_is_time_for_it(sources, naps, asked_for: float, calls: int) -> None:
    busy = Canned(Unavailable(UnavailableReason.RATE_LIMITED, asked_for), Company(UNIT))
    sources(busy=busy)
    assert isinstance(lookup(UNIT).answer, Company) == (calls == 2)
    assert len(busy.calls) == calls
    assert naps == [asked_for] * (calls - 1)


@pytest.mark.parametrize("reason", [UnavailableReason.TIMEOUT, UnavailableReason.MALFORMED, UnavailableReason.REFUSED])
def test_a_failure_that_would_come_again_is_not_retried(sources, naps, reason) -> None:
    down = Canned(unavailable(reason))
    sources(down=down)
    assert lookup(UNIT).answer == unavailable(reason)
    assert len(down.calls) == 1


def test_more_tries_when_nobody_waits(sources, naps) -> None:
    down = Canned(unavailable())
    sources(down=down)
    lookup(UNIT, patience=BACKGROUND)
    assert len(down.calls) == 3
    assert naps[1] >= 2 * naps[0] >= 2.0
    assert down.calls[0] == (UNIT, BACKGROUND.call)


def test_the_first_does_not_take_the_time_of_the_others(sources, monkeypatch) -> None:
    first, second = Canned(unavailable(UnavailableReason.TIMEOUT)), Canned(NotFound(UNIT))
    sources(first=first, second=second)
    kinds = {name: replace(kind, kept=True) for name, kind in chain.KINDS.items()}
    monkeypatch.setattr(chain, "KINDS", kinds)
    lookup(UNIT)
    assert 1 < first.calls[0][1] <= 1.8
    assert second.calls[0][1] > first.calls[0][1] + 0.2


def test_the_list_of_establishments_is_asked_of_a_source_that_gives_it(service, insee, settings, naps) -> None:
    settings.REGISTRY_SOURCES = ["recherche", "insee"]
    service.sample("search_siren")
    insee.route("/siren/", "siren_moved_head_office", status=503)
    assert lookup(UNIT).source == "recherche", "a count is better than nothing"
    unit = json.loads(insee.read("siren_moved_head_office"))
    unit["uniteLegale"]["siren"] = UNIT
    insee.route("/siren/", body=unit)
    insee.route("curseur=%2A", "siret_search_by_siren_page1")
    insee.route("curseur=Ao", "siret_search_by_siren_page2")
    found = lookup(UNIT)
    assert isinstance(found.answer, Company)
    assert (found.source, found.answer.all_open_establishments) == ("insee", True)
    asked = len(service.asked), len(insee.asked)
    assert lookup(UNIT).source == "insee"
    assert (len(service.asked), len(insee.asked)) == asked, "kept, and complete"


def test_the_successor_is_asked_of_a_source_that_gives_it(sources) -> None:
    def closed(after: Siret | None) -> Company:
        return Company(UNIT, establishments=(Establishment(BRANCH, state=State.CLOSED, successor=after),))

    sources(first=Canned(closed(None)), second=Canned(closed(Siret("00001000900017"))))
    assert lookup(BRANCH).source == "first", "it gives them when there are some"
    chain.KINDS["first"] = replace(chain.KINDS["first"], whole=False)
    assert lookup(BRANCH).source == "second"


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
    assert found.answer.siren == found.kept_siren == kept
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
    reasons = [lookup(UNIT).answer for _ in range(4)]
    assert reasons == [unavailable()] * 2 + [unavailable(UnavailableReason.CIRCUIT_OPEN)] * 2
    assert len(service.asked) == 5
    clock(61)
    service.sample("search_siren")
    assert isinstance(lookup(UNIT).answer, Company)
    assert SourceState.objects.get().failures == 0


def test_a_source_that_still_fails_rests_again_at_once(service, naps, clock) -> None:
    service.sample("error_500", 500)
    for _ in range(3):
        lookup(UNIT)
    assert len(service.asked) == 5
    clock(61)
    assert lookup(UNIT).answer == unavailable(UnavailableReason.CIRCUIT_OPEN)
    assert lookup(UNIT).answer == unavailable(UnavailableReason.CIRCUIT_OPEN)
    assert len(service.asked) == 6


def test_a_success_starts_the_count_again(service, naps) -> None:
    for _ in range(2):
        service.sample("error_500", 500)
        for _ in range(2):
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
    for _ in range(5):
        lookup(UNIT)
    assert [round(nap, 2) for nap in naps] == [0.2, 0.4, 0.6], "the first two at once"
    assert lookup(UNIT).answer == unavailable(UnavailableReason.RATE_LIMITED), "0.8 s is too long to wait out of 3"
    assert len(service.asked) == 5


@pytest.mark.parametrize(("rate", "seconds", "allowed"), [(RECHERCHE_RATE, 1.0, 7), (INSEE_RATE, 60.0, 30)])
def test_no_second_and_no_minute_holds_more_calls_than_the_service_allows(monkeypatch, rate, seconds, allowed) -> None:
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    waits = [guard.reserve("one", rate, patience=3600) for _ in range(3 * allowed)]
    assert all(wait is not None for wait in waits)
    moments = [wait for wait in waits if wait is not None]
    most = max(sum(start <= one < start + seconds for one in moments) for start in moments)
    assert most <= allowed
    assert most > allowed / 2, "what the service allows is used"


@pytest.mark.django_db(transaction=True)
def test_workers_share_the_bucket() -> None:
    rate = guard.Rate(per_second=0.01, burst=3)

    def book(_: int) -> float | None:
        try:
            return guard.reserve("one", rate, patience=10_000)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        waits = sorted(wait or 0.0 for wait in pool.map(book, range(12)))
    assert waits[:3] == [0.0, 0.0, 0.0]
    assert [round(wait / 100) for wait in waits[3:]] == list(range(1, 10))


def test_two_processes_never_book_the_same_place(monkeypatch) -> None:
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    fetch = SourceState.objects.get_or_create

    def fetch_then_lose(**wanted):
        found = fetch(**wanted)
        if not rivals:
            rivals.append(1)
            assert guard.reserve("recherche", rate, patience=1) == 0.0
        return found

    rate = guard.Rate(per_second=5, burst=1)
    rivals: list[int] = []
    monkeypatch.setattr(SourceState.objects, "get_or_create", fetch_then_lose)
    assert guard.reserve("recherche", rate, patience=1) == pytest.approx(0.2)


def test_a_busy_database_does_not_stop_the_question(service, naps, monkeypatch) -> None:
    def broken(*args, **kwargs):
        raise DatabaseError("locked")

    for module, names in ((entries, ("recall", "keep", "forget")), (guard, ("is_open", "reserve", "note"))):
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
