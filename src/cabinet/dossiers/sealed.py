"""What the dossiers keep sealed: the documents that prove what people gave."""

from collections.abc import Iterator
from functools import partial
from uuid import UUID

from cabinet.dossiers.proofs import Proven, proof_name
from cabinet.keys.ring import Purpose
from cabinet.storage.resealing import key_of, reseal


class Proofs:
    """One document for each thing given that has one."""

    label = "proofs"

    def held(self) -> Iterator[tuple[UUID, bytes]]:
        for model in Proven.__subclasses__():
            rows = model._default_manager.filter(proof_id__isnull=False).order_by("pk")
            for proof_id in rows.values_list("proof_id", flat=True).iterator():
                if proof_id is not None and (key := key_of(proof_name(proof_id))) is not None:
                    yield proof_id, key

    def reseal(self, one: UUID) -> bool:
        salt = _salt(one)
        if salt is None:
            return False
        named = partial(_is_kept, one)
        return reseal(proof_name(one), purpose=Purpose.ATTACHMENT, salt=salt, is_named=named)


def _is_kept(proof_id: UUID) -> bool:
    return _salt(proof_id) is not None


def _salt(proof_id: UUID) -> bytes | None:
    for model in Proven.__subclasses__():
        found = model._default_manager.filter(proof_id=proof_id).values_list("salt", flat=True).first()
        if found is not None:
            return bytes(found)
    return None
