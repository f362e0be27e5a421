"""The corrected FEC of an import: offered, downloaded, and never in place of the file received."""

from pathlib import Path

from django.conf import settings

from cabinet.clients.models import Client
from cabinet.imports import storage
from cabinet.imports.correcting import corrected_file, has_corrections, proposal_of
from tests.cabinet.imports.samples import Deliver, fec

NAME = "000012344FEC20251231.txt"
CLEAN = fec().decode().replace("Pièce", "Pièce – l’œuf")
SEMICOLONS = CLEAN.replace("\t", ";").encode("cp1252")


def test_a_corrected_file_is_made_and_the_one_received_stays(company: Client, deliver: Deliver) -> None:
    imported = deliver(company, NAME, SEMICOLONS)
    assert has_corrections(imported)
    proposal = proposal_of(imported)
    assert proposal.changes == (
        "Jeu de caractères\u00a0: Windows-1252 devient UTF-8. Chaque caractère est conservé.",
        "Séparateur\u00a0: point-virgule devient tabulation.",
    )
    made = corrected_file(imported)
    assert made is not None
    with made[1] as content:
        assert (made[0], content.read()) == (NAME, CLEAN.encode())
    with storage.source_of(imported).open() as stream:
        assert stream.read() == SEMICOLONS
    assert list(Path(settings.WORK_DIR).glob("tmp*")) == []


def test_a_file_in_order_offers_nothing(company: Client, deliver: Deliver) -> None:
    imported = deliver(company, NAME, fec())
    assert not has_corrections(imported)
    assert proposal_of(imported).reason.startswith("Il n’y a rien à corriger")
    assert corrected_file(imported) is None


def test_without_the_original_the_page_says_so(company: Client, deliver: Deliver) -> None:
    imported = deliver(company, NAME, SEMICOLONS)
    storage.remove_original(imported.id)
    assert "n’est plus conservé" in proposal_of(imported).reason
    imported.has_original = False
    assert "n’est plus conservé" in proposal_of(imported).reason
    assert corrected_file(imported) is None
