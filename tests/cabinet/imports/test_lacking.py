"""The summary of what each client lacks says what its coverage says, whatever was done to it."""

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cabinet.accounts.actors import operator
from cabinet.clients.access import visible_clients
from cabinet.clients.models import Client, FiscalYear
from cabinet.clients.services import open_year
from cabinet.imports import services
from cabinet.imports.coverage import Cell, coverage_of
from cabinet.imports.enums import ImportKind, ImportState
from cabinet.imports.lacking import Lack, refresh_many, with_lack
from cabinet.imports.models import Import, MissingData
from tests.cabinet.factories import make_client, make_declared_months, make_import, make_year
from tests.cabinet.people import People

MONTHS = [f"{year}-{month:02d}" for year in (2024, 2025) for month in range(1, 13)]


def slowly(client: Client, today: date) -> set[Lack]:
    """What the coverage of a client, drawn month by month, says of its latest year."""
    latest = coverage_of([client], today)[client.id].latest
    if latest is None:
        return {Lack.FEC}
    gaps = [one for one in latest.months if one.cell is not Cell.PRESENT and one.first_day >= latest.year.start]
    due = [one for one in gaps if one.cell is not Cell.NOT_DUE]
    return ({Lack.FEC} if latest.fec is Cell.MISSING else set()) | ({Lack.DSN} if due else set())


def quickly(people: People, client: Client, today: date) -> set[Lack]:
    seen = visible_clients(people.actor("administrator"))
    return {lack for lack in (Lack.FEC, Lack.DSN) if client in with_lack(seen, lack, today)}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.dates(date(2024, 1, 1), date(2025, 3, 31)),
    length=st.integers(20, 500),
    declared=st.sets(st.sampled_from(MONTHS)),
    has_fec=st.booleans(),
    today=st.dates(date(2024, 1, 1), date(2027, 1, 1)),
)
def test_the_summary_says_what_the_calendar_says(
    people: People, start: date, length: int, declared: set[str], has_fec: bool, today: date
) -> None:
    client = make_client(people.firm, people.manager)
    end = date.fromordinal(start.toordinal() + length)
    year = FiscalYear.objects.create(client=client, start=start, end=end)
    if has_fec:
        make_import(client, year=year)
    make_declared_months(client, declared)
    assert quickly(people, client, today) == slowly(client, today)


def test_services_keep_the_summary(people: People) -> None:
    client, actor, today = people.client, operator(people.firm), date(2027, 6, 1)
    year = make_year(client)
    waiting = make_import(client, state=ImportState.TO_CHECK, year=year)
    services.accept(actor=actor, imported=waiting)
    assert quickly(people, client, today) == slowly(client, today) == {Lack.DSN}
    dsn = make_declared_months(client, [f"2025-{month:02d}" for month in range(1, 13)])
    assert quickly(people, client, today) == set()
    services.delete(actor=actor, imported=dsn)
    assert quickly(people, client, today) == slowly(client, today) == {Lack.DSN}
    services.delete(actor=actor, imported=Import.objects.get(id=waiting.id))
    assert quickly(people, client, today) == slowly(client, today) == {Lack.FEC, Lack.DSN}


def test_a_month_that_came_early_hides_no_gap(people: People) -> None:
    make_import(people.client, year=make_year(people.client, 2026))
    make_declared_months(people.client, [f"2026-{month:02d}" for month in range(1, 13) if month != 9])
    assert quickly(people, people.client, date(2026, 11, 1)) == {Lack.DSN}


def test_an_adopted_draft_is_summed_up(people: People) -> None:
    actor = operator(people.firm)
    open_year(actor=actor, client=people.client, start=date(2025, 1, 1), end=date(2025, 12, 31))
    services.adopt(actor=actor, draft_id=people.client.id, client=people.client, years={})
    assert MissingData.objects.get(client=people.client).fec_from == date(2026, 1, 1)


def test_a_client_whose_years_went_has_no_summary(people: People) -> None:
    make_import(people.client, ImportKind.DSN)
    make_year(people.client).delete()
    refresh_many([people.client.id])
    assert not MissingData.objects.exists()
