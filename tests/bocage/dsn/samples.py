"""Where the samples are, and how to read them."""

import json
from pathlib import Path
from typing import Any

from bocage.formats.base import FileSource
from bocage.formats.dsn import DsnReport, check

DATA = Path(__file__).parents[2] / "data" / "dsn"
CONFORMANT = sorted(
    path for folder in ("annee", "voisins", "variantes", "signalements") for path in DATA.glob(f"{folder}/*.dsn")
)


def report_of(path: Path) -> DsnReport:
    return check([FileSource(path)]).files[0]


def expected(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))
