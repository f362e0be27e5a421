"""Firms, groups, people and actors."""

import pytest
from django.db import IntegrityError, transaction
from pytest_django.fixtures import DjangoAssertNumQueries

from cabinet.accounts.actors import actor_of, operator
from cabinet.accounts.models import Group, User
from cabinet.accounts.permissions import CODES, DEFAULT_GROUPS, PERMISSIONS, Role, known
from cabinet.accounts.selectors import active_collaborators, managers
from cabinet.accounts.services import EmailTaken, Person, create_collaborator, create_firm
from cabinet.audit.selectors import entries_of_firm
from tests.cabinet.factories import actor_for, make_collaborator, make_firm, make_group
from tests.cabinet.people import People


def test_a_firm_comes_with_its_groups_and_its_administrator(db: None) -> None:
    firm, person = create_firm(
        name="Hautbois", administrator=Person(" Solène ", "Hautbois", " Solene@Cabinet.test "), password="une phrase"
    )
    assert {group.role: set(group.codes) for group in firm.groups.all()} == {
        role: set(codes) for role, (_label, codes) in DEFAULT_GROUPS.items()
    }
    assert (person.full_name, person.initials, person.email) == ("Solène Hautbois", "SH", "solene@cabinet.test")
    assert person.user is not None
    assert person.user.check_password("une phrase")
    assert actor_for(person).codes == CODES
    assert [entry.action for entry in entries_of_firm(firm.id)] == ["collaborator.created", "firm.created"]


def test_without_a_password_nobody_signs_in(db: None) -> None:
    _firm, person = create_firm(name="Hautbois", administrator=Person("S", "H", "s@cabinet.test"), password=None)
    assert person.user is not None
    assert not person.user.has_usable_password()


def test_the_permissions_of_the_default_groups() -> None:
    """Written out again on purpose: a change of the catalogue must be meant."""
    assert DEFAULT_GROUPS[Role.ADMINISTRATOR][1] == CODES
    assert DEFAULT_GROUPS[Role.EXPERT][1] == {
        "clients.view_all", "clients.create", "clients.edit",
        "dossier.view", "data.import", "indicators.edit", "missions.manage",
        "data.delete", "reports.publish", "diagnostics.manage", "client_users.manage",
    }  # fmt: skip
    assert DEFAULT_GROUPS[Role.COLLABORATOR][1] == {
        "clients.create", "clients.edit", "dossier.view", "data.import", "indicators.edit", "missions.manage",
    }  # fmt: skip


def test_every_permission_has_its_own_code_and_label() -> None:
    assert len({permission.code for permission in PERMISSIONS}) == len(PERMISSIONS)
    assert len({permission.label for permission in PERMISSIONS}) == len(PERMISSIONS)
    with pytest.raises(KeyError):
        known("clients.fly")


@pytest.mark.parametrize("with_login", [True, False])
def test_an_address_serves_once(people: People, with_login: bool) -> None:
    with pytest.raises(EmailTaken):
        create_collaborator(
            actor=people.actor("administrator"),
            person=Person("Autre", "Personne", people.inside.email.upper()),
            group=people.inside.group,
            with_login=with_login,
        )


def test_an_address_that_signs_in_elsewhere_is_refused_here(people: People) -> None:
    with pytest.raises(EmailTaken):
        create_collaborator(
            actor=people.actor("administrator"),
            person=Person("Autre", "Personne", people.stranger.email),
            group=people.inside.group,
            with_login=True,
        )


def test_two_users_cannot_share_an_address_whatever_its_case(people: People) -> None:
    assert people.inside.user is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email=people.inside.user.email.upper())


def test_a_firm_has_each_default_group_once(people: People) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Group.objects.create(firm=people.firm, name="Second", role=Role.EXPERT, codes=[])


def test_who_may_be_in_charge(people: People) -> None:
    respondent = make_collaborator(people.firm, with_login=False)
    gone = make_collaborator(people.firm)
    gone.is_active = False
    gone.save()
    locked = make_collaborator(people.firm)
    User.objects.filter(collaborator=locked).update(is_active=False)
    chosen = set(managers(people.firm))
    assert chosen == {people.administrator, people.expert, people.manager, people.inside, people.outside}
    assert set(active_collaborators(people.firm)) == chosen | {respondent, locked}


@pytest.mark.parametrize("what", ["collaborator", "user"])
def test_somebody_who_left_is_no_actor(people: People, what: str) -> None:
    user = User.objects.get(collaborator=people.inside)
    if what == "user":
        user.is_active = False
        user.save()
    else:
        people.inside.is_active = False
        people.inside.save()
    assert actor_of(user) is None


def test_a_user_without_a_collaborator_is_no_actor(db: None) -> None:
    assert actor_of(User.objects.create_user("seul@cabinet.test", "x")) is None


def test_codes_that_the_catalogue_forgot_are_not_held(people: People) -> None:
    people.inside.group = make_group(people.firm, "clients.view_all", "clients.fly")
    people.inside.save()
    actor = people.actor("inside")
    assert actor.codes == {"clients.view_all"}
    assert actor.can("clients.view_all")
    with pytest.raises(KeyError):
        actor.can("clients.fly")


def test_the_actor_is_found_in_one_query(people: People, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    user = User.objects.get(collaborator=people.inside)
    with django_assert_num_queries(1):
        actor = actor_of(user)
        assert actor is not None
        assert actor.author.label == "Mathis Le Goff"
        assert actor.firm.name


def test_the_operator_signs_as_the_house(db: None) -> None:
    firm, _person = make_firm()
    author = operator(firm).author
    assert (author.label, author.id, author.origin) == ("Exploitation", None, "command")
