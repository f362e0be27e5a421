"""What ``large-files.js`` asks to send a large file piece by piece. Each answer is JSON: where the next piece goes.

POST ``/envois/`` with the file’s name, size and date opens an upload, or finds again the one that a cut left. At its
own address PATCH with ``Upload-Offset`` brings the next piece, GET says where it goes, DELETE gives the file up. The
form that takes the file then names the upload (:func:`cabinet.web.uploads.sent_files`).
"""

from typing import BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from bocage.wording import sentence
from cabinet.accounts.models import Collaborator
from cabinet.imports import uploading
from cabinet.web.actor import ActorRequest
from cabinet.web.components.formats import filesize


def _sender(request: ActorRequest) -> Collaborator:
    person = request.actor.collaborator
    if person is None or not request.actor.can("data.import"):
        raise PermissionDenied
    return person


def _where(upload_id: UUID, received: int, status: int = 200) -> JsonResponse:
    url = reverse("upload_piece", args=[upload_id])
    return JsonResponse({"id": upload_id, "url": url, "received": received, "piece": uploading.PIECE}, status=status)


@require_POST
def begin(request: ActorRequest) -> HttpResponse:
    """Open an upload, or find it again."""
    sender = _sender(request)
    try:
        name, size = request.POST["name"], int(request.POST["size"])
        modified = int(request.POST.get("modified", 0))
    except (KeyError, ValueError):
        return HttpResponse(status=400)
    if not name or not 0 < size < 2**63 or not 0 <= modified < 2**63:
        return HttpResponse(status=400)
    try:
        found = uploading.begin(sender, file_name=name, size=size, modified=modified)
    except uploading.UploadRefused as refused:
        words = sentence("refusals", refused.code, limit=filesize(settings.UPLOAD_MAX_FILE_BYTES))
        return JsonResponse({"message": words.message, "remedy": words.remedy}, status=413)
    return _where(found.id, found.received)


@require_http_methods(["GET", "PATCH", "DELETE"])
def upload(request: ActorRequest, upload_id: UUID) -> HttpResponse:
    """One upload of the person's own."""
    sender = _sender(request)
    try:
        if request.method == "DELETE":
            uploading.forget(sender, upload_id)
            return HttpResponse(status=204)
        known = uploading.find(sender, upload_id)
        if request.method == "GET":
            return _where(upload_id, known.received)
        try:
            place = int(request.headers["Upload-Offset"])
        except (KeyError, ValueError):
            return HttpResponse(status=400)
        return _where(upload_id, uploading.append(sender, upload_id, place, cast(BinaryIO, request)))
    except uploading.UploadGone:
        raise Http404 from None
    except uploading.WrongPlace as wrong:
        return _where(upload_id, wrong.received, status=409)
