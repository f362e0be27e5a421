"""A worker killed in the middle of a reading: another takes the file up, accepts it once, with the same facts."""

import os
import signal
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from cabinet.audit.models import LogEntry
from cabinet.clients.models import Client
from cabinet.imports import tasks
from cabinet.imports.enums import ImportState
from cabinet.imports.facts import tables_of
from cabinet.imports.models import Import
from cabinet.jobs.models import Job, JobState
from tests.cabinet.imports.samples import GENERATED_FEC, make_sample_client, send
from tests.cabinet.people import People

NAME = "000012344FEC20251231.txt"
SLOW_WORKER = """
import sys, time
import django
from django.conf import settings
django.setup()
settings.STORAGE_DIR, settings.WORK_DIR = sys.argv[2:4]
settings.DATABASES["default"]["NAME"] = sys.argv[4]
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[4]
from cabinet.imports import reading, tasks
keep = reading._keep_tables
def stall(imported, tables):
    kept = keep(imported, tables)
    print("facts", flush=True)
    time.sleep(60)
    return kept
reading._keep_tables = stall
tasks.read_import.call(sys.argv[1])
"""


@pytest.mark.django_db(transaction=True)
def test_a_killed_reading_is_taken_up_and_accepted_once(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    company = make_sample_client(people.firm, people.manager)
    monkeypatch.setattr(tasks, "enqueue", lambda job, size: None)
    monkeypatch.setattr("cabinet.imports.services.enqueue", lambda job, size: None)
    imported = send(company, NAME, GENERATED_FEC.read_bytes())
    job = Job.objects.get(object_id=imported.id)
    _kill_in_the_middle(job)
    imported.refresh_from_db()
    job.refresh_from_db()
    assert (imported.state, job.state) == (ImportState.READING, JobState.RUNNING)
    assert tasks.take_up_abandoned() == 0  # its lease still holds

    taken: list[Any] = []
    monkeypatch.setattr(tasks, "enqueue", lambda job, size: taken.append(job))
    Job.objects.filter(id=job.id).update(lease_until=timezone.now())
    assert tasks.take_up_abandoned() == 1
    tasks.read_import.call(str(taken[0].id))
    imported.refresh_from_db()
    assert (imported.state, imported.tries) == (ImportState.ACCEPTED, 2)
    assert LogEntry.objects.filter(action="import.accepted", object_id=imported.id).count() == 1
    _same_facts_as_an_untroubled_reading(imported, people)


def _kill_in_the_middle(job: Job) -> None:
    database = str(connection.settings_dict["NAME"])
    arguments = [str(job.id), str(settings.STORAGE_DIR), str(settings.WORK_DIR), database]
    worker = subprocess.Popen(
        [sys.executable, "-c", SLOW_WORKER, *arguments],
        stdout=subprocess.PIPE,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test", "PYTHONWARNINGS": "ignore"},
    )
    try:
        assert worker.stdout is not None
        assert worker.stdout.readline().strip() == b"facts"
        worker.send_signal(signal.SIGKILL)
        assert worker.wait() == -signal.SIGKILL
    finally:
        worker.kill()
        worker.wait()
        if worker.stdout is not None:
            worker.stdout.close()


def _same_facts_as_an_untroubled_reading(imported: Import, people: People) -> None:
    facts = {name: path.read_bytes() for name, path in tables_of(imported).items()}
    assert facts
    Client.objects.filter(id=people.client.id).update(siret="00001234400024", siren="000012344")
    other = send(Client.objects.get(id=people.client.id), NAME, GENERATED_FEC.read_bytes())
    tasks.read_import.call(str(Job.objects.get(object_id=other.id).id))
    other.refresh_from_db()
    assert other.state == ImportState.ACCEPTED
    assert {name: path.read_bytes() for name, path in tables_of(other).items()} == facts
