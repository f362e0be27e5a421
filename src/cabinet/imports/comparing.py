"""A FEC beside the one that it would replace, or has replaced: what changes, kept with the facts of the new one."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from bocage.facts.comparison import Summary, compare, load
from cabinet.imports import storage
from cabinet.imports.enums import Doubt, ImportKind, ImportState
from cabinet.imports.facts import tables_of
from cabinet.imports.holdings import COMPARED
from cabinet.imports.models import Import
from cabinet.imports.settling import matching_year


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two imports of one fiscal year, and where the answer is kept."""

    before: Import
    after: Import
    summary: Summary
    folder: Path


def rival_of(imported: Import) -> Import | None:
    """The FEC whose place this one takes: the accepted one of its year while it waits, later the one it replaced."""
    if imported.kind != ImportKind.FEC or imported.client is None:
        return None
    if imported.state == ImportState.TO_CHECK:
        year = imported.year or matching_year(imported.client, imported)
        held = Import.objects.filter(year=year, kind=ImportKind.FEC, state=ImportState.ACCEPTED)
        return held.exclude(id=imported.id).first() if year else None
    replaced = Import.objects.filter(replaced_by=imported, kind=ImportKind.FEC, state=ImportState.REPLACED)
    return replaced.order_by("-settled_at").first()


def comparison_of(imported: Import) -> Comparison | None:
    """What changes from the FEC in place to this one; None when there is nothing to compare with.

    The answer is computed once: by the worker that has read the file, else here.
    """
    rival = rival_of(imported)
    if rival is None or not (imported.tables and rival.tables):
        return None
    folder = storage.facts_dir(imported.id) / f"{COMPARED}{rival.id}"
    summary = load(folder) or _compute(rival, imported, folder)
    return Comparison(rival, imported, summary, folder)


def prepare(imported: Import) -> None:
    """Compare at once a FEC that waits because it would replace another, so that its page has nothing to compute."""
    if Doubt.REPLACES in imported.doubts:
        comparison_of(imported)


def _compute(before: Import, after: Import, folder: Path) -> Summary:
    """Compare apart, then put the answer in its place at once: two readers of the page may both be here."""
    with storage.work_folder() as work:
        summary = compare(tables_of(before), tables_of(after), work / "out", work_dir=work)
        shutil.rmtree(folder, ignore_errors=True)
        arriving = folder.with_name(f"{folder.name}-{work.name}")
        shutil.copytree(work / "out", arriving)
        try:
            arriving.rename(folder)
        except OSError:  # another reader was first
            shutil.rmtree(arriving, ignore_errors=True)
    return summary
