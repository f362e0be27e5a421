"""Reading the data files shipped with the package: once a process, and frozen."""

import csv
import io
import json
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType


def read_rows(package: str, name: str) -> list[dict[str, str]]:
    """The rows of a UTF-8 CSV file with a header, in file order."""
    text = (files(package) / name).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def read_labels(package: str, name: str) -> Mapping[str, str]:
    """A JSON object of codes to labels, in file order, that nobody can change."""
    labels: dict[str, str] = json.loads((files(package) / name).read_text(encoding="utf-8"))
    return MappingProxyType(labels)
