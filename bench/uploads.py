"""A file of 500 MB into a dossier, whole in one request and in pieces: throughput, and the memory of the web process.

A data directory, a database and a web server of its own, without a worker: nobody reads the files. Prints the megabytes
per second of each way and how far the peak of the web process stands above what it takes at rest (limit: 200 MiB).
"""
# ruff: noqa: E402 (Django is set up before its models are imported)

import io
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = tempfile.TemporaryDirectory(prefix="bocage-uploads-")
os.environ.update(BOCAGE_DATA_DIR=FOLDER.name, DJANGO_SETTINGS_MODULE="config.settings.dev")
os.environ.pop("DATABASE_URL", None)

import django

django.setup()

import httpx
from django.conf import settings
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse

from cabinet.accounts.models import Collaborator
from cabinet.clients.models import Client

MEGABYTE = 1024 * 1024
SIZE = 500 * MEGABYTE
PORT = 8765
LIMIT_MIB = 200


@contextmanager
def serving() -> Iterator[int]:
    """The web server with one worker: the number of that worker's process."""
    options = ["--bind", f"127.0.0.1:{PORT}", "--worker-class", "gthread", "--threads", "8", "--no-control-socket"]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "config.wsgi:application", *options, "--log-level", "warning"]
    )
    try:
        while True:
            try:
                httpx.get(f"http://localhost:{PORT}/compte/connexion/")
                break
            except httpx.TransportError:
                time.sleep(0.2)
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text(encoding="ascii").split()
        yield int(children[0])
    finally:
        server.terminate()
        server.wait()


def peak_mib(pid: int) -> float:
    """The most memory the process has held since it was last asked."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    peak = int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024
    Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")
    return peak


def signed_in() -> httpx.Client:
    """A browser of the demonstration's administrator, on the web server."""
    browser = Browser()
    browser.force_login(Collaborator.objects.get(email="solene@hautbois.example").user)
    client = httpx.Client(base_url=f"http://localhost:{PORT}", timeout=600)
    client.cookies.set(settings.SESSION_COOKIE_NAME, browser.cookies[settings.SESSION_COOKIE_NAME].value)
    return client


class Noise(io.RawIOBase):
    """``SIZE`` bytes that no compression shortens; no two seeds are the same file."""

    def __init__(self, seed: int) -> None:
        self._block, self._at = random.Random(seed).randbytes(MEGABYTE), 0

    def read(self, size: int = -1) -> bytes:
        taken = min(MEGABYTE if size < 0 else size, MEGABYTE, SIZE - self._at)
        self._at += taken
        return self._block[:taken]

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: SIZE}[whence]
        return self._at

    def tell(self) -> int:
        return self._at


def send_whole(client: httpx.Client, url: str, token: str) -> None:
    files = {"files": ("whole.txt", Noise(1))}
    answer = client.post(url, data={"csrfmiddlewaretoken": token}, files=files, headers={"X-Bocage-Upload": "1"})
    assert answer.status_code == 200, answer.text


def send_pieces(client: httpx.Client, url: str, token: str) -> None:
    header = {"X-CSRFToken": token}
    opened = client.post(reverse("upload_begin"), data={"name": "pieces.txt", "size": SIZE}, headers=header).json()
    noise, place = Noise(2), 0
    while place < SIZE:
        piece = b"".join(noise.read(MEGABYTE) for _ in range(opened["piece"] // MEGABYTE))
        place = client.patch(opened["url"], content=piece, headers=header | {"Upload-Offset": str(place)}).json()[
            "received"
        ]
    answer = client.post(
        url, data={"csrfmiddlewaretoken": token, "envoi": opened["id"]}, headers={"X-Bocage-Upload": "1"}
    )
    assert answer.status_code == 200, answer.text


def main() -> int:
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        call_command("demo_data", stdout=nowhere)
    dossier = Client.objects.order_by("id")[0].id
    url = reverse("dossier_upload", args=[dossier])
    worst = 0.0
    with serving() as pid, signed_in() as client:
        page = client.get(reverse("dossier_data", args=[dossier])).text
        token = page.split('name="csrfmiddlewaretoken" value="', 1)[1].split('"', 1)[0]
        peak_mib(pid)
        client.get(reverse("dossier_data", args=[dossier]))
        idle = peak_mib(pid)
        for name, send in (("whole", send_whole), ("in pieces", send_pieces)):
            start = time.perf_counter()
            send(client, url, token)
            seconds, above = time.perf_counter() - start, peak_mib(pid) - idle
            worst = max(worst, above)
            speed = SIZE / MEGABYTE / seconds
            print(f"{name}: {speed:.0f} MB/s, {above:.0f} MiB above {idle:.0f} MiB (limit {LIMIT_MIB})")
    return int(worst > LIMIT_MIB)


if __name__ == "__main__":
    sys.exit(main())
