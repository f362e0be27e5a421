"""Makes a machine again from a backup."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from cabinet.management.backups.database import DatabaseFailed
from cabinet.management.backups.keys import KeysMissing
from cabinet.management.backups.manifest import BadBackup
from cabinet.management.backups.restoring import NotEmpty, restore


class Command(BaseCommand):
    """Check, restore, migrate."""

    requires_system_checks = ()
    help = "Restores a backup into an empty database and data directory, then migrates. Stop the services first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder that manage.py backup wrote")
        parser.add_argument("--force", action="store_true", help="replace what is here")

    def handle(self, *, folder: Path, force: bool, **_options: Any) -> None:
        try:
            manifest = restore(folder, force=force, tell=self.stdout.write)
        except (BadBackup, KeysMissing, NotEmpty, DatabaseFailed, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored as of {manifest.made_at} (Bocage {manifest.bocage}), {manifest.files} files.")
        self.stdout.write("Now: manage.py journal_verify, manage.py storage_check, then start the services.")
