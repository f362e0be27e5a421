from collections.abc import Callable
from typing import Any

import pytest

from cabinet.clients.models import Client
from tests.cabinet.again import made_once
from tests.cabinet.people import People
from tests.cabinet.storage.whole import Committed, with_files


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Callable[..., Any]) -> Committed:
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def client(people: People, committed: Committed) -> Client:
    """A dossier with a file of each kind: original, facts, carbon lines, comparison, proof, and a draft's file."""
    return made_once("a file of each kind", lambda: with_files(people, committed), on="people")
