"""The command that obtains a newer Base Carbone, against a real server on this machine and from the official file."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command

from cabinet.reference_updates.models import FactorRelease
from cabinet.reference_updates.shelf import latest_version, release_at
from tests.bocage.referentials.releases import changed_rows, interface_lines, official_csv

pytestmark = pytest.mark.django_db
CHANGES = {"ademe:43642": {"value": "0.06"}}


@dataclass
class Service:
    """A data-fair service of two pages."""

    title: str = "Base Carbone® V23.9"
    lines: list[dict[str, Any]] = field(default_factory=lambda: list(interface_lines(changed_rows(CHANGES, keep=150))))
    next_host: str = ""
    status: int = 200
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def answer(self, path: str) -> dict[str, Any]:
        self.asked.append(path)
        if not urlsplit(path).path.endswith("/lines"):
            return {"title": self.title, "dataUpdatedAt": "2026-09-24T08:00:00Z"}
        half = len(self.lines) // 2
        if "after" in parse_qs(urlsplit(path).query):
            return {"total": len(self.lines), "results": self.lines[half:]}
        first = [{"_i": 1, "_score": None, **line} for line in self.lines[:half]]
        host = self.next_host or self.url
        return {"total": len(self.lines), "results": first, "next": f"{host}/lines?after=1"}


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(made.answer(self.path)).encode()
            self.send_response(made.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}/api/v1/datasets/base-carboner"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_public_interface_is_read_page_after_page(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("factors_update", url=service.url, dry_run=True)
    assert not FactorRelease.objects.exists()
    call_command("factors_update", url=service.url)
    kept = FactorRelease.objects.get()
    assert (kept.version, str(kept.published_on), kept.origin) == ("V23.9", "2026-09-24", service.url)
    assert kept.lines == len(service.lines)
    assert kept.sha256 in capsys.readouterr().out
    assert latest_version() == "V23.9"
    found = release_at("V23.9").factor("ademe:43642")
    assert found is not None
    assert str(found.value) == "0.06"
    assert "Identifiant" in service.asked[1]


def test_the_same_release_twice_is_fine_and_another_content_is_refused(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("factors_update", url=service.url)
    same = tmp_path / "base_carbone_v23.9.csv"
    same.write_bytes(official_csv(changed_rows(CHANGES, keep=150)))
    call_command("factors_update", file=same)
    assert "the same to the byte" in capsys.readouterr().out
    same.write_bytes(official_csv(changed_rows({}, keep=160)))
    with pytest.raises(CommandError, match="a version never changes"):
        call_command("factors_update", file=same)
    assert FactorRelease.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"status": 500}, "answered 500"),
        ({"title": "Base Carbone"}, "names no version"),
        ({"title": "Base Carbone V23.6"}, "not newer than V23.6"),
        ({"next_host": "http://127.0.0.2:9/elsewhere"}, "another host"),
        ({"lines": [{"a": 1}, {"a": 2}]}, "columns are missing"),
    ],
)
def test_what_cannot_be_had_changes_nothing(service: Service, change: dict[str, Any], said: str) -> None:
    for name, value in change.items():
        setattr(service, name, value)
    with pytest.raises(CommandError, match=said):
        call_command("factors_update", url=service.url)
    assert not FactorRelease.objects.exists()
    assert latest_version() == "V23.6"
