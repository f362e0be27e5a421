"""What the machine stops waits for the machine: no try is spent, nothing is refused, and it resumes by itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from bocage.errors import SourceUnreadable, WorkspaceFull
from cabinet.audit.models import LogEntry
from cabinet.imports import reading, tasks
from cabinet.imports.enums import ImportState
from cabinet.imports.models import DeclaredMonth, Import
from cabinet.imports.selectors import running_of
from cabinet.jobs import services as jobs
from cabinet.jobs.models import DueWork, Job, JobState
from cabinet.jobs.schedule import LEASE, Recurring, run_due
from cabinet.web.dossier.files import PAUSED, doing_of
from tests.cabinet.imports.samples import dsn, make_sample_client, send
from tests.cabinet.people import People

pytestmark = pytest.mark.django_db
ENQUEUE = tasks.enqueue
MONTH = "annee/mensuelle_2025-01_P25_etab1.dsn"


@pytest.fixture
def waiting(people: People, monkeypatch: pytest.MonkeyPatch) -> Import:
    """A declaration that was received; nothing reads it by itself."""
    monkeypatch.setattr(tasks, "enqueue", lambda job, size: None)
    monkeypatch.setattr("cabinet.imports.services.enqueue", lambda job, size: None)
    return send(make_sample_client(people.firm, people.manager), "janvier.dsn", dsn(MONTH))


def read(imported: Import) -> Job:
    """One turn of a worker, whenever that is."""
    job = Job.objects.get(object_id=imported.id)
    tasks.read_import.call(str(job.id))
    job.refresh_from_db()
    imported.refresh_from_db()
    return job


@pytest.mark.parametrize("trouble", [OSError(28, "No space left"), WorkspaceFull("x"), SourceUnreadable("x")])
def test_a_trouble_of_the_machine_is_no_try(
    waiting: Import, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    def fail(*_: object) -> None:
        raise trouble

    before = timezone.now()
    with monkeypatch.context() as patch:
        patch.setattr(reading, "_keep_tables", fail)
        pauses = []
        for _ in range(6):
            job = read(waiting)
            assert job.not_before is not None
            pauses.append(round((job.not_before - before) / timedelta(minutes=1)))
            assert read(waiting).setbacks == job.setbacks  # not before the end of the pause
            assert jobs.abandoned() == []
            Job.objects.update(not_before=before)
        assert pauses == [1, 2, 4, 8, 15, 15]
    assert (job.tries, job.setbacks, waiting.state) == (0, 6, ImportState.READING)
    assert doing_of(running_of([waiting])[waiting.id]) == PAUSED
    Job.objects.update(created_at=before - 2 * jobs.LEASE)
    assert [one.id for one in jobs.abandoned()] == [job.id]
    assert read(waiting).state == JobState.DONE
    assert (waiting.state, waiting.tries) == (ImportState.ACCEPTED, 1)


def test_a_day_of_pauses_ends_in_a_refusal_that_keeps_the_file(
    waiting: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise SourceUnreadable("gone for good")

    monkeypatch.setattr(reading, "_keep_tables", fail)
    Job.objects.update(setbacks=jobs.MOST_SETBACKS)
    for _ in range(jobs.MAX_TRIES):
        job = read(waiting)
    assert (job.state, job.error) == (JobState.FAILED, "reading_failed")
    assert (waiting.state, waiting.has_original) == (ImportState.REFUSED, True)


def test_a_worker_thought_dead_that_ends_after_another_changes_nothing(
    waiting: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lease ran out while it was stopped; the one that took the file up has accepted it meanwhile."""
    keep = reading._keep_tables
    ends: list[Any] = []

    def overtaken(imported: Import, tables: Any) -> Any:
        kept = keep(imported, tables)
        if not ends:
            ends.append(None)
            Job.objects.update(lease_until=timezone.now() - jobs.LEASE)
            tasks.read_import.call(str(Job.objects.get().id))
        return kept

    monkeypatch.setattr(reading, "_keep_tables", overtaken)
    read(waiting)
    assert waiting.state == ImportState.ACCEPTED
    assert LogEntry.objects.filter(action="import.accepted").count() == 1
    assert [month.counts for month in DeclaredMonth.objects.all()] == [True]


def test_a_scheduler_takes_back_the_lease_that_it_could_not_give_back() -> None:
    """The database went away while the work ran: another scheduler waits for the end of the lease, not this one."""
    ran: list[str] = []

    def lose_the_database() -> None:
        ran.append("x")
        if len(ran) == 1:
            raise OperationalError

    work = Recurring("a", timedelta(0), lose_the_database)
    with pytest.raises(OperationalError):
        run_due([work], holder="one")
    DueWork.objects.update(next_at=timezone.now(), lease_until=timezone.now() + LEASE)  # as it stays then
    assert run_due([work], holder="two") == []
    assert run_due([work], holder="one") == ["a"]


def test_a_large_file_stands_behind_small_ones_that_come_after(
    waiting: Import, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.TASKS = {"default": {**settings.TASKS["default"], "BACKEND": "django_tasks_db.DatabaseBackend"}}
    job = Job.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        ENQUEUE(job, tasks.INTERACTIVE_BYTES + 1)
        ENQUEUE(job, tasks.INTERACTIVE_BYTES)
    assert list(DBTaskResult.objects.ready().values_list("queue_name", flat=True)) == ["interactive", "batch"]
