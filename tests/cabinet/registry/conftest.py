"""A real HTTP server on this machine that answers as the public services do, the failures included."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.utils import timezone

SAMPLES = Path(__file__).parents[2] / "data" / "sirene"
INSEE_KEY = "clef-d-essai-0123456789"


@dataclass
class Script:
    """What the server does next, and what it was asked. ``folder``: the samples of the service that it plays."""

    folder: str

    status: int = 200
    body: bytes = b'{"results": [], "total_results": 0, "page": 1, "per_page": 10, "total_pages": 0}'
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    drip: float = 0.0
    """Seconds between two bytes of the body."""
    missing: int = 0
    """Bytes announced and never sent: the connection is cut."""
    routes: dict[str, tuple[int, bytes, dict[str, str]]] = field(default_factory=dict)
    """Answers to the addresses that hold a text, in order; the answer above is for the others."""
    asked: list[str] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def read(self, name: str) -> bytes:
        return (SAMPLES / self.folder / f"{name}.json").read_bytes()

    def sample(self, name: str, status: int = 200) -> None:
        self.status, self.body = status, self.read(name)

    def route(self, text: str, name: str = "", status: int = 200, body: object = None, **headers: str) -> None:
        """What an address that holds ``text`` answers: a sample, or a document."""
        self.routes[text] = (status, self.read(name) if name else json.dumps(body).encode(), headers)

    def unit(self, name: str, **changes: object) -> None:
        """A sample with some fields of its unit changed."""
        document = json.loads(self.read(name))
        document["results"][0].update(changes)
        self.status, self.body = 200, json.dumps(document).encode()

    def answer_to(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        return next(
            (answer for text, answer in self.routes.items() if text in path), (self.status, self.body, self.headers)
        )


class _Handler(BaseHTTPRequestHandler):
    script: Script
    stopping: threading.Event

    def do_GET(self) -> None:
        script = self.script
        script.asked.append(self.path)
        script.agents.append(self.headers.get("User-Agent", ""))
        script.keys.append(self.headers.get("X-INSEE-Api-Key-Integration", ""))
        self.stopping.wait(script.wait)
        status, body, headers = script.answer_to(self.path)
        try:
            if status == 0:  # hangs up without a word
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body) + script.missing))
            self.end_headers()
            if not script.drip:
                self.wfile.write(body)
                return
            for byte in body:
                if self.stopping.wait(script.drip):
                    return
                self.wfile.write(bytes([byte]))
        except (BrokenPipeError, ConnectionResetError):
            pass

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(folder: str) -> Iterator[tuple[Script, str]]:
    """A service that plays a script, and its address."""
    script = Script(folder)
    stopping = threading.Event()
    handler = type("Handler", (_Handler,), {"script": script, "stopping": stopping})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield script, f"http://127.0.0.1:{server.server_port}"
    stopping.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def service(settings) -> Iterator[Script]:
    """The API Recherche d'entreprises, alone in the chain, at the address that the settings give."""
    with served("recherche") as (script, address):
        settings.REGISTRY_RECHERCHE_URL = address
        settings.REGISTRY_SOURCES = ["recherche"]
        settings.REGISTRY_CONTACT = "contact@exemple.invalid"
        yield script


@pytest.fixture
def insee(settings) -> Iterator[Script]:
    """The API Sirene, alone in the chain, with a key."""
    with served("insee") as (script, address):
        settings.REGISTRY_INSEE_URL = f"{address}/api-sirene/3.11"
        settings.REGISTRY_INSEE_KEY = INSEE_KEY
        settings.REGISTRY_SOURCES = ["insee"]
        yield script


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
    """The pauses taken before a call: none is really taken, the clock moves instead."""
    taken: list[float] = []

    def nap(seconds: float) -> None:
        taken.append(seconds)
        clock(seconds)

    for module in ("chain", "service"):
        monkeypatch.setattr(f"cabinet.registry.{module}.sleep", nap)
    return taken


@pytest.fixture
def elapsed() -> Callable[[], float]:
    started = time.monotonic()
    return lambda: time.monotonic() - started
