"""The door: who comes in, who does not, and what it tells those who try."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from cabinet.accounts.models import Collaborator
from tests.cabinet.factories import PASSWORD
from tests.cabinet.people import People

SIGN_IN = "/compte/connexion/"


@pytest.fixture(autouse=True)
def _no_earlier_attempt(db: None) -> None:
    cache.clear()


def knock(person: Collaborator, password: str = PASSWORD, path: str = SIGN_IN, **more: str) -> Browser:
    browser = Browser()
    browser.last = browser.post(path, {"login": person.email, "password": password, **more})  # type: ignore[attr-defined]
    return browser


def test_a_person_signs_in_and_lands_home(people: People) -> None:
    browser = knock(people.manager)
    assert browser.last.status_code == 302  # type: ignore[attr-defined]
    assert browser.last["Location"] == "/"  # type: ignore[attr-defined]
    assert SESSION_KEY in browser.session


def test_an_address_is_known_whatever_its_case(people: People) -> None:
    answer = Browser().post(SIGN_IN, {"login": f" {people.manager.email.upper()} ", "password": PASSWORD})
    assert answer.status_code == 302


@pytest.mark.parametrize("address", ["known", "unknown@cabinet.test"])
def test_a_refusal_does_not_tell_which_addresses_exist(people: People, address: str) -> None:
    login = people.manager.email if address == "known" else address
    answer = Browser().post(SIGN_IN, {"login": login, "password": "un-autre-mot-de-passe"})
    assert answer.status_code == 200
    assert "ne vont pas ensemble" in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()


def test_what_is_missing_is_said_under_its_field(db: None) -> None:
    page = Browser().post(SIGN_IN, {"login": "", "password": ""}).content.decode()
    assert "Saisissez votre adresse e-mail." in page
    assert "Saisissez votre mot de passe." in page


def test_the_sixth_failure_waits_even_with_the_right_password(people: People) -> None:
    for _ in range(5):
        knock(people.manager, "un-autre-mot-de-passe")
    browser = knock(people.manager)
    assert "Trop d’essais" in browser.last.content.decode()  # type: ignore[attr-defined]
    assert SESSION_KEY not in browser.session
    assert SESSION_KEY in knock(people.expert).session


def test_the_page_asked_for_comes_after(people: People) -> None:
    browser = knock(people.manager, next="/composants/")
    assert browser.last["Location"] == "/composants/"  # type: ignore[attr-defined]


@pytest.mark.parametrize("elsewhere", ["https://ailleurs.example/", "//ailleurs.example", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_site(people: People, elsewhere: str) -> None:
    browser = knock(people.manager, next=elsewhere)
    assert browser.last["Location"] == "/"  # type: ignore[attr-defined]


def test_somebody_who_has_left_is_told_so(people: People) -> None:
    people.manager.is_active = False
    people.manager.save()
    browser = knock(people.manager)
    assert browser.last["Location"] == "/compte/compte-inactif/"  # type: ignore[attr-defined]
    assert SESSION_KEY not in browser.session
    assert "Ce compte est inactif" in browser.get("/compte/compte-inactif/").content.decode()


def test_a_closed_session_is_told_and_leads_back(people: People) -> None:
    browser = people.browser("manager")
    browser.session.flush()
    answer = browser.get("/composants/", follow=True)
    page = answer.content.decode()
    assert "Votre session est terminée." in page
    assert 'name="next" value="/composants/"' in page


def test_a_first_visit_is_not_told_of_a_session(db: None) -> None:
    assert "session" not in Browser().get("/composants/", follow=True).content.decode()


def test_a_fragment_without_a_session_sends_the_whole_page_to_sign_in(db: None) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/composants/?q=a"}
    answer = Browser().get("/composants/tiroir/", headers=headers, follow=True)
    assert answer["HX-Redirect"] == f"{SIGN_IN}?next=%2Fcomposants%2F%3Fq%3Da"


def test_signing_out_asks_first_then_closes(people: People) -> None:
    browser = people.browser("manager")
    assert "Se déconnecter" in browser.get("/compte/deconnexion/").content.decode()
    assert SESSION_KEY in browser.session
    answer = browser.post("/compte/deconnexion/")
    assert answer["Location"] == SIGN_IN
    assert SESSION_KEY not in browser.session


@pytest.mark.parametrize("path", ["/compte/inscription/", "/compte/signup/", "/accounts/signup/", "/compte/email/"])
def test_there_is_no_sign_up(db: None, path: str) -> None:
    answer = Browser().get(path)
    assert answer.status_code == 404
    assert "Cette page n’existe pas" in answer.content.decode()


def test_changing_the_password_keeps_this_session_only(people: People) -> None:
    here, elsewhere = people.browser("manager"), people.browser("manager")
    given = {"oldpassword": PASSWORD, "password1": "trois-chênes-au-matin", "password2": "trois-chênes-au-matin"}
    assert here.post("/compte/mot-de-passe/changer/", given).status_code == 302
    assert here.get("/composants/").status_code == 200
    assert elsewhere.get("/composants/").status_code == 302


def test_a_sensitive_act_asks_for_the_password_again(people: People) -> None:
    browser = people.browser("manager")
    assert "Confirmez que c’est vous" in browser.get("/compte/confirmer/?next=/composants/").content.decode()
    refused = browser.post("/compte/confirmer/", {"password": "non", "next": "/composants/"})
    assert "Ce n’est pas votre mot de passe." in refused.content.decode()
    assert (
        browser.post("/compte/confirmer/", {"password": PASSWORD, "next": "/composants/"})["Location"] == "/composants/"
    )


def test_a_stranger_uploads_nothing(db: None) -> None:
    file = SimpleUploadedFile("fec.txt", b"JournalCode|JournalLib")
    answer = Browser().post("/composants/fichiers/", {"documents": file})
    assert answer.status_code == 302
    assert answer["Location"].startswith(SIGN_IN)
