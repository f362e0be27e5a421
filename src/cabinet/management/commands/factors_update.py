"""A newer Base Carbone, beside the one that is shipped."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from bocage.referentials.carbon import NotARelease
from cabinet.carbon.selectors import behind_count
from cabinet.reference_updates.obtaining import NotObtained, from_file, from_interface, keep
from cabinet.reference_updates.shelf import AlreadyKept, latest_version

_WHY = {
    "columns": "columns are missing: {value}",
    "encoding": "its characters cannot be read",
    "extract": "it holds {value} valid factors only",
    "number": "the figure of a factor cannot be read: {value}",
}


class Command(BaseCommand):
    """Obtain a release; with --dry-run, only read it. No dossier changes: each is updated by its people."""

    help = (
        "Obtains a newer release of Base Carbone, from the public interface of ADEME or from its official CSV file, "
        "and keeps it beside the one that is shipped, read-only. Estimates keep their figures until they are updated."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, help="The official CSV file, instead of the public interface.")
        parser.add_argument("--url", default="", help="Another address of the interface than FACTORS_URL.")
        parser.add_argument("--release", default="", help="Its version (V23.9), when its title does not name one.")
        parser.add_argument("--dry-run", action="store_true", help="Read it, and keep nothing.")

    def handle(self, *, file: Path | None, url: str, release: str, dry_run: bool, **_: Any) -> None:
        try:
            received = from_file(file) if file else from_interface(url)
            said = f"{received.title}: {received.extract.lines:,} lines, {len(received.extract.rows):,} valid factors"
            if dry_run:
                self.stdout.write(f"{said}. Nothing was kept.")
                return
            kept = keep(received, version=release)
        except NotARelease as error:
            why = _WHY[error.code].format(value=error.value)
            raise CommandError(f"This is not a release of Base Carbone: {why}.") from None
        except NotObtained as error:
            raise CommandError(f"Nothing changed: {error}.") from None
        except AlreadyKept as error:
            if error.same:
                self.stdout.write(f"Base Carbone {error.version} is already here, the same to the byte.")
                return
            raise CommandError(
                f"Nothing changed: another Base Carbone {error.version} is already here, and a version never changes."
            ) from None
        self.stdout.write(f"{said}, kept as {kept.version} (SHA-256 {kept.sha256}).")
        self.stdout.write(f"{behind_count(latest_version())} estimates of another version keep their figures.")
