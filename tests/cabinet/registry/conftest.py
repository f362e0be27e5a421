"""A real HTTP server on this machine that answers as the public service does, the failures included."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.utils import timezone

SAMPLES = Path(__file__).parents[2] / "data" / "sirene" / "recherche"


@dataclass
class Script:
    """What the server does next, and what it was asked."""

    status: int = 200
    body: bytes = b'{"results": [], "total_results": 0, "page": 1, "per_page": 10, "total_pages": 0}'
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    drip: float = 0.0
    """Seconds between two bytes of the body."""
    asked: list[str] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)

    def sample(self, name: str, status: int = 200) -> None:
        self.status, self.body = status, (SAMPLES / f"{name}.json").read_bytes()

    def unit(self, name: str, **changes: object) -> None:
        """A sample with some fields of its unit changed."""
        document = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
        document["results"][0].update(changes)
        self.status, self.body = 200, json.dumps(document).encode()


class _Handler(BaseHTTPRequestHandler):
    script: Script
    stopping: threading.Event

    def do_GET(self) -> None:
        script = self.script
        script.asked.append(self.path)
        script.agents.append(self.headers.get("User-Agent", ""))
        self.stopping.wait(script.wait)
        try:
            self.send_response(script.status)
            for name, value in script.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(script.body)))
            self.end_headers()
            if not script.drip:
                self.wfile.write(script.body)
                return
            for byte in script.body:
                if self.stopping.wait(script.drip):
                    return
                self.wfile.write(bytes([byte]))
        except (BrokenPipeError, ConnectionResetError):
            pass

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def service(settings) -> Iterator[Script]:
    """The service, alone in the chain, at the address that the settings give."""
    script = Script()
    stopping = threading.Event()
    handler = type("Handler", (_Handler,), {"script": script, "stopping": stopping})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    settings.REGISTRY_RECHERCHE_URL = f"http://127.0.0.1:{server.server_port}"
    settings.REGISTRY_SOURCES = ["recherche"]
    settings.REGISTRY_TIMEOUT_SECONDS = 3.0
    settings.REGISTRY_CONTACT = "contact@exemple.invalid"
    yield script
    stopping.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Move the wall clock on by some seconds."""
    offset = 0.0
    real = timezone.now

    def forward(seconds: float) -> None:
        nonlocal offset
        offset += seconds

    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(seconds=offset))
    return forward


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch, clock: Callable[[float], None]) -> list[float]:
    """The pauses that the chain takes before a call: none is really taken, the clock moves instead."""
    taken: list[float] = []

    def nap(seconds: float) -> None:
        taken.append(seconds)
        clock(seconds)

    monkeypatch.setattr("cabinet.registry.chain.sleep", nap)
    return taken


@pytest.fixture
def elapsed() -> Callable[[], float]:
    started = time.monotonic()
    return lambda: time.monotonic() - started
