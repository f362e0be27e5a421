"""The people of every test of access: two firms, and in the first one each way to reach a client or not."""

from dataclasses import dataclass

import pytest
from django.test import Client as Browser

from cabinet.accounts.actors import Actor
from cabinet.accounts.models import Collaborator, Firm
from cabinet.accounts.permissions import Role
from cabinet.clients.models import Client
from cabinet.portfolios.models import Portfolio
from tests.cabinet.again import made_once
from tests.cabinet.factories import actor_for, make_client, make_collaborator, make_firm, make_portfolio


@dataclass(frozen=True, slots=True)
class People:
    """``client`` is managed by ``manager`` and in ``portfolio``: ``inside`` is its member, ``administrator`` runs it.

    ``outside`` is a collaborator of the same firm with no way to the client; ``stranger`` administers ``other_firm``.
    """

    firm: Firm
    administrator: Collaborator
    expert: Collaborator
    manager: Collaborator
    inside: Collaborator
    outside: Collaborator
    portfolio: Portfolio
    client: Client
    other_firm: Firm
    stranger: Collaborator
    other_client: Client

    def actor(self, name: str) -> Actor:
        """The actor of the person of that name (``"inside"``)."""
        return actor_for(getattr(self, name))

    def browser(self, name: str) -> Browser:
        """A browser signed in as that person; nobody for ``"anonymous"``."""
        browser = Browser()
        if name != "anonymous":
            browser.force_login(getattr(self, name).user)
        return browser


@pytest.fixture
def people(db: None) -> People:
    """The two firms and their people."""
    return made_once("people", _people)


def _people() -> People:
    firm, administrator = make_firm()
    expert = make_collaborator(firm, Role.EXPERT, first_name="Claire", last_name="Dubreuil")
    manager = make_collaborator(firm, first_name="Inès", last_name="Benamara")
    inside = make_collaborator(firm, first_name="Mathis", last_name="Le Goff")
    outside = make_collaborator(firm, first_name="Thomas", last_name="Lavergne")
    portfolio = make_portfolio(firm, "Agroalimentaire", responsables=[administrator], members=[inside])
    client = make_client(firm, manager, portfolios=[portfolio], name="Biscuiterie Ternanteau", file_code="T0412")
    other_firm, stranger = make_firm("Cabinet Voisin")
    other_client = make_client(other_firm, stranger, name="Garage Pellouin")
    return People(
        firm=firm,
        administrator=administrator,
        expert=expert,
        manager=manager,
        inside=inside,
        outside=outside,
        portfolio=portfolio,
        client=client,
        other_firm=other_firm,
        stranger=stranger,
        other_client=other_client,
    )
