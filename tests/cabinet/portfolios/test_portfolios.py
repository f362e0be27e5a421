"""Portfolios: who sees them, who changes them, what the journal keeps, who would lose what."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from cabinet.audit.models import LogEntry
from cabinet.audit.selectors import entries_of_firm
from cabinet.clients.access import visible_clients
from cabinet.clients.membership import add_client, clients_by_portfolio, losses, remove_client
from cabinet.clients.models import Client
from cabinet.portfolios.access import access_portfolio, may_manage, visible_portfolios
from cabinet.portfolios.models import Portfolio
from cabinet.portfolios.services import (
    NameTaken,
    UnknownPerson,
    add_member,
    change_portfolio,
    create_portfolio,
    delete_portfolio,
    remove_member,
)
from tests.cabinet.factories import make_client, make_collaborator, make_portfolio
from tests.cabinet.people import People


def last(people: People) -> LogEntry:
    entry = entries_of_firm(people.firm.id).first()
    assert entry is not None
    return entry


@pytest.mark.parametrize(
    ("name", "sees"),
    [("administrator", True), ("expert", True), ("inside", True), ("outside", False), ("manager", False)],
)
def test_who_sees_a_portfolio(people: People, name: str, sees: bool) -> None:
    actor = people.actor(name)
    assert (people.portfolio in visible_portfolios(actor)) is sees
    if not sees:
        with pytest.raises(Http404):
            access_portfolio(actor, people.portfolio.id)


def test_another_firm_s_portfolio_does_not_exist(people: People) -> None:
    assert not visible_portfolios(people.actor("stranger")).exists()
    with pytest.raises(Http404):
        access_portfolio(people.actor("stranger"), people.portfolio.id)
    with pytest.raises(Http404):
        access_portfolio(people.actor("administrator"), uuid4())


def test_only_its_responsable_or_an_administrator_changes_it(people: People) -> None:
    run = make_portfolio(people.firm, responsables=[people.outside], members=[people.inside])
    assert may_manage(people.actor("administrator"), run)
    assert access_portfolio(people.actor("outside"), run.id, manage=True) == run
    for name in ("inside", "expert"):
        with pytest.raises(PermissionDenied):
            access_portfolio(people.actor(name), run.id, manage=True)
    with pytest.raises(PermissionDenied):
        access_portfolio(people.actor("outside"), run.id, everything=True)


def test_creating_is_written_down(people: People) -> None:
    portfolio = create_portfolio(
        actor=people.actor("administrator"),
        name="Mayenne Nord",
        responsables=[people.manager, people.expert],
        members=[people.outside],
    )
    assert set(portfolio.responsables.all()) == {people.manager, people.expert}
    entry = last(people)
    assert (entry.action, entry.object_label, entry.actor_label) == (
        "portfolio.created",
        "Mayenne Nord",
        "Solène Hautbois",
    )
    assert entry.changes == {
        "responsables": [None, "Claire Dubreuil, Inès Benamara"],
        "collaborateurs": [None, "Thomas Lavergne"],
    }


@pytest.mark.parametrize("name", ["Agroalimentaire", "agroalimentaire"])
def test_a_name_serves_once_in_a_firm_and_is_free_in_another(people: People, name: str) -> None:
    with pytest.raises(NameTaken):
        create_portfolio(actor=people.actor("administrator"), name=name, responsables=[])
    other = make_portfolio(people.firm, "Santé")
    with pytest.raises(NameTaken):
        change_portfolio(actor=people.actor("administrator"), portfolio=other, name=name, responsables=[])
    assert create_portfolio(actor=people.actor("stranger"), name=name, responsables=[]).firm == people.other_firm


def test_people_of_another_firm_or_gone_are_refused(people: People) -> None:
    actor = people.actor("administrator")
    gone = make_collaborator(people.firm)
    gone.is_active = False
    gone.save()
    for somebody in (people.stranger, gone):
        with pytest.raises(UnknownPerson):
            create_portfolio(actor=actor, name="X", responsables=[somebody])
        with pytest.raises(UnknownPerson):
            add_member(actor=actor, portfolio=people.portfolio, person=somebody)
    assert not Portfolio.objects.filter(name="X").exists()


def test_changing_writes_only_what_changed(people: People) -> None:
    actor, before = people.actor("administrator"), LogEntry.objects.count()
    change_portfolio(
        actor=actor, portfolio=people.portfolio, name="Agroalimentaire", responsables=[people.administrator]
    )
    assert LogEntry.objects.count() == before
    change_portfolio(actor=actor, portfolio=people.portfolio, name="Agro", responsables=[people.expert])
    people.portfolio.refresh_from_db()
    assert people.portfolio.name == "Agro"
    assert last(people).changes == {
        "nom": ["Agroalimentaire", "Agro"],
        "responsables": ["Solène Hautbois", "Claire Dubreuil"],
    }


def test_members_come_and_go_and_with_them_the_clients(people: People) -> None:
    actor = people.actor("administrator")
    add_member(actor=actor, portfolio=people.portfolio, person=people.outside)
    assert people.client in visible_clients(people.actor("outside"))
    assert last(people).changes == {"collaborateurs": [None, "Thomas Lavergne"]}
    remove_member(actor=actor, portfolio=people.portfolio, person=people.outside)
    assert people.client not in visible_clients(people.actor("outside"))
    assert last(people).changes == {"collaborateurs": ["Thomas Lavergne", None]}


def test_doing_it_twice_changes_nothing(people: People) -> None:
    actor, before = people.actor("administrator"), LogEntry.objects.count()
    add_member(actor=actor, portfolio=people.portfolio, person=people.inside)
    remove_member(actor=actor, portfolio=people.portfolio, person=people.outside)
    add_client(actor=actor, portfolio=people.portfolio, client=people.client)
    assert LogEntry.objects.count() == before


def test_clients_come_and_go(people: People) -> None:
    actor, other = people.actor("administrator"), make_client(people.firm, people.expert, name="Garage Aubry")
    add_client(actor=actor, portfolio=people.portfolio, client=other)
    assert other in visible_clients(people.actor("inside"))
    assert (last(people).client_id, last(people).changes) == (other.id, {"portefeuilles": [None, "Agroalimentaire"]})
    remove_client(actor=actor, portfolio=people.portfolio, client=other)
    assert other not in visible_clients(people.actor("inside"))
    assert last(people).changes == {"portefeuilles": ["Agroalimentaire", None]}


def test_deleting_keeps_the_clients(people: People) -> None:
    delete_portfolio(actor=people.actor("administrator"), portfolio=people.portfolio)
    assert Client.objects.filter(id=people.client.id).exists()
    assert (last(people).action, last(people).object_label) == ("portfolio.deleted", "Agroalimentaire")
    assert people.client not in visible_clients(people.actor("inside"))


def test_who_would_lose_what(people: People) -> None:
    """Neither the manager, nor who sees every client, nor who shares another portfolio loses anything."""
    second = make_client(people.firm, people.expert, portfolios=[people.portfolio], name="Abattoir Ménard")
    people.portfolio.members.add(people.outside, people.manager, people.expert)
    elsewhere = make_portfolio(people.firm, members=[people.outside])
    people.client.portfolios.add(elsewhere)
    found = {loss.person: [client.name for client in loss.clients] for loss in losses(people.portfolio)}
    assert found == {
        people.inside: ["Abattoir Ménard", "Biscuiterie Ternanteau"],
        people.outside: ["Abattoir Ménard"],
        people.manager: ["Abattoir Ménard"],
    }
    before = {person: set(visible_clients(people.actor(name))) for name, person in _people(people)}
    delete_portfolio(actor=people.actor("administrator"), portfolio=people.portfolio)
    for name, person in _people(people):
        gone = before[person] - set(visible_clients(people.actor(name)))
        assert {client.name for client in gone} == set(found.get(person, []))
    assert second.name == "Abattoir Ménard"


def _people(people: People) -> list[tuple[str, object]]:
    names = ("administrator", "expert", "manager", "inside", "outside")
    return [(name, getattr(people, name)) for name in names]


def test_the_count_of_clients_leaves_out_the_deactivated(people: People) -> None:
    make_client(people.firm, people.expert, portfolios=[people.portfolio], active=False)
    make_client(people.firm, people.expert, portfolios=[people.portfolio])
    assert clients_by_portfolio(people.actor("administrator")) == {people.portfolio.id: 2}
