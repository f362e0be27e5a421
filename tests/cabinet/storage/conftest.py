from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet

from cabinet.audit.services import Subject, record
from cabinet.clients.models import Client
from tests.cabinet.again import made_once
from tests.cabinet.onboarding.drafting import begin
from tests.cabinet.people import People
from tests.cabinet.storage.whole import Committed, with_files


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Callable[..., Any]) -> Committed:
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def client(people: People, committed: Committed) -> Client:
    """A dossier with a file of each kind: original, facts, carbon lines, comparison, proof, and a draft's file."""
    return made_once("a file of each kind", lambda: with_files(people, committed), on="people")


@pytest.fixture
def inhabited(people: People, client: Client) -> Client:
    """The dossier, a draft, a second factor, and a journal written here: the one of a dossier put back is not whole."""
    for model in apps.get_app_config("audit").get_models():
        QuerySet(model).all()._raw_delete(DEFAULT_DB_ALIAS)
    record("import.received", author=people.actor("manager").author, subject=Subject(label="x", client_id=client.id))
    begin(people.actor("manager"))
    secret = get_adapter().encrypt("JBSWY3DPEHPK3PXP")
    Authenticator.objects.create(user=people.manager.user, type="totp", data={"secret": secret})
    return client
