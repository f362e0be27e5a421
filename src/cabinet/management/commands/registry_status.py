"""What the local stock holds, and from when it is."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from cabinet.registry.stock import shelf


class Command(BaseCommand):
    """Say which version answers; fail when one should and does not."""

    help = (
        "Says which version of the local SIRENE stock answers, its date, its size, and whether a load was interrupted."
    )

    def handle(self, **_: Any) -> None:
        found = shelf().status()
        if found.manifest is not None:
            made = found.manifest
            self.stdout.write(f"Version {found.version}, as of {made.state_of:%Y-%m-%d}, {found.bytes / 1e6:,.0f} MB")
            self.stdout.write(
                f"{made.establishments:,} establishments, {made.units:,} units, {made.indexed:,} names indexed, "
                f"{made.successions:,} successions"
            )
        elif not found.version:
            self.stdout.write("No stock is loaded: see registry_load.")
        if found.loading:
            self.stdout.write("A load is going on, or was interrupted: run registry_load again with the same files.")
        if found.trouble:
            raise CommandError(f"The stock does not answer: {found.trouble}")
