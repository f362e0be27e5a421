"""Dossiers with a carbon estimate: a year of books, the same with its declarations, one empty."""

from typing import Any

import pytest

from cabinet.carbon.estimating import refresh
from cabinet.clients.models import Client
from tests.cabinet.imports.samples import GENERATED_FEC, Deliver, make_sample_client
from tests.cabinet.people import People
from tests.web.dossier.conftest import deliver as deliver
from tests.web.dossier.conftest import empty as empty
from tests.web.dossier.conftest import whole as whole


@pytest.fixture
def estimated(people: People, deliver: Deliver, settings: Any) -> Client:
    """A year of books, estimated once."""
    settings.IMPORT_FOLLOWERS = []
    client = make_sample_client(people.firm, people.manager)
    client.portfolios.set([people.portfolio])
    deliver(client, GENERATED_FEC.name, GENERATED_FEC.read_bytes())
    refresh(client)
    return client
