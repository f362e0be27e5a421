"""Processes that live together: they start together, and when one ends or a stop is asked for, all end.

Children get a session of their own, so that Ctrl-C in a terminal reaches this process alone, which
then asks each child once.
"""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TICK_SECONDS = 0.1
GRACE_SECONDS = 15.0
"""How long a child may finish what it does. A job cut short is taken again later."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to start, and its name in messages."""

    name: str
    command: Sequence[str]


@dataclass(frozen=True, slots=True)
class Ended:
    """The program that ended without being asked, and its exit code."""

    program: Program
    code: int


def run_together(
    programs: Sequence[Program],
    *,
    is_ready: Callable[[], bool],
    announce: Callable[[], None],
    then: Sequence[Program] = (),
) -> Ended | None:
    """Run until a stop signal (the answer is None) or until a program ends by itself (the answer says which).

    Once ``is_ready`` has become true, ``announce`` is called and the programs of ``then`` start, which would have
    slowed the others down. Every child has ended when this returns.
    """
    children: list[tuple[Program, subprocess.Popen[bytes]]] = []

    def start(chosen: Sequence[Program]) -> None:
        for program in chosen:
            children.append((program, subprocess.Popen(program.command, start_new_session=True)))  # noqa: S603

    with _stop_signals() as received:
        try:
            start(programs)
            announced = False
            while not received:
                for program, child in children:
                    if (code := child.poll()) is not None:
                        return Ended(program, code)
                if not announced and is_ready():
                    announced = True
                    announce()
                    start(then)
                time.sleep(TICK_SECONDS)
        finally:
            _stop([child for _, child in children], received)
    return None


@contextmanager
def _stop_signals() -> Iterator[list[int]]:
    """The stop signals received while the block runs."""
    received: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        received.append(number)

    before: dict[signal.Signals, Any] = {number: signal.signal(number, note) for number in STOP_SIGNALS}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(children: Sequence[subprocess.Popen[bytes]], received: list[int]) -> None:
    """Ask each child once; end by force those that a second signal or the end of the grace finds alive."""
    alive = [child for child in children if child.poll() is None]
    for child in alive:
        child.terminate()
    asked, deadline = len(received), time.monotonic() + GRACE_SECONDS
    while any(child.poll() is None for child in alive) and len(received) == asked and time.monotonic() < deadline:
        time.sleep(TICK_SECONDS)
    for child in alive:
        if child.poll() is None:
            child.kill()
        child.wait()
