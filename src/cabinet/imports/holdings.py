"""What the imports keep in the storage: sealed originals, fact tables, and files on their way to an import."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from uuid import UUID

from django.db.models import QuerySet

from cabinet.imports.models import Import, Upload

ORIGINALS, FACTS, INCOMING, PIECES = "originals", "facts", "incoming", "pieces"
COMPARED = "compared-"


def original_name(import_id: UUID) -> str:
    """The name of an original."""
    return f"{ORIGINALS}/{import_id}.sealed"


def parts_folder(import_id: UUID) -> str:
    """What the names of the parts of an original begin with."""
    return f"{ORIGINALS}/{import_id}"


def part_name(import_id: UUID, rank: int) -> str:
    """The name of one part of an original that came in several files."""
    return f"{parts_folder(import_id)}/{rank}.sealed"


def facts_folder(import_id: UUID) -> str:
    """What the names of an import's facts begin with."""
    return f"{FACTS}/{import_id}"


def pieces_folder(upload_id: UUID) -> str:
    """What the names of the pieces of a large file begin with."""
    return f"{PIECES}/{upload_id}"


def with_facts() -> QuerySet[Import, UUID]:
    """The ids of the imports whose facts are kept."""
    return Import.objects.exclude(tables={}).values_list("id", flat=True)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class Originals:
    """One sealed file for each import that still has its original, or one for each of its parts."""

    def holds(self, name: str) -> bool:
        return name.startswith(f"{ORIGINALS}/")

    def named(self, names: Sequence[str]) -> set[str]:
        whose = {name: _uuid(PurePosixPath(PurePosixPath(name).parts[1]).stem) for name in names}
        kept = Import.objects.filter(id__in={one for one in whose.values() if one}, has_original=True)
        return set(_original_names(kept)).intersection(names)

    def needed(self) -> Iterator[str]:
        return _original_names(Import.objects.filter(has_original=True).order_by("id"))


def _original_names(kept: QuerySet[Import]) -> Iterator[str]:
    for one, rank in kept.values_list("id", "parts__rank").iterator():
        yield original_name(one) if rank is None else part_name(one, rank)


class Facts:
    """The Parquet files of each import that was read, and the comparisons with the FEC that they would replace."""

    def holds(self, name: str) -> bool:
        return name.startswith(f"{FACTS}/")

    def named(self, names: Sequence[str]) -> set[str]:
        split = {name: PurePosixPath(name).parts for name in names}
        ids = {found for parts in split.values() if (found := _uuid(parts[1]))}
        kept = Import.objects.filter(id__in=ids).values_list("id", "tables")
        tables = {str(one): set(files.values()) for one, files in kept if files}
        return {name for name, parts in split.items() if _is_named(parts, tables.get(parts[1], set()))}

    def needed(self) -> Iterator[str]:
        rows = Import.objects.exclude(tables={}).order_by("id").values_list("id", "tables")
        for one, files in rows.iterator():
            yield from (f"{facts_folder(one)}/{file}" for file in files.values())


def _is_named(parts: tuple[str, ...], files: set[str]) -> bool:
    if not files or len(parts) < 3:
        return False
    folder = parts[2]
    compared = folder.startswith(COMPARED) and _uuid(folder.removeprefix(COMPARED)) is not None
    return "/".join(parts[2:]) in files or (len(parts) > 3 and compared)


class Incoming:
    """Files that are arriving: until an import takes one, no row names it, and its key is in memory only."""

    def holds(self, name: str) -> bool:
        return name.startswith(f"{INCOMING}/")

    def named(self, names: Sequence[str]) -> set[str]:
        return set()

    def needed(self) -> Iterator[str]:
        return iter(())


class Pieces:
    """Pieces of large files that are arriving. How many there are is not written anywhere: none is called missing."""

    def holds(self, name: str) -> bool:
        return name.startswith(f"{PIECES}/")

    def named(self, names: Sequence[str]) -> set[str]:
        whose = {name: _uuid(PurePosixPath(name).parts[1]) for name in names}
        kept = set(Upload.objects.filter(id__in={one for one in whose.values() if one}).values_list("id", flat=True))
        return {name for name, one in whose.items() if one in kept}

    def needed(self) -> Iterator[str]:
        return iter(())
