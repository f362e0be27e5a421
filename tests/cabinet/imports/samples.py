"""Files for the tests of imports: the samples of ``tests/data``, and small FEC written line by line."""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from cabinet.accounts.actors import Actor, operator
from cabinet.accounts.models import Collaborator, Firm
from cabinet.clients.models import Client
from cabinet.imports.models import Import
from cabinet.imports.services import Holder, receive
from cabinet.imports.storage import Incoming
from tests.cabinet.factories import make_client

DATA = Path(__file__).resolve().parents[2] / "data"
DSN = DATA / "dsn"
FARM_FEC = DATA / "fec" / "neolegal" / "0000000001FEC20220831.txt"
GENERATED_FEC = DATA / "fec" / "genere" / "000012344FEC20251231.txt"
SAMPLE_SIRET = "00001234400016"
HEADER = (
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib"),
    *("PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate"),
    *("Montantdevise", "Idevise"),
)

type Line = tuple[str, str, str, str, str]
"""Entry number, date, account, debit, credit."""
type Deliver = Callable[..., Import]

SALE: tuple[Line, ...] = (
    ("1", "20250115", "411000", "1200,00", "0,00"),
    ("1", "20250115", "707000", "0,00", "1000,00"),
    ("1", "20250115", "445710", "0,00", "200,00"),
)
PURCHASE: tuple[Line, ...] = (
    ("2", "20251210", "607000", "400,00", "0,00"),
    ("2", "20251210", "445660", "80,00", "0,00"),
    ("2", "20251210", "401000", "0,00", "480,00"),
)


def fec(lines: Iterable[Line] = (*SALE, *PURCHASE)) -> bytes:
    """A FEC of the 18 columns."""
    rows = ["\t".join(HEADER)]
    for number, day, account, debit, credit in lines:
        label = f"Compte {account}"
        cells = ["OD", "Opérations", number, day, account, label, "", "", f"P{number}", day, "Pièce", debit, credit]
        rows.append("\t".join([*cells, "", "", day, "", ""]))
    return ("\r\n".join(rows) + "\r\n").encode()


def dsn(name: str) -> bytes:
    """A file of the DSN samples (``"annee/mensuelle_2025-01_P25_etab1.dsn"``)."""
    return (DSN / name).read_bytes()


def year_of_dsn() -> Iterator[tuple[str, bytes]]:
    """The twelve months of both establishments."""
    for path in sorted((DSN / "annee").glob("*.dsn")):
        yield path.name, path.read_bytes()


def zipped(members: Iterable[tuple[str, bytes]]) -> bytes:
    """An archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return made.getvalue()


def sealed(name: str, content: bytes) -> Incoming:
    """A file that has arrived whole."""
    incoming = Incoming(name)
    for start in range(0, len(content), 100_000):
        incoming.write(content[start : start + 100_000])
    incoming.close()
    return incoming


def send(client: Client | Holder, name: str, content: bytes, *, actor: Actor | None = None) -> Import:
    """Receive a file; its reading starts when the transaction ends."""
    by = actor or operator(client.firm if isinstance(client, Client) else Firm.objects.get())
    return receive(actor=by, incoming=sealed(name, content), to=client)


def make_sample_client(firm: Firm, manager: Collaborator) -> Client:
    """The invented company that the samples speak of."""
    return make_client(firm, manager, name="Atelier Fictif", siret=SAMPLE_SIRET, ape="25.62B", town="Bourg-en-Bresse")
