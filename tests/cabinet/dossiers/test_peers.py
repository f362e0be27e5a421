"""Comparing a dossier with the others of its firm, and what nobody may deduce from it."""

from decimal import Decimal

import pytest

from cabinet.clients.models import Client, FiscalYear
from cabinet.dossiers.models import IndicatorSnapshot
from cabinet.dossiers.peers import peers_of
from tests.cabinet.factories import make_client, make_year
from tests.cabinet.people import People

CODE = "supplier_payment_days"


def keep(client: Client, days: int, turnover: int = 500_000) -> FiscalYear:
    year = make_year(client)
    for code, value in ((CODE, days), ("turnover", turnover)):
        IndicatorSnapshot.objects.create(
            dossier=client.dossier, year=year, family="economic", code=code, unit="days", status="computed",
            value=value, formula="x", library="0", inputs_hash="0",
        )  # fmt: skip
    return year


@pytest.fixture
def year(people: People) -> FiscalYear:
    """The dossier of ``people``, with five others of its trade that only those who see all may open."""
    client = people.client
    client.ape = "10.71C"
    client.save()
    for rank in range(5):
        other = make_client(people.firm, people.administrator, name=f"Boulangerie {rank}", ape="10.71C")
        keep(other, 30 + 10 * rank)
    return keep(client, 20)


def test_five_others_make_a_group_of_six(people: People, year: FiscalYear) -> None:
    for name in ("administrator", "inside"):
        found = peers_of(people.actor(name), year)
        assert found is not None
        assert (found.others, found.section, found.size) == (5, "C", "micro")
        assert found.spreads[CODE].median == Decimal(45)
        assert "Boulangerie" not in repr(found)


def test_four_others_are_too_few(people: People, year: FiscalYear) -> None:
    Client.objects.get(name="Boulangerie 0").years.all().delete()
    assert peers_of(people.actor("administrator"), year) is None


def test_who_sees_all_but_a_few_is_shown_nothing(people: People, year: FiscalYear) -> None:
    """A member of a portfolio with two of the five would give the three others back by subtraction."""
    for rank in range(2):
        Client.objects.get(name=f"Boulangerie {rank}").portfolios.add(people.portfolio)
    assert peers_of(people.actor("inside"), year) is None
    assert peers_of(people.actor("administrator"), year) is not None


def test_another_trade_size_year_or_firm_is_no_peer(people: People, year: FiscalYear) -> None:
    for name, ape, firm, turnover in (
        ("Conseil", "70.22Z", people.firm, 500_000),
        ("Grande boulangerie", "10.71C", people.firm, 5_000_000),
        ("Voisine", "10.71C", people.other_firm, 500_000),
    ):
        manager = people.administrator if firm == people.firm else people.stranger
        keep(make_client(firm, manager, name=name, ape=ape), 900, turnover)
    found = peers_of(people.actor("administrator"), year)
    assert found is not None
    assert (found.others, found.spreads[CODE].high) == (5, Decimal(58))
