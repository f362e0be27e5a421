"""The estimate of a dossier: kept when a FEC is accepted, computed again when its inputs change, gone with the file."""

from collections.abc import Callable
from typing import Any

import pytest

from bocage.indicators.carbon import Frame, by_post
from cabinet.accounts.actors import operator
from cabinet.carbon.estimating import refresh
from cabinet.carbon.models import Estimate, SupplierSpend
from cabinet.carbon.selectors import ESTIMATE, Reading, is_estimating, reading_of
from cabinet.carbon.tasks import estimate_missing, refresh_after_change, take_up_abandoned
from cabinet.clients.models import Client
from cabinet.dossiers.models import IndicatorSnapshot
from cabinet.dossiers.snapshots import recompute
from cabinet.imports.models import Import
from cabinet.imports.services import delete
from cabinet.jobs.models import Job, JobState
from cabinet.jobs.services import MOST_SETBACKS
from tests.cabinet.imports.samples import GENERATED_FEC, make_sample_client, send
from tests.cabinet.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def capture(request: pytest.FixtureRequest) -> Callable[..., Any]:
    found: Callable[..., Any] = request.getfixturevalue("django_capture_on_commit_callbacks")
    return found


@pytest.fixture
def books(people: People, capture: Callable[..., Any]) -> Client:
    """A dossier whose FEC of 2025 has just been accepted; nothing else was asked of Bocage."""
    client = make_sample_client(people.firm, people.manager)
    with capture(execute=True):
        send(client, GENERATED_FEC.name, GENERATED_FEC.read_bytes())
    return client


def reading(client: Client) -> Reading:
    found = reading_of(client.years.get())
    assert found is not None
    return found


def test_an_accepted_fec_is_estimated_in_the_background(books: Client) -> None:
    found = reading(books)
    job = Job.objects.get(kind=ESTIMATE, object_id=books.id)
    assert job.state == JobState.DONE
    assert not is_estimating(books.id)
    total = found.total()
    assert f"{total.kgco2e:.6f}" == str(found.row.total)
    assert sum(total.kgco2e for total in map(found.total, by_post(found.cells, Frame.GHGP).values())) == total.kgco2e
    assert found.path.exists()
    kept = {one.code: one for one in IndicatorSnapshot.objects.filter(year__client=books, family="carbon")}
    assert kept["carbon_total"].value == found.row.total
    assert (kept["carbon_total"].status, kept["carbon_total"].reason) == ("partial", "missing_quantities")
    assert set(kept) == {"carbon_total", "carbon_per_turnover", *(f"carbon_scope_{scope}" for scope in "123")}


def test_figures_of_other_families_are_left_alone(books: Client) -> None:
    before = IndicatorSnapshot.objects.filter(year__client=books).count()
    recompute(books)
    assert IndicatorSnapshot.objects.filter(year__client=books).count() == before
    assert IndicatorSnapshot.objects.filter(year__client=books, code="turnover").exists()


def test_the_same_inputs_are_not_computed_again(books: Client) -> None:
    before = reading(books).row.computed_at
    refresh(books)
    assert reading(books).row.computed_at == before


def test_another_activity_of_the_client_changes_the_estimate_and_the_file(
    books: Client, capture: Callable[..., Any]
) -> None:
    before = reading(books)
    suppliers = set(before.row.suppliers.values_list("key", flat=True))
    books.ape = "10.71C"
    books.save()
    with capture(execute=True):
        refresh(books)
    after = reading(books)
    assert after.row.total != before.row.total
    assert after.path != before.path
    assert before.path.exists()  # a page may be reading it
    assert set(after.row.suppliers.values_list("key", flat=True)) == suppliers
    books.ape = "62.01Z"
    books.save()
    with capture(execute=True):
        refresh(books)
    assert not before.path.exists()


def test_the_estimate_goes_with_its_fec(books: Client, capture: Callable[..., Any]) -> None:
    path = reading(books).path
    with capture(execute=True):
        delete(actor=operator(books.firm), imported=Import.objects.get(client=books))
    assert not Estimate.objects.exists()
    assert not SupplierSpend.objects.exists()
    assert not IndicatorSnapshot.objects.filter(family="carbon").exists()
    assert not path.exists()


def test_changes_that_come_together_are_estimated_once(books: Client) -> None:
    for _ in range(3):
        refresh_after_change(books.id)
    assert Job.objects.filter(kind=ESTIMATE, state=JobState.WAITING).count() == 1
    assert is_estimating(books.id)


def test_a_lost_task_is_taken_up(books: Client, capture: Callable[..., Any]) -> None:
    refresh_after_change(books.id)
    job = Job.objects.get(kind=ESTIMATE, state=JobState.WAITING)
    Job.objects.filter(id=job.id).update(created_at="2026-01-01T00:00:00Z")
    with capture(execute=True):
        assert take_up_abandoned() == 1
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_a_file_that_cannot_be_read_fails_the_job_without_a_word_of_it(
    books: Client, capture: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    imported = Import.objects.get(client=books)
    books.ape = "10.71C"
    books.save()
    (reading(books).path.parent.parent / imported.tables["lines"]).write_bytes(b"not a table")
    with capture(execute=True):
        refresh_after_change(books.id)
    waiting = Job.objects.get(kind=ESTIMATE, state=JobState.WAITING)
    assert (waiting.tries, waiting.setbacks) == (0, 1)  # the disk may come back
    a_day_later = {"created_at": "2026-01-01T00:00:00Z", "not_before": None, "setbacks": MOST_SETBACKS}
    for _ in range(3):
        with capture(execute=True):
            Job.objects.filter(id=waiting.id).update(**a_day_later)
            take_up_abandoned()
    last = Job.objects.filter(kind=ESTIMATE).order_by("-started_at").first()
    assert last is not None
    assert (last.state, last.error) == (JobState.FAILED, "estimate_failed")
    assert "not a table" not in caplog.text


def test_a_fec_accepted_before_there_were_estimates_is_estimated(books: Client, capture: Callable[..., Any]) -> None:
    total = reading(books).row.total
    Estimate.objects.all().delete()
    assert estimate_missing() == 0  # it was tried: a failure is not tried again for ever
    Job.objects.filter(kind=ESTIMATE).delete()
    with capture(execute=True):
        assert estimate_missing() == 1
    assert reading(books).row.total == total
    Job.objects.filter(kind=ESTIMATE).delete()
    assert estimate_missing() == 0
