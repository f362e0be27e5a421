"""The monthly SIRENE files, into the local stock."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from bocage.errors import BocageError
from bocage.registry.stock import Progress, StockFiles, load_stock
from cabinet.registry.stock import shelf

_STEPS = {"convert": "Reading CSV", "sort": "Sorting", "load": "Loading", "links": "Successions"}
_WIDTH = 30


class Command(BaseCommand):
    """Load the files beside the version that answers, then put them in its place."""

    help = (
        "Loads the official SIRENE stock files (Parquet, CSV, or CSV in a zip) into the local stock. The former "
        "version answers until the new one does. Interrupted, it goes on where it stopped when it is run again with "
        "the same files."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--units", type=Path, nargs="+", required=True, help="StockUniteLegale: file(s) or folder.")
        parser.add_argument(
            "--establishments", type=Path, nargs="+", required=True, help="StockEtablissement: file(s) or folder."
        )
        parser.add_argument(
            "--successions", type=Path, nargs="+", default=[], help="StockEtablissementLiensSuccession, if you have it."
        )

    def handle(self, *, units: list[Path], establishments: list[Path], successions: list[Path], **_: Any) -> None:
        files = StockFiles(tuple(units), tuple(establishments), tuple(successions))
        try:
            made = load_stock(files, shelf().folder, self._draw)
        except BocageError as error:
            raise CommandError(f"Nothing changed: {error}") from None
        except KeyboardInterrupt:
            raise CommandError("Interrupted: run the same command again to go on.") from None
        self.stderr.write("")
        self.stdout.write(
            f"{made.establishments:,} establishments and {made.units:,} units as of {made.state_of:%Y-%m-%d}, "
            f"in {made.seconds:.0f} s. They answer from now on."
        )

    def _draw(self, progress: Progress) -> None:
        full = round(progress.share * _WIDTH)
        bar = "#" * full + "." * (_WIDTH - full)
        rows = f"  {progress.establishments:,} establishments" if progress.establishments else ""
        self.stderr.write(f"\r{_STEPS[progress.step]:<12} [{bar}] {progress.share:4.0%}{rows}", ending="")
        self.stderr.flush()
