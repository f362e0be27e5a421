"""The folder of the stock: versions side by side, the name of the one that answers, and the load that goes on.

::

    current                 the name of the version that answers
    2026-11-24T0210…/       a version: stock.sqlite3, names/, manifest.json
    loading/                a load that goes on or was interrupted
"""

import json
import os
import shutil
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from typing import Final, Self

from bocage.registry.stock.columns import FORMAT
from bocage.registry.stock.store import Stock

CURRENT: Final = "current"
LOADING: Final = "loading"
MANIFEST: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a version is made of. ``state_of`` is the last day on which the registry touched a row of the files."""

    made_at: datetime
    state_of: date
    units: int
    establishments: int
    successions: int
    indexed: int
    """Units whose names are in the index."""
    sources: tuple[str, ...]
    """Names of the files."""
    seconds: float
    """Since the load was begun, interruptions included."""
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Keep it in the folder of its version."""
        text = json.dumps(asdict(self), default=str, ensure_ascii=False, indent=1)
        (folder / MANIFEST).write_text(text, encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Raises OSError or ValueError when there is none that can be read."""
        raw = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if not isinstance(raw, dict) or raw.get("format") != FORMAT:
            raise ValueError("made by another version of Bocage")
        try:
            return cls(
                **{
                    **raw,
                    "made_at": datetime.fromisoformat(raw["made_at"]),
                    "state_of": date.fromisoformat(raw["state_of"]),
                    "sources": tuple(raw["sources"]),
                }
            )
        except (KeyError, TypeError) as error:
            raise ValueError("not a manifest") from error


@dataclass(frozen=True, slots=True)
class Status:
    """What the folder holds: the version that answers, its size, why it does not, and whether a load was begun."""

    version: str
    manifest: Manifest | None
    bytes: int
    trouble: str
    loading: bool


@dataclass(slots=True)
class Shelf:
    """The versions in a folder. One object for each process: it keeps the current version open."""

    folder: Path
    _open: tuple[str, Stock] | None = None
    _lock: Lock = field(default_factory=Lock)

    def current(self) -> Stock | None:
        """The version that answers, opened again when another took its place; None when there is none.

        Two threads may come at once: the version is opened once. The former one is not closed under who still reads it.
        """
        name = self._name()
        opened = self._open
        if opened is not None and opened[0] == name:
            return opened[1]
        with self._lock:
            name = self._name()
            if self._open is not None and self._open[0] == name:
                return self._open[1]
            stock = _opened(self.folder / name) if name else None
            self._open = None if stock is None else (name, stock)
            return stock

    def put(self, version: Path) -> None:
        """Make a whole version the one that answers, at once for who asks, then drop the others.

        Raises OSError, sqlite3.Error or ValueError, before anything is changed, when it does not open.
        """
        Stock.open(version, Manifest.read(version).state_of).close()
        pointer = self.folder / f"{CURRENT}.new"
        pointer.write_text(version.name, encoding="ascii")
        os.replace(pointer, self.folder / CURRENT)  # noqa: PTH105  # atomic, and says so
        for other in self.folder.iterdir():
            if other.is_dir() and other.name not in {version.name, LOADING}:
                shutil.rmtree(other, ignore_errors=True)

    def status(self) -> Status:
        """What an operator wants to know."""
        name, loading = self._name(), (self.folder / LOADING).is_dir()
        if not name:
            return Status("", None, 0, "", loading)
        version = self.folder / name
        try:
            manifest = Manifest.read(version)
        except (OSError, ValueError) as error:
            return Status(name, None, 0, str(error) or type(error).__name__, loading)
        size = sum(file.stat().st_size for file in version.rglob("*") if file.is_file())
        trouble = "" if _opened(version) is not None else "the version does not open: load the files again"
        return Status(name, manifest, size, trouble, loading)

    def _name(self) -> str:
        try:
            name = (self.folder / CURRENT).read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            return ""
        return name if name and Path(name).name == name else ""


def _opened(version: Path) -> Stock | None:
    try:
        return Stock.open(version, Manifest.read(version).state_of)
    except (OSError, ValueError, sqlite3.Error):
        return None


def read_state(folder: Path) -> Mapping[str, object]:
    """What an interrupted load noted of itself; nothing when there is none."""
    try:
        state = json.loads((folder / "state.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}
