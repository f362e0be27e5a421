"""Recurring work: what is due runs, one scheduler at a time, until SIGTERM or Ctrl-C."""

import logging
import signal
import threading
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.management import BaseCommand, call_command
from django.db import close_old_connections

from cabinet.carbon import recognising, revising, rounds
from cabinet.carbon import tasks as carbon
from cabinet.clients.watch import watch_registry
from cabinet.connectors import pulling
from cabinet.connectors import tasks as connectors
from cabinet.connectors.dropping import take_dropped_files
from cabinet.connectors.nightly import pull_nightly
from cabinet.dossiers import tasks as dossiers
from cabinet.imports import tasks as imports
from cabinet.imports.retention import destroy_old_originals
from cabinet.imports.storage import remove_orphans
from cabinet.imports.uploading import forget_old_uploads
from cabinet.jobs.schedule import Recurring, run_due
from cabinet.jobs.services import forget_done
from cabinet.onboarding.drafts import purge_drafts
from cabinet.onboarding.services import complete_pending
from cabinet.onboarding.sheets import tasks as sheets
from cabinet.onboarding.sheets.services import purge_sheets
from cabinet.registry.services import purge_cache

logger = logging.getLogger(__name__)

TICK_SECONDS = 5.0
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def _clear_sessions() -> None:
    call_command("clearsessions", verbosity=0)


def _forget_finished_tasks() -> None:
    call_command("prune_db_task_results", queue_name="*", verbosity=0)


RECURRING = (
    Recurring("imports.take_up_abandoned", MINUTE, imports.take_up_abandoned),
    Recurring("dossiers.take_up_abandoned", MINUTE, dossiers.take_up_abandoned),
    Recurring("connectors.take_up_abandoned", MINUTE, connectors.take_up_abandoned),
    Recurring("connectors.pull_nightly", 5 * MINUTE, pull_nightly),
    Recurring("connectors.take_dropped_files", MINUTE, take_dropped_files),
    Recurring("connectors.resume_due", 3 * SECOND, pulling.resume_due),
    Recurring("carbon.take_up_abandoned", MINUTE, carbon.take_up_abandoned),
    Recurring("carbon.take_up_comparisons", MINUTE, revising.take_up_abandoned),
    Recurring("carbon.take_up_rounds", MINUTE, rounds.take_up_abandoned),
    Recurring("carbon.take_up_recognitions", MINUTE, recognising.take_up_abandoned),
    Recurring("carbon.estimate_missing", 10 * MINUTE, carbon.estimate_missing),
    Recurring("imports.forget_old_uploads", DAY, forget_old_uploads),
    Recurring("imports.remove_orphans", DAY, remove_orphans),
    Recurring("imports.destroy_old_originals", DAY, destroy_old_originals),
    Recurring("onboarding.complete_pending", 15 * MINUTE, complete_pending),
    Recurring("clients.watch_registry", 10 * MINUTE, watch_registry),
    Recurring("onboarding.purge_drafts", HOUR, purge_drafts),
    Recurring("sheets.take_up_abandoned", MINUTE, sheets.take_up_abandoned),
    Recurring("sheets.purge", HOUR, purge_sheets),
    Recurring("registry.purge_cache", DAY, purge_cache),
    Recurring("sessions.clear", DAY, _clear_sessions),
    Recurring("tasks.forget_finished", DAY, _forget_finished_tasks),
    Recurring("jobs.forget_done", DAY, forget_done),
)


class Command(BaseCommand):
    """Run what is due; with --once, only what is due now."""

    help = "Runs the recurring work when it is due. Several may run: each piece of work is taken by one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="Run what is due now, and end.")

    def handle(self, *, once: bool, **_options: Any) -> None:
        stopped = threading.Event()
        if not once:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stopped.set())
        holder = str(uuid4())
        while True:
            _run_all(stopped, holder)
            if once or stopped.wait(TICK_SECONDS):
                return
            close_old_connections()


def _run_all(stopped: threading.Event, holder: str) -> None:
    for work in RECURRING:
        if stopped.is_set():
            return
        try:
            run_due([work], holder=holder)
        except Exception as error:
            # Its text may quote a file: only its type is kept.
            logger.error("%s failed with %s", work.name, type(error).__name__)
