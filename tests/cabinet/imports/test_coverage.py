"""What is there and what is missing, told one client at a time and found among many."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from cabinet.clients.access import visible_clients
from cabinet.clients.models import Client
from cabinet.imports.coverage import (
    Cell,
    coverage_of,
    last_due_month,
    standing_refusals,
)
from cabinet.imports.enums import ImportKind, ImportState, Refusal
from cabinet.imports.lacking import Lack, lacks_anything, with_lack
from cabinet.imports.models import Import
from tests.cabinet.factories import (
    make_client,
    make_declared_months,
    make_import,
    make_year,
)
from tests.cabinet.people import People

TODAY = date(2026, 11, 17)
WHOLE_YEAR = [f"2025-{month:02d}" for month in range(1, 13)]


def lacking(people: People, lack: Lack, today: date = TODAY) -> set[Client]:
    return set(with_lack(visible_clients(people.actor("administrator")), lack, today))


def any_lack(people: People, today: date = TODAY) -> set[Client]:
    return set(visible_clients(people.actor("administrator")).filter(lacks_anything(today)))


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 16), date(2026, 10, 31)),
        (date(2026, 11, 15), date(2026, 9, 30)),
        (date(2026, 1, 20), date(2025, 12, 31)),
        (date(2026, 1, 3), date(2025, 11, 30)),
    ],
)
def test_a_dsn_is_due_on_the_fifteenth_of_the_next_month(today: date, expected: date) -> None:
    assert last_due_month(today) == expected


def test_a_client_without_a_year_lacks_everything(people: People) -> None:
    coverage = coverage_of([people.client], TODAY)[people.client.id]
    assert (coverage.years, coverage.latest) == ([], None)
    assert lacking(people, Lack.FEC) == {people.client}
    assert lacking(people, Lack.DSN) == set()
    assert any_lack(people) == {people.client}


def test_a_complete_year(people: People) -> None:
    year = make_year(people.client)
    make_import(people.client, year=year)
    make_declared_months(people.client, WHOLE_YEAR)
    latest = coverage_of([people.client], TODAY)[people.client.id].latest
    assert latest is not None
    assert (latest.fec, latest.declared, latest.is_complete, latest.missing_months) == (Cell.PRESENT, 12, True, ())
    assert any_lack(people) == set()


def test_a_hole_is_found(people: People) -> None:
    year = make_year(people.client)
    make_import(people.client, year=year)
    make_declared_months(people.client, [month for month in WHOLE_YEAR if month != "2025-10"])
    latest = coverage_of([people.client], TODAY)[people.client.id].latest
    assert latest is not None
    assert latest.missing_months == (date(2025, 10, 1),)
    assert not latest.is_complete
    assert lacking(people, Lack.DSN) == {people.client}
    assert lacking(people, Lack.FEC) == set()


def test_two_declarations_of_a_month_fill_one_month(people: People) -> None:
    make_import(people.client, year=make_year(people.client))
    make_declared_months(people.client, WHOLE_YEAR[:11])
    make_declared_months(people.client, WHOLE_YEAR[:1])
    assert lacking(people, Lack.DSN) == {people.client}


def test_months_of_another_year_or_another_client_fill_nothing(people: People) -> None:
    other = make_client(people.firm, people.manager)
    make_import(people.client, year=make_year(people.client))
    make_declared_months(people.client, [f"2024-{month:02d}" for month in range(1, 13)])
    make_declared_months(other, WHOLE_YEAR)
    latest = coverage_of([people.client], TODAY)[people.client.id].latest
    assert latest is not None
    assert latest.declared == 0
    assert people.client in lacking(people, Lack.DSN)


def test_what_is_not_due_is_not_missing(people: People) -> None:
    make_year(people.client, 2026)
    make_declared_months(people.client, [f"2026-{month:02d}" for month in range(1, 11)])
    latest = coverage_of([people.client], TODAY)[people.client.id].latest
    assert latest is not None
    assert latest.fec is Cell.NOT_DUE
    assert [month.cell for month in latest.months[-2:]] == [Cell.NOT_DUE, Cell.NOT_DUE]
    assert any_lack(people) == set()
    assert lacking(people, Lack.DSN, date(2026, 12, 16)) == {people.client}
    assert lacking(people, Lack.FEC, date(2027, 1, 1)) == {people.client}


def test_the_latest_year_decides(people: People) -> None:
    make_import(people.client, year=make_year(people.client, 2024))
    make_year(people.client, 2025)
    assert [one.year.label for one in coverage_of([people.client], TODAY)[people.client.id].years] == ["2025", "2024"]
    assert lacking(people, Lack.FEC) == {people.client}


@pytest.mark.parametrize(
    ("state", "cell"),
    [
        (ImportState.TO_CHECK, Cell.TO_CHECK),
        (ImportState.READING, Cell.READING),
        (ImportState.RECEIVED, Cell.READING),
        (ImportState.REFUSED, Cell.REFUSED),
        (ImportState.REPLACED, Cell.MISSING),
        (ImportState.DELETED, Cell.MISSING),
    ],
)
def test_a_fec_that_is_not_accepted_yet(people: People, state: ImportState, cell: Cell) -> None:
    year = make_year(people.client)
    make_import(people.client, state=state, period_start=year.start, period_end=year.end)
    latest = coverage_of([people.client], TODAY)[people.client.id].latest
    assert latest is not None
    assert latest.fec is cell
    assert lacking(people, Lack.FEC) == {people.client}


def test_a_month_takes_its_best_declaration(people: People) -> None:
    make_year(people.client)
    waiting = make_declared_months(people.client, ["2025-03", "2025-04"])
    waiting.months.update(counts=False)
    Import.objects.filter(id=waiting.id).update(state=ImportState.TO_CHECK)
    refused = make_declared_months(people.client, ["2025-04", "2025-05"])
    refused.months.update(counts=False)
    Import.objects.filter(id=refused.id).update(state=ImportState.REFUSED, refusal=Refusal.UNREADABLE)
    make_declared_months(people.client, ["2025-03"])
    latest = coverage_of([people.client], TODAY)[people.client.id].latest
    assert latest is not None
    assert [month.cell for month in latest.months[2:6]] == [Cell.PRESENT, Cell.TO_CHECK, Cell.REFUSED, Cell.MISSING]


def refused(client: Client, kind: ImportKind = ImportKind.FEC, **columns: object) -> Import:
    return make_import(client, kind, ImportState.REFUSED, **({"refusal": Refusal.UNREADABLE} | columns))


def test_a_refusal_stands_until_something_makes_it_good(people: People) -> None:
    bad = refused(people.client)
    assert lacking(people, Lack.REFUSED) == {people.client}
    assert coverage_of([people.client], TODAY)[people.client.id].refused == [bad]
    make_import(people.client, received_at=timezone.now())
    assert lacking(people, Lack.REFUSED) == set()
    assert coverage_of([people.client], TODAY)[people.client.id].refused == []


def test_an_earlier_file_makes_nothing_good(people: People) -> None:
    make_import(people.client)
    bad = refused(people.client)
    Import.objects.filter(id=bad.id).update(received_at=timezone.now() + timedelta(minutes=1))
    assert lacking(people, Lack.REFUSED) == {people.client}


def test_a_dsn_is_made_good_by_a_dsn_of_its_month_only(people: People) -> None:
    refused(people.client, ImportKind.DSN, period_start=date(2025, 8, 1), period_end=date(2025, 8, 31))
    make_import(people.client, ImportKind.DSN, period_start=date(2025, 9, 1), period_end=date(2025, 9, 30))
    make_import(people.client)
    assert lacking(people, Lack.REFUSED) == {people.client}
    make_import(people.client, ImportKind.DSN, period_start=date(2025, 8, 1), period_end=date(2025, 8, 31))
    assert lacking(people, Lack.REFUSED) == set()


def test_a_dsn_without_a_month_stands_until_it_is_removed(people: People) -> None:
    bad = refused(people.client, ImportKind.DSN)
    make_import(people.client, ImportKind.DSN)
    assert lacking(people, Lack.REFUSED) == {people.client}
    Import.objects.filter(id=bad.id).update(state=ImportState.DELETED)
    assert lacking(people, Lack.REFUSED) == set()


@pytest.mark.parametrize("refusal", [Refusal.SAME_FILE, Refusal.BY_PERSON])
def test_some_refusals_ask_for_nobody(people: People, refusal: Refusal) -> None:
    refused(people.client, refusal=refusal)
    assert not standing_refusals().exists()


@pytest.mark.parametrize(
    ("lack", "state"),
    [
        (Lack.TO_CHECK, ImportState.TO_CHECK),
        (Lack.RUNNING, ImportState.RECEIVED),
        (Lack.RUNNING, ImportState.READING),
    ],
)
def test_files_that_move(people: People, lack: Lack, state: ImportState) -> None:
    waiting = make_import(people.client, state=state)
    coverage = coverage_of([people.client], TODAY)[people.client.id]
    assert lacking(people, lack) == {people.client}
    assert (coverage.to_check if lack is Lack.TO_CHECK else coverage.running) == [waiting]
    assert lacking(people, Lack.RUNNING if lack is Lack.TO_CHECK else Lack.TO_CHECK) == set()


def test_the_number_of_queries_does_not_grow(people: People, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    clients = [people.client, *(make_client(people.firm, people.manager) for _ in range(5))]
    for client in clients:
        make_import(client, year=make_year(client))
        make_declared_months(client, WHOLE_YEAR)
        refused(client)
    with django_assert_num_queries(3):
        assert len(coverage_of(clients, TODAY)) == 6


def test_a_refused_dsn_marks_its_months_where_nothing_better_came(people: People) -> None:
    make_year(people.client)
    make_declared_months(people.client, ["2025-07"])
    refused(people.client, ImportKind.DSN, period_start=date(2025, 7, 1), period_end=date(2025, 8, 31))
    latest = coverage_of([people.client], TODAY)[people.client.id].latest
    assert latest is not None
    assert [month.cell for month in latest.months[6:9]] == [Cell.PRESENT, Cell.REFUSED, Cell.MISSING]
