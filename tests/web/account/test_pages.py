"""The pages of the door, in a browser."""

import pytest
from playwright.sync_api import expect

from tests.cabinet.factories import PASSWORD
from tests.cabinet.people import People
from tests.web.browser import Surfer, assert_accessible, look_at, shoot

pytestmark = pytest.mark.browser

OPEN_PAGES = {
    "account_login": ("/compte/connexion/", "Se connecter"),
    "account_reset_password": ("/compte/mot-de-passe/oubli/", "Mot de passe oublié"),
    "account_reset_password_done": ("/compte/mot-de-passe/oubli/envoye/", "Regardez vos e-mails"),
    "account_reset_password_from_key": ("/compte/mot-de-passe/choisir/1-abc-def/", "Ce lien n’est plus valable"),
    "account_reset_password_from_key_done": ("/compte/mot-de-passe/choisi/", "Votre mot de passe est enregistré"),
    "account_inactive": ("/compte/compte-inactif/", "Ce compte est inactif"),
}
SIGNED_PAGES = {
    "account_change_password": ("/compte/mot-de-passe/changer/", "Changer de mot de passe"),
    "account_logout": ("/compte/deconnexion/", "Se déconnecter\u00a0?"),
    "account_reauthenticate": ("/compte/confirmer/?next=/", "Confirmez que c’est vous"),
}


def test_open_pages_are_accessible(people: People, surfer: Surfer) -> None:
    page = surfer.page()
    for name, (path, title) in OPEN_PAGES.items():
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        look_at(page, name)


def test_pages_of_a_signed_person_are_accessible(people: People, surfer: Surfer) -> None:
    page = surfer.page(people.manager)
    for name, (path, title) in SIGNED_PAGES.items():
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        look_at(page, name)


def test_a_person_signs_in_and_out(people: People, surfer: Surfer) -> None:
    page = surfer.page()
    page.goto("/composants/")
    page.get_by_label("Adresse e-mail").fill(people.manager.email)
    page.get_by_label("Mot de passe").fill("autre chose")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("ne vont pas ensemble")
    assert_accessible(page)
    shoot(page, "account_login-refuse")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Composants et états")
    page.locator(".bo-user > summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Se connecter")


def test_signing_in_needs_no_scripts(people: People, surfer: Surfer) -> None:
    page = surfer.page(java_script_enabled=False)
    page.goto("/composants/")
    page.get_by_label("Adresse e-mail").fill(people.manager.email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Composants et états")
