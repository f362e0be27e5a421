"""Passkeys in Chromium with a virtual authenticator, and the screens of security and of the firm's settings."""

import json

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Page, expect

from cabinet.accounts.models import Firm
from tests.cabinet.factories import PASSWORD
from tests.cabinet.people import People
from tests.web.browser import WIDTHS, Surfer, assert_accessible, shoot

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def with_authenticator(page: Page) -> None:
    """A device that holds passkeys and always says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def confirm_password(page: Page) -> None:
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()


def test_a_passkey_is_added_under_constraint_and_opens_the_door(people: People, surfer: Surfer) -> None:
    cache.clear()
    Firm.objects.filter(id=people.firm.id).update(second_factor_required=True)
    page = surfer.page()
    with_authenticator(page)
    page.goto(reverse("account_login"))
    page.get_by_label("Adresse e-mail").fill(people.manager.email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Votre cabinet demande un second facteur.")).to_be_visible()
    assert_accessible(page)
    shoot(page, "mfa_index-demande")
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    confirm_password(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ajouter une clé d’accès")
    assert_accessible(page)
    shoot(page, "mfa_add_webauthn")
    page.get_by_role("button", name="Ajouter la clé").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Codes de secours")
    assert_accessible(page)
    shoot(page, "mfa_view_recovery_codes")
    page.get_by_role("link", name="Terminer").click()
    page.goto("/")
    expect(page.get_by_role("navigation", name="Menu principal")).to_be_visible()
    page.context.clear_cookies()
    page.goto(reverse("account_login"))
    page.get_by_label("Adresse e-mail").fill(people.manager.email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Second facteur")
    assert_accessible(page)
    shoot(page, "mfa_authenticate")
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    expect(page.get_by_role("navigation", name="Menu principal")).to_be_visible()
    page.context.clear_cookies()
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    expect(page.get_by_role("navigation", name="Menu principal")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_screens_of_security_and_settings(people: People, surfer: Surfer, width: int) -> None:
    cache.clear()
    page = surfer.page(people.administrator, width=width)
    for name, url in (
        ("mfa_index", reverse("mfa_index")),
        ("session_list", reverse("session_list")),
        ("firm_settings", reverse("firm_settings")),
    ):
        page.goto(url)
        assert_accessible(page)
        if width == 1440:
            shoot(page, name)
    page.evaluate(f"document.getElementById('id_main_colour').value = {json.dumps('#ffe000')}")
    page.get_by_role("button", name="Enregistrer").first.click()
    expect(page.get_by_role("alert")).to_contain_text("Trop pâle")
    assert_accessible(page)
    if width == 1440:
        shoot(page, "firm_settings-refuse")
    page.goto(reverse("mfa_activate_totp"))
    confirm_password(page)
    expect(page.get_by_role("img", name="Dessin à lire")).to_be_visible()
    assert_accessible(page)
    if width == 1440:
        shoot(page, "mfa_activate_totp")
