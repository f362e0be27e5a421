"""What every answer tells the browser, and what the server edition adds."""

import json
import os
import subprocess
import sys

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.cabinet.factories import PASSWORD, make_portfolio
from tests.cabinet.people import People

SIGN_IN = "/compte/connexion/"


@pytest.mark.parametrize("address", [SIGN_IN, "/", "/nulle-part/"])
def test_every_answer_bears_the_headers(people: People, address: str) -> None:
    response = (Browser() if address == SIGN_IN else people.browser("manager")).get(address)
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    for rule in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert rule in policy, rule
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    assert "publickey-credentials-get=(self)" in response["Permissions-Policy"]


def test_a_session_changes_its_name_at_the_door_and_ends(people: People) -> None:
    browser = Browser()
    browser.session.save()
    session = browser.session
    session["planted"] = True
    session.save()
    browser.cookies["sessionid"] = session.session_key
    browser.post(SIGN_IN, {"login": people.manager.email, "password": PASSWORD})
    cookie = browser.cookies["sessionid"]
    assert cookie.value != session.session_key
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert 0 < browser.session.get_expiry_age() <= 10 * 3600
    planted = Browser()
    planted.cookies["sessionid"] = session.session_key
    assert planted.get("/").status_code == 302


def test_a_forged_host_gets_no_page_and_no_letter(people: People, settings: object, mailoutbox: list[object]) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]  # type: ignore[attr-defined]
    forged = Browser(HTTP_HOST="voleur.example")
    assert forged.post("/compte/mot-de-passe/oubli/", {"email": people.manager.email}).status_code == 400
    assert mailoutbox == []


def test_an_address_with_a_line_break_sends_nothing(people: People, mailoutbox: list[object]) -> None:
    ask = "/compte/mot-de-passe/oubli/"
    answer = Browser().post(ask, {"email": f"{people.manager.email}\nBcc: voleur@x.test"})
    assert answer.status_code == 200
    assert mailoutbox == []
    Browser().post(ask, {"email": people.manager.email})
    assert len(mailoutbox) == 1


def test_a_dossier_names_only_the_portfolios_that_its_reader_sees(people: People) -> None:
    hidden = make_portfolio(people.firm, name="Fusions à venir")
    people.client.portfolios.add(hidden)
    address = reverse("dossier_overview", args=[people.client.id])
    assert "Fusions à venir" in people.browser("administrator").get(address).content.decode()
    page = people.browser("inside").get(address).content.decode()
    assert people.portfolio.name in page
    assert "Fusions à venir" not in page


PRINT_SETTINGS = """
import json, django
django.setup()
from django.conf import settings
names = ["SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "ALLOWED_HOSTS"]
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def test_the_server_edition_wants_https() -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.prod",
        "SECRET_KEY": "x" * 60,
        "BOCAGE_MASTER_KEYS": "dGVzdC1vbmx5LW1hc3Rlci1rZXktMDEyMzQ1Njc4OQ",
        "ALLOWED_HOSTS": "bocage.example.org",
    }
    done = subprocess.run([sys.executable, "-c", PRINT_SETTINGS], env=environment, capture_output=True, check=True)
    found = json.loads(done.stdout)
    assert found.pop("SECURE_HSTS_SECONDS") >= 31_536_000
    assert found.pop("ALLOWED_HOSTS") == ["bocage.example.org"]
    assert all(found.values())
