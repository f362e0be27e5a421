"""Nobody gives a right that they do not hold, nobody takes over who may do more, and a firm keeps an administrator."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from cabinet.accounts.actors import Actor
from cabinet.accounts.authority import LastAdministrator, RightsNotHeld, able_administrators
from cabinet.accounts.groups import (
    GroupNameTaken,
    GroupNotEmpty,
    ProtectedGroup,
    change_group,
    create_group,
    delete_group,
)
from cabinet.accounts.invitations import invite, revoke
from cabinet.accounts.models import Collaborator, Group
from cabinet.accounts.permissions import CODES, Role
from cabinet.accounts.services import (
    AddressOfAnother,
    OneselfError,
    Person,
    change_collaborator,
    create_collaborator,
    deactivate,
    delete,
    reactivate,
)
from cabinet.audit.selectors import entries_of_firm
from tests.cabinet.factories import actor_for, make_collaborator, make_group
from tests.cabinet.people import People

DELEGATE_CODES = ("collaborators.manage", "groups.manage", "clients.create", "clients.edit", "dossier.view")


def as_now(person: Collaborator, **changed: Any) -> Person:
    given = {name: getattr(person, name) for name in ("first_name", "last_name", "email", "position", "is_director")}
    return Person(**(given | changed))


def change(actor: Actor, person: Collaborator, group: Group | None = None, **changed: Any) -> Collaborator:
    return change_collaborator(
        actor=actor, collaborator=person, person=as_now(person, **changed), group=group or person.group
    )


def role(people: People, wanted: Role) -> Group:
    return Group.objects.get(firm=people.firm, role=wanted)


@pytest.fixture
def delegate(people: People) -> Actor:
    """Somebody who manages people and groups, without being an administrator."""
    person = make_collaborator(people.firm, first_name="Nadia", last_name="Perrin")
    person.group = make_group(people.firm, *DELEGATE_CODES, name="Ressources humaines")
    person.save()
    return actor_for(person)


# What a delegate may not do


def test_a_delegate_gives_no_more_than_they_hold(people: People, delegate: Actor) -> None:
    person = Person("Jonas", "Quéméner", "jonas@cabinet.test")
    for wanted in (Role.ADMINISTRATOR, Role.EXPERT, Role.COLLABORATOR):
        with pytest.raises(RightsNotHeld):
            create_collaborator(actor=delegate, person=person, group=role(people, wanted), with_login=True)
    small = make_group(people.firm, "dossier.view")
    made = create_collaborator(actor=delegate, person=person, group=small, with_login=True)
    with pytest.raises(RightsNotHeld):
        change(delegate, made, role(people, Role.EXPERT))
    assert Collaborator.objects.get(id=made.id).group == small


def test_a_delegate_does_not_raise_themselves(people: People, delegate: Actor) -> None:
    me = delegate.collaborator
    assert me is not None
    with pytest.raises(RightsNotHeld):
        change(delegate, me, role(people, Role.ADMINISTRATOR))
    with pytest.raises(RightsNotHeld):
        change_group(actor=delegate, group=me.group, name=me.group.name, codes=[*DELEGATE_CODES, "journal.view"])
    with pytest.raises(RightsNotHeld):
        create_group(actor=delegate, name="Tout", codes=["clients.view_all"])
    me.group.refresh_from_db()
    assert set(me.group.codes) == set(DELEGATE_CODES)


def test_a_delegate_leaves_those_above_alone(people: People, delegate: Actor) -> None:
    for above in (people.administrator, people.expert, people.inside):
        for attack in (
            lambda one=above: change(delegate, one, email="moi@cabinet.test"),
            lambda one=above: invite(actor=delegate, person=one),
            lambda one=above: revoke(actor=delegate, person=one),
            lambda one=above: deactivate(actor=delegate, collaborator=one),
            lambda one=above: delete(actor=delegate, collaborator=one),
        ):
            with pytest.raises(PermissionDenied):
                attack()


def test_a_delegate_takes_over_no_account_by_its_address(people: People, delegate: Actor) -> None:
    """Same rights, another reach: a new address and a reset link would open their portfolios."""
    equal = make_collaborator(people.firm)
    equal.group = make_group(people.firm, "dossier.view")
    equal.save()
    with pytest.raises(AddressOfAnother):
        change(delegate, equal, email="moi@cabinet.test")
    moved = change(people.actor("administrator"), equal, email="Nouvelle@Cabinet.test")
    assert (moved.email, moved.user.email) == ("nouvelle@cabinet.test", "nouvelle@cabinet.test")  # type: ignore[union-attr]


def test_deactivating_and_deleting_are_for_administrators(people: People, delegate: Actor) -> None:
    equal = make_collaborator(people.firm)
    equal.group = make_group(people.firm, "dossier.view")
    equal.save()
    for act in (deactivate, delete, reactivate):
        with pytest.raises(PermissionDenied):
            act(actor=delegate, collaborator=equal)


def test_a_delegate_neither_strips_nor_empties_a_group_above(people: People, delegate: Actor) -> None:
    with pytest.raises(RightsNotHeld):
        change_group(actor=delegate, group=role(people, Role.EXPERT), name="Expert-comptable", codes=["dossier.view"])
    above = make_group(people.firm, "journal.view")
    with pytest.raises(RightsNotHeld):
        delete_group(actor=delegate, group=above)
    mine = make_group(people.firm, "dossier.view")
    people.outside.group = mine
    people.outside.save()
    with pytest.raises(RightsNotHeld):
        delete_group(actor=delegate, group=mine, move_to=role(people, Role.ADMINISTRATOR))
    assert able_administrators(people.firm).count() == 1


def test_rights_lost_meanwhile_do_not_serve(people: People, delegate: Actor) -> None:
    """The page was opened before the group was changed: the rights are read again once the firm is held."""
    assert delegate.collaborator is not None
    Group.objects.filter(id=delegate.collaborator.group_id).update(codes=["dossier.view"])
    with pytest.raises(PermissionDenied):
        create_group(actor=delegate, name="Trop tard", codes=[])


def test_another_firm_s_people_and_groups_are_out_of_hand(people: People) -> None:
    actor = people.actor("stranger")
    foreign = Group.objects.get(firm=people.firm, role=Role.COLLABORATOR)
    with pytest.raises(RightsNotHeld):
        create_collaborator(actor=actor, person=Person("A", "B", "ab@x.test"), group=foreign, with_login=False)
    with pytest.raises(Collaborator.DoesNotExist):
        change(actor, people.inside)
    with pytest.raises(Group.DoesNotExist):
        change_group(actor=actor, group=foreign, name="X", codes=[])


# Groups


def test_a_group_is_made_changed_and_deleted(people: People) -> None:
    actor = people.actor("administrator")
    group = create_group(actor=actor, name="Paye", codes=["dossier.view", "data.import"])
    for name in ("paye", "ADMINISTRATEUR"):
        with pytest.raises(GroupNameTaken):
            create_group(actor=actor, name=name, codes=[])
    change_group(actor=actor, group=group, name="Paye et social", codes=["dossier.view", "missions.manage"])
    entry = entries_of_firm(people.firm.id)[0]
    assert entry.changes == {
        "nom": ["Paye", "Paye et social"],
        "permissions données": ["", "Gérer les missions"],
        "permissions retirées": ["Déposer des fichiers", ""],
    }
    change(actor, people.outside, group)
    with pytest.raises(GroupNotEmpty):
        delete_group(actor=actor, group=group)
    delete_group(actor=actor, group=group, move_to=role(people, Role.COLLABORATOR))
    people.outside.refresh_from_db()
    assert people.outside.group.role == Role.COLLABORATOR
    with pytest.raises(KeyError):
        create_group(actor=actor, name="Vol", codes=["clients.fly"])


def test_the_default_groups_stay(people: People) -> None:
    actor = people.actor("administrator")
    for one in Group.objects.filter(firm=people.firm):
        with pytest.raises(ProtectedGroup):
            delete_group(actor=actor, group=one)
    with pytest.raises(ProtectedGroup):
        change_group(actor=actor, group=role(people, Role.ADMINISTRATOR), name="Administrateur", codes=[])
    with pytest.raises(ProtectedGroup):
        change_group(actor=actor, group=role(people, Role.EXPERT), name="Chefs", codes=[])
    changed = change_group(
        actor=actor, group=role(people, Role.COLLABORATOR), name="Collaborateur", codes=["dossier.view"]
    )
    assert people.actor("inside").codes == changed.held == {"dossier.view"}


def test_an_administrator_holds_everything_whatever_the_row_says(people: People) -> None:
    Group.objects.filter(firm=people.firm, role=Role.ADMINISTRATOR).update(codes=[])
    assert people.actor("administrator").codes == CODES


# The last administrator


def test_the_last_administrator_stays_by_every_path(people: People) -> None:
    second = make_collaborator(people.firm, Role.ADMINISTRATOR)
    acting = actor_for(second)
    only = people.administrator
    second.group = role(people, Role.ADMINISTRATOR)
    deactivate(actor=acting, collaborator=only)
    reactivate(actor=acting, collaborator=only)
    change(acting, second, role(people, Role.EXPERT))
    actor = people.actor("administrator")
    with pytest.raises(LastAdministrator):
        change(actor, only, role(people, Role.EXPERT))
    for act in (deactivate, delete):
        with pytest.raises(OneselfError):
            act(actor=actor, collaborator=only)
    assert list(able_administrators(people.firm)) == [only]
    only.refresh_from_db()
    assert only.is_active


def test_who_has_not_answered_their_invitation_keeps_no_firm_open(people: People) -> None:
    actor = people.actor("administrator")
    invited = create_collaborator(
        actor=actor, person=Person("J", "Q", "jq@x.test"), group=role(people, Role.ADMINISTRATOR), with_login=True
    )
    with pytest.raises(LastAdministrator):
        change(actor, people.administrator, role(people, Role.EXPERT))
    assert invited not in able_administrators(people.firm)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["deactivate", "delete", "demote"])
def test_two_administrators_who_remove_each_other_at_once(people: People, path: str) -> None:
    other = make_collaborator(people.firm, Role.ADMINISTRATOR)
    one, two = people.actor("administrator"), actor_for(other)
    expert = role(people, Role.EXPERT)
    people.portfolio.responsables.clear()

    def work(actor: Actor, target: Collaborator) -> Callable[[], object]:
        if path == "demote":
            return lambda: change(actor, target, expert)
        act = deactivate if path == "deactivate" else delete
        return lambda: act(actor=actor, collaborator=target)

    gate = Barrier(2)

    def run(act: Callable[[], object]) -> object:
        try:
            gate.wait(10)
            return act()
        except (LastAdministrator, PermissionDenied) as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(run, [work(one, other), work(two, people.administrator)]))
    assert len([result for result in results if isinstance(result, LastAdministrator | PermissionDenied)]) == 1
    assert able_administrators(people.firm).count() == 1
