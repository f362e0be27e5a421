"""Blocks to PDF: what is printed is what was said, always the same bytes, whatever the texts hold."""

import io
import struct
import subprocess
import sys
import zlib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from bocage.reports import (
    Block,
    Brand,
    Bullets,
    Chart,
    Column,
    Document,
    Figure,
    Figures,
    Heading,
    Note,
    PageBreak,
    Pairs,
    Paragraph,
    Table,
    charts,
    render,
)

COMMANDS = r'#panic("x") $x^2$ *gras* _it_ @ref "q" \ \u{41} `r` <l> [a] {b} // c /* d */ = t - l + n ~ #import "x.typ"'
DAY = date(2026, 11, 24)


def logo(width: int = 60, height: int = 20) -> bytes:
    """A green PNG."""
    rows = (b"\x00" + b"\x00\xaa\x77" * width) * height

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def document(*blocks: Block, cover: bool = False, text: str = "Société d’essai") -> Document:
    brand = Brand("Cabinet Dupont & associés", ("12 rue des Lilas",), logo())
    return Document("Contrôle du FEC", text, brand, DAY, blocks, (("SIREN", text),), "Pied de page", cover)


def every_block(text: str) -> tuple[Block, ...]:
    drawn = charts.bars(
        [charts.Mark(text, Decimal(3)), charts.Mark("b", Decimal(-1)), charts.Mark("c", None)], "#0f766e"
    )
    return (
        Heading(text),
        Heading(text, 2),
        Paragraph(text),
        Paragraph(text, quiet=True),
        Bullets((text, text)),
        Pairs(((text, text),)),
        Figures((Figure(text, text, text, text, "ok"),)),
        Note(text, text, "warn"),
        PageBreak(),
        Table((Column(text), Column(text, "right", 2, raw=True)), ((text, text),), (text, text), text),
        Chart(drawn, text, text),
    )


def words(pdf: bytes) -> list[str]:
    """What each page says, its spaces left out: a line may be cut anywhere."""
    return ["".join(page.extract_text().split()).replace("\u200b", "") for page in PdfReader(io.BytesIO(pdf)).pages]


def test_a_text_is_printed_as_it_stands_wherever_it_is() -> None:
    pages = words(render(document(*every_block(COMMANDS), text=COMMANDS)))
    said = "".join(pages).count("".join(COMMANDS.split()))
    # 2 titles, 2 paragraphs, 2 bullets, 2 in pairs, 4 in the figure, 2 in the note, 7 in the table, 1 under the chart;
    # the subject and the identity.
    assert said == 24


@settings(max_examples=30)
@given(st.text(min_size=1, max_size=40))
def test_no_text_stops_a_report(text: str) -> None:
    assert render(document(*every_block(text), text=text)).startswith(b"%PDF-")


@pytest.mark.parametrize("text", ["\ud800", "\x00\x1b", "\U0001f600", "\ue000", "\ufeff", "中"])
def test_what_no_face_can_draw_leaves_the_rest_readable(text: str) -> None:
    assert "Resteinchangé" in words(render(document(Paragraph(text), Paragraph("Reste inchangé"))))[0]


def test_the_same_document_gives_the_same_bytes_on_another_day() -> None:
    code = (
        "import sys; from tests.bocage.reports.test_rendering import document, every_block, render;"
        "sys.stdout.buffer.write(render(document(*every_block('été'))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=True)
    assert done.stdout == render(document(*every_block("été")))


def test_the_pages_are_numbered_and_bear_the_firm() -> None:
    pages = words(render(document(Paragraph("Un"), PageBreak(), Paragraph("Deux"))))
    assert ["page1sur2" in pages[0], "page2sur2" in pages[1]] == [True, True]
    assert pages[0].startswith("CabinetDupont&associés12ruedesLilas")
    assert pages[1].startswith("CabinetDupont&associésContrôleduFEC")
    assert all("Pieddepage" in page for page in pages)


def test_the_titles_of_a_table_are_on_each_of_its_pages() -> None:
    rows = tuple((f"ligne {rank}", "x") for rank in range(120))
    pages = words(render(document(Table((Column("Libellé"), Column("Montant")), rows))))
    assert len(pages) > 1
    assert all("LibelléMontant" in page for page in pages)


def test_a_cover_stands_alone_and_the_file_says_what_it_is() -> None:
    read = PdfReader(io.BytesIO(render(document(Paragraph("Corps"), cover=True))))
    assert ["Corps" in page.extract_text() for page in read.pages] == [False, True]
    assert read.metadata is not None
    assert (read.metadata.title, read.metadata.author) == ("Contrôle du FEC", "Cabinet Dupont & associés")
    assert read.metadata.creation_date is not None
    assert read.metadata.creation_date.date() == DAY
    assert "/StructTreeRoot" in read.trailer["/Root"]
    assert read.trailer["/Root"]["/Lang"] == "fr-FR"


def test_the_logo_is_drawn_and_may_be_missing() -> None:
    def images(brand: Brand) -> int:
        made = Document("T", "", brand, DAY, (Paragraph("p"),))
        return len(PdfReader(io.BytesIO(render(made))).pages[0].images)

    assert (images(Brand("C", logo=logo())), images(Brand("C", logo=logo(600, 40))), images(Brand("C"))) == (1, 1, 0)


def test_a_table_takes_one_cell_a_column() -> None:
    with pytest.raises(ValueError, match="2 cells for 1 columns"):
        Table((Column("a"),), (("x", "y"),))


@pytest.mark.parametrize("colour", ["red", "#1234a", '#1234a"', "#12345g"])
def test_a_colour_is_six_digits(colour: str) -> None:
    with pytest.raises(ValueError, match="not a colour"):
        Brand("C", main_colour=colour)


@pytest.mark.parametrize("block", [Heading(""), Heading("Chapitre", 2), Chart(b"", "")])
def test_a_report_can_be_followed_by_ear(block: Block) -> None:
    with pytest.raises(ValueError, match=r"empty|level 1"):
        document(block)
