"""What the carbon estimates keep in the storage: their lines, beside the facts of the books they were made from."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from uuid import UUID

from django.db.models import QuerySet

from cabinet.carbon.models import Estimate
from cabinet.imports.holdings import facts_folder, with_facts

CARBON = "carbon"


def lines_name(import_id: UUID, file_name: str) -> str:
    """The name of the lines of an estimate."""
    return f"{facts_folder(import_id)}/{CARBON}/{file_name}"


def _estimates() -> QuerySet[Estimate]:
    """Those whose books are still there: the others are about to be forgotten."""
    return Estimate.objects.filter(import_id__in=with_facts())


class CarbonLines:
    """One Parquet file for each estimate; the one just replaced stays for who is reading it."""

    def holds(self, name: str) -> bool:
        parts = PurePosixPath(name).parts
        return len(parts) == 4 and name.startswith("facts/") and parts[2] == CARBON

    def named(self, names: Sequence[str]) -> set[str]:
        files = [PurePosixPath(name).name for name in names]
        rows = _estimates().filter(file_name__in=files).values_list("import_id", "file_name")
        return {lines_name(*row) for row in rows}.intersection(names)

    def needed(self) -> Iterator[str]:
        for row in _estimates().order_by("pk").values_list("import_id", "file_name").iterator():
            yield lines_name(*row)
