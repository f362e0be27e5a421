"""Another machine: a fresh data directory, a fresh database, processes of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import connection

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Machine:
    """``manage`` runs a command, ``tell`` a script that prints JSON; both with the keys of a backup."""

    environment: dict[str, str]

    def manage(self, *words: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *map(str, words)]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False, timeout=300
        )

    def tell(self, script: Path, *words: object) -> Any:
        command = [sys.executable, str(script), *map(str, words)]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def empty_machine(folder: Path, keys: Path | None = None) -> Iterator[Machine]:
    """A machine on the kind of database that the suite runs on; its database is gone at the end."""
    folder.mkdir(exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("BOCAGE_", "COV_"))}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "BOCAGE_DATA_DIR": str(folder / "data"),
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "DATABASE_URL": f"sqlite:///{folder / 'fresh.sqlite3'}",
    }
    if keys:
        environment |= {
            "BOCAGE_MASTER_KEYS_FILE": str(keys / "master-keys"),
            "SECRET_KEY_FILE": str(keys / "secret-key"),
        }
        environment.pop("SECRET_KEY", None)
    if connection.vendor == "sqlite":
        yield Machine(environment)
        return
    import psycopg

    name = f"test_restored_{uuid4().hex}"
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    with closing(psycopg.connect(f"{server}/postgres", autocommit=True)) as outside:
        outside.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            yield Machine({**environment, "DATABASE_URL": f"{server}/{name}"})
        finally:
            outside.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
