"""What every command shares: its common options, the files it is given, JSON, words for people, progress."""

import argparse
import io
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TextIO

from bocage.errors import BocageError
from bocage.findings import Finding, Place, Severity
from bocage.formats.base import FileSource, Progress
from bocage.wording import finding_sentence

type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]
type Json = bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None
type Colour = Literal["red", "yellow", "green", "cyan", "bold", "dim"]

_CODES: Mapping[Colour, str] = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_SEVERITY_COLOURS: Mapping[Severity, Colour] = {
    Severity.BLOCKING: "red",
    Severity.ERROR: "red",
    Severity.WARNING: "yellow",
    Severity.INFO: "cyan",
}
_SEVERITY_WORDS: Mapping[Severity, str] = {
    Severity.BLOCKING: "bloquant",
    Severity.ERROR: "erreur",
    Severity.WARNING: "avertissement",
    Severity.INFO: "information",
}
_PLACES_SHOWN = 5


class PathError(BocageError):
    """A path given to a command that is not a readable file. ``code`` is a word of ``cli.toml``."""

    def __init__(self, code: str, path: str) -> None:
        super().__init__(code)
        self.code = code
        self.path = path


def add_common_options(parser: argparse.ArgumentParser) -> None:
    """The options of every command."""
    parser.add_argument("--json", action="store_true", help="écrit un document JSON au lieu d’un texte")


def prepare_streams() -> None:
    """UTF-8 on stdout whatever the locale.

    What UTF-8 cannot carry (a file name in another encoding) is written as an escape, which is also how JSON writes it.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def sources(paths: Iterable[str]) -> list[FileSource]:
    """The files named on the command line. Raises PathError for the first that cannot be read."""
    return [_source(path) for path in paths]


def _source(path: str) -> FileSource:
    try:
        if Path(path).is_dir():
            raise PathError("path_directory", path)
        if not Path(path).exists():
            raise PathError("path_missing", path)
        # A pipe or a device gives its bytes once only; readers open a source several times.
        if not Path(path).is_file():
            raise PathError("path_not_regular", path)
        with Path(path).open("rb"):
            return FileSource(Path(path))
    except (OSError, ValueError) as error:
        raise PathError("path_denied", path) from error


def print_json(document: Json) -> None:
    """Write the one JSON document of the command."""
    json.dump(document, sys.stdout, ensure_ascii=False, allow_nan=False, indent=1)
    sys.stdout.write("\n")


def print_text(*lines: str) -> None:
    """Write lines for people."""
    for line in lines:
        sys.stdout.write(f"{line}\n")


def paint(text: str, *colours: Colour) -> str:
    """``text`` in colours when stdout is a terminal that has not asked for none (NO_COLOR)."""
    if not (sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"):
        return text
    return f"\x1b[{';'.join(_CODES[colour] for colour in colours)}m{text}\x1b[0m"


def finding_json(domain: str, finding: Finding, *, column_key: str = "column") -> dict[str, Json]:
    """A finding with its words in ``domain``. ``column_key`` is how the format calls a column ("rubrique" in a DSN)."""
    words = finding_sentence(domain, finding)
    document: dict[str, Json] = {"code": finding.code, "severity": finding.severity.value}
    if finding.norm_severity is not None:
        document["norm_severity"] = finding.norm_severity
    if finding.verdict is not None:
        document["verdict"] = finding.verdict.value
    document["count"] = finding.count
    document["where"] = [
        {
            **({} if place.part is None else {"part": place.part}),
            "line": place.line,
            column_key: place.column,
            "value": place.value,
        }
        for place in finding.where
    ]
    return {**document, "message": words.message, "remedy": words.remedy}


def finding_lines(domain: str, finding: Finding) -> list[str]:
    """A finding for people: severity, code, sentence, the first places, the remedy."""
    words = finding_sentence(domain, finding)
    severity = paint(_SEVERITY_WORDS[finding.severity], _SEVERITY_COLOURS[finding.severity])
    times = f" ({finding.count} fois)" if finding.count > 1 else ""
    lines = [f"  {severity} {paint(finding.code, 'bold')} {words.message}{times}"]
    lines += [f"    {paint(_place(place), 'dim')}" for place in finding.where[:_PLACES_SHOWN]]
    if words.remedy:
        lines.append(f"    → {words.remedy}")
    return lines


def _place(place: Place) -> str:
    within = "" if place.part is None else f"partie {place.part}, "
    parts = [f"{within}ligne {place.line}" if place.line is not None else "", place.column or ""]
    where = ", ".join(part for part in parts if part) or "fichier"
    return where if place.value is None else f"{where}\u00a0: «\u00a0{place.value}\u00a0»"


@contextmanager
def progress_bar(label: str, stream: TextIO | None = None) -> Iterator[Progress]:
    """A callback that draws the share done on stderr, on a terminal only."""
    target = sys.stderr if stream is None else stream
    if not target.isatty():
        yield lambda _share, _step: None
        return

    shown = -1

    def draw(share: float, _step: str) -> None:
        nonlocal shown
        percent = int(min(max(share, 0.0), 1.0) * 100)
        if percent != shown:
            shown = percent
            target.write(f"\r\x1b[K{label} {percent:3d} %")
            target.flush()

    try:
        yield draw
    finally:
        target.write("\r\x1b[K")
        target.flush()
