"""Jobs: taken by one worker at a time, given back after a crash, never twice at once."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from cabinet.jobs import schedule, services
from cabinet.jobs.models import DueWork, Job, JobState
from cabinet.jobs.schedule import Recurring, run_due

pytestmark = pytest.mark.django_db


def waiting() -> Job:
    return services.open_job(firm_id=uuid4(), kind="read_import", object_id=uuid4())


def later(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """Every module that looks at the clock sees ``moment``."""
    monkeypatch.setattr(timezone, "now", lambda: moment)


def test_one_worker_takes_a_job_and_the_next_finds_it_taken() -> None:
    job = waiting()
    taken = services.claim(job.id)
    assert taken is not None
    assert (taken.state, taken.tries) == (JobState.RUNNING, 1)
    assert services.claim(job.id) is None


def test_an_unknown_job_is_nobody_s() -> None:
    assert services.claim(uuid4()) is None


def test_a_dead_worker_s_job_is_taken_again(monkeypatch: pytest.MonkeyPatch) -> None:
    job = waiting()
    services.claim(job.id)
    later(monkeypatch, timezone.now() + services.LEASE + timedelta(seconds=1))
    again = services.claim(job.id)
    assert again is not None
    assert again.tries == 2


def test_a_heartbeat_keeps_the_job_and_says_how_far(monkeypatch: pytest.MonkeyPatch) -> None:
    job, start = waiting(), timezone.now()
    services.claim(job.id)
    later(monkeypatch, start + services.LEASE - timedelta(seconds=1))
    assert services.beat(job.id, tries=1, share=0.62, step="checks")
    later(monkeypatch, start + services.LEASE + timedelta(seconds=1))
    assert services.claim(job.id) is None
    assert services.abandoned() == []
    job.refresh_from_db()
    assert (job.share, job.step) == (0.62, "checks")


def test_a_worker_whose_job_was_taken_by_another_is_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    job = waiting()
    slow = services.claim(job.id)
    later(monkeypatch, timezone.now() + services.LEASE + timedelta(seconds=1))
    second = services.claim(job.id)
    assert slow is not None
    assert second is not None
    assert not services.beat(job.id, tries=slow.tries, share=0.9, step="late")
    assert services.beat(job.id, tries=second.tries, share=0.1, step="start")


@pytest.mark.parametrize(("share", "kept"), [(-1.0, 0.0), (7.5, 1.0)])
def test_a_share_stays_a_share(share: float, kept: float) -> None:
    job = waiting()
    services.claim(job.id)
    services.beat(job.id, tries=1, share=share, step="x" * 99)
    job.refresh_from_db()
    assert (job.share, len(job.step)) == (kept, 40)


def test_a_worker_whose_job_is_over_is_told_to_stop() -> None:
    job = waiting()
    services.claim(job.id)
    services.finish(job.id)
    assert not services.beat(job.id, tries=1, share=0.5, step="checks")
    assert services.claim(job.id) is None


@pytest.mark.parametrize(("error", "state", "share"), [("", JobState.DONE, 1.0), ("crashed", JobState.FAILED, 0.0)])
def test_a_job_ends_well_or_with_a_code(error: str, state: JobState, share: float) -> None:
    job = waiting()
    services.claim(job.id)
    services.finish(job.id, error=error)
    job.refresh_from_db()
    assert (job.state, job.error, job.share, job.lease_until) == (state, error, share, None)
    assert job.ended_at is not None


def test_a_released_job_waits_again_and_keeps_its_count() -> None:
    job = waiting()
    services.claim(job.id)
    services.release(job.id)
    again = services.claim(job.id)
    assert again is not None
    assert again.tries == 2


def test_what_is_abandoned(monkeypatch: pytest.MonkeyPatch) -> None:
    lost_task, dead_worker, alive, over = (waiting() for _ in range(4))
    start = timezone.now()
    for job in (dead_worker, over):
        services.claim(job.id)
    services.finish(over.id)
    later(monkeypatch, start + services.LEASE + timedelta(seconds=5))
    services.claim(alive.id)
    recent = waiting()
    found = {job.id for job in services.abandoned()}
    assert found == {lost_task.id, dead_worker.id}
    assert recent.id not in found


def counting(calls: list[str], name: str = "purge") -> Recurring:
    return Recurring(name=name, every=timedelta(hours=1), run=lambda: calls.append(name))


def test_recurring_work_runs_when_due_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    start = timezone.now()
    assert run_due([counting(calls)]) == ["purge"]
    assert run_due([counting(calls)]) == []
    later(monkeypatch, start + timedelta(hours=1, minutes=1))
    assert run_due([counting(calls)]) == ["purge"]
    assert calls == ["purge", "purge"]


def test_another_scheduler_s_work_is_left_to_it_until_its_lease_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    start = timezone.now()
    DueWork.objects.create(name="purge", next_at=start, lease_until=start + schedule.LEASE)
    assert run_due([counting(calls)]) == []
    later(monkeypatch, start + schedule.LEASE + timedelta(seconds=1))
    assert run_due([counting(calls)]) == ["purge"]


def test_work_that_fails_is_due_again_later_and_does_not_hold_its_lease() -> None:
    def fail() -> None:
        raise RuntimeError("no disk")

    with pytest.raises(RuntimeError):
        run_due([Recurring("purge", timedelta(hours=1), fail)])
    row = DueWork.objects.get(name="purge")
    assert row.lease_until is None
    assert row.next_at > timezone.now()


def test_ids_are_enough_to_claim() -> None:
    """The queue carries the id as text."""
    job = waiting()
    assert services.claim(UUID(str(job.id))) is not None


def test_old_jobs_that_went_well_are_forgotten_but_for_the_last_of_their_object() -> None:
    firm, polled, read = uuid4(), uuid4(), uuid4()
    old = timezone.now() - services.KEPT - timedelta(days=1)

    def ended(object_id: UUID, error: str = "", at: datetime = old) -> Job:
        job = services.open_job(firm_id=firm, kind="pull", object_id=object_id)
        services.finish(job.id, error=error)
        Job.objects.filter(id=job.id).update(ended_at=at)
        return job

    forgotten = ended(polled)
    kept = {ended(polled, error="unavailable"), ended(polled, at=timezone.now()), ended(polled), ended(read)}
    assert services.forget_done() == 1
    assert {*Job.objects.all()} == kept
    assert forgotten not in kept
    assert services.forget_done() == 0
