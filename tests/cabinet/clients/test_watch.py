"""What the registry says of the clients since they were read."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from bocage.registry import Unavailable, UnavailableReason
from cabinet.accounts.actors import operator
from cabinet.audit.models import LogEntry
from cabinet.clients import watch
from cabinet.clients.details import CompanyDetails
from cabinet.clients.models import Client, NewsKind, RegistryNews
from cabinet.clients.selectors import registry_news
from cabinet.clients.services import complete_from_registry
from cabinet.clients.watch import dismiss_news, news_of, watch_registry
from cabinet.jobs.models import DueWork
from cabinet.jobs.schedule import Recurring, run_due
from cabinet.registry.services import look_up
from tests.cabinet.factories import make_client
from tests.cabinet.onboarding.drafting import CANNERY, CLOSED, HIDDEN, MOVED, MOVED_TO
from tests.cabinet.people import People

NIGHT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
DAY = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Night, unless moved."""

    def at(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    at(NIGHT)
    return at


@pytest.fixture
def follow(people: People) -> Callable[..., Client]:
    """A client as the registry gave it, some fields changed since."""

    def make(siret: str, **details: Any) -> Client:
        known = look_up(siret).details
        assert known is not None
        names = ("ape", "ape_2025", "street", "postcode", "town", "country", "legal_form", "is_head_office")
        given = {name: getattr(known, name) for name in names} | {"name": known.name or "Fiche", "idcc": ""}
        client = make_client(people.firm, people.manager, siret=siret, **given | {"registry_source": "demo"} | details)
        Client.objects.exclude(id=client.id).delete()  # no other client is due
        return client

    return make


def entries(client: Client, action: str = "client.registry_news") -> list[LogEntry]:
    return list(LogEntry.objects.filter(client_id=client.id, action=action).order_by("id"))


@pytest.mark.parametrize(("siret", "follows"), [(MOVED, MOVED_TO), (CLOSED, "")])
def test_a_closing_is_told_once_with_what_follows(follow: Callable[..., Client], siret: str, follows: str) -> None:
    client = follow(siret)
    assert watch_registry() == 1
    news = news_of(client)
    assert news is not None
    assert (news.kind, news.follows, news.closed_on is not None) == (NewsKind.CLOSED, follows, True)
    Client.objects.update(registry_checked_at=None)
    assert watch_registry() == 1
    [line] = entries(client)
    assert line.origin == "worker"
    assert line.changes["closed_on"] == [None, news.closed_on.isoformat() if news.closed_on else ""]


def test_a_change_is_told_field_by_field_with_the_value_before(follow: Callable[..., Client]) -> None:
    client = follow(CANNERY, town="Laval", legal_form="5499")
    watch_registry()
    news = news_of(client)
    assert news is not None
    assert (news.kind, news.found) == (NewsKind.CHANGED, {"town": "Bais", "legal_form": "5710"})
    assert entries(client)[0].changes == {"town": ["Laval", "Bais"], "legal_form": ["5499", "5710"]}
    client.refresh_from_db()
    assert client.town == "Laval", "nothing is changed without a person"


@pytest.mark.parametrize(
    "details",
    [
        {},
        {"town": "Laval", "corrected": {"town": "BAIS"}},
        {"street": "14, CHEMIN du vivier"},
        {"town": "", "idcc": ""},
        {"town": "Laval", "registry_source": ""},
        {"size_band": "01", "opened_on": date(1990, 1, 1)},
    ],
    ids=["the same", "corrected", "written otherwise", "never filled in", "typed by hand", "bands"],
)
def test_what_is_no_news(follow: Callable[..., Client], details: dict[str, Any]) -> None:
    client = follow(CANNERY, **details)
    assert watch_registry() == 1
    assert news_of(client) is None
    assert entries(client) == []


def test_what_is_hidden_is_no_change(follow: Callable[..., Client]) -> None:
    client = follow(HIDDEN, name="Nom donné par le cabinet", street="1 rue donnée", postcode="33000")
    watch_registry()
    assert news_of(client) is None


def test_a_closing_that_the_client_already_says_is_no_news(follow: Callable[..., Client]) -> None:
    client = follow(CLOSED, closed_on=date(2024, 3, 31))
    watch_registry()
    assert news_of(client) is None


def test_news_goes_away_with_its_reason(follow: Callable[..., Client]) -> None:
    client = follow(CANNERY, town="Laval")
    watch_registry()
    assert news_of(client) is not None
    Client.objects.update(town="Bais", registry_checked_at=None)
    watch_registry()
    assert not RegistryNews.objects.exists()


def test_what_was_dismissed_is_not_told_again_but_another_change_is(
    people: People, follow: Callable[..., Client]
) -> None:
    client = follow(CANNERY, town="Laval")
    watch_registry()
    dismiss_news(actor=operator(people.firm), client=client)
    dismiss_news(actor=operator(people.firm), client=client)
    assert len(entries(client, "client.registry_dismissed")) == 1
    Client.objects.update(registry_checked_at=None)
    watch_registry()
    assert news_of(client) is None
    Client.objects.update(name="Autre", registry_checked_at=None)
    watch_registry()
    assert news_of(client) is not None


def test_the_other_nomenclature_is_harvested(follow: Callable[..., Client]) -> None:
    known = look_up(CANNERY).details
    assert known is not None
    assert known.ape_2025
    client = follow(CANNERY, ape_2025="")
    watch_registry()
    client.refresh_from_db()
    assert (client.ape, client.ape_2025) == (known.ape, known.ape_2025)
    assert entries(client, "client.completed")[0].changes == {"ape_2025": [None, known.ape_2025]}


def test_every_week_at_night_and_by_day_when_the_machine_slept(
    follow: Callable[..., Client], clock: Callable[[datetime], None]
) -> None:
    client = follow(CANNERY)
    Client.objects.update(created_at=DAY - timedelta(days=1))
    clock(DAY)
    assert watch_registry() == 0, "it is not night"
    clock(NIGHT + timedelta(days=1))
    assert watch_registry() == 1
    clock(NIGHT + timedelta(days=7))
    assert watch_registry() == 0, "not a week ago"
    clock(DAY + timedelta(days=8))
    assert watch_registry() == 0
    clock(NIGHT + timedelta(days=8, hours=1))
    assert watch_registry() == 1
    clock(DAY + timedelta(days=18))
    assert watch_registry() == 1
    Client.objects.filter(id=client.id).update(is_active=False)
    clock(NIGHT + timedelta(days=60))
    assert watch_registry() == 0


def test_it_stops_when_nobody_answers_and_goes_on_past_a_number_that_is_answered_badly(
    people: People, follow: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(CANNERY)
    make_client(people.firm, people.manager, siret=MOVED)
    asked: list[str] = []

    def answer(reason: UnavailableReason) -> None:
        def find(self: object, number: str, *, seconds: float) -> Unavailable:
            asked.append(number)
            return Unavailable(reason)

        monkeypatch.setattr("cabinet.registry.demo.DemoRegistry.find", find)

    answer(UnavailableReason.TIMEOUT)
    assert (watch_registry(), len(asked)) == (0, 1)
    assert not Client.objects.filter(registry_checked_at__isnull=False).exists()
    answer(UnavailableReason.MALFORMED)
    assert (watch_registry(), len(asked)) == (2, 3)


def test_a_client_that_changed_meanwhile_is_left_alone(
    follow: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = follow(CANNERY, town="Laval")

    def ask(siret: str, **options: bool) -> object:
        Client.objects.update(siret=MOVED_TO)
        return look_up(siret, **options)

    monkeypatch.setattr(watch, "look_up", ask)
    watch_registry()
    client.refresh_from_db()
    assert (news_of(client), client.registry_checked_at) == (None, None)


def test_completing_does_not_undo_what_a_person_did_meanwhile(people: People) -> None:
    client = make_client(people.firm, people.manager, siret=CANNERY, name="Tapé", town="", to_complete=True)
    Client.objects.filter(id=client.id).update(contact_name="Ajouté entre-temps")
    details = CompanyDetails(CANNERY, "X", town="Bais")
    done = complete_from_registry(actor=operator(people.firm), client=client, details=details)
    client.refresh_from_db()
    assert (done, client.contact_name, client.town, client.name) == (True, "Ajouté entre-temps", "Bais", "Tapé")
    again = complete_from_registry(actor=operator(people.firm), client=client, details=details)
    assert not again
    Client.objects.filter(id=client.id).update(to_complete=True)
    assert not complete_from_registry(actor=operator(people.firm), client=client, details=CompanyDetails(MOVED, "X"))
    assert len(entries(client, "client.completed")) == 1


def test_each_sees_the_news_of_their_own_clients(people: People, follow: Callable[..., Client]) -> None:
    client = follow(CLOSED)
    watch_registry()
    assert [one.client_id for one in registry_news(people.actor("administrator"))] == [client.id]
    assert [one.client_id for one in registry_news(people.actor("manager"))] == [client.id]
    assert not registry_news(people.actor("outside")).exists()
    assert not registry_news(people.actor("stranger")).exists()


KILLED = """
import sys, time
import django
from django.conf import settings
django.setup()
from django.db import connections
settings.DATABASES["default"]["NAME"] = connections["default"].settings_dict["NAME"] = sys.argv[1]
from cabinet.clients import watch
from cabinet.jobs.schedule import Recurring, run_due
from datetime import timedelta
watch._NIGHT = frozenset(range(24))
ask, asked = watch.look_up, []
def stall(siret, **options):
    if asked:
        print("second", flush=True)
        time.sleep(60)
    asked.append(siret)
    return ask(siret, **options)
watch.look_up = stall
run_due([Recurring("clients.watch_registry", timedelta(minutes=10), watch.watch_registry)])
"""


@pytest.mark.django_db(transaction=True)
def test_a_run_that_is_killed_leaves_the_rest_to_the_next(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # the true clock: two processes share it
    clients = [
        people.client,
        people.other_client,
        *(make_client(people.firm, people.manager, siret=one) for one in (CLOSED, MOVED)),
    ]
    work = Recurring("clients.watch_registry", timedelta(minutes=10), watch_registry)
    killed = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(connection.settings_dict["NAME"])],
        stdout=subprocess.PIPE,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test", "PYTHONWARNINGS": "ignore"},
    )
    try:
        assert killed.stdout is not None
        assert killed.stdout.readline().strip() == b"second"
    finally:
        killed.kill()
        killed.communicate()
    checked = Client.objects.filter(registry_checked_at__isnull=False)
    assert checked.count() == 1, "what was asked before is kept"
    assert run_due([work]) == [], "the killed run still holds its lease"
    DueWork.objects.update(lease_until=timezone.now())
    monkeypatch.setattr(watch, "_NIGHT", frozenset(range(24)))
    asked: list[str] = []
    monkeypatch.setattr(watch, "look_up", lambda siret, **options: asked.append(siret) or look_up(siret, **options))
    first = checked.get().siret
    assert run_due([work]) == [work.name]
    assert sorted([first, *asked]) == sorted(client.siret for client in clients), "each once"
    assert RegistryNews.objects.count() == LogEntry.objects.filter(action="client.registry_news").count() == 2
