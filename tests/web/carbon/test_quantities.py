"""Real quantities: given and withdrawn on the page, in the place of the euros, never beside them."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cabinet.audit.models import LogEntry
from cabinet.carbon.estimating import refresh
from cabinet.carbon.models import GivenQuantity
from cabinet.carbon.selectors import reading_of
from cabinet.clients.models import Client
from cabinet.vsme.selectors import table_of
from tests.cabinet.people import People

pytestmark = pytest.mark.django_db
ELECTRICITY = {
    "what": "electricity ademe:43273",
    "amount": "38,4",
    "unit": "MWh",
    "origin": "billed",
    "site": "Atelier",
    "month": "",
    "reason": "Factures de l’année",
}


def post(people: People, client: Client, **changes: Any) -> Any:
    url = reverse("carbon_quantities", args=[client.id])
    return people.browser("inside").post(url, ELECTRICITY | changes)


def test_a_quantity_takes_the_place_of_the_euros_and_leaves_with_its_trace(people: People, estimated: Client) -> None:
    year = estimated.years.get()
    before = reading_of(year)
    assert before is not None
    assert post(people, estimated).status_code == 302
    refresh(estimated)
    after = reading_of(year)
    assert after is not None
    assert after.row.total - before.row.total == Decimal("38400") * Decimal("0.058")
    assert after.by_scope["2"] == Decimal("38400") * Decimal("0.0394")
    assert "electricity" not in after.row.missing
    html = people.browser("inside").get(reverse("carbon_quantities", args=[estimated.id])).content.decode()
    for words in ("38,4\u00a0MWh", "Atelier, exercice entier", "Factures de l’année", "Mathis Le Goff"):
        assert words in html
    rows = {row.point.concept: row for row in table_of(estimated, year).prefill.rows}
    assert any(row.value == Decimal("38.4") for row in rows.values())
    given = GivenQuantity.objects.get()
    url = reverse("carbon_quantity_withdraw", args=[estimated.id, given.id])
    assert people.browser("inside").post(url).status_code == 302
    refresh(estimated)
    again = reading_of(year)
    assert again is not None
    assert again.row.total == before.row.total
    assert [one.action for one in LogEntry.objects.filter(action__startswith="carbon.").order_by("at")] == [
        "carbon.quantity_given",
        "carbon.quantity_withdrawn",
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"unit": "L"}, "Cette unité ne se convertit pas en «\u00a0kWh\u00a0»"),
        ({"amount": "-1"}, "Assurez-vous que cette valeur est supérieure ou égale à 0"),
        ({"what": "goods ademe:43273"}, "Sélectionnez un choix valide"),
        ({"reason": ""}, "Ce champ est obligatoire"),
        ({"month": "2019-01-01"}, "Sélectionnez un choix valide"),
    ],
)
def test_what_cannot_be_used_is_refused_beside_its_field(
    people: People, estimated: Client, changes: dict[str, str], words: str
) -> None:
    response = post(people, estimated, **changes)
    assert response.status_code == 422
    assert words in " ".join(error for errors in response.context["page"].form.errors.values() for error in errors)
    assert not GivenQuantity.objects.exists()


@pytest.mark.parametrize("typed", ["38 400", "38\u00a0400,0", "38\u202f400"])
def test_a_number_may_be_typed_with_its_spaces(people: People, estimated: Client, typed: str) -> None:
    assert post(people, estimated, amount=typed, unit="kWh").status_code == 302
    assert GivenQuantity.objects.get().amount == 38_400


def test_a_deactivated_dossier_takes_no_quantity(people: People, estimated: Client) -> None:
    estimated.is_active = False
    estimated.save()
    assert post(people, estimated).status_code == 403
    html = people.browser("inside").get(reverse("carbon_quantities", args=[estimated.id])).content.decode()
    assert "Enregistrer la quantité" not in html


PDF = b"%PDF-1.7\nFacture EDF"


def test_the_invoice_of_a_quantity_is_sealed_downloaded_and_destroyed_with_it(
    people: People, estimated: Client, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    assert post(people, estimated, proof=SimpleUploadedFile("edf.pdf", PDF)).status_code == 302
    given = GivenQuantity.objects.get()
    (path,) = (Path(settings.STORAGE_DIR) / "attachments").glob("*")
    assert PDF not in path.read_bytes()
    browser = people.browser("inside")
    page = browser.get(reverse("carbon_quantities", args=[estimated.id])).content.decode()
    url = reverse("carbon_quantity_proof", args=[estimated.id, given.id])
    assert (url in page, "edf.pdf" in page) == (True, True)
    assert browser.get(url).content == PDF
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("carbon_quantity_withdraw", args=[estimated.id, given.id]))
    assert not path.exists()


def test_a_document_that_is_no_proof_is_refused_beside_its_field(people: People, estimated: Client) -> None:
    response = post(people, estimated, proof=SimpleUploadedFile("edf.pdf", b"MZ"))
    assert (response.status_code, list(response.context["page"].form.errors)) == (422, ["proof"])
    assert not GivenQuantity.objects.exists()


def test_known_emissions_take_the_place_of_the_euros_of_their_category(people: People, estimated: Client) -> None:
    before = reading_of(estimated.years.get())
    assert before is not None
    goods = sum(cell.kgco2e for cell in before.cells if cell.category == "freight_in")
    sent = {"what": "freight_in known", "amount": "1,5", "unit": "tCO2e", "reason": "Relevé du transporteur"}
    assert post(people, estimated, **sent).status_code == 302
    refresh(estimated)
    after = reading_of(estimated.years.get())
    assert after is not None
    assert after.row.total - before.row.total == 1500 - goods.quantize(Decimal("0.000001"))
    page = people.browser("inside").get(reverse("carbon_quantities", args=[estimated.id])).content.decode()
    assert "1,5\u00a0t CO2e" in page
    trace = reverse("carbon_trace", args=[estimated.id])
    assert people.browser("inside").get(trace, {"facteur": "known"}).status_code == 200
    assert post(people, estimated, what="electricity known", unit="kgCO2e").status_code == 422
