"""The same work through RabbitMQ: a real broker, a real worker. Skipped where ``RABBITMQ_URL`` names no broker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.tasks import task_backends
from django.utils import timezone

from cabinet.audit.models import LogEntry
from cabinet.imports import tasks
from cabinet.imports.enums import ImportState
from cabinet.imports.models import Import
from cabinet.jobs.broker import CeleryBackend, queue_name, run
from cabinet.jobs.models import Job, JobState
from tests.cabinet.factories import make_client
from tests.cabinet.files import fec_name, make_fec
from tests.cabinet.imports.samples import GENERATED_FEC, make_sample_client, send
from tests.cabinet.people import People

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 60
BACKEND = "cabinet.jobs.broker.CeleryBackend"
NOBODY = "amqp://guest:guest@127.0.0.1:1//"
needs_broker = pytest.mark.skipif("RABBITMQ_URL" not in os.environ, reason="RABBITMQ_URL names no broker")


def choose(settings: Any, url: str) -> CeleryBackend:
    """Send tasks to that broker, under names of this test's own."""
    settings.RABBITMQ_URL = url
    settings.RABBITMQ_PREFIX = f"bocage-test-{uuid4()}"
    settings.TASKS = {"default": {"BACKEND": BACKEND, "QUEUES": ["interactive", "batch"]}}
    backend = task_backends["default"]
    assert isinstance(backend, CeleryBackend)
    return backend


@pytest.fixture
def broker(settings: Any) -> Iterator[CeleryBackend]:
    backend = choose(settings, os.environ["RABBITMQ_URL"])
    yield backend
    with backend.app.connection_for_write() as connected:
        for name in ("interactive", "batch"):
            connected.default_channel.queue_delete(queue_name(name))
    backend.app.close()


@pytest.fixture
def start_worker(settings: Any, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts ``manage.py worker`` on the database and the storage of the test; kills what is left at its end."""
    started: list[subprocess.Popen[bytes]] = []
    database = connection.settings_dict
    name = database["NAME"]
    url = (
        f"sqlite:///{name}"
        if connection.vendor == "sqlite"
        else os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DATABASE_URL": url,
        "BOCAGE_DATA_DIR": str(Path(settings.STORAGE_DIR).parent),
        "BOCAGE_MASTER_KEYS": settings.BOCAGE_MASTER_KEYS[0],
        "RABBITMQ_URL": settings.RABBITMQ_URL,
        "RABBITMQ_PREFIX": settings.RABBITMQ_PREFIX,
        "TASKS_BACKEND": BACKEND,
        "PYTHONPATH": str(ROOT / "src"),
    }

    def start(*options: str) -> subprocess.Popen[bytes]:
        log = (tmp_path / f"worker-{len(started)}.log").open("wb")
        command = [sys.executable, "manage.py", "worker", *options]
        started.append(
            subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)
        )
        log.close()
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE_SECONDS)


def until(ready: Callable[[], bool], folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not ready():
        assert time.monotonic() < deadline, [log.read_text() for log in folder.glob("worker-*.log")]
        time.sleep(0.1)


@needs_broker
@pytest.mark.django_db(transaction=True)
def test_a_worker_reads_what_was_sent(people: People, broker: Any, start_worker: Any, tmp_path: Path) -> None:
    company = make_sample_client(people.firm, people.manager)
    first = send(company, GENERATED_FEC.name, GENERATED_FEC.read_bytes())
    second = send(people.client, fec_name(people.client.siren), make_fec())
    assert set(Import.objects.values_list("state", flat=True)) == {ImportState.RECEIVED}
    worker = start_worker()
    until(lambda: not Job.objects.exclude(state=JobState.DONE).exists(), tmp_path)
    assert {Import.objects.get(id=one.id).state for one in (first, second)} == {ImportState.ACCEPTED}
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(PATIENCE_SECONDS) == 0


@needs_broker
@pytest.mark.django_db(transaction=True)
def test_a_message_comes_back_from_a_worker_that_is_killed(
    people: People, broker: CeleryBackend, start_worker: Any, tmp_path: Path
) -> None:
    sent = []
    for _ in range(6):
        client = make_client(people.firm, people.manager)
        sent.append(send(client, fec_name(client.siren), make_fec()))
    killed = start_worker()
    until(lambda: Job.objects.filter(state=JobState.RUNNING).exists(), tmp_path)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait(PATIENCE_SECONDS)
    assert Import.objects.exclude(state=ImportState.ACCEPTED).exists()
    # Leases end, as they do by themselves after two minutes without a heartbeat.
    Job.objects.filter(state=JobState.RUNNING).update(lease_until=timezone.now())
    start_worker()
    until(lambda: not Job.objects.exclude(state=JobState.DONE).exists(), tmp_path)
    for imported in sent:
        imported.refresh_from_db()
        assert imported.state == ImportState.ACCEPTED
        assert LogEntry.objects.filter(action="import.accepted", object_id=imported.id).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_loses_nothing(
    people: People, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    choose(settings, NOBODY)
    imported = send(make_sample_client(people.firm, people.manager), GENERATED_FEC.name, GENERATED_FEC.read_bytes())
    assert (imported.state, Job.objects.get().state) == (ImportState.RECEIVED, JobState.WAITING)
    assert "broker unreachable" in caplog.text
    Job.objects.update(created_at=timezone.now() - 2 * tasks.jobs.LEASE)
    sent: list[Job] = []
    monkeypatch.setattr(tasks, "enqueue", lambda job, size: sent.append(job))
    assert tasks.take_up_abandoned() == 1
    assert sent == [Job.objects.get()]


def test_only_tasks_are_run(caplog: pytest.LogCaptureFixture) -> None:
    run("os.getcwd", [], {})
    assert "not a task: os.getcwd" in caplog.text


def test_a_task_that_fails_says_no_more_than_its_type(caplog: pytest.LogCaptureFixture) -> None:
    run("cabinet.imports.tasks.read_import", ["2 81 05 75 secret"], {})
    assert "read_import failed with ValueError" in caplog.text
    assert "secret" not in caplog.text


def test_an_unknown_queue_is_refused(settings: Any) -> None:
    choose(settings, NOBODY)
    with pytest.raises(CommandError, match="No such queue: urgent"):
        call_command("worker", queue=["urgent"])


def test_processes_are_for_the_broker(settings: Any) -> None:
    with pytest.raises(CommandError, match="start the command several times"):
        call_command("worker", processes=3)
