"""The check and the description of a FEC on paper, out of the reports of real files."""

import io
from datetime import date
from typing import Any

from pypdf import PdfReader

from bocage.formats.fec import report_as_json
from bocage.reports import Brand, Document, Table, render
from bocage.reports.fec import AccountUse, JournalUse, check_document, description_document
from tests.bocage.fec.books import COLUMNS, changed, read, text

BRAND = Brand("Cabinet Dupont")
DAY = date(2026, 11, 24)


def said(document: Document) -> str:
    pages = PdfReader(io.BytesIO(render(document))).pages
    return (
        " ".join(" ".join(page.extract_text().split()) for page in pages).replace("\u00a0", " ").replace("\u200b", "")
    )


def report(content: str, name: str = "100000009FEC20241231.txt") -> dict[str, Any]:
    return dict(report_as_json(read(content, name)))


def test_the_check_gives_three_answers_and_each_finding_with_its_lines() -> None:
    found = report(text(changed(2, Debit="100.00")))
    document = check_document(found, brand=BRAND, subject="Société d’essai", day=DAY)
    words = said(document)
    assert "Société d’essai Établi le 24 novembre 2026" in words
    assert "Exploitable : peut-on s’en servir ? Oui 8 lignes lues" in words
    assert "Conforme : le testeur officiel l’accepterait-il ? Non 1 motif" in words
    assert "SIREN 100 000 009" in words
    rows = [row for block in document.blocks if isinstance(block, Table) for row in block.rows]
    (row,) = [row for row in rows if row[1] == "NUM-02"]
    assert (row[0], row[3:]) == ("Erreur", ("1", "4"))
    assert "virgule est exigée. Remède" in row[2]
    codes = {one["code"] for one in found["findings"]}
    assert len(codes) > 3
    assert all(code in words for code in codes)


def test_a_file_that_cannot_be_read_has_its_check_too() -> None:
    words = said(check_document(report("", "vide.txt"), brand=BRAND, subject="", day=DAY))
    assert "Exploitable : peut-on s’en servir ? Non" in words
    assert "FILE-01" in words


def test_no_finding_is_said() -> None:
    found = report(text()) | {"findings": []}
    assert "Aucun constat" in said(check_document(found, brand=BRAND, subject="", day=DAY))


def test_the_description_tells_the_columns_the_structure_and_the_codes() -> None:
    columns = (*COLUMNS, "Etablissement")
    found = report(text(columns=columns))
    document = description_document(
        found, brand=BRAND, subject="Société d’essai", day=DAY, size=1234,
        journals=[JournalUse("AC", "Achats", 2), JournalUse("VE", "Ventes", 3)],
        accounts=[AccountUse("606100", "Énergie", 1)],
    )  # fmt: skip
    words = said(document)
    for part in (
        "Taille 1 234 octets", "Jeu de caractères UTF-8", "à plat, champs séparés par une tabulation", "CR LF",
        "Intitulés ligne 1", "1 JournalCode Code du journal", "19 Etablissement Colonne complémentaire.",
        "À compléter par l’entreprise avant remise : • Etablissement", "AC Achats 2", "Total 5", "606100 Énergie 1",
        "article A47 A-1, XI",
    ):  # fmt: skip
        assert part in words, part


def test_the_description_of_a_file_without_facts_says_what_is_not_known() -> None:
    words = said(description_document({"file": "x.txt"}, brand=BRAND, subject="", day=DAY, size=0))
    assert "Enregistrements à compléter" in words
    assert "il n’a pas pu être lu" in words


def test_each_column_of_the_norm_is_explained() -> None:
    from bocage.formats.fec.columns import FIELDS
    from bocage.wording import sentence

    assert all(sentence("fec_columns", field.legal).message for field in FIELDS)
