"""Many clients at once, in a real browser: tick, choose, confirm; and keep a filter."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cabinet.clients.models import Client
from cabinet.clients.saved_filters import save_filter
from tests.cabinet.factories import make_client
from tests.cabinet.people import People
from tests.web.browser import Surfer, assert_accessible, shoot

NAMES = ("Charcuterie Fouassier", "Garage Pellouin", "Menuiserie Ribault", "Scierie des Trois Chênes")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_the_boxes_to_the_confirmation(people: People, surfer: Surfer, scripts: bool) -> None:
    for name in NAMES:
        make_client(people.firm, people.manager, name=name)
    page = surfer.page(people.administrator, java_script_enabled=scripts)
    page.goto(reverse("client_list"))
    if scripts:
        page.get_by_label("Cocher toute la page").check()
        page.get_by_label("Cocher Biscuiterie Ternanteau").uncheck()
    else:
        for name in NAMES:
            page.get_by_label(f"Cocher {name}").check()
    page.get_by_label("Que faire des clients cochés").select_option("hand_over")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confier 4\u00a0clients à un autre responsable")
    if scripts:
        assert_accessible(page)
        shoot(page, "client_act-cible")
    page.get_by_label("Nouveau responsable").select_option(label="Claire Dubreuil, comptable")
    page.get_by_role("button", name="Continuer").click()
    confirm = page.get_by_role("button", name="Confier 4\u00a0clients à un autre responsable")
    expect(confirm).to_be_visible()
    if scripts:
        assert_accessible(page)
        shoot(page, "client_act")
    confirm.click()
    expect(page.get_by_text("4\u00a0clients confiés à Claire Dubreuil.")).to_be_visible()
    assert Client.objects.filter(manager=people.expert).count() == 4


@pytest.mark.django_db(transaction=True)
def test_the_page_of_saved_filters(people: People, surfer: Surfer) -> None:
    save_filter(actor=people.actor("administrator"), name="DSN à réclamer", query="donnees=dsn")
    save_filter(
        actor=people.actor("administrator"), name="Agro d’Inès",
        query=f"portefeuille={people.portfolio.id}&responsable={people.manager.id}",
    )  # fmt: skip
    for width in (1440, 390):
        page = surfer.page(people.administrator, width=width)
        page.goto(reverse("client_filters") + "?q=bisc&etat=tous")
        expect(page.get_by_role("heading", name="Enregistrer le filtre en place")).to_be_visible()
        assert_accessible(page)
        if width == 1440:
            shoot(page, "client_filters")
