"""The page that shows what a FEC changes, and its two answers."""

import re

import pytest
from django.urls import reverse

from cabinet.clients.models import Client
from cabinet.imports.enums import ImportState
from cabinet.imports.models import Import
from tests.cabinet.files import fec_name, make_fec
from tests.cabinet.imports.samples import Deliver
from tests.cabinet.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(people: People, deliver: Deliver) -> Import:
    """A second FEC of 2025 whose twelve sales are dearer, waiting for an answer."""
    name = fec_name(people.client.siren)
    deliver(people.client, name, make_fec())
    return deliver(people.client, name, make_fec(sales=1_200))


def text_of(response: object) -> str:
    content = response.content.decode().replace("\u00a0", " ")  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content))


def test_the_list_leads_to_what_changes_and_not_to_a_blind_yes(people: People, second: Import) -> None:
    page = people.browser("administrator").get(reverse("dossier_data", args=[people.client.id])).content.decode()
    assert reverse("import_comparison", args=[second.id]) in page
    assert reverse("import_accept", args=[second.id]) not in page


def test_what_changes_then_yes(people: People, second: Import) -> None:
    browser, url = people.browser("administrator"), reverse("import_comparison", args=[second.id])
    said = text_of(browser.get(url))
    assert "Changées 13" in said
    assert "Montants 13" in said
    assert "1 000,00 € → 1 200,00 €" in said
    assert "Débit 1000 → 1200" in said
    assert "411000" in said
    assert "Aucune écriture" in text_of(browser.get(url + "?quoi=added"))
    assert "Aucune écriture" in text_of(browser.get(url + "?q=introuvable"))
    browser.post(reverse("import_accept", args=[second.id]))
    second.refresh_from_db()
    assert second.state == ImportState.ACCEPTED
    after = text_of(browser.get(url))
    assert "Changées 13" in after
    assert "Remplacer le FEC" not in after


def test_without_the_right_to_delete_it_is_read_and_not_decided(people: People, second: Import) -> None:
    said = text_of(people.browser("inside").get(reverse("import_comparison", args=[second.id])))
    assert "Changées 13" in said
    assert "Remplacer le FEC" not in said
    assert "demande le droit de supprimer" in said


def test_the_same_file_in_another_order(people: People, second: Import, deliver: Deliver) -> None:
    head, *lines = make_fec().split(b"\r\n")[:-1]
    third = deliver(people.client, fec_name(people.client.siren), b"\r\n".join([head, *reversed(lines), b""]))
    said = text_of(people.browser("expert").get(reverse("import_comparison", args=[third.id])))
    assert "Aucune écriture ne change" in said


def test_a_file_that_replaces_nothing_says_so(people: People, whole: Client) -> None:
    fec = Import.objects.get(client=whole, kind="fec")
    said = text_of(people.browser("administrator").get(reverse("import_comparison", args=[fec.id])))
    assert "Rien à comparer" in said
