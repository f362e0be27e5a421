"""No NIR and no surname of a DSN anywhere but in its sealed original: database, storage, logs, even after a crash."""

import hashlib
import json
import logging
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.conf import settings

from bocage.ingest.dsn import FactsWriter
from cabinet.clients.models import Client
from cabinet.imports.enums import ImportState
from cabinet.imports.models import Import
from cabinet.imports.tasks import read_import
from cabinet.jobs.models import Job, JobState
from tests.cabinet.imports.leaks import leaked, personal_values
from tests.cabinet.imports.samples import DSN, Deliver, dsn, send, year_of_dsn


@pytest.fixture(scope="module")
def secrets() -> set[bytes]:
    found = personal_values()
    assert len(found) > 30
    return found


def leaks(secrets: set[bytes], caplog: pytest.LogCaptureFixture) -> set[bytes]:
    return leaked(secrets, caplog.text.encode())


def test_the_search_finds_what_leaks(company: Client, secrets: set[bytes], caplog: pytest.LogCaptureFixture) -> None:
    company.contact_name = next(iter(secrets)).decode("latin-1")
    company.save()
    assert leaks(secrets, caplog)


@pytest.mark.parametrize("form", ["value", "digest"])
def test_the_search_reads_inside_fact_tables(form: str, company: Client, secrets: set[bytes]) -> None:
    secret = sorted(secrets)[0]
    kept = secret.decode("latin-1") if form == "value" else hashlib.sha256(secret).hexdigest()
    folder = Path(settings.STORAGE_DIR) / "facts"
    folder.mkdir(parents=True, exist_ok=True)
    path = str(folder / "leak.parquet").replace("'", "''")
    connection = duckdb.connect()
    connection.execute("CREATE TABLE leak AS SELECT $1 AS cell", [kept])
    connection.execute(f"COPY leak TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
    assert leaked({secret})


def test_nothing_leaks_while_a_file_waits(
    company: Client, secrets: set[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    send(company, "janvier.dsn", dsn("annee/mensuelle_2025-01_P25_etab1.dsn"))
    assert not leaks(secrets, caplog)


def test_nothing_leaks_once_accepted(
    company: Client, deliver: Deliver, secrets: set[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name, content in list(year_of_dsn())[:4]:
        deliver(company, name, content)
    assert not leaks(secrets, caplog)


@pytest.mark.parametrize("path", sorted((DSN / "defauts").glob("*.dsn")), ids=lambda path: path.stem)
def test_no_report_quotes_a_person(
    path: Path, company: Client, deliver: Deliver, secrets: set[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    imported = deliver(company, path.name, path.read_bytes())
    report = json.dumps(imported.report, ensure_ascii=False).encode()
    assert not [secret for secret in secrets if re.search(rb"(?<!\w)" + re.escape(secret) + rb"(?!\w)", report)]


def test_nothing_leaks_after_a_crash_in_the_middle(
    company: Client,
    secrets: set[bytes],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    committed: Any,
) -> None:
    caplog.set_level(logging.DEBUG)
    feed, seen = FactsWriter.feed, 0

    def fail_late(self: FactsWriter, source: str, event: Any) -> None:
        nonlocal seen
        feed(self, source, event)
        seen += 1
        if seen % 8 == 0:
            raise ValueError(repr(event))

    monkeypatch.setattr(FactsWriter, "feed", fail_late)
    with committed():
        imported = send(company, "janvier.dsn", dsn("annee/mensuelle_2025-01_P25_etab1.dsn"))
    imported.refresh_from_db()
    assert (imported.state, imported.refusal, imported.has_original) == (ImportState.REFUSED, "worker_failed", True)
    assert Job.objects.get(object_id=imported.id).state == JobState.FAILED
    assert not list(Path(settings.WORK_DIR).glob("read-*"))
    assert not leaks(secrets, caplog)


def test_a_reading_that_fails_once_is_tried_again(
    company: Client, monkeypatch: pytest.MonkeyPatch, committed: Any
) -> None:
    feed, tries = FactsWriter.feed, 0

    def fail_once(self: FactsWriter, source: str, event: Any) -> None:
        nonlocal tries
        feed(self, source, event)
        tries += 1
        if tries == 5:
            raise ValueError("once")

    monkeypatch.setattr(FactsWriter, "feed", fail_once)
    with committed():
        imported = send(company, "janvier.dsn", dsn("annee/mensuelle_2025-01_P25_etab1.dsn"))
    imported.refresh_from_db()
    assert (imported.state, imported.tries) == (ImportState.ACCEPTED, 2)
    assert imported.months.count() == 1


def test_the_task_run_twice_accepts_once(company: Client, deliver: Deliver) -> None:
    imported = deliver(company, "janvier.dsn", dsn("annee/mensuelle_2025-01_P25_etab1.dsn"))
    job = Job.objects.get(object_id=imported.id, kind="read_import")
    read_import.call(str(job.id))
    again = Import.objects.get(id=imported.id)
    assert (again.state, again.settled_at, again.tries) == (imported.state, imported.settled_at, 1)
