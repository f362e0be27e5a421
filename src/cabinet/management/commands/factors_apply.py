"""The newest factors, for every dossier of a firm at once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from cabinet.accounts.actors import operator
from cabinet.accounts.models import Firm
from cabinet.carbon.revising import behind, bring_all
from cabinet.reference_updates.shelf import latest_version

_WIDTH = 30


class Command(BaseCommand):
    """Say how many dossiers would change; with --apply, compare, take and compute each again."""

    help = (
        "Brings the estimates of a firm to the newest release of Base Carbone at hand. Without --apply, says how many "
        "there are. Each change is in the journal of its dossier, and its page shows what moved, factor by factor."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--firm", required=True, help="The name of the firm.")
        parser.add_argument("--apply", action="store_true", help="Do it.")

    def handle(self, *, firm: str, apply: bool, **_: Any) -> None:
        found = Firm.objects.filter(name=firm).first()
        if found is None:
            raise CommandError(f"No firm is called {firm}.")
        version = latest_version()
        count = behind(found, version).count()
        if not apply:
            self.stdout.write(f"{count} estimates would be brought to Base Carbone {version}. Nothing changed.")
            return
        moved, failed = bring_all(found, version, operator(found).author, self._draw)
        self.stderr.write("")
        self.stdout.write(f"{moved} estimates are of Base Carbone {version}.")
        if failed:
            raise CommandError(f"{failed} clients could not be updated and keep their figures: run it again.")

    def _draw(self, done: int, whole: int) -> None:
        full = round(done / whole * _WIDTH)
        self.stderr.write(f"\r[{'#' * full}{'.' * (_WIDTH - full)}] {done} / {whole}", ending="")
        self.stderr.flush()
