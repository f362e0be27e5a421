"""*Connexions API*: a tool is connected, tested, linked, switched off and forgotten; what is secret is never shown."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from cabinet.audit.models import LogEntry
from cabinet.connectors.catalogue import TOOLS
from cabinet.connectors.core.errors import Failure
from cabinet.connectors.models import Connection, ToolCompany
from cabinet.web.connections.health import failure_words
from cabinet.web.connections.tools import ACCOUNTING, PAYROLL_TOOLS
from tests.cabinet.connectors.conftest import Work
from tests.cabinet.connectors.conftest import naps as naps
from tests.cabinet.connectors.conftest import pennylane as pennylane
from tests.cabinet.connectors.conftest import server as server
from tests.cabinet.connectors.conftest import work as work
from tests.cabinet.connectors.kept import everything_kept
from tests.cabinet.connectors.pennylane import TOKEN, FakePennylane, secrets
from tests.cabinet.connectors.server import Server, said
from tests.cabinet.factories import make_client, make_connection
from tests.cabinet.people import People
from tests.web.browser import Surfer, look_at


def test_without_a_connection_the_page_says_so_and_offers_the_tools(people: People) -> None:
    html = people.browser("administrator").get(reverse("connections")).content.decode()
    assert "Aucune connexion n’est réglée." in html
    for tool in TOOLS:
        assert tool.name in html


def test_each_tool_has_a_way_or_a_word() -> None:
    tools = ACCOUNTING + PAYROLL_TOOLS
    assert all(tool.path or tool.note for tool in tools)
    names = " ".join(tool.name for tool in tools)
    for wanted in ("Pennylane", "Sage", "EBP", "Cegid", "Quadra", "MyUnisoft", "Silae", "OpenPaye", "ACD", "Odoo"):
        assert wanted in names


@pytest.mark.parametrize("failure", Failure)
def test_each_failure_has_its_words(failure: Failure) -> None:
    message, remedy = failure_words(failure, "pennylane", "Export FEC")
    assert message
    assert remedy
    assert "{" not in message + remedy


def test_a_tool_is_connected_and_its_key_is_never_shown_again(
    people: People, pennylane: FakePennylane, work: Work
) -> None:
    pennylane.add(1, "TERNANTEAU", people.client.siren)
    pennylane.add(2, "Inconnue", "")
    browser = people.browser("administrator")
    answer = work(
        lambda: browser.post(reverse("connection_create", args=["pennylane"]), {"name": "Notre Pennylane", **secrets()})
    )
    connection = Connection.objects.get()
    assert answer["Location"] == reverse("connection", args=[connection.id])
    pages = [
        browser.get(reverse("connections")),
        browser.get(answer["Location"]),
        browser.get(reverse("connection_edit", args=[connection.id])),
        browser.get(reverse("journal")),
    ]
    for page in pages:
        assert TOKEN not in page.content.decode()
    html = pages[1].content.decode()
    assert "Connectée" in html
    assert "se termine par «\u00a0" in html.replace("&nbsp;", "\u00a0")
    assert "Inconnue" in html.split("À relier")[1].split("Reliés")[0]
    assert people.client.name in html.split("Reliés")[1]


def test_a_form_that_is_refused_does_not_give_the_key_back(people: People) -> None:
    browser = people.browser("administrator")
    answer = browser.post(reverse("connection_create", args=["pennylane"]), {"name": "", **secrets()})
    assert answer.status_code == 422
    assert TOKEN not in answer.content.decode()
    typed = {"name": "P", "token": "clé avec accents et espaces\u00a0"}
    assert (
        "sans mise en forme" in browser.post(reverse("connection_create", args=["pennylane"]), typed).content.decode()
    )


def test_a_key_that_is_refused_says_what_to_do(people: People, pennylane: FakePennylane, work: Work) -> None:
    browser = people.browser("administrator")
    url = reverse("connection_create", args=["pennylane"])
    work(lambda: browser.post(url, {"name": "Pennylane", "token": "un-jeton-perime-et-long"}))
    connection = Connection.objects.get()
    html = browser.get(reverse("connection", args=[connection.id])).content.decode()
    assert "L’accès à Pennylane a été refusé" in html
    assert not connection.is_usable


def test_a_company_is_linked_by_hand(people: People) -> None:
    connection = make_connection(people.firm)
    company = ToolCompany.objects.create(connection=connection, ref="9", name="TERNANTEAU")
    browser = people.browser("administrator")
    url = reverse("connection_link", args=[connection.id, company.id])
    for typed, wanted in (
        ("n'importe quoi", None),
        (people.other_client.siret, None),
        (f"{people.client.name} ({people.client.siret[:9]} {people.client.siret[9:]})", people.client.id),
        ("", None),
    ):
        browser.post(url, {"client": typed})
        company.refresh_from_db()
        assert company.client_id == wanted, typed
    assert LogEntry.objects.filter(action="connection.linked").count() == 2


def test_switched_off_then_forgotten(people: People) -> None:
    connection = make_connection(people.firm, clients=[people.client])
    browser = people.browser("administrator")
    data = reverse("dossier_data", args=[people.client.id])
    assert "Récupérer depuis un outil" in browser.get(data).content.decode()
    browser.post(reverse("connection_switch", args=[connection.id]))
    assert "Récupérer depuis un outil" not in browser.get(data).content.decode()
    wrong = browser.post(reverse("connection_delete", args=[connection.id]), {"name": "Autre"})
    assert wrong.status_code == 422
    browser.post(reverse("connection_delete", args=[connection.id]), {"name": connection.name})
    assert not Connection.objects.exists()
    assert LogEntry.objects.filter(action="connection.deleted", object_label=connection.name).exists()


def test_a_tool_by_link_shows_it_once(people: People, server: Server, settings: Any, naps: list[float]) -> None:
    settings.CHIFT_URL = server.url
    settings.CHIFT_CLIENT_ID = settings.CHIFT_CLIENT_SECRET = settings.CHIFT_ACCOUNT_ID = "compte"
    connection = make_connection(people.firm, "chift")
    consumer = {"consumerid": "c-1", "internal_reference": f"bocage-{connection.id}"}
    link = "https://chift.example.invalid/lien-SENTINELLE"
    server.routes |= {
        "POST /token": lambda _: said({"access_token": "jeton", "expires_in": 1800}),
        "GET /consumers": lambda _: said([consumer]),
        "POST /consumers/c-1/connections": lambda _: said({"url": link}),
    }
    browser = people.browser("administrator")
    url = reverse("connection_invite", args=[connection.id])
    assert link in browser.post(url).content.decode()
    assert "SENTINELLE" not in everything_kept()
    server.routes["POST /consumers/c-1/connections"] = lambda _: said({"message": "no"}, 500)
    assert "Chift ne répond pas" in browser.post(url, follow=True).content.decode()


def test_a_tool_without_its_agreement_says_what_it_lacks(people: People) -> None:
    browser = people.browser("administrator")
    assert "accord de MyUnisoft" in browser.get(reverse("connections")).content.decode()
    assert browser.get(reverse("connection_create", args=["myunisoft"])).status_code == 404


@pytest.mark.parametrize("typed", ["http://odoo.test", "https://u:p@odoo.test", "odoo.test:8069", "https://"])
def test_an_address_is_https_and_public(people: People, typed: str) -> None:
    sent = {"name": "Odoo", "host": typed, "database": "b", "login": "l", "key": "une-cle-assez-longue"}
    answer = people.browser("administrator").post(reverse("connection_create", args=["odoo"]), sent)
    assert "Donnez l’adresse en https" in answer.content.decode()


@pytest.mark.parametrize(
    ("columns", "word"),
    [
        ({}, "Connectée"),
        ({"enabled": False}, "Désactivée"),
        ({"blocked": True, "error": "auth_rejected"}, "À corriger"),
        ({"tested_at": None}, "À tester"),
        ({"open_until": timezone.now() + timedelta(hours=1), "error": "unavailable"}, "Ne répond pas"),
        ({"expires_on": timezone.localdate() + timedelta(days=20)}, "Expire bientôt"),
        ({"expires_on": timezone.localdate() - timedelta(days=1)}, "Clé expirée"),
    ],
)
def test_health_in_a_word(people: People, columns: dict[str, Any], word: str) -> None:
    make_connection(people.firm, **columns)
    assert word in people.browser("administrator").get(reverse("connections")).content.decode()


def test_queries_do_not_grow(people: People, django_assert_max_num_queries: Any) -> None:
    clients = [make_client(people.firm, people.manager) for _ in range(4)]
    for _ in range(3):
        connection = make_connection(people.firm, clients=clients)
    ToolCompany.objects.create(connection=connection, ref="x", name="Inconnue")
    browser = people.browser("administrator")
    with django_assert_max_num_queries(8):
        browser.get(reverse("connections"))
    with django_assert_max_num_queries(13):
        browser.get(reverse("connection", args=[connection.id]))


@pytest.mark.browser
def test_pages(people: People, surfer: Surfer) -> None:
    connection = make_connection(people.firm, clients=[people.client])
    for rank, (name, code) in enumerate((("GARAGE PELLOUIN", "P0231"), ("SCI DES TILLEULS", ""))):
        ToolCompany.objects.create(connection=connection, ref=f"s{rank}", name=name, code=code)
    make_connection(people.firm, name="Pennylane, second cabinet", blocked=True, error="auth_rejected", tested_at=None)
    page = surfer.page(people.administrator)
    for name, url in {
        "connections": reverse("connections"),
        "connection_create": reverse("connection_create", args=["pennylane"]),
        "connection": reverse("connection", args=[connection.id]),
        "connection_edit": reverse("connection_edit", args=[connection.id]),
        "connection_delete": reverse("connection_delete", args=[connection.id]),
    }.items():
        page.goto(url)
        look_at(page, name)
