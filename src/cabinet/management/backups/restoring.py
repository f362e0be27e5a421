"""A machine made again from a backup: everything is checked first, then the database, the files, the migrations."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from cabinet.accounts.selectors import has_firms
from cabinet.management.backups import database, keys
from cabinet.management.backups.manifest import STORAGE, BadBackup, Manifest, check, listed, read_manifest
from cabinet.storage import door


class NotEmpty(Exception):
    """There is something here that restoring would replace."""


def restore(folder: Path, *, force: bool, tell: Callable[[str], None]) -> Manifest:
    """Put a backup in the place of what is here. Raises BadBackup, KeysMissing, NotEmpty, DatabaseFailed."""
    manifest = read_manifest(folder)
    _refuse_strangers(manifest)
    keys.check(manifest.keys)
    if not force and not is_empty():
        raise NotEmpty(
            "This Bocage already holds a firm or files. Stop its services and restore with --force to replace them, "
            "or choose an empty database and data directory."
        )
    check(folder, manifest, tell)
    Path(settings.WORK_DIR).mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, _ in listed(folder):
        with (folder / STORAGE / name).open("rb") as source:
            door.put(name, source)
    database.restore(manifest.dump_kind, folder / manifest.dump, manifest.migrations, manifest.dumped_tables)
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    return manifest


def _refuse_strangers(manifest: Manifest) -> None:
    if manifest.vendor != connection.vendor:
        raise BadBackup(
            f"This backup is of {manifest.server}; the database here is {connection.display_name}. "
            "Give a DATABASE_URL of the same kind."
        )
    newer = database.unknown_migrations(manifest.migrations)
    if newer:
        raise BadBackup(
            f"This backup comes from a later version of Bocage ({newer[0]}, …): install that version first."
        )


def is_empty() -> bool:
    """Whether there is neither a firm nor a file here."""
    made = "accounts_firm" in connection.introspection.table_names()
    return not (made and has_firms()) and next(iter(door.everything()), None) is None
