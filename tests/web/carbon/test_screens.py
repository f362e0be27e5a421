"""The carbon pages in Chromium, wide and on a phone: accessible, nothing sticks out, and kept as pictures."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cabinet.carbon.estimating import refresh
from cabinet.carbon.models import SupplierIdentity
from cabinet.carbon.quantities import Terms, give
from cabinet.carbon.recognising import start
from cabinet.carbon.revising import compare
from cabinet.clients.models import Client
from tests.cabinet.carbon.releases import NEWER, obtain_release
from tests.cabinet.people import People
from tests.web.browser import Surfer, look_at, visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_estimate_and_what_is_behind_it(
    people: People, whole: Client, empty: Client, surfer: Surfer, tmp_path: Path
) -> None:
    year = whole.years.get()
    for amount, unit, what in ((38_400, "kWh", "electricity ademe:43642"), (2_150, "L", "fuel_mobile ademe:25775")):
        category, factor = what.split()
        terms = Terms(category, factor, Decimal(amount), unit, "billed", "Atelier", None, "Factures de l’année")
        give(actor=people.actor("administrator"), year=year, terms=terms)
    refresh(whole)
    obtain_release(tmp_path)
    compare(year, NEWER)

    def of(route: str, query: str = "", client: Client = whole) -> str:
        return reverse(route, args=[client.id]) + query

    visit(
        surfer.page(people.administrator),
        {
            "carbon": of("carbon"),
            "carbon-beges": of("carbon", "?cadre=beges"),
            "carbon-vide": of("carbon", client=empty),
            "carbon_quantities": of("carbon_quantities"),
            "carbon_rules-vide": of("carbon_rules"),
            "carbon_rule": of("carbon_rule", "?compte=606400&fournisseur=F00007"),
            "carbon_factors": of("carbon_factors"),
            "carbon_detail": of("carbon_detail", "?poste=3.1"),
            "carbon_detail-lignes": of("carbon_detail", "?poste=3.1&categorie=goods&vue=lignes"),
            "carbon_letter": of("carbon_letter", "?fournisseur=F00014"),
            "carbon_trace": of("carbon_trace", "?poste=3.1&categorie=services&facteur=ratio:M69_70"),
        },
    )


def test_the_factors_of_the_firm(people: People, estimated: Client, surfer: Surfer, tmp_path: Path) -> None:
    obtain_release(tmp_path)
    page = surfer.page(people.administrator)
    visit(page, {"firm_factors": reverse("firm_factors")})
    page.get_by_label(f"Mettre à jour {estimated.name}").check()
    page.get_by_role("button", name="Mettre à jour les dossiers cochés").click()
    expect(page.get_by_text("Tous les dossiers ont les facteurs les plus récents.")).to_be_visible()
    look_at(page, "firm_factors-fini")


def test_suppliers_are_decided_by_keyboard(people: People, named: Client, surfer: Surfer) -> None:
    start(named)
    page = surfer.page(people.administrator)
    url = reverse("carbon_suppliers", args=[named.id])
    visit(page, {"carbon_suppliers-a-confirmer": f"{url}?etat=a-confirmer"})
    page.goto(f"{url}?etat=a-confirmer")
    page.locator("[data-candidate]").first.focus()
    page.keyboard.press("c")
    page.keyboard.press("n")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1\u00a0fournisseur confirmé, 1\u00a0écarté")).to_be_visible()
    states = SupplierIdentity.objects.filter(client=named).values_list("state", flat=True)
    assert {"confirmed", "refused"} <= set(states)
    visit(page, {"carbon_suppliers": url})


def test_a_line_is_classed_otherwise(people: People, named: Client, surfer: Surfer) -> None:
    page = surfer.page(people.administrator)
    page.goto(reverse("carbon_detail", args=[named.id]) + "?vue=lignes&compte=606300")
    page.get_by_role("link", name="Classer autrement").first.click()
    page.get_by_label("Chercher une branche, une nature").fill("bois")
    page.get_by_label("Branche\u00a0: Bois").check()
    page.get_by_role("button", name="Voir ce qui change").click()
    expect(page.get_by_role("heading", name="Ce que la règle change")).to_be_visible(timeout=30_000)
    page.get_by_label("Justification").fill("Panneaux et tasseaux, factures vues avec la cliente")
    look_at(page, "carbon_rule-apercu")
    page.get_by_role("button", name="Enregistrer la règle").click()
    expect(page.get_by_text("La règle est enregistrée")).to_be_visible(timeout=30_000)
    refresh(named)
    visit(page, {"carbon_rules": reverse("carbon_rules", args=[named.id])})
    page.goto(reverse("carbon_rules", args=[named.id]))
    page.get_by_role("button", name="Retirer").first.click()
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_role("button", name="Retirer").first).to_be_visible()
