"""Password reset, through a real SMTP server."""

from email.message import EmailMessage

from django.test import Client as Browser

from tests.cabinet.factories import PASSWORD
from tests.cabinet.people import People
from tests.web.postman import Postman, link_in, text_of

ASK = "/compte/mot-de-passe/oubli/"
NEW = "trois-chênes-au-matin"


def ask(address: str) -> None:
    answer = Browser().post(ASK, {"email": address}, follow=True)
    assert "Regardez vos e-mails" in answer.content.decode()


def link(letter: EmailMessage) -> str:
    return link_in(letter, "/compte/mot-de-passe/choisir/")


def test_a_link_comes_by_mail_and_changes_the_password_once(people: People, postman: Postman) -> None:
    ask(people.manager.email)
    (letter,) = postman.letters
    assert letter["To"] == people.manager.email
    assert letter["Subject"] == "Bocage\u00a0: choisir un nouveau mot de passe"
    assert "reste valable 1\u00a0heure" in text_of(letter)
    browser = Browser()
    form = browser.get(link(letter), follow=True)
    assert "Choisir un mot de passe" in form.content.decode()
    done = browser.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW}, follow=True)
    assert "Votre mot de passe est enregistré" in done.content.decode()
    signed = Browser().post("/compte/connexion/", {"login": people.manager.email, "password": NEW})
    assert signed.status_code == 302
    again = Browser().get(link(letter), follow=True)
    assert "Ce lien n’est plus valable" in again.content.decode()


def test_the_person_is_told_that_the_password_changed(people: People, postman: Postman) -> None:
    ask(people.manager.email)
    browser = Browser()
    form = browser.get(link(postman.letters[0]), follow=True)
    browser.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert postman.letters[1]["Subject"] == "Bocage\u00a0: votre mot de passe a changé"


def test_an_unknown_address_gets_the_same_answer_and_no_letter(people: People, postman: Postman) -> None:
    ask("inconnue@cabinet.test")
    assert postman.letters == []


def test_somebody_who_has_left_gets_no_letter(people: People, postman: Postman) -> None:
    people.manager.user.is_active = False
    people.manager.user.save()
    ask(people.manager.email)
    assert postman.letters == []


def test_a_weak_or_mistyped_password_is_refused_under_its_field(people: People, postman: Postman) -> None:
    ask(people.manager.email)
    browser = Browser()
    form = browser.get(link(postman.letters[0]), follow=True)
    short = browser.post(form.request["PATH_INFO"], {"password1": "court", "password2": "court"})
    assert 'id="id_password1_error"' in short.content.decode()
    other = browser.post(form.request["PATH_INFO"], {"password1": NEW, "password2": f"{NEW}s"})
    assert 'id="id_password2_error"' in other.content.decode()
    assert (
        Browser().post("/compte/connexion/", {"login": people.manager.email, "password": PASSWORD}).status_code == 302
    )


def test_an_invented_link_is_refused(db: None) -> None:
    page = Browser().get("/compte/mot-de-passe/choisir/1-abc-def/").content.decode()
    assert "Ce lien n’est plus valable" in page


def test_asking_too_often_waits(people: People, postman: Postman) -> None:
    for _ in range(5):
        ask(people.manager.email)
    answer = Browser().post(ASK, {"email": people.manager.email})
    assert answer.status_code == 429
    assert "Trop de demandes" in answer.content.decode()
    assert len(postman.letters) == 5
