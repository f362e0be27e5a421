"""The keys of a backup: written apart from it, and compared with the ring before anything is restored."""

import os
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from cabinet.keys.ring import master_keys

MASTER_KEYS, SECRET_KEY = "master-keys", "secret-key"


class KeysMissing(Exception):
    """The ring does not hold a key that the backup needs."""


def names() -> list[str]:
    """The public names of the ring."""
    return [key.name.hex() for key in master_keys()]


def write(folder: Path) -> None:
    """The ring and the signing key, as ``BOCAGE_MASTER_KEYS_FILE`` and ``SECRET_KEY_FILE`` read them."""
    folder.mkdir(mode=0o700, parents=True)
    for name, text in ((MASTER_KEYS, "\n".join(settings.BOCAGE_MASTER_KEYS)), (SECRET_KEY, settings.SECRET_KEY)):
        with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(f"{text}\n")


def check(wanted: Sequence[str]) -> None:
    """Raises KeysMissing, which says how to give them."""
    lacking = sorted(set(wanted) - set(names()))
    if lacking:
        raise KeysMissing(
            f"This backup was sealed with keys that are not in the ring: {', '.join(lacking)}. Give the files of "
            f"its keys (BOCAGE_MASTER_KEYS_FILE=…/{MASTER_KEYS}, SECRET_KEY_FILE=…/{SECRET_KEY}), then restore again."
        )
