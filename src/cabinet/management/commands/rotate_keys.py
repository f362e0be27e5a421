"""Moves everything that is sealed to the first master key of the ring."""

import logging
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from cabinet.keys.ring import UnknownMasterKey, master_keys
from cabinet.keys.rotation import Sealed, first_key
from cabinet.keys.streams import Damaged
from cabinet.management.sealed import SEALED

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Seal anew what older keys have sealed; say which keys are still in use."""

    help = (
        "Seals anew, under the first master key, what the others have sealed. May run while people and workers do, be "
        "stopped at any moment and started again. Says at the end which keys may leave the ring."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what each key has sealed")

    def handle(self, *, dry_run: bool, **_options: Any) -> None:
        Path(settings.WORK_DIR).mkdir(mode=0o700, parents=True, exist_ok=True)
        failed = 0 if dry_run else sum(self._rotate(kind) for kind in SEALED)
        uses = self._uses()
        for rank, key in enumerate(master_keys()):
            role = "seals" if rank == 0 else "may leave the ring" if not uses[key.name] else "must stay"
            self.stdout.write(f"key {key.name.hex()}: {uses.pop(key.name, 0)} in use, {role}")
        for name, count in uses.items():
            self.stdout.write(f"key {name.hex()}: {count} in use, NOT in the ring: they cannot be read")
        if failed or uses:
            raise CommandError("Some things could not be opened: give the missing keys back to the ring.")

    def _rotate(self, kind: Sealed[Any]) -> int:
        """Seal anew what is not under the first key; how many things could not be opened."""
        done = failed = 0
        for one, key in kind.held():
            if key == first_key():
                continue
            try:
                done += kind.reseal(one)
            except (Damaged, UnknownMasterKey) as error:
                failed += 1
                logger.error("%s %s cannot be opened: %s", kind.label, _said(one), type(error).__name__)
        self.stdout.write(f"{kind.label}: {done} sealed anew")
        return failed

    def _uses(self) -> Counter[bytes]:
        return Counter(key for kind in SEALED for _, key in kind.held())


def _said(one: object) -> str:
    """What finds a thing again, without the bytes of a salt."""
    return "of a client" if isinstance(one, tuple) and isinstance(one[0], bytes) else str(one)
