"""A tool on this machine, work done at once, and no waiting: what is slept is noted."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from cabinet.connectors.core import http
from cabinet.connectors.core.tokens import SHELF
from tests.cabinet.connectors.pennylane import FakePennylane
from tests.cabinet.connectors.server import Server, serving

type Work = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that calls would have slept."""
    slept: list[float] = []
    monkeypatch.setattr(http, "sleep", slept.append)
    return slept


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(Server()) as one:
        yield one


@pytest.fixture
def pennylane(settings: Any, naps: list[float]) -> Iterator[FakePennylane]:
    with serving(Server()) as server, serving(Server()) as files:
        settings.PENNYLANE_URL = server.url
        yield FakePennylane(server, files)


@pytest.fixture
def work(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Work:
    """Do something, then all the background work that it starts."""

    def do(act: Callable[[], Any]) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return act()

    return do


@pytest.fixture(autouse=True)
def _no_token_is_left() -> None:
    SHELF._kept.clear()


@pytest.fixture
def written(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that is logged, down to what no installation keeps."""
    caplog.set_level(logging.DEBUG)
    return caplog
