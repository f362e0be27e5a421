"""Compares the files that are kept with the rows that name them."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from cabinet.management.holdings import PLACES
from cabinet.storage.checking import missing, orphans, remove_orphan

HOURS = 24


class Command(BaseCommand):
    """List orphans and missing files, and fail when there are some."""

    help = (
        "Finds the files that no row names (orphans) and the rows whose file is gone. Fails when there are some. "
        "May run while people and workers do."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--delete-orphans", action="store_true", help="Destroy the orphans that are old enough.")
        parser.add_argument(
            "--older-than",
            type=int,
            default=HOURS,
            metavar="HOURS",
            help=f"Files changed since may be on their way, and are left alone: {HOURS} hours by default, 1 or more.",
        )

    def handle(self, *, delete_orphans: bool, older_than: int, **_options: Any) -> None:
        if older_than < 1:
            raise CommandError("--older-than: 1 hour at least, or a file being written would be taken for an orphan.")
        left, removed, recent = self._orphans(older_than, delete=delete_orphans)
        gone = 0
        for name in missing(PLACES):
            gone += 1
            self.stdout.write(f"missing  {name}")
        self.stdout.write(f"{left} orphans, {removed} removed, {recent} recent files not named yet, {gone} missing.")
        if left or gone:
            raise CommandError("The storage and the database do not agree.")

    def _orphans(self, hours: int, *, delete: bool) -> tuple[int, int, int]:
        left = removed = recent = 0
        for orphan in orphans(PLACES, before=timezone.now() - timedelta(hours=hours)):
            if orphan.is_recent:
                recent += 1
            elif delete and remove_orphan(PLACES, orphan):
                removed += 1
                self.stdout.write(f"removed  {orphan.file.name}  {orphan.file.size} bytes")
            else:
                left += 1
                self.stdout.write(
                    f"orphan   {orphan.file.name}  {orphan.file.size} bytes  {orphan.file.changed_at:%F %R}"
                )
        return left, removed, recent
