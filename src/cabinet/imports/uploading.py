"""Large files sent piece by piece. What has arrived stays, sealed, while the connection is away.

A piece counts once it is on the disk and its row says so; a piece sent twice, or after another of the same place, is
refused with the place where the next one goes. The whole file is put together when its sender hands it over.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cabinet.accounts.models import Collaborator
from cabinet.imports import storage
from cabinet.imports.models import Upload

PIECE = 8 * 1024 * 1024
"""How much a browser sends at once, and the most that is taken at once."""

AT_MOST = timedelta(days=1)
"""An upload that is not over by then is forgotten."""

OPEN_AT_ONCE = 50
"""Uploads that one person may have under way."""

_READ = 256 * 1024


class UploadGone(Exception):
    """There is no such upload, or it is somebody else's."""


class UploadRefused(Exception):
    """No such upload may begin. ``code``: ``too_large`` or ``too_many``, in the words of ``refusals``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class WrongPlace(Exception):
    """The piece does not begin where the last one ended: at ``received``."""

    def __init__(self, received: int) -> None:
        super().__init__(received)
        self.received = received


def begin(sender: Collaborator, *, file_name: str, size: int, modified: int) -> Upload:
    """The upload of this file: a new one, or the one that a cut left. Raises UploadRefused."""
    under_way = Upload.objects.filter(sender=sender)
    known = {"file_name": file_name[-255:], "size": size, "modified": modified}
    found = under_way.filter(**known).first()
    if found is not None:
        return found
    if size > settings.UPLOAD_MAX_FILE_BYTES:
        raise UploadRefused("too_large")
    if under_way.count() >= OPEN_AT_ONCE:
        raise UploadRefused("too_many")
    made, _ = Upload.objects.get_or_create(sender=sender, **known, defaults={"firm_id": sender.firm_id})
    return made


def find(sender: Collaborator, upload_id: UUID) -> Upload:
    """An upload of this person's own. Raises UploadGone."""
    found = Upload.objects.filter(id=upload_id, sender=sender).first()
    if found is None:
        raise UploadGone
    return found


def append(sender: Collaborator, upload_id: UUID, place: int, stream: BinaryIO) -> int:
    """Keep the next piece; how many bytes are there now. Raises UploadGone, WrongPlace, and OSError when the sender
    goes away: what came of the piece is then forgotten."""
    upload = find(sender, upload_id)
    if place != upload.received:
        raise WrongPlace(upload.received)
    piece = storage.Incoming(upload.file_name, salt=bytes(upload.salt))
    try:
        for chunk in _bounded(stream, min(PIECE, upload.size - place)):
            piece.write(chunk)
        piece.close()
        return _count(upload, place, piece)
    finally:
        piece.discard()  # it has left its place when it was counted


def _bounded(stream: BinaryIO, most: int) -> Iterator[bytes]:
    while most > 0 and (chunk := stream.read(min(_READ, most))):
        most -= len(chunk)
        yield chunk


@transaction.atomic
def _count(upload: Upload, place: int, piece: storage.Incoming) -> int:
    current = Upload.objects.select_for_update().filter(id=upload.id).first()
    if current is None:
        raise UploadGone
    if current.received != place:
        raise WrongPlace(current.received)
    if piece.size:
        storage.keep_piece(upload.id, place, piece)
        current.received = place + piece.size
        current.save(update_fields=["received"])
    return current.received


def hand_over(sender: Collaborator, upload_id: UUID) -> storage.Incoming:
    """The whole file, as if it had come at once. Its pieces go once it is kept.

    Raises UploadGone, and WrongPlace when some of it is still to come.
    """
    upload = find(sender, upload_id)
    if upload.received != upload.size:
        raise WrongPlace(upload.received)
    whole = storage.Incoming(upload.file_name, once_kept=partial(_forget, upload))
    try:
        for chunk in storage.read_pieces(upload.id, bytes(upload.salt)):
            whole.write(chunk)
        whole.close()
        if whole.size != upload.size:
            raise UploadGone
    except BaseException:
        whole.discard()
        raise
    return whole


def forget(sender: Collaborator, upload_id: UUID) -> None:
    """The sender gives the file up. Raises UploadGone."""
    _forget(find(sender, upload_id))


def _forget(upload: Upload) -> None:
    Upload.objects.filter(id=upload.id).delete()
    storage.remove_pieces(upload.id)


def forget_old_uploads() -> int:
    """Forget the uploads that were never finished; how many. For the recurring work."""
    old = list(Upload.objects.filter(begun_at__lt=timezone.now() - AT_MOST))
    for upload in old:
        _forget(upload)
    return len(old)
