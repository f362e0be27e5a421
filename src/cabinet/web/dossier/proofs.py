"""Documents attached to what a person gives: the field of the forms, the download, and what is said of a lost one."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from cabinet.audit.services import record_download
from cabinet.dossiers.proofs import MOST_BYTES, BadProofError, Proof, ProofLost, Proven, proof_of
from cabinet.web.actor import ActorRequest
from cabinet.web.dossier.frame import Head
from cabinet.web.uploads import SealedUpload

FIELD = "proof"
WRONG = {
    "kind": "Un PDF, un PNG ou un JPEG est attendu.",
    "size": f"Le justificatif dépasse {MOST_BYTES // 1024**2}\u00a0Mo.",
}
SUFFIXES = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


def proof_field() -> forms.FileField:
    """The field of a document, left empty without one."""
    return forms.FileField(
        label="Justificatif", required=False, help_text="PDF, PNG ou JPEG, 5\u00a0Mo au plus. Il est chiffré."
    )


def document_of(files: Mapping[str, Any]) -> Proof | None:
    """The document sent, in memory; one byte over the limit at most."""
    sent = files.get(FIELD)
    return Proof(sent.name or "", sent.take_clear(MOST_BYTES + 1)) if isinstance(sent, SealedUpload) else None


def refuse_document(form: forms.Form, error: BadProofError) -> None:
    """Say why a document cannot be kept, beside its field."""
    form.add_error(FIELD, WRONG[error.code])


def proof_answer(request: ActorRequest, head: Head, kept: Proven, *, name: str, what: str) -> HttpResponse:
    """The document, always as a download; a page that says what to do when its file is lost."""
    try:
        content = proof_of(kept)
    except ProofLost:
        return render(request, "dossier/proof_lost.html", {"head": head, "name": kept.file_name}, status=410)
    record_download(request.actor.author, what, client_id=head.client.id)
    response = HttpResponse(content, content_type=kept.media_type)
    response["Content-Disposition"] = f'attachment; filename="justificatif-{name}.{SUFFIXES[kept.media_type]}"'
    return response
