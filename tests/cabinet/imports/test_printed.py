"""The printed reports of an import: its check and its description, with the marks of the firm."""

import io

import pytest
from PIL import Image
from pypdf import PdfReader

from cabinet.accounts.models import FirmLogo
from cabinet.clients.models import Client
from cabinet.imports.printed import can_print, check_pdf, description_pdf
from tests.cabinet.factories import make_import
from tests.cabinet.imports.samples import GENERATED_FEC, Deliver, dsn


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)


def test_a_fec_is_printed_with_the_marks_of_the_firm(company: Client, deliver: Deliver) -> None:
    imported = deliver(company, GENERATED_FEC.name, GENERATED_FEC.read_bytes())
    logo = io.BytesIO()
    Image.new("RGBA", (60, 40), "#0a7").save(logo, "PNG")
    FirmLogo.objects.create(firm=company.firm, content=logo.getvalue(), sha256="0" * 64, width=2, height=2)
    pdf = check_pdf(imported)
    assert company.firm.name in words(pdf)
    assert imported.file_name in words(pdf)
    assert len(PdfReader(io.BytesIO(pdf)).pages[0].images) == 1
    assert all(one["code"] in words(pdf) for one in imported.report["findings"])


def test_its_description_names_its_journals_and_its_accounts(company: Client, deliver: Deliver) -> None:
    imported = deliver(company, GENERATED_FEC.name, GENERATED_FEC.read_bytes())
    said = words(description_pdf(imported))
    assert company.name in said
    assert "Journaux" in said
    assert "512000" in said


def test_what_is_no_fec_has_nothing_to_print(company: Client, deliver: Deliver) -> None:
    declared = deliver(company, "dsn.dsn", dsn("annee/mensuelle_2025-01_P25_etab1.dsn"))
    assert not can_print(declared)
    with pytest.raises(ValueError, match="FEC that was read"):
        check_pdf(make_import(company))
