"""Archives, parts, workbooks and XML, well made and not."""

import io
import zipfile
from collections.abc import Sequence

import pytest
from openpyxl import Workbook

from bocage.formats.base import BytesSource
from tests.bocage.fec.books import COLUMNS, NAME, book, codes, finding, read, read_all, text
from tests.bocage.fec.test_every_file_check import XML as ONE_ENTRY

FEC = text().encode()
LINES = FEC.splitlines(keepends=True)


def zipped(*members: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def workbook(columns: Sequence[str] = COLUMNS) -> bytes:
    made, stream = Workbook(), io.BytesIO()
    sheet = made.active
    assert sheet is not None
    sheet.append(list(columns))
    for row in book():
        sheet.append([row[name] for name in COLUMNS])
    made.save(stream)
    return stream.getvalue()


DOCUMENT = zipped(("[Content_Types].xml", b"<T/>"), ("word/document.xml", b"<w/>"))


@pytest.mark.parametrize(
    ("content", "file", "raised"),
    [
        (zipped((NAME, FEC), ("notice.docx", DOCUMENT), ("p.pdf", b"%PDF-1.4")), f"a.zip!{NAME}", {"FILE-08"}),
        (zipped(("export.xlsx", workbook())), "a.zip!export.xlsx", {"FILE-02", "FILE-08", "FILE-16"}),
        (zipped(("export.xlsx", workbook(["a"])), (NAME, FEC)), f"a.zip!{NAME}", {"FILE-08"}),
        (zipped(("a.zip", zipped((NAME, FEC)))), "a.zip", {"FILE-14"}),
        (zipped(("../" + NAME, FEC)), "a.zip", {"FILE-14"}),
        (zipped(("notice.docx", DOCUMENT)), "a.zip", {"FILE-15"}),
        (zipped((NAME, FEC))[:-30], "a.zip", {"FILE-01"}),
    ],
    ids=["attachments", "workbook", "other workbook", "nested", "path", "no fec", "cut"],
)
def test_archives(content: bytes, file: str, raised: set[str]) -> None:
    report = read(content, "a.zip")
    assert (report.file, codes(report)) == (file, raised)


@pytest.mark.parametrize(
    ("second", "raised"), [(LINES[0] + b"".join(LINES[5:]), set()), (b"".join(LINES[5:]), {"HDR-11"})]
)
def test_parts_in_any_order_with_or_without_their_header(second: bytes, raised: set[str]) -> None:
    parts = [BytesSource(NAME.replace(".", "_2."), second), BytesSource(NAME.replace(".", "_1."), b"".join(LINES[:5]))]
    (report,) = read_all(parts)
    assert report.parts == ("100000009FEC20241231_1.txt", "100000009FEC20241231_2.txt")
    assert (report.file, report.lines, report.entries, codes(report)) == (NAME, 8, 4, raised)
    assert report.verdicts.exploitable
    assert report.verdicts.conforme == (not raised)


def _part(rank: int, content: bytes = FEC, folder: str = "") -> BytesSource:
    return BytesSource(f"{folder}{NAME.replace('.', f'_{rank}.')}", content)


@pytest.mark.parametrize(
    ("ranks", "lacking"),
    [((1,), ""), ((1, 2), ""), ((2,), "la partie 1"), ((1, 3), "la partie 2"), ((2, 5), "les parties 1, 3 et 4"),
     ((9,), "les parties 1 à 8")],
)  # fmt: skip
def test_the_parts_that_lack_are_named(ranks: tuple[int, ...], lacking: str) -> None:
    (report,) = read_all([_part(rank) for rank in ranks])
    said = [found.params["manque"] for found in report.findings if found.code == "FILE-11"]
    assert said == ([lacking] if lacking else [])


def test_a_place_names_its_part_whatever_finds_it() -> None:
    header, rest = LINES[0], LINES[5:]
    short = rest[0].rsplit(b"\t", 2)[0] + b"\r\n"  # found as the part is read; the label by a check
    said = rest[1].replace(b"Achat", b"Erreur", 1) if b"Achat" in rest[1] else rest[1]
    second = header + short + said + b"".join(rest[2:]).replace(b"\t20241231\t\t", b"\t\t\t")
    (report,) = read_all([_part(1, b"".join(LINES[:5])), _part(2, second)])
    places = {found.code: found.where for found in report.findings}
    assert [(place.part, place.line) for place in places["ROW-01"]] == [(2, 2)]
    assert {place.part for found in report.findings for place in found.where if place.line} <= {1, 2}
    whole = read(b"".join(LINES))
    assert all(place.part is None for found in whole.findings for place in found.where)


def test_workbooks_and_xml_stand_alone_whatever_their_name() -> None:
    xml = [BytesSource(NAME.replace(".txt", f"_{rank}.xml"), ONE_ENTRY.encode()) for rank in (1, 2)]
    books = [BytesSource(NAME.replace(".txt", f"_{rank}.xlsx"), workbook()) for rank in (1, 2)]
    reports = read_all([*xml, *books])
    assert [(report.parts, report.lines) for report in reports] == [((), 2), ((), 2), ((), 8), ((), 8)]


def test_the_same_parts_of_two_folders_are_two_files() -> None:
    reports = read_all([_part(rank, folder=folder) for rank in (1, 2) for folder in ("a/", "b/")])
    assert [(len(report.parts), report.lines) for report in reports] == [(2, 16), (2, 16)]


def test_a_workbook_that_lies_about_its_parts_is_unreadable_not_an_error() -> None:
    made = workbook()
    at = made.rindex(b"xl/workbook.xml") - 46
    assert made[at : at + 4] == b"PK\x01\x02"
    wild = made[: at + 42] + (2**31 + 7).to_bytes(4, "little") + made[at + 46 :]
    assert codes(read(wild, NAME.replace("txt", "xlsx"))) == {"FILE-01"}
    ends = made.rindex(b"PK\x05\x06")
    wild = made[: ends + 16] + (2**32 - 2).to_bytes(4, "little") + made[ends + 20 :]
    assert codes(read(wild, NAME.replace("txt", "xlsx"))) == {"FILE-01"}


def test_a_workbook_that_would_fill_the_memory_is_refused() -> None:
    stream = io.BytesIO(workbook())
    assert codes(read(stream.getvalue(), "100000009FEC20241231.xlsx")) == {"FILE-16"}
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as book_file:
        book_file.writestr("xl/sharedStrings.xml", b"<sst><si><t>" + b"x" * 330_000_000 + b"</t></si></sst>")
    assert codes(read(stream.getvalue(), "100000009FEC20241231.xlsx")) == {"FILE-01"}


def test_xml_that_is_no_fec_or_means_harm() -> None:
    entities = b"".join(b'<!ENTITY a%d "%s">' % (rank, b"&a%d;" % (rank - 1) * 10) for rank in range(1, 10))
    bomb = b'<?xml version="1.0"?><!DOCTYPE c [<!ENTITY a0 "aaaaaaaaaa">' + entities + b"]><comptabilite>&a9;"
    outside = b'<?xml version="1.0"?><!DOCTYPE c [<!ENTITY a SYSTEM "file:///etc/passwd">]><comptabilite>&a;'
    invoice = read(b'<?xml version="1.0"?><Invoice><ID>1</ID></Invoice>')
    assert (invoice.kind, codes(invoice)) == ("unknown", {"HDR-01"})
    assert codes(read(bomb)) == {"XML-01"}
    assert codes(read(b'<?xml version="1.0"?>' + b"<ligne>" * 50_000)) == {"XML-01"}
    assert "FILE-06" in codes(read(outside + b"</comptabilite>"))


ENTRY = """<ecriture><EcritureNum>1</EcritureNum><EcritureDate>2024-01-15</EcritureDate>
<EcritureLib>Pièce{bar}</EcritureLib>
<PieceRef>F1</PieceRef><PieceDate>2024-01-15</PieceDate><ValidDate>2024-12-31</ValidDate>
<ligne><CompteNum>606100</CompteNum><CompteLib>Eau</CompteLib><Debit>10.00</Debit><Axe>{axe}</Axe></ligne>
<ligne><CompteNum>401000</CompteNum><CompteLib>F</CompteLib><{aux}>F1</{aux}><Credit>10.00</Credit></ligne></ecriture>"""
XML = """<?xml version="1.0" encoding="utf-8"?>
<comptabilite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
xsi:noNamespaceSchemaLocation="formatA47A-I-VII-1.xsd">
<exercice><DateCloture>2024-12-31</DateCloture><journal><JournalCode>AC</JournalCode>
<JournalLib>Achats</JournalLib>{entry}
</journal></exercice></comptabilite>"""


@pytest.mark.parametrize(
    ("axe", "bar", "aux", "checks"),
    [
        ("Paris", "", "CompteAuxNum", {"T12"}),
        ("a|b", "", "CompteAuxNum", {"T12", "T16"}),
        ("Paris", "|", "CompteAuxNum", {"T12", "T16"}),
    ],
)
def test_supplementary_elements_hide_nothing_from_the_tester(axe: str, bar: str, aux: str, checks: set[str]) -> None:
    report = read(XML.format(entry=ENTRY.format(axe=axe, bar=bar, aux=aux)), "100000009FEC20241231.xml")
    assert report.official is not None
    assert checks <= set(report.official.checks)
    assert report.verdicts.conforme == ("T16" not in checks)
    assert (report.lines, report.verdicts.exploitable) == (2, True)


def test_a_short_signed_row_explains_why_the_tester_stops() -> None:
    rows = [{**row, "Montant": "1,00", "Sens": "D"} for row in book()]
    names = [{"Debit": "Montant", "Credit": "Sens"}.get(name, name) for name in COLUMNS]
    report = read(text(rows, columns=names) + "AC\tAchats\t9\r\n" * 2)
    assert not report.verdicts.conforme
    assert finding(report, "ROW-01").verdict == "conforme"
