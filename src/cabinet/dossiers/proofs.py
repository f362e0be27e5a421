"""Documents that prove what a person gave: sealed beside the originals, downloaded, destroyed with what they prove."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.db import models, transaction
from django.http import Http404

from cabinet.clients.models import Client
from cabinet.keys.ring import Purpose, new_salt
from cabinet.keys.streams import seal, unseal
from cabinet.storage import door

MOST_BYTES = 5 * 1024 * 1024
ATTACHMENTS = "attachments"
_KINDS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


class BadProofError(Exception):
    """The document cannot be kept: ``code`` is kind or size."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ProofLost(Exception):
    """A document is named, and its file is gone or cannot be opened."""


class Proven(models.Model):
    """What may bear a document about a ``year``: its name as sent, its kind as read, its sealed file and its salt."""

    file_name = models.CharField(max_length=255, blank=True)
    media_type = models.CharField(max_length=40, blank=True)
    salt = models.BinaryField(default=bytes)
    proof_id = models.UUIDField(null=True)

    class Meta:
        abstract = True


@dataclass(frozen=True, slots=True)
class Proof:
    """An attached document, in memory; its kind is read from its bytes, never from its name."""

    name: str
    content: bytes

    @property
    def media_type(self) -> str:
        """The kind of the document. Raises BadProofError for another than PDF, PNG or JPEG, and beyond the limit."""
        if len(self.content) > MOST_BYTES:
            raise BadProofError("size")
        for head, kind in _KINDS.items():
            if self.content.startswith(head):
                return kind
        raise BadProofError("kind")


@contextmanager
def sealed(proof: Proof | None) -> Iterator[dict[str, Any]]:
    """Write a document, and give the columns of :class:`Proven` that name it; nothing stays when the block fails.

    The transaction that keeps the columns is opened inside. Raises BadProofError.
    """
    if proof is None:
        yield {"file_name": "", "media_type": "", "salt": b"", "proof_id": None}
        return
    media_type, salt, proof_id = proof.media_type, new_salt(), uuid4()
    try:
        _write(proof_id, seal(proof.content, purpose=Purpose.ATTACHMENT, salt=salt))
        yield {"file_name": proof.name[:255], "media_type": media_type, "salt": salt, "proof_id": proof_id}
    except BaseException:
        _remove(proof_id)
        raise


def proof_of(kept: Proven) -> bytes:
    """The attached document. Raises Http404 when there is none, ProofLost when its file is gone or damaged."""
    if kept.proof_id is None:
        raise Http404
    try:
        content = door.place_of(proof_name(kept.proof_id)).read_bytes()
        return unseal(content, purpose=Purpose.ATTACHMENT, salt=bytes(kept.salt))
    except (OSError, LookupError) as error:
        raise ProofLost(kept.file_name) from error


def forget_proof(kept: Proven) -> None:
    """Destroy a document once what forgets it is committed."""
    if kept.proof_id is not None:
        transaction.on_commit(partial(_remove, kept.proof_id))


def forget_proofs(client: Client) -> None:
    """Destroy the documents of a client that is being deleted, once that is committed."""
    for model in Proven.__subclasses__():
        of_client = {"year__client": client}
        for kept in model._default_manager.filter(proof_id__isnull=False, **of_client):
            forget_proof(kept)


def proof_name(proof_id: UUID) -> str:
    """The name of a document in the storage."""
    return f"{ATTACHMENTS}/{proof_id}.sealed"


def _write(proof_id: UUID, content: bytes) -> None:
    path = door.place_of(proof_name(proof_id))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())


def _remove(proof_id: UUID) -> None:
    door.remove(proof_name(proof_id))
