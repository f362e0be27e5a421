"""The product as a user starts it: web server, worker and scheduler, on a data directory of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 60
EMAIL, PASSWORD = "solene.hautbois@cabinet.test", "une-phrase-de-passe-de-test"
OPEN_FIRM = f"""
import django; django.setup()
from cabinet.accounts.services import Person, create_firm
create_firm(name="Hautbois & Associés", administrator=Person("Solène", "Hautbois", "{EMAIL}"), password="{PASSWORD}")
"""


@dataclass(frozen=True, slots=True)
class Installed:
    """A running installation with one firm and its administrator."""

    url: str
    context: BrowserContext

    def sign_in(self) -> Page:
        """A window of the administrator, through the sign-in page."""
        page = self.context.new_page()
        page.set_default_timeout(15_000)
        page.goto(f"{self.url}/clients/")
        if page.get_by_role("heading", name="Se connecter", exact=True).count():
            page.get_by_label("Adresse e-mail").fill(EMAIL)
            page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Se connecter", exact=True).click()
        page.wait_for_url("**/clients/")
        return page


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an installation that has just been started; a real worker reads its files."""
    folder = tmp_path_factory.mktemp("installed")
    port, log = _free_port(), folder / "log"
    environment = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "TASKS_BACKEND"}}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "BOCAGE_DATA_DIR": str(folder / "data"),
        "REGISTRY_SOURCES": "demo",
        "PYTHONPATH": str(ROOT / "src"),
    }
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    with log.open("wb") as out:
        serve = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
    try:
        _wait(lambda: f"http://localhost:{port}" in log.read_text(), log)
        subprocess.run([sys.executable, "-c", OPEN_FIRM], cwd=ROOT, env=environment, check=True, capture_output=True)
        yield f"http://localhost:{port}"
    finally:
        serve.send_signal(signal.SIGINT)
        serve.wait(PATIENCE_SECONDS)
    assert "Traceback" not in log.read_text(), log.read_text()


def _wait(ready: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not ready():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


@pytest.fixture
def installed(browser: Browser, installation: str) -> Iterator[Installed]:
    """That installation, with a window to open on it."""
    context = browser.new_context(
        base_url=installation, viewport={"width": 1440, "height": 900}, locale="fr-FR", reduced_motion="reduce"
    )
    yield Installed(installation, context)
    context.close()
