"""The VSME table of a dossier: what it says, what people answer, what the sheet holds."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader
from pytest_django.fixtures import DjangoAssertNumQueries

from bocage.vsme import Status
from cabinet.accounts.actors import operator
from cabinet.audit.models import LogEntry
from cabinet.carbon.estimating import refresh
from cabinet.carbon.quantities import Terms, give
from cabinet.clients.models import Client
from cabinet.dossiers.models import IndicatorSnapshot
from cabinet.dossiers.selectors import figures_of
from cabinet.vsme.models import Kind, PointAnswer
from cabinet.vsme.selectors import changes_of, results_of, table_of
from cabinet.vsme.services import Said, answer
from cabinet.web.vsme.page import point_of
from tests.cabinet.factories import make_client, make_year
from tests.cabinet.people import People

SCOPE_1 = "GrossScope1GreenhouseGasEmissions"
SCOPE_2 = "GrossLocationBasedScope2GreenhouseGasEmissions"
TOTAL = "TotalGrossLocationBasedScope1AndScope2GHGEmissions"


def address(client: Client, name: str = "vsme", *more: str) -> str:
    return reverse(name, args=[client.id, *more])


def sent(value: str, kind: str = "answered", reason: str = "Facture du fournisseur") -> dict[str, str]:
    return {"kind": kind, "value": value, "reason": reason}


def test_the_page_shows_what_the_files_say_in_few_queries(
    people: People, whole: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = people.browser("administrator")
    with django_assert_max_num_queries(15):
        shown = browser.get(address(whole))
    page, html = shown.context["page"], shown.content.decode()
    assert (page.total, page.counts.valued) == (97, 26)
    assert page.counts.valued + page.counts.not_applicable + page.counts.to_ask + page.counts.omitted == 97
    # October was not declared: what stands on the whole year waits for a confirmation.
    assert "Des mois ne sont pas déclarés." in html
    assert reverse("dossier_figure", args=[whole.id, "turnover"]) in html
    rows = {row.concept: row for group in page.groups for row in group.rows}
    assert rows["Turnover"].value == "1\u00a0286\u00a0670,42\u00a0€"
    assert rows["TotalEnergyConsumption"].asked


def test_the_filters_keep_the_rows_of_one_state(people: People, whole: Client) -> None:
    browser = people.browser("administrator")
    page = browser.get(address(whole), {"etat": "to_ask"}).context["page"]
    assert {row.word for group in page.groups for row in group.rows} == {"À demander"}
    page = browser.get(address(whole), {"module": "complet", "etat": "nonsense"}).context["page"]
    assert page.total == 39


def test_an_answer_is_kept_with_its_author_and_can_be_taken_back(people: People, client_with_year: Client) -> None:
    client, browser = client_with_year, people.browser("inside")
    url = address(client, "vsme_point", SCOPE_1)
    assert browser.post(url, sent("douze")).status_code == 422
    assert browser.post(url, sent("")).status_code == 422
    assert browser.post(url, sent("12", reason="")).status_code == 422
    assert not PointAnswer.objects.exists()
    assert browser.post(url, sent("12,5")).status_code == 302
    html = browser.get(url).content.decode()
    assert "Mathis Le Goff" in html
    assert "12,50\u00a0t CO<sub>2</sub>e" in html
    line = LogEntry.objects.get(action="vsme.answered")
    assert "12,5" not in str(line.changes)
    assert browser.post(address(client, "vsme_withdraw", SCOPE_1)).status_code == 302
    assert table_of(client, client.years.get()).prefill.get(SCOPE_1).status is Status.TO_ASK


def test_the_document_of_an_answer_stays_until_another_or_the_answer_goes(
    people: People, client_with_year: Client, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    browser, client = people.browser("inside"), client_with_year
    url, pdf = address(client, "vsme_point", SCOPE_1), b"%PDF-1.7 bilan"
    folder = Path(settings.STORAGE_DIR) / "attachments"
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(url, sent("12") | {"proof": SimpleUploadedFile("bilan.pdf", pdf)})
        browser.post(url, sent("13"))
    assert "bilan.pdf" in browser.get(url).content.decode()
    assert browser.get(address(client, "vsme_proof", SCOPE_1)).content == pdf
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(url, sent("13") | {"proof": SimpleUploadedFile("bis.pdf", pdf + b" bis")})
    assert len([*folder.glob("*")]) == 1
    assert browser.post(url, sent("14") | {"proof": SimpleUploadedFile("x.pdf", b"MZ")}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(address(client, "vsme_withdraw", SCOPE_1))
    assert not [*folder.glob("*")]


def test_an_answer_not_applicable_holds_no_value(people: People, client_with_year: Client) -> None:
    client = client_with_year
    people.browser("inside").post(address(client, "vsme_point", SCOPE_1), sent("7", kind="not_applicable"))
    row = table_of(client, client.years.get()).prefill.get(SCOPE_1)
    assert (row.status, row.value, row.reason) == (Status.NOT_APPLICABLE, None, "Facture du fournisseur")
    assert PointAnswer.objects.get().value == ""


def test_a_deactivated_client_takes_no_answer(people: People, client_with_year: Client) -> None:
    client = client_with_year
    client.is_active = False
    client.save()
    url = address(client, "vsme_point", SCOPE_1)
    assert people.browser("administrator").post(url, sent("12")).status_code == 403
    assert "Enregistrer" not in people.browser("administrator").get(url).content.decode()


def test_the_sheet_computes_totals_and_takes_no_formula_from_a_client(people: People, client_with_year: Client) -> None:
    client, actor = client_with_year, operator(people.firm)
    client.name = "=1+1"
    client.save()
    year = client.years.get()
    for concept, value in ((SCOPE_1, "12"), (SCOPE_2, "3"), ("AddressOfSite", "=HYPERLINK(1)")):
        answer(actor=actor, year=year, point=point_of(concept), said=Said(Kind.ANSWERED, value, "=2+2"))
    sheet = load_workbook(BytesIO(people.browser("inside").get(address(client, "vsme_xlsx")).content)).worksheets[0]
    rows = {row[9].value: row for row in sheet.iter_rows(min_row=9)}
    assert len(rows) == 143
    assert rows[SCOPE_1][3].value == 12
    assert rows[TOTAL][3].value == f"={rows[SCOPE_1][3].coordinate}+{rows[SCOPE_2][3].coordinate}"
    formulas = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"}
    assert formulas == {rows[TOTAL][3].coordinate}


def test_without_a_year_the_page_says_what_to_do(people: People) -> None:
    assert "Aucun exercice" in people.browser("inside").get(address(people.client)).content.decode()


@pytest.fixture
def client_with_year(people: People) -> Client:
    make_year(people.client)
    return people.client


def test_the_diagnostic_is_printed_with_the_marks_of_the_firm(people: People, whole: Client) -> None:
    refresh(whole)
    browser = people.browser("inside")
    assert "kg CO2e par ETP" in browser.get(reverse("dossier_indicators", args=[whole.id])).content.decode()
    response = browser.get(address(whole, "diagnostic_pdf"))
    assert response["Content-Type"] == "application/pdf"
    pages = PdfReader(BytesIO(response.content)).pages
    words = " ".join(" ".join(page.extract_text().split()) for page in pages).replace("\u00a0", " ")
    for part in (
        people.firm.name,
        whole.name,
        "1 286 670 €",
        "Où va la dépense",
        "M-2026.11",
        "Émissions par ETP",
        "absent",
    ):
        assert part in words, part


def test_the_year_before_is_compared(people: People, client_with_year: Client) -> None:
    """Only with a year as long that ends just before."""
    client = client_with_year
    year = client.years.get()
    before = client.years.create(start=year.start.replace(year=year.start.year - 1), end=year.start - timedelta(days=1))
    for one, value in ((before, 200), (year, 250)):
        IndicatorSnapshot.objects.create(
            dossier=client.dossier, year=one, family="economic", code="turnover", unit="EUR", status="computed",
            value=value, formula="70", library="0", inputs_hash="0",
        )  # fmt: skip
    results = results_of(figures_of(year))
    assert changes_of(client, year, results)["turnover"].percent == 25
    assert changes_of(client, before, results_of(figures_of(before))) == {}


def test_the_economic_page_tells_changes_joined_figures_and_peers(people: People, client_with_year: Client) -> None:
    client, page = client_with_year, people.browser("administrator")
    client.ape = "10.71C"
    client.save()
    others = [make_client(people.firm, people.administrator, name=f"Voisin {rank}", ape="10.71C") for rank in range(5)]
    for rank, one in enumerate((client, *others)):
        year = one.years.first() or make_year(one)
        for code, value, unit in (("turnover", 200_000, "EUR"), ("supplier_payment_days", 30 + 10 * rank, "days"),
                                  ("fte_year_end", 4, "FTE")):  # fmt: skip
            IndicatorSnapshot.objects.create(
                dossier=one.dossier, year=year, family="workforce" if unit == "FTE" else "economic", code=code,
                unit=unit, status="computed", value=value, formula="x", library="0", inputs_hash="0",
            )  # fmt: skip
    html = page.get(reverse("dossier_indicators", args=[client.id])).content.decode()
    assert "50\u00a0000 € par ETP" in html.replace("\u00a0€", " €").replace("€\u00a0", "€ ")
    assert "Parmi les dossiers du cabinet" in html
    assert "55\u00a0jours" in html
    before = client.years.create(start="2024-01-01", end="2024-12-31")
    IndicatorSnapshot.objects.create(
        dossier=client.dossier, year=before, family="economic", code="turnover", unit="EUR", status="computed",
        value=160_000, formula="x", library="0", inputs_hash="0",
    )  # fmt: skip
    address_of_year = reverse("dossier_indicators", args=[client.id]) + f"?exercice={client.years.first().id}"
    assert "+25,0\u00a0%" in page.get(address_of_year).content.decode()
    assert "Voisin" not in html.split("<main", 1)[1]


def test_a_value_leads_down_to_the_line_of_the_file(people: People, whole: Client) -> None:
    give(
        actor=people.actor("administrator"),
        year=whole.years.get(),
        terms=Terms("electricity", "ademe:43642", Decimal(40_000), "kWh", "billed", "", None, "Factures"),
    )
    refresh(whole)
    browser = people.browser("administrator")
    point = browser.get(address(whole, "vsme_point", "TotalEnergyConsumption"))
    urls = {source.text: source.url for source in point.context["row"].sources}
    assert browser.get(urls["Quantité saisie\u00a0: Électricité"]).status_code == 200
    text, url = next((text, url) for text, url in urls.items() if text.startswith("FEC, ligne"))
    ledger = browser.get(url.partition("#")[0]).context["page"]
    (sought,) = [line for line in ledger.lines if line.sought]
    assert f"{sought.line.line}" in text
    scope = browser.get(address(whole, "vsme_point", SCOPE_2)).context["row"].sources
    assert address(whole, "carbon") in {source.url for source in scope}
