"""The lines that the journal shows, as a sheet: read a few hundred at a time, whatever their number."""

from collections.abc import Iterator
from itertools import batched
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from cabinet.accounts.actors import Actor
from cabinet.audit.models import LogEntry
from cabinet.web.journal.entries import Line, describe

CHUNK = 500
MOST_ROWS = 1_000_000
"""What a workbook can hold, its head and a margin taken away."""
TOO_MANY = "Un classeur ne tient pas autant de lignes. Prenez le CSV, ou resserrez les dates."
HEAD = (
    "Date", "Personne", "Action", "Objet", "Dossier", "Changements", "Origine", "Maillon", "Empreinte",
)  # fmt: skip
WIDTHS = (20, 26, 34, 34, 34, 60, 40, 10, 66)


def sheet_rows(actor: Actor, entries: QuerySet[LogEntry]) -> Iterator[tuple[Any, ...]]:
    """The head, then one row a line."""
    yield HEAD
    for some in batched(entries.iterator(chunk_size=CHUNK), CHUNK, strict=False):
        for entry, line in zip(some, describe(some, actor), strict=True):
            yield _row(entry, line)


def _row(entry: LogEntry, line: Line) -> tuple[Any, ...]:
    changes = [f"{one.label} : {one.before} → {one.after}" for one in line.changes]
    origin = ", ".join(part for part in (line.how, line.where) if part)
    at = f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}"
    return (
        at, line.who, line.what, line.about, line.client_name, " ; ".join(changes), origin,
        entry.position or "", entry.digest,
    )  # fmt: skip
