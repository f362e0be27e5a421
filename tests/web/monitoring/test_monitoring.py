"""What machines ask: alive, ready, measured; nothing for who has no token, and nobody's name for who has one."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client as Browser
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from cabinet.imports.models import Import
from cabinet.jobs.models import DueWork, Job
from cabinet.web.monitoring import measures
from tests.cabinet.imports.samples import dsn, make_sample_client, send
from tests.cabinet.people import People

pytestmark = pytest.mark.django_db
TOKEN = {"authorization": "Bearer a-long-token"}


def measured(browser: Browser) -> dict[tuple[str, ...], float]:
    text = browser.get("/metrics", headers=TOKEN).content.decode()
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_process_is_alive_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures.connection, "cursor", None)
    assert Browser().get("/health/live").content == b"ok\n"


def test_a_process_is_ready_when_database_and_storage_answer(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Browser().get("/health/ready").json() == {"ready": True, "troubles": []}
    assert list(Path(settings.STORAGE_DIR).rglob("*")) == []

    def refuse() -> None:
        raise DatabaseError("secret-host:5432 refused")

    settings.STORAGE_DIR = Path(os.devnull) / "nowhere"
    monkeypatch.setattr(measures.connection, "cursor", refuse)
    answer = Browser().get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "troubles": ["database", "storage"]})


def test_measures_are_for_who_has_the_token(settings: Any, people: People) -> None:
    for token, sent in (("", {}), ("", TOKEN), ("a-long-token", {}), ("another", TOKEN)):
        settings.METRICS_TOKEN = token
        assert people.browser("administrator").get("/metrics", headers=sent).status_code == 404


def test_what_is_measured(settings: Any, people: People, django_capture_on_commit_callbacks: Any) -> None:
    settings.METRICS_TOKEN = "a-long-token"
    client = make_sample_client(people.firm, people.manager)
    with django_capture_on_commit_callbacks(execute=True):
        send(client, "janvier.dsn", dsn("annee/mensuelle_2025-01_P25_etab1.dsn"))
    past = timezone.now() - timedelta(minutes=5)
    Job.objects.create(firm_id=people.firm.id, kind="read_import", object_id=client.id, not_before=past)
    Job.objects.create(firm_id=people.firm.id, kind="read_import", object_id=client.id)
    Job.objects.update(created_at=past)
    DueWork.objects.create(name="a.work", next_at=past)
    found = measured(Browser())
    assert found["bocage_imports", "accepted"] == Import.objects.count() == 1
    assert found["bocage_imports", "refused"] == 0
    assert found["bocage_jobs", "done", "read_import"] == 1
    assert found["bocage_jobs", "paused", "read_import"] == found["bocage_jobs", "read_import", "waiting"] == 1
    assert 290 < found["bocage_oldest_waiting_seconds",] < 400
    assert 290 < found["bocage_recurring_late_seconds", "a.work"] < 400
    assert found["bocage_disk_free_bytes", "storage"] > 0
    text = Browser().get("/metrics", headers=TOKEN).content.decode()
    assert client.siren not in text
    assert client.name not in text
