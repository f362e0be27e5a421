from collections.abc import Callable
from typing import Any

import pytest

from cabinet.accounts.actors import Actor
from cabinet.clients.models import Client
from cabinet.imports.models import Import
from tests.cabinet.imports.samples import Deliver, make_sample_client, send
from tests.cabinet.people import People


@pytest.fixture
def company(people: People) -> Client:
    """A client of the firm: the company of the samples."""
    return make_sample_client(people.firm, people.manager)


@pytest.fixture
def deliver(django_capture_on_commit_callbacks: Callable[..., Any]) -> Deliver:
    """Receive a file and let the worker read it: ``deliver(client, "name.txt", content)``."""

    def deliver(client: Client, name: str, content: bytes, *, actor: Actor | None = None) -> Import:
        with django_capture_on_commit_callbacks(execute=True):
            imported = send(client, name, content, actor=actor)
        imported.refresh_from_db()
        return imported

    return deliver


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Callable[..., Any]) -> Callable[..., Any]:
    """``with committed():`` what waits for the end of the transaction runs at the end of the block."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
