"""The embedded edition on this machine: web server, worker and scheduler, until Ctrl-C."""

import http.client
import os
import socket
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from cabinet.accounts.selectors import has_firms
from cabinet.imports.storage import clean_work_folder
from cabinet.management.processes import Program, run_together

LOOPBACK = "127.0.0.1"


class Command(BaseCommand):
    """Prepare the database, then run everything."""

    requires_system_checks = ()
    help = "Runs the web server, the worker and the scheduler together on this machine. Ctrl-C stops them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--port", default=os.environ.get("BOCAGE_PORT", "8000"), help="BOCAGE_PORT says it too. 8000 by default."
        )
        parser.add_argument(
            "--demo", action="store_true", help="Create the demonstration firm when the database has no firm yet."
        )

    def handle(self, *, port: str, demo: bool, **_options: Any) -> None:
        number = _free_port(port)
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        if demo and not has_firms():
            call_command("demo_data", stdout=self.stdout)
        clean_work_folder()
        # WhiteNoise looks for the folder of collected files, though the embedded edition serves the originals.
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        ended = run_together(
            [_web(number)],
            is_ready=lambda: _answers(number),
            announce=lambda: self._say(f"Bocage: http://localhost:{number}  (Ctrl-C stops it)"),
            then=_background(),
        )
        if ended:
            raise CommandError(f"The {ended.program.name} ended by itself (code {ended.code}), so all was stopped.")
        self._say("Bocage is stopped.")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _web(port: int) -> Program:
    options = ["--bind", f"{LOOPBACK}:{port}", "--worker-class", "gthread", "--threads", "8"]
    options += ["--log-level", "warning", "--graceful-timeout", "10", "--no-control-socket"]
    return Program("web server", [sys.executable, "-m", "gunicorn", "config.wsgi:application", *options])


def _background() -> list[Program]:
    """The worker makes the system checks of all: were they made first, the pages would wait for them."""
    django = [sys.executable, str(Path(sys.argv[0]).resolve())]
    return [
        Program("worker", [*django, "worker"]),
        Program("scheduler", [*django, "schedule", "--skip-checks"]),
    ]


def _free_port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CommandError(f"{text} is not a port: a whole number from 1 to 65535.")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used ({error.strerror}). Stop what holds it, or choose another: "
                f"BOCAGE_PORT={port + 1 if port < 65535 else 8000} make run"
            ) from None
    return port


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=1)
    try:
        connection.request("GET", "/", headers={"Host": "localhost"})
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
