"""Dossiers as accountants meet them: whole, agricultural, empty, in trouble, deactivated."""

from collections.abc import Callable
from typing import Any

import pytest

from cabinet.accounts.actors import operator
from cabinet.clients.models import Client
from cabinet.dossiers.models import MissionState, MissionType
from cabinet.dossiers.snapshots import recompute
from cabinet.imports.services import confirm_company
from tests.cabinet.again import made_once
from tests.cabinet.factories import make_client, make_mission
from tests.cabinet.imports.samples import (
    FARM_FEC,
    GENERATED_FEC,
    Deliver,
    dsn,
    fec,
    make_sample_client,
    send,
    year_of_dsn,
)
from tests.cabinet.people import People


@pytest.fixture
def deliver(request: pytest.FixtureRequest) -> Deliver:
    """Receive a file and read it at once, with real transactions or inside the test's own."""
    capture: Callable[..., Any] = request.getfixturevalue("django_capture_on_commit_callbacks")

    def deliver(client: Client, name: str, content: bytes) -> Any:
        with capture(execute=True):
            imported = send(client, name, content)
        imported.refresh_from_db()
        return imported

    return deliver


@pytest.fixture
def whole(people: People, deliver: Deliver, settings: Any) -> Client:
    """A FEC of 2025, its DSN but October's, two missions."""
    settings.IMPORT_FOLLOWERS = []  # the figures are computed once, at the end
    return made_once("whole", lambda: _whole(people, deliver), on="people")


def _whole(people: People, deliver: Deliver) -> Client:
    client = make_sample_client(people.firm, people.manager)
    client.portfolios.set([people.portfolio])
    deliver(client, GENERATED_FEC.name, GENERATED_FEC.read_bytes())
    for name, content in year_of_dsn():
        if "2025-10" not in name:
            deliver(client, name, content)
    recompute(client)
    make_mission(client, type=MissionType.CARBON, state=MissionState.RUNNING, year=client.years.get())
    make_mission(client, people.expert, type=MissionType.VSME)
    return client


@pytest.fixture
def farm(people: People, deliver: Deliver) -> Client:
    """An agricultural company whose year ends in August."""
    return made_once("farm", lambda: _farm(people, deliver), on="people")


def _farm(people: People, deliver: Deliver) -> Client:
    client = make_client(people.firm, people.manager, name="Ferme des Trois Chênes", ape="01.50Z", town="Ernée")
    imported = deliver(client, FARM_FEC.name, FARM_FEC.read_bytes())
    confirm_company(actor=operator(client.firm), imported=imported)
    recompute(client)
    return client


@pytest.fixture
def troubled(people: People, deliver: Deliver) -> Client:
    """Files refused, and one that waits for an answer."""
    client = make_sample_client(people.firm, people.manager)
    deliver(client, "000012344FEC20251231.txt", fec())
    deliver(client, "000012344FEC20251231.txt", GENERATED_FEC.read_bytes())
    deliver(client, "000056788FEC20251231.txt", fec(())[:-2] + b"\r\n")
    deliver(client, "FEC coupé 000012344FEC20251231.txt", GENERATED_FEC.read_bytes()[:240_000])
    deliver(client, "DSN_mars_2025.dsn", dsn("defauts/defaut_tronquee.dsn"))
    deliver(client, "releve.csv", b"Date;Libelle;Montant\n01/01/2025;Virement;12,00\n" * 30)
    return client


@pytest.fixture
def empty(people: People) -> Client:
    """Nothing yet."""
    return people.client


@pytest.fixture
def offset(people: People, deliver: Deliver, settings: Any) -> Client:
    """A fiscal year from October 2024 to September 2025, known until May; two établissements, a hole in March."""
    settings.IMPORT_FOLLOWERS = []
    client = make_sample_client(people.firm, people.manager)
    client.years.create(start="2024-10-01", end="2025-09-30")
    deliver(client, "2024-12.dsn", dsn("voisins/mensuelle_2024-12_P24_etab1.dsn"))
    for name, content in year_of_dsn():
        if name[10:17] <= "2025-05" and name != "mensuelle_2025-03_P25_etab2.dsn":
            deliver(client, name, content)
    deliver(client, "2025-10.dsn", dsn("annee/mensuelle_2025-10_P25_etab1.dsn"))
    recompute(client)
    return client
