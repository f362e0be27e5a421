from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.apps import AppConfig

LEASE_SECONDS = 5


class Hurry(AppConfig):
    """Shortens what a test would wait for."""

    name = "tests.crash"
    label = "crash"

    def ready(self) -> None:
        from cabinet.jobs import running, services
        from cabinet.management.commands import schedule

        services.LEASE = timedelta(seconds=LEASE_SECONDS)
        services.PAUSE = services.LONGEST_PAUSE = timedelta(seconds=1)
        functions: tuple[Any, ...] = (services.claim, running.run)
        for function in functions:
            if "lease" in (function.__kwdefaults__ or {}):
                function.__kwdefaults__["lease"] = services.LEASE
        schedule.TICK_SECONDS = 0.5
        schedule.RECURRING = tuple(
            replace(work, every=timedelta(seconds=1))
            for work in schedule.RECURRING
            if work.name.startswith("imports.take_up")
        )
