"""The real queue in its tables, and a real worker killed in the middle of a payroll file: nobody is named anywhere."""

import os
import signal
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from cabinet.imports import tasks
from cabinet.imports.enums import ImportState
from cabinet.jobs.models import Job
from tests.cabinet.imports.leaks import leaked, personal_values
from tests.cabinet.imports.samples import dsn, make_sample_client, send
from tests.cabinet.people import People

NAME = "annee/mensuelle_2025-01_P25_etab1.dsn"
WORKER = """
import logging, sys, time
from django.conf import settings
settings.TASKS = {"default": {**settings.TASKS["default"], "BACKEND": "django_tasks_db.DatabaseBackend"}}
settings.STORAGE_DIR, settings.WORK_DIR = sys.argv[1:3]
settings.DATABASES["default"]["NAME"] = sys.argv[3]
import django
django.setup()
logging.basicConfig(level=logging.DEBUG, force=True)
from django.core.management import call_command
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[3]
if sys.argv[4] == "stall":
    from bocage.ingest.dsn import FactsWriter
    feed, seen = FactsWriter.feed, []
    def stall(self, source, event):
        feed(self, source, event)
        seen.append(event)
        if len(seen) == 9:
            print("in the middle", flush=True)
            time.sleep(60)
    FactsWriter.feed = stall
call_command("db_worker", "--batch", "--queue-name", "*", "--interval", "0")
"""
"""``manage.py db_worker``, with every log shown; ``stall`` waits in the middle of the first file read."""


def start_worker(how: str) -> "subprocess.Popen[bytes]":
    arguments = [str(settings.STORAGE_DIR), str(settings.WORK_DIR), str(connection.settings_dict["NAME"]), how]
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test", "PYTHONWARNINGS": "ignore"},
    )


def run_until_killed() -> bytes:
    """Start a worker, kill it in the middle of the file, and give what it had said."""
    said = []
    with start_worker("stall") as worker:
        try:
            assert worker.stdout is not None
            for line in worker.stdout:
                said.append(line)
                if line.strip() == b"in the middle":
                    break
            worker.send_signal(signal.SIGKILL)
            said.append(worker.stdout.read())
            assert worker.wait() == -signal.SIGKILL, b"".join(said).decode()
        finally:
            worker.kill()
    return b"".join(said)


@pytest.mark.django_db(transaction=True)
def test_no_one_is_named_by_the_queue_nor_by_a_killed_worker(people: People, settings: Any) -> None:
    secrets = personal_values()
    settings.TASKS = {"default": {**settings.TASKS["default"], "BACKEND": "django_tasks_db.DatabaseBackend"}}
    imported = send(make_sample_client(people.firm, people.manager), "janvier.dsn", dsn(NAME))
    assert DBTaskResult.objects.filter(status="READY").count() == 1
    assert not leaked(secrets)

    said = run_until_killed()
    imported.refresh_from_db()
    assert imported.state == ImportState.READING
    assert DBTaskResult.objects.filter(status="RUNNING").count() == 1
    assert not leaked(secrets, said)

    Job.objects.filter(object_id=imported.id).update(lease_until=timezone.now())
    assert tasks.take_up_abandoned() == 1
    with start_worker("go") as worker:
        said = worker.communicate(timeout=60)[0]
    imported.refresh_from_db()
    assert imported.state == ImportState.ACCEPTED, said.decode()
    assert (imported.tries, imported.has_original) == (2, False)
    assert DBTaskResult.objects.filter(status="SUCCESSFUL").exists()
    assert not leaked(secrets, said)
