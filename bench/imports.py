"""Imports per second: small dossiers (a FEC of 5,000 lines, 12 DSN of 20 people) with 1 and 2 workers, on SQLite, on
PostgreSQL and on PostgreSQL with RabbitMQ; then how long a small file waits while ten large ones are read.

``python -m bench.imports --dossiers 500`` for the whole measure; 10 without it. Servers are its own, in a temporary
folder. *Read*: every file is accepted. *Figures*: the indicators and the carbon estimate of each dossier are there.
"""
# ruff: noqa: PLC0415 (Django is set up before its models are imported)

import argparse
import contextlib
import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django

from bench.generators import make_dsn, make_fec
from tests.crash.instances import PostgreSQL, RabbitMQ

ROOT = Path(__file__).resolve().parents[1]
FEC_LINES, PEOPLE, LARGE_LINES, LARGE_FILES = 5_000, 20, 200_000, 10
WAYS = ("sqlite", "postgresql", "rabbitmq")
CELERY = "cabinet.jobs.broker.CeleryBackend"
PATIENCE_SECONDS = 4 * 3600.0


def siren_of(number: int) -> str:
    return make_dsn.with_key("", f"{number + 30_000:08d}")


def generate(folder: Path, dossiers: int) -> None:
    """The files of each dossier in a folder named after its SIREN, and one large FEC."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        make_fec.main(["--lines", str(FEC_LINES), "--year", "2025", "--out", str(folder / "small.txt")])
        make_fec.main(["--lines", str(LARGE_LINES), "--year", "2025", "--out", str(folder / "large.txt")])
        for number in range(dossiers):
            siren = siren_of(number)
            (folder / siren).mkdir()
            for month in range(1, 13):
                out = folder / siren / f"dsn-2025-{month:02d}.dsn"
                options = ["--employees", str(PEOPLE), "--month", str(month), "--year", "2025", "--siren", siren]
                make_dsn.main([*options, "--out", str(out)])


def prepare(folder: Path, way: str, servers: contextlib.ExitStack) -> None:
    """The servers of this way, the settings, an empty database."""
    environment = {"DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}"}
    if way != "sqlite":
        database = PostgreSQL(folder)
        servers.callback(database.stop)
        environment["DATABASE_URL"] = database.url
    if way == "rabbitmq":
        broker = RabbitMQ(folder)
        servers.callback(broker.stop)
        environment |= {"TASKS_BACKEND": CELERY, "RABBITMQ_URL": broker.url}
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "BOCAGE_DATA_DIR": str(folder / "data"),
        "BOCAGE_LOG_LEVEL": "ERROR",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        **environment,
    }
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


@contextlib.contextmanager
def workers(folder: Path, *options: list[str]) -> Iterator[None]:
    """A worker for each list of options."""
    with (folder / "workers.log").open("ab") as log:
        started = [
            subprocess.Popen(
                [sys.executable, "manage.py", "worker", *words],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            for words in options
        ]
    try:
        yield
    finally:
        for one in started:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(one.pid, signal.SIGKILL)
            one.wait()


def send(path: Path, name: str, client: Any, firm: Any) -> Any:
    from cabinet.accounts.actors import operator
    from cabinet.imports.services import receive
    from cabinet.imports.storage import Incoming

    incoming = Incoming(name)
    incoming.write(path.read_bytes())
    incoming.close()
    return receive(actor=operator(firm), incoming=incoming, to=client)


def send_dossiers(files: Path, dossiers: int) -> None:
    from tests.cabinet.factories import make_client, make_firm

    firm, manager = make_firm()
    for number in range(dossiers):
        siren = siren_of(number)
        client = make_client(firm, manager, siret=siren + make_dsn.with_key(siren, "0001"))
        send(files / "small.txt", f"{siren}FEC20251231.txt", client, firm)
        for path in sorted((files / siren).iterdir()):
            send(path, path.name, client, firm)


def until(done: Callable[[], bool]) -> float:
    began = time.monotonic()
    while not done():
        if time.monotonic() - began > PATIENCE_SECONDS:
            sys.exit("not over in time")
        time.sleep(0.05)
    return time.monotonic() - began


def throughput(files: Path, folder: Path, dossiers: int, count: int) -> str:
    from cabinet.imports.models import Import
    from cabinet.jobs.models import Job, JobState

    send_dossiers(files, dossiers)
    sent = Import.objects.count()
    busy = Import.objects.filter(state__in=("received", "reading"))
    left = Job.objects.filter(state__in=(JobState.WAITING, JobState.RUNNING))
    with workers(folder, *([[]] * count)):
        until(lambda: Job.objects.exclude(started_at=None).exists())  # the start of a worker is not measured
        read = until(lambda: not busy.exists())
        figures = read + until(lambda: not left.exists())
    lost = Import.objects.exclude(state="accepted").count()
    if lost:
        sys.exit(f"{lost} imports were not accepted")
    return f"{sent} files | {read:.1f} s | {sent / read:.1f} | {figures:.1f} s | {sent / figures:.1f}"


def first_small(files: Path, folder: Path, *options: list[str]) -> str:
    """Ten large FEC are sent, both workers take some, then a small one arrives."""
    from cabinet.imports.models import Import
    from cabinet.jobs.models import Job
    from tests.cabinet.factories import make_client, make_firm

    firm, manager = make_firm()
    clients = [make_client(firm, manager) for _ in range(LARGE_FILES + 1)]
    for client in clients[:-1]:
        send(files / "large.txt", f"{client.siren}FEC20251231.txt", client, firm)
    with workers(folder, *options):
        until(lambda: Job.objects.exclude(started_at=None).exists())
        time.sleep(1)
        client = clients[-1]
        small = send(files / "small.txt", f"{client.siren}FEC20251231.txt", client, firm)
        waited = until(lambda: Import.objects.filter(id=small.id, state="accepted").exists())
        left = Import.objects.filter(state__in=("received", "reading")).count()
    return f"{waited:.1f} s, {left} of {LARGE_FILES} large ones still to read"


def one(asked: argparse.Namespace) -> None:
    """One measure, in this process."""
    with contextlib.ExitStack() as servers:
        prepare(asked.folder, asked.way, servers)
        if asked.workers:
            print(throughput(asked.files, asked.folder, asked.dossiers, asked.workers))
        else:
            options: tuple[list[str], ...] = ([], ["--queue", "interactive"]) if asked.apart else ([], [])
            print(first_small(asked.files, asked.folder, *options))


def main() -> int:
    """Each measure in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dossiers", type=int, default=10)
    parser.add_argument("--way", choices=WAYS)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--apart", action="store_true")
    parser.add_argument("--files", type=Path)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.folder:
        one(asked)
        return 0
    root = Path(tempfile.mkdtemp(prefix="bocage-bench-"))
    root.chmod(0o755)
    measures = [[way, "--workers", str(count)] for way in WAYS for count in (1, 2)]
    measures += [[way, "--workers", "0", *apart] for way in WAYS for apart in ([], ["--apart"])]
    try:
        (root / "files").mkdir()
        generate(root / "files", asked.dossiers)
        print(f"{asked.dossiers} dossiers. way, workers: files | read in | files/s | figures in | files/s")
        for rank, (way, *rest) in enumerate(measures):
            if asked.way and way != asked.way:
                continue
            folder = root / str(rank)
            folder.mkdir()
            command = [sys.executable, "-m", "bench.imports", "--way", way, *rest, "--dossiers", str(asked.dossiers)]
            command += ["--files", str(root / "files"), "--folder", str(folder)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            said = done.stdout.strip() if done.returncode == 0 else f"failed: {done.stdout} {done.stderr[-1500:]}"
            what = {"0": "small beside large, 2 workers"}.get(rest[1], f"{rest[1]} workers")
            apart = ", one for people alone" if rest[2:] else ""
            print(f"{way}, {what}{apart}: {said} (load {os.getloadavg()[0]:.1f})", flush=True)
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
