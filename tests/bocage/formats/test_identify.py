import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from bocage.cli.main import main
from bocage.formats.base import BytesSource
from bocage.formats.catalogue import KINDS, Identification, identify

DSN = Path(__file__).parents[2] / "data" / "dsn"
COLUMNS = [
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib"),
    *("PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate"),
    *("Montantdevise", "Idevise"),
]
ROW = "AC\tAchats\t1\t20250103\t606300\tFournitures\t\t\tF1\t20250103\tPapier\t12,00\t0,00\t\t\t20250131\t\t"
FEC = ("\t".join(COLUMNS) + "\r\n" + ROW + "\r\n").encode()
XML_FEC = (
    b'<?xml version="1.0" encoding="iso-8859-15"?><comptabilite><exercice><DateCloture>2025-12-31</DateCloture>'
    b"<journal><JournalCode>AC</JournalCode><JournalLib>Achats</JournalLib><ecriture><EcritureNum>1</EcritureNum>"
    b"<EcritureDate>2025-01-03</EcritureDate></ecriture></journal></exercice></comptabilite>"
)
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def kind(content: bytes, name: str = "fichier.txt") -> str:
    return identify(BytesSource(name, content)).kind


def zipped(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return stream.getvalue()


def workbook() -> bytes:
    book, stream = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(COLUMNS)
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        FEC,
        FEC.replace(b"\t", b"|"),
        FEC.replace(b"\t", b";"),
        FEC.replace(b"\r\n", b"\n"),
        b"\xef\xbb\xbf" + FEC,
        FEC.decode().encode("utf-16"),
        XML_FEC,
    ],
    ids=["tab", "pipe", "semicolon", "lf", "bom", "utf-16", "xml"],
)
def test_a_fec_is_known_by_its_columns_whatever_its_name(content: bytes) -> None:
    assert kind(content, "photo.jpg") == "fec"


def test_a_name_alone_makes_no_fec() -> None:
    assert kind(b"Date;Libelle;Montant\r\n03/01/2025;VIREMENT;12,00\r\n", "123456782FEC20251231.txt") == "unknown"
    assert kind(PNG, "123456782FEC20251231.txt") == "image"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("annee/mensuelle_2025-01_P25_etab1.dsn", "dsn"),
        ("variantes/mensuelle_2025-05_P25_etab1_LF.dsn", "dsn"),
        ("signalements/signal04_arret_AT_P25.dsn", "dsn"),
        ("tolerant/utf8_bom.dsn", "dsn"),
        ("tolerant/sans_guillemets.dsn", "dsn"),
        ("tolerant/enrichi.dsn", "dsn_enriched"),
        ("tolerant/archive.zip", "zip"),
    ],
)
def test_a_dsn_is_known_by_its_lines_whatever_its_name(path: str, expected: str) -> None:
    assert kind((DSN / path).read_bytes(), "export.txt") == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"<?xml version='1.0'?><DSN><S21_G00_30_001>x</S21_G00_30_001></DSN>", "dsn_xml"),
        (b"<?xml version='1.0'?><rapport type='AEE'><entete/></rapport>", "dsn_return"),
        (b"<?xml version='1.0'?><facture/>", "unknown"),
        (b"<!DOCTYPE html><html></html>", "unknown"),
        (b"%PDF-1.7\n%\xe2\xe3", "pdf"),
        (b"\xef\xbb\xbf\n%PDF-1.4", "pdf"),
        (PNG, "image"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image"),
        (b"GIF89a\x01\x00", "image"),
        (b"BM\x46\x00\x00\x00\x00\x00\x00\x00\x36", "image"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "image"),
        (b"\x00\x00\x00\x18ftypheic", "image"),
        (b"BMW FACTURE 2025\r\n", "unknown"),
        (gzip.compress(FEC), "gzip"),
        (zipped(fec__txt=FEC), "zip"),
        (zipped(), "zip"),
        (workbook(), "xlsx"),
        (zipped(compta__xlsx=workbook()), "zip"),
        (zipped(**{"[Content_Types]__xml": b"<Types/>", "word/document__xml": b"<w/>"}), "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512, "unknown"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "unknown"),
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b" \r\n\t\r\n", "empty"),
        (b"\x00" * 100, "empty"),
        (b"\x00" * 200_000, "unknown"),
        (bytes(range(256)) * 4, "unknown"),
        (b"bonjour", "unknown"),
    ],
)
def test_other_files(content: bytes, expected: str) -> None:
    assert kind(content) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"#FLG 001\r\n#VER 14\r\n#DEV EUR\r\n#MECG\r\nVEN\r\n010125\r\n", "sage"),
        (b'1,010125,VE,411000,,"Facture 1","F1",120.00,D,310125,EUR\r\n' * 3, "ebp"),
        (b"C411DUPONDUPONT SA                     \r\nM411DUPONVE00001012025F\r\n" * 3, "quadra"),
        (
            b"***S5CLIJRLETE0001101900                                          \r\nVE 01012025FC411000 \r\n",
            "cegid_tra",
        ),
    ],
)
def test_exports_of_other_programs(content: bytes, expected: str) -> None:
    found = identify(BytesSource("export.txt", content))
    assert found.kind == expected
    assert "FEC" in found.advice


def test_an_old_workbook_is_told_from_other_binaries() -> None:
    old = identify(BytesSource("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
    other = identify(BytesSource("a.xls", b"\x01\x00\x02"))
    assert old.why != other.why


class OneWay(io.RawIOBase):
    """A stream that cannot jump, as a decrypted original is."""

    def __init__(self, content: bytes) -> None:
        self._left = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        chunk = self._left.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)


class OneWaySource(BytesSource):
    def open(self) -> BinaryIO:
        return io.BufferedReader(OneWay(self.content))  # type: ignore[return-value]


def test_a_source_that_cannot_jump_is_identified_all_the_same() -> None:
    content = workbook()
    assert identify(OneWaySource("a.xlsx", content)).kind == "xlsx"
    assert (
        identify(OneWaySource("a.zip", zipped(**{"[Content_Types]__xml": b"<T/>", "word/x__xml": b"x" * 200_000}))).kind
        == "zip"
    )


STARTS = [
    b"PK\x03\x04", b"\x1f\x8b", b"%PDF-", b"<", b"<rapport type='AEE'", b"#FLG", b"***S5", b"\xff\xfe", b"\xef\xbb\xbf",
    b"S10.G00.00.001,'", FEC[:40], XML_FEC[:60], b"C411", b"\x00",
]  # fmt: skip


@given(st.sampled_from([b"", *STARTS]), st.binary(max_size=400), st.text(max_size=20))
def test_no_bytes_and_no_name_make_it_raise(start: bytes, rest: bytes, name: str) -> None:
    found = identify(BytesSource(name, start + rest))
    assert isinstance(found, Identification)
    assert found.kind in KINDS
    assert found.why
    assert "…" not in found.why


@given(st.data())
def test_a_damaged_fec_never_makes_it_raise(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from([FEC, XML_FEC, FEC.decode().encode("utf-16")])))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    assert kind(bytes(content[: data.draw(st.integers(0, len(content)))])) in KINDS


def test_the_command_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_bytes(FEC)
    (tmp_path / "b.dsn").write_bytes(PNG)
    assert main(["identify", "--json", str(tmp_path / "a.txt"), str(tmp_path / "b.dsn")]) == 0
    files = json.loads(capsys.readouterr().out)["files"]
    assert [list(one) for one in files] == [["file", "kind", "why", "advice"]] * 2
    assert [(one["file"], one["kind"]) for one in files] == [("a.txt", "fec"), ("b.dsn", "image")]


def test_the_command_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    assert main(["identify", str(tmp_path / "a.pdf")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "a.pdf\u00a0: pdf. C’est un document PDF."
    assert lines[1].startswith("  → ")
