"""What happens at the door is in the journal of the firm: who came in, who did not, from where."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from django.urls import reverse

from cabinet.accounts.actors import session_name
from cabinet.audit.models import LogEntry
from cabinet.audit.selectors import entries_of_firm
from tests.cabinet.factories import PASSWORD
from tests.cabinet.people import People
from tests.web.account.test_second_factor import SIGN_IN, protect


@pytest.fixture(autouse=True)
def _no_earlier_attempt(db: None) -> None:
    cache.clear()


def last(people: People) -> LogEntry:
    found = entries_of_firm(people.firm.id).first()
    assert found is not None
    return found


def test_a_sign_in_says_who_from_where_and_in_which_session(people: People) -> None:
    browser = Browser(REMOTE_ADDR="192.0.2.9")
    browser.post(SIGN_IN, {"login": people.manager.email, "password": PASSWORD})
    line = last(people)
    assert (line.action, line.actor_id, line.address) == ("sign_in.succeeded", people.manager.id, "192.0.2.9")
    assert line.session == session_name(browser.session.session_key)
    assert browser.session.session_key not in str(vars(line))


def test_a_refused_sign_in_is_written_without_what_was_typed(people: People) -> None:
    Browser(REMOTE_ADDR="192.0.2.9").post(SIGN_IN, {"login": people.manager.email.upper(), "password": "pas-celui-là"})
    line = last(people)
    assert (line.action, line.object_id, line.address) == ("sign_in.failed", people.manager.id, "192.0.2.9")
    assert "pas-celui-là" not in str(vars(line))


def test_an_unknown_address_leaves_no_line(people: People) -> None:
    before = LogEntry.objects.count()
    Browser().post(SIGN_IN, {"login": "inconnu@x.test", "password": "pas-celui-là"})
    assert LogEntry.objects.count() == before


def test_a_refused_second_factor_is_written(people: People) -> None:
    protect(people.manager)
    browser = Browser()
    browser.post(SIGN_IN, {"login": people.manager.email, "password": PASSWORD})
    assert last(people).action != "sign_in.succeeded"  # the password alone is not in yet
    browser.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert (last(people).action, last(people).object_id) == ("sign_in.factor_refused", people.manager.id)


def test_the_operator_takes_the_factor_of_the_last_administrator_away(
    people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    inside, _secret = protect(people.administrator)
    email = people.administrator.email
    call_command("forget_second_factor", email)
    assert "Nothing was written" in capsys.readouterr().out
    assert Authenticator.objects.filter(user=people.administrator.user).exists()
    call_command("forget_second_factor", email.upper(), apply=True)
    assert not Authenticator.objects.filter(user=people.administrator.user).exists()
    assert not UserSession.objects.filter(user=people.administrator.user).exists()
    assert inside.get("/").status_code == 302
    line = last(people)
    assert (line.action, line.origin, line.actor_label) == ("collaborator.factor_removed", "command", "Exploitation")
    with pytest.raises(CommandError, match="no second factor"):
        call_command("forget_second_factor", email, apply=True)
    with pytest.raises(CommandError, match="Nobody signs in"):
        call_command("forget_second_factor", "inconnu@x.test", apply=True)
