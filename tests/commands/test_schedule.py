import os
import signal
import threading
from datetime import timedelta

import pytest
from django.core.management import call_command

from cabinet.jobs.models import DueWork
from cabinet.jobs.schedule import Recurring
from cabinet.management.commands import schedule

pytestmark = pytest.mark.django_db


def test_every_piece_of_work_runs_on_an_empty_database() -> None:
    call_command("schedule", once=True)
    assert set(DueWork.objects.values_list("name", flat=True)) == {work.name for work in schedule.RECURRING}


def test_work_that_fails_is_named_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[str] = []

    def fail() -> None:
        raise ValueError("a line of somebody’s file")

    works = [
        Recurring("first", timedelta(days=1), fail),
        Recurring("second", timedelta(days=1), lambda: calls.append("x")),
    ]
    monkeypatch.setattr(schedule, "RECURRING", works)
    call_command("schedule", once=True)
    assert calls == ["x"]
    assert "first failed with ValueError" in caplog.text
    assert "somebody" not in caplog.text


def test_a_signal_ends_it_between_two_pieces_of_work(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    calls: list[str] = []
    stop = threading.Timer(0.3, os.kill, [os.getpid(), signal.SIGTERM])
    work = Recurring("first", timedelta(0), lambda: calls.append("x"))
    monkeypatch.setattr(schedule, "RECURRING", [work])
    monkeypatch.setattr(schedule, "TICK_SECONDS", 0.05)
    monkeypatch.setattr(schedule, "close_old_connections", lambda: None)  # the test's own transaction lives on it
    stop.start()
    try:
        call_command("schedule")
    finally:
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])
    assert len(calls) > 1
