"""Requests that the test server is still answering: a window that closes leaves some behind."""

import time
from threading import Lock, get_ident
from typing import Any

from django.core.signals import request_finished, request_started

PATIENCE_SECONDS = 10


class InFlight:
    """Counts the requests that other threads than its maker's answer, from its making on.

    The test's own, which Django's client makes in its thread, may never be read to their end.
    """

    def __init__(self) -> None:
        self._count, self._lock, self._thread = 0, Lock(), get_ident()
        request_started.connect(self._begin, weak=False)
        request_finished.connect(self._end, weak=False)

    def _begin(self, **_signal: Any) -> None:
        self._add(1)

    def _end(self, **_signal: Any) -> None:
        self._add(-1)

    def _add(self, one: int) -> None:
        if get_ident() != self._thread:
            with self._lock:
                self._count += one

    def wait(self) -> None:
        """Until each has been answered: one that goes on in the next test finds its database locked, or gone."""
        time.sleep(0.02)  # what a window has just sent has begun by then
        limit = time.monotonic() + PATIENCE_SECONDS
        while self._count > 0:
            assert time.monotonic() < limit, f"{self._count} requests are still being answered"
            time.sleep(0.01)
