"""One way of running Bocage, in a process of its own: a batch of imports while workers and servers are killed."""

import io
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 2
PATIENCE_SECONDS = 420.0

type Facts = dict[str, dict[str, str]]
"""File (company and name) → its tables, under the names that tell their content."""


@dataclass(slots=True)
class Cast:
    """The workers and the scheduler, started again when they end, as the machine's service manager would."""

    folder: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    killed: int = 0
    ended: int = 0

    def keep(self) -> None:
        """Start what is not running."""
        wanted = {f"worker-{rank}": ["worker"] for rank in range(WORKERS)} | {
            "scheduler": ["schedule", "--skip-checks"]
        }
        for name, words in wanted.items():
            process = self.running.get(name)
            if process is not None and process.poll() is None:
                continue
            self.ended += process is not None and process.returncode != -signal.SIGKILL
            with (self.folder / f"{name}.log").open("ab") as log:
                command = [sys.executable, "manage.py", *words]
                self.running[name] = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)

    def kill(self, name: str) -> None:
        process = self.running[name]
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            self.killed += 1

    def end(self) -> None:
        for name in self.running:
            self.kill(name)


def prepare(folder: Path, environment: dict[str, str]) -> None:
    """The settings of this process and of those that it starts; the database, the firm."""
    os.environ.pop("DATABASE_URL", None)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.crash.settings",
        "BOCAGE_DATA_DIR": str(folder / "data"),
        "BOCAGE_MASTER_KEYS": "Y3Jhc2gtdGVzdC1tYXN0ZXIta2V5LTAxMjM0NTY3",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "PYTHONWARNINGS": "ignore",
        "DATABASE_URL": f"sqlite:///{folder / 'crash.sqlite3'}",
        **environment,
    }
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


def send(size: int) -> int:
    """Receive the files of the batch, each in a transaction of its own; how many."""
    from cabinet.accounts.actors import operator
    from cabinet.clients.models import Client
    from cabinet.imports.services import receive
    from cabinet.imports.storage import Incoming
    from tests.cabinet.factories import make_client, make_firm
    from tests.crash.batch import files, salt_of

    firm, manager = make_firm()
    clients: dict[str, Client] = {}
    count = 0
    for file in files(size):
        if file.siret not in clients:
            made = make_client(firm, manager, name=f"Société {file.siret}", siret=file.siret)
            made.salt = salt_of(file.siret)
            made.save(update_fields=["salt"])
            clients[file.siret] = made
        incoming = Incoming(file.name)
        incoming.write(file.content)
        incoming.close()
        receive(actor=operator(firm), incoming=incoming, to=clients[file.siret])
        count += 1
    return count


def await_the_end(cast: Cast, disturb: Callable[[float], None]) -> float:
    """Keep the cast going and let ``disturb`` do its worst, until every job is over; the seconds that it took."""
    from django.db import DatabaseError, connection

    from cabinet.jobs.models import Job, JobState

    began = time.monotonic()
    while True:
        cast.keep()
        waited = time.monotonic() - began
        disturb(waited)
        try:
            left = Job.objects.filter(state__in=(JobState.WAITING, JobState.RUNNING)).count()
        except DatabaseError:
            connection.close()
            left = -1
        if left == 0:
            return waited
        if waited > PATIENCE_SECONDS:
            logs = "\n".join(log.read_text(errors="replace")[-1500:] for log in cast.folder.glob("*.log"))
            sys.exit(f"{left} jobs are not over after {waited:.0f} s\n{logs}")
        time.sleep(0.25)


def verify(count: int, expected: Facts | None) -> Facts:
    """All accepted, once; files are what their names say and, when known, the facts those of a run without kills."""
    from django.core.management import call_command

    from cabinet.audit.models import LogEntry
    from cabinet.imports.enums import ImportState
    from cabinet.imports.models import Import
    from cabinet.jobs.models import Job, JobState
    from cabinet.storage import door
    from tests.crash.checking import content_name

    imports = list(Import.objects.select_related("client"))
    states = sorted({one.state for one in imports if one.state not in {ImportState.ACCEPTED, ImportState.REPLACED}})
    assert len(imports) == count, f"{len(imports)} imports, {count} were sent"
    assert states == [], f"not accepted: {states}"
    jobs = Job.objects.exclude(state=JobState.DONE)
    assert not jobs.exists(), f"jobs: {list(jobs.values_list('state', 'error'))}"
    once = LogEntry.objects.filter(action="import.accepted")
    assert once.count() == count, f"{once.count()} acceptances in the journal"
    assert once.values("object_id").distinct().count() == count, "one was accepted twice"
    facts: Facts = {}
    for one in imports:
        assert one.client is not None
        facts[f"{one.client.siret} {one.file_name}"] = dict(one.tables)
        assert one.tables, f"{one.file_name} has no facts"
        for name in one.tables.values():
            assert content_name(door.place_of(f"facts/{one.id}/{name}")) == name, f"{name}: another content"
    if expected is not None:
        assert facts == expected, "the facts are not those of a run without kills"
    for command in ("storage_check", "journal_verify"):
        call_command(command, stdout=io.StringIO())
    return facts


@dataclass(slots=True)
class Killer:
    """SIGKILL to a worker at random moments, then servers that crash at theirs."""

    cast: Cast
    chance: random.Random
    kills: int
    crashes: list[tuple[float, str, Callable[[], None]]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    _next: float = 2.0

    def __call__(self, waited: float) -> None:
        if self.kills and waited >= self._next:
            self.kills -= 1
            self._next = waited + self.chance.uniform(0.7, 3.5)
            self.cast.kill(f"worker-{self.chance.randrange(WORKERS)}")
        while self.crashes and waited >= self.crashes[0][0]:
            _, name, crash = self.crashes.pop(0)
            crash()
            self.told.append(f"{name} at {waited:.0f} s")
