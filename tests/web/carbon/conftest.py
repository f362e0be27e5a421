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


NAMES = {
    "F00009": "Métaux et profilés de Montfleury SARL",
    "F00014": "Négoce de Ponteray SA",
    "F00007": "Papeterie de Castelorme SA",
}
KNOWN = {
    "F00009": "MACONNERIE COTENTIER SARL",
    "F00014": "EPICERIES BOCAGE FICTIF",
    "F00007": "PAPETERIE DU GUE FICTIF",
}


def with_known_names() -> bytes:
    """The same year of books, where three suppliers bear names that the demonstration registry knows."""
    content = GENERATED_FEC.read_bytes()
    for key, name in NAMES.items():
        for coding in ("utf-8", "iso8859-15"):
            content = content.replace(name.encode(coding), KNOWN[key].encode())
    return content


@pytest.fixture
def named(people: People, deliver: Deliver, settings: Any) -> Client:
    """Those books, estimated once."""
    settings.IMPORT_FOLLOWERS = []
    client = make_sample_client(people.firm, people.manager)
    client.portfolios.set([people.portfolio])
    deliver(client, GENERATED_FEC.name, with_known_names())
    refresh(client)
    return client
