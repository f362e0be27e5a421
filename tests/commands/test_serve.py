"""The embedded edition, started as a user starts it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60


@pytest.fixture
def held_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_a_port_that_is_held_is_said_before_anything_starts(held_port: int) -> None:
    with pytest.raises(CommandError, match=f"Port {held_port} cannot be used.*BOCAGE_PORT="):
        call_command("serve", port=str(held_port))


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", ""])
def test_a_port_is_a_number(port: str) -> None:
    with pytest.raises(CommandError, match="is not a port"):
        call_command("serve", port=port)


def test_everything_starts_together_and_ends_together(tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment |= {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "BOCAGE_DATA_DIR": str(tmp_path / "data")}
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    with log.open("wb") as out:
        serve = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while f"http://localhost:{port}" not in log.read_text():
            assert serve.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        with urllib.request.urlopen(f"http://localhost:{port}/", timeout=10) as page:
            assert "csrfmiddlewaretoken" in page.read().decode()
    finally:
        serve.send_signal(signal.SIGINT)
        code = serve.wait(PATIENCE_SECONDS)
    assert code == 0
    assert "Bocage is stopped." in log.read_text()
    assert "Traceback" not in log.read_text()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=1)
