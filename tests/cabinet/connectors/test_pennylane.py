"""Pennylane, from the key that is typed to the FEC in the dossier, and each way in which that goes wrong."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from cabinet.clients.models import Client
from cabinet.connectors import pulling, services
from cabinet.connectors.access import companies_of_client, pulls_of
from cabinet.connectors.catalogue import BY_SLUG
from cabinet.connectors.checking import link_new_client
from cabinet.connectors.core import http
from cabinet.connectors.core.errors import ConnectorError, Failure, ForbiddenCall
from cabinet.connectors.core.port import Access, Company, Pending, Wish
from cabinet.connectors.listing import ask_years, years_of
from cabinet.connectors.models import Connection, Pull, PullState, ToolCompany
from cabinet.connectors.pulling import Span
from cabinet.connectors.tools.pennylane import Pennylane
from cabinet.connectors.vault import open_access
from cabinet.imports.enums import Doubt, ImportState, Origin
from cabinet.imports.models import Import
from tests.cabinet.connectors.conftest import Work
from tests.cabinet.connectors.kept import everything_kept
from tests.cabinet.connectors.pennylane import TOKEN, FakePennylane, secrets
from tests.cabinet.connectors.server import Answer, said
from tests.cabinet.factories import make_client, make_connection, make_siren, make_siret
from tests.cabinet.files import make_fec
from tests.cabinet.people import People

YEAR = Span(date(2025, 1, 1), date(2025, 12, 31))


def connect(people: People, work: Work) -> Connection:
    """The connection, tested: its companies are there."""
    tool = BY_SLUG["pennylane"]
    actor = people.actor("administrator")
    made = work(lambda: services.open_connection(actor=actor, tool=tool, name="Pennylane", typed=secrets()))
    return Connection.objects.select_related("firm").get(id=made.id)


@pytest.fixture
def company(people: People, pennylane: FakePennylane, work: Work) -> ToolCompany:
    """The company of ``people.client`` in Pennylane, found by its SIREN."""
    pennylane.add(48213, "TERNANTEAU SAS", people.client.siren)
    connect(people, work)
    return companies_of_client(people.client).get()


def pull(people: People, company: ToolCompany, work: Work, span: Span = YEAR) -> Pull:
    """The year asked for, and all that can be done without waiting."""
    actor = people.actor("inside")
    work(lambda: pulling.ask(actor=actor, company=company, to=people.client, spans=[span]))
    return go_on(people, work)


def go_on(people: People, work: Work, times: int = 8) -> Pull:
    """The scheduler comes back again and again, as late as it must."""
    for _ in range(times):
        Pull.objects.filter(state=PullState.LATER).update(next_at=timezone.now() - timedelta(seconds=1))
        work(pulling.resume_due)
    return pulls_of(people.client)[0]


def bare(pennylane: FakePennylane) -> Pennylane:
    return Pennylane(Access(connection_id=uuid4(), firm_id=uuid4(), secrets={"token": TOKEN}))


def test_a_fec_is_pulled_from_the_key_to_the_dossier(
    people: People, pennylane: FakePennylane, company: ToolCompany, work: Work
) -> None:
    done = pull(people, company, work)
    assert (done.state, done.files) == (PullState.DONE, 1)
    imported = Import.objects.get(client=people.client)
    assert (imported.state, imported.origin, imported.source) == (ImportState.ACCEPTED, Origin.CONNECTION, "Pennylane")
    assert imported.received_by == people.inside
    assert imported.file_name == f"{people.client.siren}FEC20251231.txt"
    assert pennylane.exports == 1
    # Nothing of ours goes with the link.
    assert "authorization" not in pennylane.files.asked[0].headers
    assert all(one.headers["authorization"] == f"Bearer {TOKEN}" for one in pennylane.server.asked)


def test_the_same_file_again_is_recognised_by_its_hash(
    people: People, pennylane: FakePennylane, company: ToolCompany, work: Work
) -> None:
    pull(people, company, work)
    assert pull(people, company, work).state == PullState.SAME
    assert Import.objects.filter(client=people.client).count() == 1


@pytest.mark.parametrize("status", ["ready", "done", "READY"])
def test_both_words_for_ready(
    people: People, pennylane: FakePennylane, company: ToolCompany, work: Work, status: str
) -> None:
    pennylane.status = status
    assert pull(people, company, work).state == PullState.DONE


def test_an_unknown_word_is_not_ready_and_failed_is_said(
    people: People, pennylane: FakePennylane, company: ToolCompany, work: Work
) -> None:
    pennylane.status = "compiling"
    waiting = pull(people, company, work)
    assert (waiting.state, waiting.remote_id, pennylane.exports) == (PullState.LATER, "771001", 1)
    pennylane.status = "failed"
    failed = go_on(people, work, 1)
    assert (failed.state, failed.error) == (PullState.FAILED, Failure.REMOTE_JOB_FAILED)


def test_a_link_that_died_is_asked_for_again(
    people: People, pennylane: FakePennylane, company: ToolCompany, work: Work
) -> None:
    pennylane.dead_links = 1
    assert pull(people, company, work).state == PullState.DONE
    assert pennylane.exports == 1


def test_two_dead_links_ask_for_another_export(
    people: People, pennylane: FakePennylane, company: ToolCompany, work: Work
) -> None:
    pennylane.dead_links = 2
    assert pull(people, company, work).state == PullState.DONE
    assert pennylane.exports == 2


def test_a_worker_killed_after_the_request_resumes_the_same_export(
    people: People, pennylane: FakePennylane, company: ToolCompany, work: Work
) -> None:
    pennylane.polls = 3
    actor = people.actor("inside")
    work(lambda: pulling.ask(actor=actor, company=company, to=people.client, spans=[YEAR]))
    Pull.objects.update(state=PullState.RUNNING)  # its worker died here
    Pull.objects.update(state=PullState.LATER)
    assert go_on(people, work).state == PullState.DONE
    assert pennylane.exports == 1


def test_asking_twice_asks_the_tool_once(
    people: People, pennylane: FakePennylane, company: ToolCompany, work: Work
) -> None:
    pennylane.polls = 5
    actor = people.actor("inside")
    for _ in range(2):
        work(lambda: pulling.ask(actor=actor, company=company, to=people.client, spans=[YEAR]))
    assert (Pull.objects.count(), pennylane.exports) == (1, 1)


def test_companies_come_page_after_page(people: People, pennylane: FakePennylane, work: Work) -> None:
    pennylane.page_size = 2
    for rank in range(5):
        pennylane.add(100 + rank, f"Société {rank}", "")
    pennylane.add(200, "TERNANTEAU", people.client.siren)
    connection = connect(people, work)
    assert connection.companies.count() == 6
    assert [one.ref for one in connection.companies.filter(client=people.client)] == ["200"]


def test_pages_that_go_round_are_refused(people: People, pennylane: FakePennylane, work: Work) -> None:
    pennylane.server.routes["GET /companies"] = lambda _: said(
        {"items": [{"id": 1, "name": "A"}], "total_pages": 9, "current_page": 1, "total_items": 9}
    )
    connection = connect(people, work)
    assert (connection.error, connection.tested_at) == (Failure.UNEXPECTED_PAYLOAD, None)


def test_years_are_listed(people: People, company: ToolCompany, work: Work) -> None:
    work(lambda: ask_years(company))
    company.refresh_from_db()
    assert [(one.start.year, one.closed) for one in years_of(company)] == [(2026, False), (2025, True)]


def test_two_companies_of_one_number_are_left_to_a_person(people: People, pennylane: FakePennylane, work: Work) -> None:
    pennylane.add(1, "TERNANTEAU", people.client.siren)
    pennylane.add(2, "TERNANTEAU (ancien dossier)", people.client.siren)
    connection = connect(people, work)
    assert not connection.companies.filter(client__isnull=False).exists()
    chosen = connection.companies.get(ref="2")
    services.link(actor=people.actor("administrator"), company=chosen, client_id=people.client.id)
    work(lambda: services.ask_check(actor=people.actor("administrator"), connection=connection))
    assert [one.ref for one in connection.companies.filter(client=people.client)] == ["2"]


def test_a_company_without_a_number_is_found_by_its_code_and_never_by_its_name(
    people: People, pennylane: FakePennylane, work: Work
) -> None:
    pennylane.add(1, people.client.name, "")
    pennylane.add(2, "Autre nom", "", code="T0412")
    connection = connect(people, work)
    assert [one.ref for one in connection.companies.filter(client=people.client)] == ["2"]


REFUSALS: dict[str, tuple[Answer, Failure, str]] = {
    "scope": (
        said({"error": 'Missing scope "exports:fec"', "status": 403}, 403),
        Failure.MISSING_RIGHT,
        "Export FEC (exports:fec)",
    ),
    "period": (said({"error": "period too long", "status": 422}, 422), Failure.PERIOD_REFUSED, "period too long"),
    "gone": (said({"error": "not found", "status": 404}, 404), Failure.COMPANY_NOT_VISIBLE, ""),
    "redirect": (Answer(status=302, headers={"Location": "https://ailleurs.invalid/"}), Failure.UNEXPECTED_PAYLOAD, ""),
    "html": (Answer(b"<html>maintenance</html>"), Failure.UNEXPECTED_PAYLOAD, ""),
    "list": (said([]), Failure.UNEXPECTED_PAYLOAD, ""),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_refusals(pennylane: FakePennylane, db: None, name: str) -> None:
    answer, failure, detail = REFUSALS[name]
    pennylane.server.next_ones = [answer]
    with pytest.raises(ConnectorError) as raised:
        bare(pennylane).fetch(Company("48213", "A"), Wish(YEAR.start, YEAR.end))
    assert raised.value.failure is failure
    assert detail in raised.value.detail
    assert len(pennylane.server.asked) == 1


def test_a_refused_key_blocks_the_connection_at_once(
    people: People, pennylane: FakePennylane, company: ToolCompany, work: Work
) -> None:
    pennylane.server.next_ones = [said({"error": "revoked"}, 401)]
    failed = pull(people, company, work)
    assert (failed.state, failed.error) == (PullState.FAILED, Failure.AUTH_REJECTED)
    company.connection.refresh_from_db()
    assert company.connection.blocked
    asked = len(pennylane.server.asked)
    assert pull(people, company, work).error == Failure.NOT_USABLE
    assert len(pennylane.server.asked) == asked
    assert not companies_of_client(people.client).exists()


def test_a_pause_that_is_asked_for_is_taken(pennylane: FakePennylane, db: None, naps: list[float]) -> None:
    pennylane.add(48213, "A", "")
    pennylane.server.next_ones = [Answer(b"Rate limit", 429, {"retry-after": "2"})]
    assert [one.ref for one in bare(pennylane).companies()] == ["48213"]
    assert 2.0 in naps


def test_a_long_pause_is_taken_by_coming_back_later(
    people: People, pennylane: FakePennylane, company: ToolCompany, work: Work
) -> None:
    pennylane.server.next_ones = [Answer(b"Rate limit", 429, {"retry-after": "600"})]
    actor = people.actor("inside")
    work(lambda: pulling.ask(actor=actor, company=company, to=people.client, spans=[YEAR]))
    waiting = pulls_of(people.client)[0]
    assert (waiting.state, waiting.error) == (PullState.LATER, Failure.RATE_LIMITED)
    assert waiting.next_at is not None
    assert timedelta(minutes=9) < waiting.next_at - timezone.now() < timedelta(minutes=11)
    assert go_on(people, work).state == PullState.DONE


def test_five_refusals_to_hurry_are_enough(pennylane: FakePennylane, db: None) -> None:
    pennylane.server.next_ones = [Answer(b"Rate limit", 429, {"retry-after": "1"})] * 5
    with pytest.raises(ConnectorError) as raised:
        list(bare(pennylane).companies())
    assert raised.value.failure is Failure.RATE_LIMITED
    assert raised.value.retry_at is not None


def test_two_bad_gateways_then_an_answer(pennylane: FakePennylane, db: None, naps: list[float]) -> None:
    pennylane.add(48213, "A", "")
    pennylane.server.next_ones = [Answer(status=502), Answer(status=502)]
    assert [one.ref for one in bare(pennylane).companies()] == ["48213"]
    assert 0.8 <= naps[0] <= 1.2
    assert 1.6 <= naps[1] <= 2.4


def test_a_plain_500_is_tried_once_more(pennylane: FakePennylane, db: None) -> None:
    pennylane.server.next_ones = [Answer(status=500)] * 5
    with pytest.raises(ConnectorError):
        list(bare(pennylane).companies())
    assert len(pennylane.server.asked) == 2


def test_a_slow_answer_is_tried_again(pennylane: FakePennylane, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    pennylane.add(48213, "A", "")
    pennylane.server.next_ones = [Answer(wait=0.5)]
    slow = bare(pennylane)
    monkeypatch.setattr(slow, "_caller", replace(slow._caller, read_seconds=0.1))
    assert [one.ref for one in slow.companies()] == ["48213"]


def test_silence_opens_the_breaker_and_a_test_closes_it(
    people: People, pennylane: FakePennylane, company: ToolCompany, work: Work
) -> None:
    connection = company.connection
    for _ in range(5):
        pennylane.server.next_ones = [Answer(status=503)] * 4
        work(lambda: ask_years(company))
    connection.refresh_from_db()
    assert connection.open_until is not None
    assert timedelta(minutes=14) < connection.open_until - timezone.now() < timedelta(minutes=16)
    asked = len(pennylane.server.asked)
    work(lambda: ask_years(company))
    assert len(pennylane.server.asked) == asked
    Connection.objects.update(open_until=timezone.now() - timedelta(seconds=1))
    pennylane.server.next_ones = [Answer(status=503)] * 4
    work(lambda: ask_years(company))
    connection.refresh_from_db()
    assert connection.open_until is not None
    assert connection.open_until - timezone.now() > timedelta(minutes=50)
    work(lambda: services.ask_check(actor=people.actor("administrator"), connection=connection))
    connection.refresh_from_db()
    assert (connection.open_until, connection.failures, connection.error) == (None, 0, "")


PAYLOADS = {
    "page": (b"<html><body>Vous n'\xc3\xaates pas connect\xc3\xa9</body></html>", Failure.NOT_A_FEC),
    "pdf": (b"%PDF-1.7 rien", Failure.NOT_A_FEC),
    "empty": (b"", Failure.NOT_A_FEC),
    "json": (b'{"error": "expired"}', Failure.NOT_A_FEC),
}


@pytest.mark.parametrize("name", PAYLOADS)
def test_what_is_not_a_fec_never_reaches_the_dossier(
    people: People, pennylane: FakePennylane, company: ToolCompany, work: Work, settings: Any, name: str
) -> None:
    pennylane.fec, failure = PAYLOADS[name]
    failed = pull(people, company, work)
    assert (failed.state, failed.error) == (PullState.FAILED, failure)
    assert not Import.objects.exists()
    assert [*(settings.STORAGE_DIR / "incoming").iterdir()] == []


def test_a_file_beyond_the_limit_is_stopped(
    people: People, pennylane: FakePennylane, company: ToolCompany, work: Work, settings: Any
) -> None:
    settings.PULL_MAX_FEC_BYTES = 1000
    assert pull(people, company, work).error == Failure.TOO_LARGE
    assert not Import.objects.exists()


def test_a_file_cut_on_the_way_is_fetched_again(
    people: People, pennylane: FakePennylane, company: ToolCompany, work: Work
) -> None:
    pennylane.files.next_ones = [Answer(pennylane.fec, cut=400)]
    assert pull(people, company, work).state == PullState.DONE
    assert len(Import.objects.get().sha256) == 64
    assert Import.objects.get().size == len(pennylane.fec)


def test_a_bad_gzip_is_not_a_file(people: People, pennylane: FakePennylane, company: ToolCompany, work: Work) -> None:
    pennylane.files.next_ones = [Answer(b"not gzip at all", headers={"Content-Encoding": "gzip"})] * 9
    assert pull(people, company, work).error == Failure.UNEXPECTED_PAYLOAD


def test_links_are_followed_by_hand_and_not_for_ever(pennylane: FakePennylane, db: None) -> None:
    there = f"{pennylane.files.url}/fec"
    pennylane.files.next_ones = [Answer(status=302, headers={"Location": "/fec"})]
    assert b"".join(http.download(there)) == pennylane.fec
    pennylane.files.next_ones = [Answer(status=302, headers={"Location": "/fec"})] * 9
    with pytest.raises(ConnectorError) as raised:
        list(http.download(there))
    assert raised.value.failure is Failure.UNEXPECTED_PAYLOAD
    assert len(pennylane.files.asked) == 6


@pytest.mark.parametrize(
    "question",
    [
        http.Question("POST", "/companies"),
        http.Question("POST", "/companies/1/fiscal_years"),
        http.Question("GET", "/companies/1/exports/fecs/2/../../../users"),
        http.Question("POST", "/companies/1/exports/fecs/2"),
        http.Question("GET", "/companies?x=1"),
    ],
    ids=str,
)
def test_a_call_that_is_not_listed_never_leaves(pennylane: FakePennylane, db: None, question: http.Question) -> None:
    with pytest.raises(ForbiddenCall):
        bare(pennylane)._caller.ask(question)
    assert pennylane.server.asked == []


def test_an_export_takes_two_dates_and_nothing_else(pennylane: FakePennylane, db: None) -> None:
    pennylane.add(7, "A", "")
    asked = bare(pennylane).fetch(Company("7", "A"), Wish(YEAR.start, YEAR.end))
    assert isinstance(asked, Pending)
    assert pennylane.server.asked[0].document == {"period_start": "2025-01-01", "period_end": "2025-12-31"}


def test_no_secret_is_kept_or_written_anywhere(
    people: People,
    pennylane: FakePennylane,
    company: ToolCompany,
    work: Work,
    written: pytest.LogCaptureFixture,
) -> None:
    """Every road, good and bad; the server repeats the token in its refusals."""
    pull(people, company, work)
    for answer in (
        Answer(f"token {TOKEN}".encode(), 500),
        said({"error": f"bad period for {TOKEN}"}, 422),
        said({"error": f"no scope for {TOKEN}"}, 403),
        said({"error": f"token {TOKEN} is revoked"}, 401),
    ):
        pennylane.server.next_ones = [answer] * 2
        pull(people, company, work, Span(date(2024, 1, 1), date(2024, 12, 31)))
    connection = Connection.objects.select_related("firm").get()
    assert open_access(connection).secrets["token"] == TOKEN
    assert "SENTINELLE" not in repr(open_access(connection))
    assert "SENTINELLE" not in repr(bare(pennylane)._caller)
    kept = everything_kept()
    assert "bad period for •••" in kept.replace("\\u2022", "•")
    for place in (kept, written.text, "\n".join(f"{one.path} {one.query}" for one in pennylane.server.asked)):
        assert "SENTINELLE" not in place
    assert "7f3a" in kept, "the last four signs are told"
    assert str(ConnectorError(Failure.AUTH_REJECTED, TOKEN)) == "auth_rejected"


def test_a_secret_opens_for_its_firm_and_its_tool_only(people: People, company: ToolCompany) -> None:
    connection = Connection.objects.select_related("firm").get()
    for change in ({"tool": "silae"}, {"firm": people.other_firm}):
        for name, value in change.items():
            moved = Connection.objects.select_related("firm").get()
            setattr(moved, name, value)
            with pytest.raises(ConnectorError):
                open_access(moved)
    services.delete_connection(actor=people.actor("administrator"), connection=connection)
    assert not Connection.objects.exists()


def test_another_key_is_tested_before_it_serves(
    people: People, pennylane: FakePennylane, company: ToolCompany, work: Work
) -> None:
    connection = Connection.objects.select_related("firm").get()
    actor = people.actor("administrator")
    pennylane.server.next_ones = [said({"error": "no"}, 401)]
    work(lambda: services.change_connection(actor=actor, connection=connection, name="P", typed={"token": "x" * 20}))
    connection.refresh_from_db()
    assert (connection.is_usable, connection.blocked, connection.error) == (False, True, Failure.AUTH_REJECTED)
    work(lambda: services.change_connection(actor=actor, connection=connection, name="P", typed=secrets()))
    connection.refresh_from_db()
    assert connection.is_usable
    work(lambda: services.change_connection(actor=actor, connection=connection, name="Q", typed={"expires_on": ""}))
    connection.refresh_from_db()
    assert (connection.is_usable, connection.name, connection.expires_on) == (True, "Q", None)
    assert open_access(connection).secrets["token"] == TOKEN


def test_a_client_created_later_finds_its_company(people: People) -> None:
    connection = make_connection(people.firm)

    def company(ref: str, **columns: str) -> ToolCompany:
        return ToolCompany.objects.create(connection=connection, ref=ref, name=ref, **columns)

    def found(client: Client) -> list[str]:
        link_new_client(client)
        return [one.ref for one in ToolCompany.objects.filter(client=client)]

    company("siret", siret=make_siret(81), siren=make_siren(81))
    assert found(make_client(people.firm, people.manager, siret=make_siret(81))) == ["siret"]
    company("siren", siren=make_siren(82))
    assert found(make_client(people.firm, people.manager, siret=make_siret(82))) == ["siren"]
    company("second", siren=make_siren(82))
    assert found(make_client(people.firm, people.manager, siret=make_siret(82, 2))) == [], "two establishments"
    company("code", code="X0099")
    assert found(make_client(people.firm, people.manager, file_code="x0099")) == ["code"]
    company("a", siren=make_siren(83))
    company("b", siren=make_siren(83))
    assert found(make_client(people.firm, people.manager, siret=make_siret(83))) == [], "two companies"
    company("elsewhere", siren=make_siren(84))
    assert found(make_client(people.other_firm, people.stranger, siret=make_siret(84))) == []


def test_another_firm_matches_none_of_our_clients(people: People, pennylane: FakePennylane, work: Work) -> None:
    stranger = make_client(people.other_firm, people.stranger, name="Ailleurs")
    pennylane.add(1, "AILLEURS", stranger.siren)
    assert not connect(people, work).companies.filter(client__isnull=False).exists()


def test_another_period_than_the_one_asked_waits_for_a_person(
    people: People, pennylane: FakePennylane, company: ToolCompany, work: Work
) -> None:
    pennylane.fec = make_fec(start=date(2024, 12, 1), end=date(2025, 12, 31))
    assert pull(people, company, work).state == PullState.DONE
    imported = Import.objects.get()
    assert (imported.state, imported.doubts) == (ImportState.TO_CHECK, [Doubt.OTHER_PERIOD])
    browser = people.browser("manager")
    page = browser.get(f"/clients/{people.client.id}/donnees/").content.decode()
    assert "hors de la période demandée" in page
    assert "Oui, l’importer" in page
    work(lambda: browser.post(f"/imports/{imported.id}/accepter/"))
    imported.refresh_from_db()
    assert imported.state == ImportState.ACCEPTED


def test_a_ledger_that_changed_waits_for_a_person(
    people: People, pennylane: FakePennylane, company: ToolCompany, work: Work
) -> None:
    pull(people, company, work)
    pennylane.fec = make_fec(sales=2_000)
    assert pull(people, company, work).state == PullState.DONE
    states = Import.objects.filter(client=people.client).order_by("received_at").values_list("state", flat=True)
    assert list(states) == [ImportState.ACCEPTED, ImportState.TO_CHECK]
