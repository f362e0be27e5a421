"""The lines of a kept original that a report points at."""

from collections.abc import Iterable

from bocage.errors import SourceUnreadable
from bocage.formats.fec import raw_lines
from cabinet.imports import storage
from cabinet.imports.enums import ImportKind
from cabinet.imports.models import Import

QUOTED_BYTES = 64 * 1024 * 1024
"""Above, a page would wait too long: the file is decrypted up to the last line asked for."""


def raw_lines_of(imported: Import, spots: Iterable[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """Part and number of a physical line → its text; the part is 1 in a file that came whole. Empty for a DSN, whose
    values are never shown, and without the original."""
    text = imported.kind == ImportKind.FEC and imported.identified_as == "fec"
    separated = bool((imported.report.get("layout") or {}).get("separator"))
    if not (text and separated) or not imported.has_original or imported.size > QUOTED_BYTES:
        return {}
    wanted: dict[int, set[int]] = {}
    for part, number in spots:
        wanted.setdefault(part, set()).add(number)
    ranks = [part.rank for part in imported.parts.all()] if imported.report.get("parts") else [1]
    found: dict[tuple[int, int], str] = {}
    try:
        for rank, source in zip(ranks, storage.sources_of(imported), strict=True):
            lines = raw_lines(source, wanted.get(rank, ()))
            found |= {(rank, number): text for number, text in lines.items()}
    except SourceUnreadable:
        return {}
    return found
