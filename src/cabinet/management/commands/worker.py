"""``manage.py worker``: does the work that waits, whichever way ``TASKS_BACKEND`` has it wait."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.tasks import task_backends

from cabinet.jobs.broker import CeleryBackend, queue_name


class Command(BaseCommand):
    help = "Do the work that waits. Start as many as wanted; SIGTERM ends one after the work it has begun."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--queue",
            action="append",
            metavar="NAME",
            help="do the work of this queue only (interactive, batch); may be given twice",
        )
        parser.add_argument(
            "--processes", type=int, default=1, help="how many pieces of work at once (RabbitMQ only; default 1)"
        )

    def handle(self, *args: Any, queue: list[str] | None, processes: int, **options: Any) -> None:
        backend = task_backends["default"]
        unknown = set(queue or ()) - backend.queues
        if unknown:
            raise CommandError(
                f"No such queue: {', '.join(sorted(unknown))}. Known: {', '.join(sorted(backend.queues))}."
            )
        if isinstance(backend, CeleryBackend):
            _consume(backend, sorted(queue or backend.queues), processes)
            return
        if processes != 1:
            raise CommandError("With the database queue, start the command several times instead of --processes.")
        names = ",".join(queue or ("*",))
        call_command("db_worker", queue_name=names, interval=0.5, startup_delay=False, reload=False, verbosity=0)


def _consume(backend: CeleryBackend, queues: list[str], processes: int) -> None:
    names = ",".join(queue_name(name) for name in queues)
    options = ["--queues", names, "--concurrency", str(processes), "--loglevel", "WARNING"]
    backend.app.worker_main(["worker", *options, "--without-gossip", "--without-mingle", "--without-heartbeat"])
