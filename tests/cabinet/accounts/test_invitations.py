"""Welcome links: once, seven days, the newest alone, and never a secret in the database."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cabinet.accounts.invitations import (
    Access,
    NoLogin,
    Sent,
    Unusable,
    accept,
    access_of,
    invite,
    may_ask_for_reset,
    opened_by,
    revoke,
)
from cabinet.accounts.models import Collaborator, Invitation, User
from cabinet.accounts.services import Person, change_collaborator, create_collaborator, deactivate
from cabinet.audit.selectors import entries_of_firm
from tests.cabinet.people import People

PASSWORD = "trois-chênes-au-matin"


@pytest.fixture
def invited(people: People) -> Collaborator:
    return create_collaborator(
        actor=people.actor("administrator"),
        person=Person("Jonas", "Quéméner", "jonas@cabinet.test"),
        group=people.inside.group,
        with_login=True,
    )


def send(people: People, person: Collaborator) -> Sent:
    return invite(actor=people.actor("administrator"), person=person)


def test_a_link_opens_the_account_once(people: People, invited: Collaborator) -> None:
    sent = send(people, invited)
    user = accept(secret=sent.secret, password=PASSWORD, address="192.0.2.7")
    assert user.check_password(PASSWORD)
    with pytest.raises(Unusable):
        accept(secret=sent.secret, password="autre-phrase-de-passe")
    assert User.objects.get(id=user.id).check_password(PASSWORD)
    joined = entries_of_firm(people.firm.id)[0]
    assert (joined.action, joined.actor_label, joined.address) == ("collaborator.joined", "Jonas Quéméner", "192.0.2.7")
    with pytest.raises(NoLogin):
        send(people, invited)


def test_the_secret_is_nowhere(people: People, invited: Collaborator) -> None:
    sent = send(people, invited)
    kept = Invitation.objects.values().get()
    assert sent.secret not in str(kept)
    assert sent.secret not in str([entry.changes for entry in entries_of_firm(people.firm.id)])


def test_only_the_newest_link_is_good(people: People, invited: Collaborator) -> None:
    first, second = send(people, invited), send(people, invited)
    with pytest.raises(Unusable):
        opened_by(first.secret)
    assert opened_by(second.secret).id == second.invitation.id


def test_a_link_dies_after_seven_days(people: People, invited: Collaborator) -> None:
    sent = send(people, invited)
    left = sent.invitation.expires_at - timezone.now()
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Unusable):
        opened_by(sent.secret)
    assert access_of(invited, Invitation.objects.get()) == Access.EXPIRED


def test_a_revoked_link_is_dead_and_no_reset_revives_it(people: People, invited: Collaborator) -> None:
    sent = send(people, invited)
    assert invited.user is not None
    assert may_ask_for_reset(invited.user)
    assert revoke(actor=people.actor("administrator"), person=invited)
    assert not revoke(actor=people.actor("administrator"), person=invited)
    with pytest.raises(Unusable):
        accept(secret=sent.secret, password=PASSWORD)
    assert not may_ask_for_reset(invited.user)
    assert access_of(invited, Invitation.objects.get()) == Access.REVOKED


@pytest.mark.parametrize("event", ["deactivated", "moved", "chosen"])
def test_what_closes_a_link(people: People, invited: Collaborator, event: str) -> None:
    sent, actor = send(people, invited), people.actor("administrator")
    if event == "deactivated":
        deactivate(actor=actor, collaborator=invited)
    elif event == "moved":
        person = Person("Jonas", "Quéméner", "autre@cabinet.test")
        change_collaborator(actor=actor, collaborator=invited, person=person, group=invited.group)
    else:
        assert invited.user is not None
        invited.user.set_password("choisi-par-un-lien-de-reset")
        invited.user.save()
    with pytest.raises(Unusable):
        accept(secret=sent.secret, password=PASSWORD)


@pytest.mark.parametrize("secret", ["", "x", "a" * 5_000])
def test_an_invented_link_opens_nothing(db: None, secret: str) -> None:
    with pytest.raises(Unusable):
        opened_by(secret)


def test_without_a_login_there_is_nothing_to_open(people: People) -> None:
    person = create_collaborator(
        actor=people.actor("administrator"),
        person=Person("Anne", "Roy", "anne@cabinet.test"),
        group=people.inside.group,
        with_login=False,
    )
    with pytest.raises(NoLogin):
        send(people, person)
    assert access_of(person, None) == Access.NONE
    opened = change_collaborator(
        actor=people.actor("administrator"),
        collaborator=person,
        person=Person("Anne", "Roy", "anne@cabinet.test"),
        group=person.group,
        open_login=True,
    )
    assert opened.user is not None
    assert not opened.user.has_usable_password()
    send(people, opened)


def test_the_first_administrator_may_still_ask_for_a_password(people: People) -> None:
    """``createfirm --without-password`` sends no invitation: « Mot de passe oublié » is their way in."""
    assert people.administrator.user is not None
    people.administrator.user.set_unusable_password()
    people.administrator.user.save()
    assert may_ask_for_reset(people.administrator.user)
