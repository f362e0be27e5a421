"""A dossier that has a file of each kind."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from cabinet.carbon.models import Estimate
from cabinet.clients.models import Client
from cabinet.dossiers.manual import Proof, replace_figure
from cabinet.dossiers.models import IndicatorSnapshot
from tests.cabinet.imports.samples import GENERATED_FEC, dsn, fec, make_sample_client, send
from tests.cabinet.people import People

type Committed = Callable[..., Any]
MONTH = "annee/mensuelle_2025-01_P25_etab1.dsn"
PROOF = Proof("liasse.pdf", b"%PDF-1.7 page 3")


def with_files(people: People, committed: Committed) -> Client:
    """Originals, facts, carbon lines, a comparison and a proof."""
    client = make_sample_client(people.firm, people.manager)
    for name, content in ((GENERATED_FEC.name, GENERATED_FEC.read_bytes()), (Path(MONTH).name, dsn(MONTH))):
        with committed():
            send(client, name, content)
    with committed():
        send(client, GENERATED_FEC.name, fec())
    assert Estimate.objects.count() == 1
    snapshot = IndicatorSnapshot.objects.get(year=client.years.get(), code="turnover")
    replace_figure(actor=people.actor("manager"), snapshot=snapshot, value=Decimal(1200), reason="Liasse", proof=PROOF)
    return client
