"""What the dossiers keep in the storage: the sealed documents that prove the figures given by hand."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from uuid import UUID

from cabinet.dossiers.models import ManualValue

ATTACHMENTS = "attachments"


def proof_name(kept_id: UUID) -> str:
    """The name of the document attached to a value."""
    return f"{ATTACHMENTS}/{kept_id}.sealed"


class Proofs:
    """One sealed document for each value that has one."""

    def holds(self, name: str) -> bool:
        return name.startswith(f"{ATTACHMENTS}/")

    def named(self, names: Sequence[str]) -> set[str]:
        ids = []
        for name in names:
            try:
                ids.append(UUID(PurePosixPath(name).stem))
            except ValueError:
                continue
        kept = ManualValue.objects.filter(id__in=ids).exclude(file_name="").values_list("id", flat=True)
        return {proof_name(one) for one in kept}.intersection(names)

    def needed(self) -> Iterator[str]:
        rows = ManualValue.objects.exclude(file_name="").order_by("id").values_list("id", flat=True)
        for one in rows.iterator():
            yield proof_name(one)
