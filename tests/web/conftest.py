"""What the tests of pages ask for: ``people`` (tests.cabinet.people), and for browser tests ``surfer``."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.cabinet.people import people as people
from tests.web.browser import Surfer, chromium
from tests.web.in_flight import InFlight
from tests.web.postman import postman as postman


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def in_flight() -> InFlight:
    """The requests that the test server is answering."""
    return InFlight()


@pytest.fixture
def surfer(browser: Browser, live_server: LiveServer, in_flight: InFlight) -> Iterator[Surfer]:
    """Windows on the test server: ``surfer.page(people.administrator, width=390)``."""
    opened = Surfer(browser, live_server.url)
    yield opened
    try:
        opened.close()
    finally:
        in_flight.wait()
