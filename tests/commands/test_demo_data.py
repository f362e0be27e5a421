"""The demonstration firm: created once, whole, and usable."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from cabinet.accounts.models import Collaborator, Firm, User
from cabinet.accounts.permissions import Role
from cabinet.audit.models import LogEntry
from cabinet.clients.models import Client
from cabinet.dossiers.models import Mission
from cabinet.imports.enums import ImportKind, ImportState
from cabinet.imports.models import Import
from cabinet.management.demonstration import PEOPLE, SAMPLES, WITH_DATA, WITH_REFUSAL

pytestmark = pytest.mark.django_db


def run() -> str:
    out = StringIO()
    call_command("demo_data", stdout=out)
    return out.getvalue()


def test_everybody_signs_in_with_what_was_printed() -> None:
    printed = run()
    words = printed.split()
    for person in PEOPLE.values():
        password = words[words.index(person.email) + 1]
        user = User.objects.get(email=person.email)
        assert user.check_password(password)
        assert len(password) >= 12
        assert password not in user.password
    roles = {one.email: one.group.role for one in Collaborator.objects.select_related("group")}
    assert roles == {person.email: role for role, person in PEOPLE.items()}


def test_clients_come_from_the_registry_with_a_dossier_and_a_mission() -> None:
    run()
    clients = {client.siret: client for client in Client.objects.select_related("manager__group")}
    assert set(clients) == {sample.siret for sample in SAMPLES}
    for sample in SAMPLES:
        client = clients[sample.siret]
        assert (client.file_code, client.manager.group.role) == (sample.file_code, sample.manager)
        assert (client.registry_source, client.to_complete) == ("demo", False)
        assert client.name
        assert client.ape
        assert Mission.objects.filter(dossier__client=client).exists()
    assert {client.manager.group.role for client in clients.values()} == set(PEOPLE)
    assert Firm.objects.get().portfolios.count() == 2


def test_one_client_has_data_and_one_a_refused_file(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        run()
    states = list(Import.objects.filter(client__siret=WITH_DATA).values_list("kind", "state"))
    assert states.count((ImportKind.FEC, ImportState.ACCEPTED)) == 1
    assert states.count((ImportKind.DSN, ImportState.ACCEPTED)) == len(states) - 1 == 11
    refused = Import.objects.get(client__siret=WITH_REFUSAL)
    assert refused.state == ImportState.REFUSED


def test_the_second_time_changes_nothing() -> None:
    run()
    before = (Client.objects.count(), LogEntry.objects.count(), Import.objects.count())
    assert "there already" in run()
    assert (Client.objects.count(), LogEntry.objects.count(), Import.objects.count()) == before


def test_a_failure_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("no disk")

    monkeypatch.setattr("cabinet.management.demonstration.create_mission", fail)
    with pytest.raises(RuntimeError):
        run()
    assert not Firm.objects.exists()
    assert not User.objects.exists()


def test_without_the_demonstration_registry_it_says_so(settings: "pytest.FixtureRequest") -> None:
    settings.REGISTRY_SOURCES = ["recherche"]  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="REGISTRY_SOURCES"):
        run()


def test_the_collaborator_sees_a_part_of_it() -> None:
    from django.test import Client as Browser

    run()
    browser = Browser()
    browser.force_login(User.objects.get(email=PEOPLE[Role.COLLABORATOR].email))
    rows = browser.get(reverse("client_list")).context["list"].rows
    assert {row.client.file_code for row in rows} == {"T0412", "F0377", "M0087"}
    for name in ("home", "portfolio_list"):
        assert browser.get(reverse(name)).status_code == 200
