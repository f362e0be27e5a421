"""*Importer des clients* through the door: the model, the preview, the choices, the result."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import expect

from cabinet.clients.models import Client
from cabinet.onboarding.models import ClientSheet
from cabinet.onboarding.sheets.reading import read_sheet
from tests.cabinet.factories import make_siret
from tests.cabinet.people import People
from tests.web.browser import Surfer, assert_accessible, shoot


def content(rows: int = 3) -> bytes:
    lines = [f"{make_siret(72_000 + rank)};Société {rank};S{rank};Agroalimentaire;;;" for rank in range(rows)]
    wrong = ["000012344000;Boulangerie Marsollier;;;;;", f"{make_siret(73_000)};Garage Pellouin;;BTP;Jean Hervé;;"]
    head = "SIRET;Nom;Code dossier;Portefeuilles;Responsable;Personne de contact;E-mail du contact"
    return "\n".join([head, *lines, *wrong]).encode()


def drop(people: People, data: bytes, who: str = "administrator") -> HttpResponse:
    sent = SimpleUploadedFile("liste.csv", data)
    return people.browser(who).post(reverse("client_sheets"), {"file": sent})


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_model_is_read_as_it_is(people: People, kind: str) -> None:
    response = people.browser("administrator").get(reverse("client_sheet_model", args=[kind]))
    data = b"".join(response)  # type: ignore[arg-type]
    (line,) = read_sheet(data)
    assert line.values["siret"] == "00001234400016"
    assert set(line.values) >= {"name", "file_code", "portfolios", "manager"}
    if kind == "xlsx":
        assert load_workbook(BytesIO(data)).active.cell(1, 1).value == "SIRET"  # type: ignore[union-attr]


def test_no_other_model(people: People) -> None:
    assert people.browser("administrator").get(reverse("client_sheet_model", args=["pdf"])).status_code == 404


@pytest.mark.parametrize(("data", "words"), [(b"a;b\n1;2\n", "Aucune colonne ne s’appelle SIRET"), (b"", "fichier")])
def test_what_is_no_list_is_said(people: People, data: bytes, words: str) -> None:
    response = drop(people, data)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not ClientSheet.objects.exists()


def test_from_the_file_to_the_result(people: People, django_capture_on_commit_callbacks: object) -> None:
    browser = people.browser("administrator")
    url = drop(people, content()).headers["Location"]
    sheet = ClientSheet.objects.get()
    html = browser.get(url).content.decode()
    for words in (
        "3 à importer, 1 à vérifier",
        "Importer 3\u00a0clients",
        "Il manque 2 chiffres",
        "Responsable inconnu",
    ):
        assert words in html, words
    assert "Marsollier" not in browser.get(url + "?vue=a-voir").content.decode()
    assert "Marsollier" in browser.get(url + "?vue=bloquees").content.decode()
    choose = reverse("client_sheet_choose", args=[sheet.id])
    browser.post(choose, {"vue": ["2", "3", "6"], "ligne": ["2", "6", "5", "x"]})
    assert sorted(sheet.rows.filter(chosen=True).values_list("number", flat=True)) == [2, 4, 6]
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        browser.post(reverse("client_sheet_start", args=[sheet.id]))
    html = browser.get(url).content.decode()
    assert "3\u00a0clients créés, dont 3 à compléter, 0\u00a0refusé" in html
    made = Client.objects.get(siret=make_siret(72_000))
    assert reverse("dossier_overview", args=[made.id]) in html
    response = browser.get(reverse("client_sheet_result", args=[sheet.id]))
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 6
    assert [line.split(";")[8] for line in lines[1:]] == ["Créé", "Laissée de côté", "Créé", "Bloquée", "Créé"]
    assert lines[1].split(";")[2] == made.name
    assert "la fiche reste à compléter" in lines[1]
    again = browser.post(choose, {"action": "all"}, follow=True)
    assert "Cet import est déjà lancé" in again.content.decode()


def test_who_may_not_import_is_not_offered_it(people: People) -> None:
    assert "Importer des clients" in people.browser("administrator").get(reverse("client_list")).content.decode()
    assert "Importer des clients" not in people.browser("expert").get(reverse("client_list")).content.decode()
    assert drop(people, content(), "expert").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_in_the_browser(people: People, surfer: Surfer) -> None:
    page = surfer.page(people.administrator)
    page.goto(reverse("client_sheets"))
    assert_accessible(page)
    shoot(page, "client_sheets")
    page.get_by_label("Votre liste").set_input_files(
        {"name": "clients.csv", "mimeType": "text/csv", "buffer": content(6)}
    )
    page.get_by_role("button", name="Lire la liste").click()
    expect(page.get_by_text("6 à importer, 1 à vérifier")).to_be_visible()
    assert_accessible(page)
    shoot(page, "client_sheet")
    page.get_by_role("button", name="Importer 6\u00a0clients").click()
    expect(page.get_by_text("6\u00a0clients créés, dont 6 à compléter, 0\u00a0refusé")).to_be_visible()
    assert_accessible(page)
    shoot(page, "client_sheet-fini")
    phone = surfer.page(people.administrator, width=390)
    phone.goto(page.url)
    assert_accessible(phone)
