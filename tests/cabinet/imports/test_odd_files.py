"""What is neither a FEC nor a DSN, and archives: each gets a sentence, nothing is created nor lost."""

import gzip
import io
import zipfile
from typing import Any

import pytest

from cabinet.clients.models import Client
from cabinet.imports import storage
from cabinet.imports.enums import ImportKind, ImportState, Refusal
from cabinet.imports.models import Import
from cabinet.web.dossier.files import first_findings
from tests.cabinet.imports.samples import Deliver, dsn, fec, zipped

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 8
JANUARY = "annee/mensuelle_2025-01_P25_etab1.dsn"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("photo.txt", PNG, id="an image renamed"),
        pytest.param("vide.txt", b"", id="empty"),
        pytest.param("lettre.txt", b"Bonjour,\nci-joint le fichier.\n" * 40, id="prose"),
        pytest.param("zeros.txt", b"\0" * 3_000_000, id="zeros"),
        pytest.param("releve.csv", b"Date;Libelle;Montant\n01/01/2025;Virement;12,00\n" * 30, id="a bank statement"),
    ],
)
def test_an_unknown_file_is_refused_with_its_reason(
    company: Client, deliver: Deliver, name: str, content: bytes
) -> None:
    imported = deliver(company, name, content)
    assert (imported.state, imported.kind) == (ImportState.REFUSED, ImportKind.OTHER)
    assert imported.refusal == Refusal.UNKNOWN_KIND
    assert imported.report["why"]
    assert not storage._original_path(imported.id).exists()
    assert not company.years.exists()


@pytest.mark.parametrize(
    ("name", "content", "kind", "said"),
    [
        pytest.param(
            "unicode.dsn",
            dsn(JANUARY).decode("latin-1").encode("utf-16"),
            ImportKind.OTHER,
            "C’est une DSN enregistrée en UTF-16",
            id="UTF-16",
        ),
        pytest.param("moitie.dsn", dsn(JANUARY)[:30_000], ImportKind.DSN, "La fin du fichier manque", id="half a file"),
        pytest.param(
            "paie.gz", gzip.compress(b"Bonjour" * 40), ImportKind.DSN, "contenu non reconnu", id="prose, packed"
        ),
        pytest.param("vue.dsn", b"<S10_G00_00><S10_G00_00_001>x</S10_G00_00_001></S10_G00_00>", ImportKind.OTHER,
                     "C’est la vue XML d’une DSN", id="the XML view"),
        pytest.param("retour.xml", b'<rapport type="AEE"><x/></rapport>', ImportKind.OTHER,
                     "C’est un compte rendu reçu", id="a return"),
        pytest.param("bulletin.dsn", b"%PDF-1.7" + bytes(range(256)) * 9, ImportKind.OTHER, "PDF", id="a PDF"),
    ],
)  # fmt: skip
def test_a_dsn_that_cannot_be_used_says_why(
    company: Client, deliver: Deliver, name: str, content: bytes, kind: ImportKind, said: str
) -> None:
    imported = deliver(company, name, content)
    assert (imported.state, imported.kind) == (ImportState.REFUSED, kind)
    assert said in first_findings(imported)[0].message
    assert not imported.months.exists()
    assert not storage._original_path(imported.id).exists()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        pytest.param("sans.dsn", dsn(JANUARY).replace(b"'", b""), "FIC-LIG-01", id="no quotes"),
        pytest.param(
            "utf8.dsn", b"\xef\xbb\xbf" + dsn(JANUARY).decode("latin-1").encode(), "FIC-ENC-01", id="UTF-8 mark"
        ),
        pytest.param("p27.dsn", dsn(JANUARY).replace(b"P25V01", b"P27V01"), "FIC-VER-01", id="a version to come"),
        pytest.param("janvier.dsn.gz", gzip.compress(dsn(JANUARY)), "FIC-ESS-01", id="gzip"),
    ],
)
def test_an_odd_dsn_is_read_and_says_what_is_odd(
    company: Client, deliver: Deliver, name: str, content: bytes, told: str
) -> None:
    imported = deliver(company, name, content)
    assert imported.state == ImportState.ACCEPTED
    assert (imported.people, imported.months.get().siret) == (15, "00001234400016")
    assert told in {finding["code"] for finding in imported.report["findings"]}


def test_a_file_beyond_the_limit_is_refused(company: Client, deliver: Deliver, settings: Any) -> None:
    settings.UPLOAD_MAX_FILE_BYTES = 100
    imported = deliver(company, "000012344FEC20251231.txt", fec())
    assert (imported.state, imported.refusal) == (ImportState.REFUSED, Refusal.TOO_LARGE)
    assert not storage._original_path(imported.id).exists()


def test_an_archive_gives_way_to_its_members(company: Client, deliver: Deliver) -> None:
    members = [
        ("compta/000012344FEC20251231.txt", fec()),
        ("paye/janvier.dsn", dsn(JANUARY)),
        ("__MACOSX/paye/._janvier.dsn", b"\0" * 80),
        ("paye/lisez-moi.txt", b"Bonjour"),
    ]
    archive = deliver(company, "envoi.zip", zipped(members))
    assert archive.state == ImportState.DELETED
    assert not storage._original_path(archive.id).exists()
    kept = Import.objects.filter(archive=archive).order_by("file_name")
    assert [one.file_name for one in kept] == ["envoi.zip!000012344FEC20251231.txt", "envoi.zip!janvier.dsn"]
    assert {one.state for one in kept} == {ImportState.ACCEPTED}
    assert kept[0].siren == "000012344"


def test_a_member_already_there_is_not_read_twice(company: Client, deliver: Deliver) -> None:
    deliver(company, "janvier.dsn", dsn(JANUARY))
    archive = deliver(company, "envoi.zip", zipped([("janvier.dsn", dsn(JANUARY))]))
    assert archive.state == ImportState.DELETED
    assert not Import.objects.filter(archive=archive).exists()
    assert list(storage._root("incoming").iterdir()) == []


def _encrypted() -> bytes:
    made = io.BytesIO(zipped([("000012344FEC20251231.txt", fec())]))
    content = bytearray(made.getvalue())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    return bytes(content)


def _bomb() -> bytes:
    return zipped([("000012344FEC20251231.txt", fec() + b"\n" * 50_000_000)])


def _truncated() -> bytes:
    return zipped([("000012344FEC20251231.txt", fec())])[:-40]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(zipped([("dedans.zip", zipped([("a.txt", fec())]))]), id="nested"),
        pytest.param(zipped([("dedans.gz", gzip.compress(fec()))]), id="gzip inside"),
        pytest.param(zipped([(f"{n}.txt", fec()) for n in range(6)]), id="too many"),
        pytest.param(_encrypted(), id="encrypted"),
        pytest.param(_bomb(), id="bomb"),
    ],
)
def test_an_unsafe_archive_is_refused_whole(company: Client, deliver: Deliver, settings: Any, content: bytes) -> None:
    settings.ARCHIVE_MAX_MEMBERS = 5
    settings.ARCHIVE_MAX_UNPACKED_BYTES = 20_000_000
    archive = deliver(company, "envoi.zip", content)
    assert (archive.state, archive.refusal) == (ImportState.REFUSED, Refusal.ARCHIVE_UNSAFE)
    assert Import.objects.count() == 1
    assert list(storage._root("incoming").iterdir()) == []
    assert not storage._original_path(archive.id).exists()


def test_an_archive_without_anything_useful_is_refused(company: Client, deliver: Deliver) -> None:
    archive = deliver(company, "envoi.zip", zipped([("photo.png", PNG)]))
    assert (archive.state, archive.refusal) == (ImportState.REFUSED, Refusal.ARCHIVE_EMPTY)


def test_a_cut_archive_is_refused(company: Client, deliver: Deliver) -> None:
    archive = deliver(company, "envoi.zip", _truncated())
    assert archive.state == ImportState.REFUSED
    assert Import.objects.count() == 1


def test_member_names_never_become_paths(company: Client, deliver: Deliver) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("../../../000012344FEC20251231.txt", fec())
    deliver(company, "envoi.zip", made.getvalue())
    imported = Import.objects.get(kind=ImportKind.FEC)
    assert imported.file_name == "envoi.zip!000012344FEC20251231.txt"
