"""Copies everything that is kept, while the service runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from cabinet.management.backups.database import DatabaseFailed
from cabinet.management.backups.making import StillMoving, make

KINDS = {
    "sqlite": "SQLite's online copy",
    "pg_dump": "pg_dump, custom format",
    "portable": "a portable dump, because pg_dump and pg_restore are not on this machine",
}


class Command(BaseCommand):
    """Write the database, the storage and, apart, the keys."""

    help = "Copies database and storage into an empty folder, with their hashes, and the keys into another folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="where to write; it must be empty or not exist")
        parser.add_argument(
            "--keys", type=Path, metavar="FOLDER", help="where to write the keys; <folder>.keys by default"
        )

    def handle(self, *, folder: Path, **options: Any) -> None:
        keys_folder: Path = options["keys"] or folder.with_name(f"{folder.name}.keys")
        if folder.exists() and any(folder.iterdir()):
            raise CommandError(f"{folder} is not empty.")
        if keys_folder.exists():
            raise CommandError(f"{keys_folder} exists already.")
        if keys_folder.resolve().is_relative_to(folder.resolve()):
            raise CommandError("The keys must be kept apart: choose a folder that is not in the backup.")
        try:
            manifest = make(folder, keys_folder, self.stdout.write)
        except (DatabaseFailed, StillMoving, OSError) as error:
            raise CommandError(f"The backup was not made, {folder} is not whole: {error}") from error
        self.stdout.write(f"{manifest.server}: {KINDS[manifest.dump_kind]}, {manifest.files} files, in {folder}.")
        self.stdout.write(self.style.WARNING(f"KEYS in {keys_folder}: move them offline, away from this backup."))
        self.stdout.write("Whoever has both reads everything; without them, nobody ever reads the sealed files again.")
        if manifest.missing:
            for name in manifest.missing:
                self.stdout.write(f"missing  {name}")
            raise CommandError(f"{len(manifest.missing)} files were missing already: see manage.py storage_check.")
