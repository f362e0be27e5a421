"""What each night asks for, once, and what it leaves when nobody has answered yet."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from cabinet.connectors import nightly, pulling, services
from cabinet.connectors.access import companies_of_client
from cabinet.connectors.listing import ask_years
from cabinet.connectors.models import Connection, Pull, PullState, ToolCompany
from cabinet.imports.enums import ImportState
from cabinet.imports.models import Import
from tests.cabinet.connectors.conftest import Work
from tests.cabinet.connectors.pennylane import FakePennylane
from tests.cabinet.connectors.test_pennylane import connect
from tests.cabinet.files import make_fec
from tests.cabinet.people import People

NIGHT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> list[datetime]:
    """The time, as the nightly work reads it."""
    return [NIGHT]


@pytest.fixture
def company(people: People, pennylane: FakePennylane, work: Work) -> ToolCompany:
    """A company of Pennylane fetched each night."""
    pennylane.add(48213, "TERNANTEAU", people.client.siren)
    connect(people, work)
    found = companies_of_client(people.client).get()
    work(lambda: ask_years(found))
    services.set_nightly(actor=people.actor("inside"), company=found, nightly=True)
    return found


def night(work: Work, clock: list[datetime]) -> int:
    asked: int = work(lambda: nightly.pull_nightly(clock[0]))
    for _ in range(4):
        Pull.objects.filter(state=PullState.LATER).update(next_at=timezone.now() - timedelta(seconds=1))
        work(pulling.resume_due)
    return asked


def states(people: People) -> list[str]:
    rows = Import.objects.filter(client=people.client).order_by("received_at")
    return list(rows.values_list("state", flat=True))


def test_once_a_night_and_only_at_night(
    people: People, pennylane: FakePennylane, company: ToolCompany, work: Work, clock: list[datetime]
) -> None:
    clock[0] = NIGHT.replace(hour=12)
    assert night(work, clock) == 0
    clock[0] = NIGHT
    assert (night(work, clock), night(work, clock)) == (1, 0)
    assert sorted(Pull.objects.values_list("start", "nightly")) == [(date(2025, 1, 1), True), (date(2026, 1, 1), True)]
    assert states(people) == [ImportState.ACCEPTED] * 2
    clock[0] += timedelta(days=1)
    assert night(work, clock) == 1
    assert states(people) == [ImportState.ACCEPTED] * 2
    assert list(Pull.objects.order_by("asked_at").values_list("state", flat=True)[2:]) == [PullState.SAME] * 2


def test_what_was_had_before_is_not_brought_back(
    people: People, pennylane: FakePennylane, company: ToolCompany, work: Work, clock: list[datetime]
) -> None:
    night(work, clock)
    Import.objects.update(state=ImportState.DELETED)
    clock[0] += timedelta(days=1)
    assert night(work, clock) == 1
    assert states(people) == [ImportState.DELETED] * 2


def test_a_ledger_that_moves_leaves_one_question(
    people: People, pennylane: FakePennylane, company: ToolCompany, work: Work, clock: list[datetime]
) -> None:
    for sales in (1_000, 1_100, 1_200):
        pennylane.fec = make_fec(sales=sales)
        night(work, clock)
        clock[0] += timedelta(days=1)
    expected = [ImportState.ACCEPTED, ImportState.DELETED, ImportState.TO_CHECK]
    assert sorted(states(people)) == sorted(expected * 2)


@pytest.mark.parametrize("columns", [{"enabled": False}, {"blocked": True}])
def test_a_closed_connection_is_left_alone(
    people: People, company: ToolCompany, work: Work, clock: list[datetime], columns: dict[str, Any]
) -> None:
    Connection.objects.update(**columns)
    assert night(work, clock) == 0
    assert not Pull.objects.exists()


def test_the_last_two_months() -> None:
    months = [(one.start, one.end) for one in nightly.last_months(date(2026, 3, 10))]
    assert months == [(date(2026, 2, 1), date(2026, 2, 28)), (date(2026, 1, 1), date(2026, 1, 31))]
