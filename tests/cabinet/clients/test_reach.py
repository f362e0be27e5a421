"""The one rule: who sees which client. Each case asserts what is hidden as well as what is seen."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from cabinet.clients.access import access_client, visible_clients
from tests.cabinet.factories import make_client, make_portfolio
from tests.cabinet.people import People

SEES_THE_CLIENT = {"administrator", "expert", "manager", "inside"}
EVERYBODY = ("administrator", "expert", "manager", "inside", "outside", "stranger")


@pytest.mark.parametrize("name", EVERYBODY)
def test_the_visible_set_and_the_hidden_set(people: People, name: str) -> None:
    hidden_from_most = make_client(people.firm, people.expert)
    seen = set(visible_clients(people.actor(name)))
    expected = {
        "administrator": {people.client, hidden_from_most},
        "expert": {people.client, hidden_from_most},
        "manager": {people.client},
        "inside": {people.client},
        "outside": set(),
        "stranger": {people.other_client},
    }[name]
    hidden = {people.client, people.other_client, hidden_from_most} - expected
    assert seen == expected
    assert not seen & hidden


@pytest.mark.parametrize("name", EVERYBODY)
def test_the_gate_answers_404_out_of_reach(people: People, name: str) -> None:
    if name in SEES_THE_CLIENT:
        assert access_client(people.actor(name), people.client.id, "clients.edit") == people.client
    else:
        with pytest.raises(Http404):
            access_client(people.actor(name), people.client.id, "clients.edit")


@pytest.mark.parametrize("name", ["expert", "manager", "inside"])
def test_the_gate_answers_403_without_the_code(people: People, name: str) -> None:
    with pytest.raises(PermissionDenied):
        access_client(people.actor(name), people.client.id, "clients.delete")


def test_an_unknown_code_never_opens_the_gate(people: People) -> None:
    with pytest.raises(KeyError):
        access_client(people.actor("administrator"), people.client.id, "clients.everything")


def test_a_client_shared_through_two_portfolios_comes_once(people: People) -> None:
    second = make_portfolio(people.firm, members=[people.inside], responsables=[people.inside])
    people.client.portfolios.add(second)
    assert list(visible_clients(people.actor("inside"))) == [people.client]


def test_a_responsable_sees_what_the_portfolio_holds(people: People) -> None:
    other = make_portfolio(people.firm, responsables=[people.outside])
    shared = make_client(people.firm, people.manager, portfolios=[other])
    assert list(visible_clients(people.actor("outside"))) == [shared]


def test_leaving_the_portfolio_hides_the_client_at_once(people: People) -> None:
    people.portfolio.members.remove(people.inside)
    assert not visible_clients(people.actor("inside")).exists()


def test_a_portfolio_of_another_firm_opens_nothing(people: People) -> None:
    """Even a row that no service would write does not cross firms."""
    crossing = make_portfolio(people.other_firm)
    crossing.members.add(people.outside)
    people.other_client.portfolios.add(crossing)
    assert not visible_clients(people.actor("outside")).exists()


def test_deactivated_clients_stay_visible(people: People) -> None:
    asleep = make_client(people.firm, people.manager, active=False)
    assert asleep in visible_clients(people.actor("manager"))
