"""Second factors: codes, recovery codes, sealed secrets, a firm that requires one, sessions, and what is throttled."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.urls import reverse

from cabinet.accounts.factors import forget_second_factor
from cabinet.accounts.models import Collaborator, Firm
from cabinet.audit.selectors import entries_of_firm
from cabinet.web.account.passwords import StrengthValidator
from tests.cabinet.factories import PASSWORD, make_collaborator
from tests.cabinet.people import People
from tests.web.postman import Postman

SIGN_IN = "/compte/connexion/"
INDEX = "/compte/securite/"


@pytest.fixture(autouse=True)
def _no_earlier_attempt(db: None) -> None:
    cache.clear()


def signed(person: Collaborator) -> Browser:
    browser = Browser()
    assert browser.post(SIGN_IN, {"login": person.email, "password": PASSWORD}).status_code == 302
    return browser


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def protect(person: Collaborator) -> tuple[Browser, str]:
    """Codes set up through the pages; the secret that the telephone would hold."""
    browser = signed(person)
    confirm = browser.get(reverse("mfa_activate_totp"))
    browser.post(confirm["Location"], {"password": PASSWORD, "next": reverse("mfa_activate_totp")})
    page = browser.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert "Ce code n’est pas le bon" in browser.post(page.request["PATH_INFO"], {"code": "000000"}).content.decode()
    done = browser.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    return browser, secret


@pytest.mark.django_db(transaction=True)
def test_codes_are_set_up_then_asked_for_at_the_door(people: People, postman: Postman) -> None:
    browser, secret = protect(people.manager)
    codes = browser.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert len(codes) == 10
    assert postman.letters[-1]["Subject"] == "Bocage\u00a0: une application de codes protège votre compte"
    assert entries_of_firm(people.firm.id)[0].action == "sign_in.factor_added"
    cache.clear()
    door = Browser()
    asked = door.post(SIGN_IN, {"login": people.manager.email, "password": PASSWORD})
    assert asked["Location"] == reverse("mfa_authenticate")
    assert door.get("/").status_code == 302  # the password alone opens nothing
    assert "Second facteur" in door.get(reverse("mfa_authenticate")).content.decode()
    assert "pas le bon" in door.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()
    assert door.post(reverse("mfa_authenticate"), {"code": code_of(secret)})["Location"] == "/"
    assert door.get("/").status_code == 200
    spare = Browser()
    for expected in (302, 200):  # a recovery code opens once
        spare = Browser()
        spare.post(SIGN_IN, {"login": people.manager.email, "password": PASSWORD})
        assert spare.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == expected


def test_secrets_are_sealed_in_the_database(people: People) -> None:
    _browser, secret = protect(people.manager)
    for kept in Authenticator.objects.filter(user=people.manager.user):
        assert secret not in str(kept.data)
        assert len(str(kept.data.get("secret") or kept.data.get("seed"))) > 80


def test_a_guesser_of_codes_waits(people: People) -> None:
    protect(people.manager)
    cache.clear()
    door = Browser()
    door.post(SIGN_IN, {"login": people.manager.email, "password": PASSWORD})
    answers = [door.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode() for _ in range(6)]
    assert "Trop d’essais" not in answers[0]
    assert "Trop d’essais" in answers[-1]


def test_one_address_that_tries_many_accounts_waits(people: People) -> None:
    for rank in range(10):
        Browser().post(SIGN_IN, {"login": f"inconnu{rank}@x.test", "password": "non"})
    refused = Browser().post(SIGN_IN, {"login": people.manager.email, "password": PASSWORD})
    assert refused.status_code in {200, 429}
    elsewhere = Browser(REMOTE_ADDR="192.0.2.9")
    assert elsewhere.post(SIGN_IN, {"login": people.manager.email, "password": PASSWORD}).status_code == 302


def test_a_firm_that_requires_one_leads_there_first(people: People) -> None:
    Firm.objects.filter(id=people.firm.id).update(second_factor_required=True)
    browser = people.browser("manager")
    for url in ("/", reverse("client_list"), reverse("dossier_overview", args=[people.client.id])):
        assert browser.get(url)["Location"] == INDEX, url
    assert browser.post(reverse("wizard_start"))["Location"] == INDEX
    assert browser.get("/", headers={"HX-Request": "true"})["HX-Redirect"] == INDEX
    assert "Votre cabinet demande un second facteur" in browser.get(INDEX).content.decode()
    assert browser.post("/compte/deconnexion/").status_code == 302
    assert people.browser("stranger").get("/").status_code == 200
    protected, _secret = protect(people.manager)
    assert protected.get("/").status_code == 200
    refused = protected.post(reverse("mfa_deactivate_totp"))
    assert "avant de retirer celui-ci" in refused.content.decode()
    assert Authenticator.objects.filter(user=people.manager.user, type=Authenticator.Type.TOTP).exists()


def test_an_administrator_takes_a_lost_factor_away(people: People) -> None:
    inside, _secret = protect(people.manager)
    assert forget_second_factor(actor=people.actor("administrator"), person=people.manager)
    assert not Authenticator.objects.filter(user=people.manager.user).exists()
    assert inside.get("/").status_code == 302  # their sessions are over
    assert not forget_second_factor(actor=people.actor("administrator"), person=people.manager)


def test_sessions_are_seen_and_closed_by_their_owner(people: People) -> None:
    here, there, other = signed(people.manager), signed(people.manager), signed(people.expert)
    assert len(here.get(reverse("session_list")).context["rows"]) == 2
    theirs = UserSession.objects.get(user=people.expert.user)
    assert here.post(reverse("session_end", args=[theirs.id])).status_code == 404
    assert other.get("/").status_code == 200
    mine = UserSession.objects.get(session_key=there.cookies["sessionid"].value)
    assert here.post(reverse("session_end", args=[mine.id])).status_code == 302
    assert there.get("/").status_code == 302
    again = signed(people.manager)
    here.post(reverse("session_end_others"))
    assert (here.get("/").status_code, again.get("/").status_code) == (200, 302)


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("trois-chênes-au-matin", True),
        ("motdepasse2026", False),
        ("aaaaaaaaaaaaaaaa", False),
        ("azertyuiop1234", False),
        ("InesBenamara2026", False),
        ("x" * 5_000, False),
    ],
)
def test_a_password_is_judged_by_what_guesses_it(people: People, password: str, good: bool) -> None:
    if good:
        StrengthValidator().validate(password, people.manager.user)
        return
    with pytest.raises(ValidationError):
        StrengthValidator().validate(password, people.manager.user)


def test_the_visitor_behind_a_proxy_is_the_one_written_down(people: People, settings: object) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1  # type: ignore[attr-defined]
    person = make_collaborator(people.firm)
    browser = Browser()
    forged = {"X-Forwarded-For": "203.0.113.5, 198.51.100.7"}
    browser.post(SIGN_IN, {"login": person.email, "password": PASSWORD}, headers=forged)
    assert UserSession.objects.get(user=person.user).ip == "198.51.100.7"


@pytest.mark.parametrize("password", ["Zoe.Muller2026", "zoemuller2026", "MÜLLER-D’ARC-42", "hautbois-zoe-2026"])
def test_a_password_made_of_ones_own_name_is_refused(people: People, password: str) -> None:
    person = make_collaborator(people.firm, first_name="Zoé", last_name="D’Arc-Müller")
    with pytest.raises(ValidationError):
        StrengthValidator().validate(password, person.user)
    StrengthValidator().validate("muller-haie-pommier-42", person.user)
