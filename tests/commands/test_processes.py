"""Processes that live together, with children that do nothing."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from cabinet.management import processes
from cabinet.management.processes import Program, run_together

SLEEPS = "import time; time.sleep(60)"


def program(name: str, code: str) -> Program:
    return Program(name, [sys.executable, "-c", code])


def writes_its_number(path: Path) -> str:
    return f"import os, pathlib, time; pathlib.Path({str(path)!r}).write_text(str(os.getpid())); time.sleep(60)"


def is_alive(path: Path) -> bool:
    try:
        os.kill(int(path.read_text()), 0)
    except ProcessLookupError:
        return False
    return True


def send(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)


def test_what_comes_then_waits_and_ends_with_the_rest(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"

    def is_ready() -> bool:
        assert not second.exists()
        return first.exists()

    def stop_once_both_run() -> None:
        while not second.exists():
            time.sleep(0.05)
        time.sleep(0.1)
        send(signal.SIGINT)

    threading.Thread(target=stop_once_both_run, daemon=True).start()
    programs = [program("one", writes_its_number(first))]
    then = [program("two", writes_its_number(second))]
    assert run_together(programs, is_ready=is_ready, announce=lambda: None, then=then) is None
    assert not is_alive(first)
    assert not is_alive(second)


def test_all_end_when_one_ends(tmp_path: Path) -> None:
    number = tmp_path / "number"
    programs = [program("one", writes_its_number(number)), program("two", "import time; time.sleep(1); exit(3)")]
    ended = run_together(programs, is_ready=lambda: False, announce=lambda: None)
    assert ended is not None
    assert (ended.program.name, ended.code) == ("two", 3)
    assert not is_alive(number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_signal_ends_all_quietly(number: signal.Signals) -> None:
    announced = []
    before = signal.getsignal(number)

    def announce() -> None:
        announced.append(True)
        send(number)

    programs = [program("one", SLEEPS), program("two", SLEEPS)]
    assert run_together(programs, is_ready=lambda: True, announce=announce) is None
    assert announced == [True]
    assert signal.getsignal(number) == before


def test_a_second_signal_ends_what_does_not_listen(tmp_path: Path) -> None:
    number = tmp_path / "number"
    code = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {writes_its_number(number)}"

    def announce() -> None:
        send(signal.SIGINT)
        threading.Timer(0.5, send, [signal.SIGINT]).start()

    run_together([program("stubborn", code)], is_ready=number.exists, announce=announce)
    assert not is_alive(number)


def test_grace_ends(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(processes, "GRACE_SECONDS", 0.3)
    number = tmp_path / "number"
    code = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {writes_its_number(number)}"
    run_together([program("stubborn", code)], is_ready=number.exists, announce=lambda: send(signal.SIGTERM))
    assert not is_alive(number)
