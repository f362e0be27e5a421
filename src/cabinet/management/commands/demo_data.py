"""The demonstration firm, created once."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from cabinet.management.demonstration import FIRM, create_demonstration, is_there
from cabinet.registry.enums import Source


class Command(BaseCommand):
    """Create the firm and print its sign-ins; the second time, say that it is there."""

    help = (
        "Creates a demonstration firm: three sign-ins, two portfolios, a few invented clients, one with files. "
        "Their passwords are printed once. Does nothing when the firm is there already."
    )

    def handle(self, **_options: Any) -> None:
        if is_there():
            self.stdout.write(f"The demonstration firm “{FIRM}” is there already: nothing was created.")
            return
        if Source.DEMO not in settings.REGISTRY_SOURCES:
            raise CommandError("Its companies come from the demonstration registry: add “demo” to REGISTRY_SOURCES.")
        sign_ins = create_demonstration(today=timezone.localdate())
        self.stdout.write(f"Demonstration firm “{FIRM}”. Its sign-ins, shown this once:")
        for one in sign_ins:
            self.stdout.write(f"  {one.role:<18} {one.email:<26} {one.password}")
