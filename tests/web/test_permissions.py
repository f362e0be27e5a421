"""The permission table, run: each route, each method, each person."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from cabinet.accounts.models import Collaborator
from cabinet.carbon.models import ClassingRule, GivenQuantity
from cabinet.clients.bulk import Act
from cabinet.clients.saved_filters import save_filter
from cabinet.dossiers.models import Comment, IndicatorSnapshot, ManualValue
from cabinet.imports.uploading import begin as begin_upload
from cabinet.onboarding.services import ask_registry, keep_data, keep_organisation
from cabinet.onboarding.sheets.services import receive_sheet
from cabinet.onboarding.steps import CompanyStep, OrganisationStep
from tests.cabinet.factories import make_collaborator, make_connection, make_group, make_import, make_mission, make_year
from tests.cabinet.people import People
from tests.web.permission_table import ACTIONS, PEOPLE, SENT, TABLE

CHECKED = {"verdicts": {"exploitable": True, "conforme": True, "controle": {}}, "findings": []}
"""The report of a FEC without a fault."""
DEMO_COMPANY = "00001234400016"


@pytest.fixture
def reader(people: People) -> Collaborator:
    """Somebody who reaches the client and may do nothing."""
    person = make_collaborator(people.firm, first_name="Nadia", last_name="Perrin")
    person.group = make_group(people.firm)
    person.save()
    people.portfolio.members.add(person)
    return person


@pytest.fixture
def world(people: People, reader: Collaborator) -> dict[str, object]:
    """One of each thing that an address names."""
    year = make_year(people.client)
    IndicatorSnapshot.objects.create(
        dossier=people.client.dossier, year=year, family="economic", code="turnover", unit="EUR", status="computed",
        value=1, formula="70", library="0", inputs_hash="0",
    )  # fmt: skip
    ManualValue.objects.create(year=year, code="turnover", value=2, reason="Liasse", author_name="Inès")
    quantity = GivenQuantity.objects.create(
        year=year, category="electricity", factor="ademe:43273", amount=1, unit="kWh", origin="billed", reason="Facture"
    )
    rule = ClassingRule.objects.create(
        client=people.client, account="606", branch="C16", reason="Bois", author_name="Inès"
    )
    comment = Comment.objects.create(
        year=year, topic="figure:turnover", text="À revoir", author=people.inside, author_name="Mathis"
    )
    draft_id, inside = uuid4(), people.actor("inside")
    ask_registry(inside, draft_id, CompanyStep(typed=DEMO_COMPANY))
    keep_organisation(inside, draft_id, OrganisationStep(manager_id=str(people.inside.id)))
    keep_data(inside, draft_id, {}, skipped=True)
    connection = make_connection(people.firm, clients=[people.client])
    return {
        "client_id": people.client.id,
        "connection_id": connection.id,
        "company_id": connection.companies.get().id,
        "tool": "pennylane",
        "portfolio_id": people.portfolio.id,
        "person_id": people.inside.id,
        "manager_id": people.expert.id,
        "group_id": make_group(people.firm, "dossier.view", name="Paye").id,
        "import_id": make_import(people.client, year=year, report=CHECKED).id,
        "mission_id": make_mission(people.client).id,
        "draft_id": draft_id,
        "sheet_id": receive_sheet(
            actor=people.actor("administrator"), file_name="clients.csv", data=b"SIRET\n00001234400016\n"
        ).id,
        "filter_id": save_filter(actor=inside, name="À relancer", query="donnees=dsn").id,
        "upload_id": begin_upload(people.inside, file_name="grand.txt", size=9, modified=0).id,
        "act": "deactivate",
        "quantity_id": quantity.id,
        "rule_id": rule.id,
        "comment_id": comment.id,
        "topic": "figure:turnover",
        "code": "turnover",
        "concept": "Turnover",
        "index": 1,
        "kind": "csv",
        "uidb36": "abc",
        "key": "def",
        "secret": "ghi",
        "pk": 0,
        "session_id": 0,
    }


def patterns(found: list[URLPattern | URLResolver] | None = None) -> Iterator[URLPattern]:
    for one in get_resolver().url_patterns if found is None else found:
        if isinstance(one, URLPattern):
            yield one
        else:
            yield from patterns(one.url_patterns)


def address(name: str, world: dict[str, object]) -> str:
    parameters = get_resolver().reverse_dict.getlist(name)[0][0][0][1]
    return reverse(name, kwargs={parameter: world[parameter] for parameter in parameters})


def browser_of(name: str, people: People, reader: Collaborator) -> Browser:
    if name != "reader":
        return people.browser(name)
    browser = Browser()
    browser.force_login(reader.user)
    return browser


def answer(response: HttpResponse) -> str:
    return (
        "login" if response.headers.get("Location", "").startswith("/compte/connexion/") else str(response.status_code)
    )


@pytest.mark.parametrize("person", PEOPLE)
def test_each_person_gets_the_answers_of_the_table(
    person: str, people: People, reader: Collaborator, world: dict[str, object]
) -> None:
    signed_in = browser_of(person, people, reader).cookies
    found, expected = {}, {}
    for name, method, answers in TABLE:
        sent = {field: str(world[key]) for field, key in SENT.get(name, {}).items()} if method == "post" else {}
        browser = Browser()
        browser.cookies = signed_in.copy()  # one line signs out
        with transaction.atomic():  # each line finds the world as it was
            found[name, method] = answer(getattr(browser, method)(address(name, world), sent))
            transaction.set_rollback(True)
        expected[name, method] = answers.split()[PEOPLE.index(person)]
    assert found == expected


@pytest.mark.parametrize("person", PEOPLE)
def test_each_action_of_a_route_gets_its_own_answer(
    person: str, people: People, reader: Collaborator, world: dict[str, object]
) -> None:
    signed_in = browser_of(person, people, reader).cookies
    found, expected = {}, {}
    for name, act, sent, answers in ACTIONS:
        fixed = {field: str(world[key]) for field, key in SENT.get(name, {}).items()}
        browser = Browser()
        browser.cookies = signed_in.copy()
        with transaction.atomic():
            found[name, act] = answer(browser.post(address(name, world), fixed | sent))
            transaction.set_rollback(True)
        expected[name, act] = answers.split()[PEOPLE.index(person)]
    assert found == expected


def test_each_act_on_many_clients_has_a_line() -> None:
    assert {act for name, act, _sent, _answers in ACTIONS if name == "client_act"} == set(Act)


def test_each_route_has_a_line() -> None:
    assert {pattern.name for pattern in patterns()} == {name for name, _method, _answers in TABLE}


def test_each_line_stands_once() -> None:
    keys = [(name, method) for name, method, _answers in TABLE]
    assert len(keys) == len(set(keys))


def test_a_method_without_a_line_is_refused(people: People, world: dict[str, object]) -> None:
    """allauth's own views are left out: they take a PUT for a POST."""
    lines = {(name, method) for name, method, _answers in TABLE if not name.startswith(("account_", "mfa_"))}
    browser, taken = people.browser("administrator"), []
    for name in {name for name, _method in lines}:
        for method in {"get", "post", "put", "delete", "patch"} - {known for route, known in lines if route == name}:
            with transaction.atomic():
                status = getattr(browser, method)(address(name, world)).status_code
                transaction.set_rollback(True)
            if status not in {404, 405}:
                taken.append((name, method, status))
    assert taken == []


def test_who_holds_nothing_sees_no_door_of_the_firm(people: People, reader: Collaborator) -> None:
    page = browser_of("reader", people, reader).get(reverse("client_list")).content.decode()
    assert "Nouveau client" not in page
    for label in ("Connexions API", "Journal", "Collaborateurs", "Gestion des groupes", "Paramètres"):
        assert label not in page
    for act in ("Modifier", "Désactiver", "Supprimer"):
        assert act not in page
    assert "Ouvrir le dossier" in page


def test_a_deactivated_client_is_read_only(people: People, world: dict[str, object]) -> None:
    people.client.is_active = False
    people.client.save()
    browser = people.browser("administrator")
    for name in ("client_edit", "dossier_upload", "mission_delete", "import_delete", "import_confirm"):
        with transaction.atomic():
            assert browser.post(address(name, world)).status_code == 403, name
            transaction.set_rollback(True)
    for name in ("dossier_overview", "dossier_data", "client_delete"):
        assert browser.get(address(name, world)).status_code == 200
