"""What the dossiers keep in the storage: the sealed documents that prove what people gave."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from uuid import UUID

from cabinet.dossiers.proofs import ATTACHMENTS, Proven, proof_name


class Proofs:
    """One sealed document for each thing given that has one."""

    def holds(self, name: str) -> bool:
        return name.startswith(f"{ATTACHMENTS}/")

    def named(self, names: Sequence[str]) -> set[str]:
        ids = []
        for name in names:
            try:
                ids.append(UUID(PurePosixPath(name).stem))
            except ValueError:
                continue
        kept = {
            proof_name(one)
            for model in Proven.__subclasses__()
            for one in model._default_manager.filter(proof_id__in=ids).values_list("proof_id", flat=True)
            if one is not None
        }
        return kept.intersection(names)

    def needed(self) -> Iterator[str]:
        for model in Proven.__subclasses__():
            rows = model._default_manager.filter(proof_id__isnull=False).order_by("pk")
            for one in rows.values_list("proof_id", flat=True).iterator():
                if one is not None:
                    yield proof_name(one)
