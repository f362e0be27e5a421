"""The lines of a kept original that a report points at."""

from collections.abc import Iterable

from bocage.errors import SourceUnreadable
from bocage.formats.fec import raw_lines
from cabinet.imports import storage
from cabinet.imports.enums import ImportKind
from cabinet.imports.models import Import

QUOTED_BYTES = 64 * 1024 * 1024
"""Above, a page would wait too long: the file is decrypted up to the last line asked for."""


def raw_lines_of(imported: Import, numbers: Iterable[int]) -> dict[int, str]:
    """Number of a physical line → its text. Empty for a DSN, whose values are never shown, and without the original."""
    text = imported.kind == ImportKind.FEC and imported.identified_as == "fec"
    separated = bool((imported.report.get("layout") or {}).get("separator"))
    if not (text and separated) or not imported.has_original or imported.size > QUOTED_BYTES:
        return {}
    try:
        return raw_lines(storage.source_of(imported), numbers)
    except SourceUnreadable:
        return {}
