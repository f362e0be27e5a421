"""Files sent by a browser: encrypted as they arrive, never whole in memory, never clear on the disk.

A large file comes piece by piece to :mod:`cabinet.web.large_files`; the form then names it instead of carrying it.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import Http404, HttpRequest

from cabinet.accounts.actors import Actor
from cabinet.imports import uploading
from cabinet.imports.storage import Incoming
from cabinet.keys.ring import Purpose
from cabinet.keys.streams import open_clear


class SealedUpload(UploadedFile):  # type: ignore[type-arg]  # generic in the stubs only
    """An uploaded file, its bytes sealed already: hand ``incoming`` to :func:`cabinet.imports.services.receive`."""

    def __init__(self, incoming: Incoming, *, field: str, too_large: bool) -> None:
        super().__init__(file=None, name=incoming.file_name, size=incoming.size)
        self.incoming = incoming
        self.field = field
        self.too_large = too_large

    def take_clear(self, limit: int) -> bytes:
        """Its first ``limit`` bytes, in memory; the sealed file is forgotten."""
        try:
            with open_clear(self.incoming.path.open("rb"), purpose=Purpose.RAW, salt=self.incoming.salt) as stream:
                return stream.read(limit)
        finally:
            self.incoming.discard()


class EncryptingUploadHandler(FileUploadHandler):
    """Seals each file of a request. Strangers upload nothing: the body is refused before its first byte is kept."""

    chunk_size = 256 * 1024

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        # Here and not in handle_raw_input, where Django does not expect to be stopped: a form without a file must pass.
        if self.request is None or not self.request.user.is_authenticated:
            raise StopUpload(connection_reset=True)
        super().new_file(*args, **kwargs)
        self._incoming = Incoming(self.file_name or "")
        self._too_large = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self._too_large:
            return
        if self._incoming.size + len(raw_data) > settings.UPLOAD_MAX_FILE_BYTES:
            self._too_large = True  # the rest is read and dropped, so that the answer can say so
            return
        try:
            self._incoming.write(raw_data)
        except OSError:
            self._incoming.discard()  # a full disk is not filled by what no import will take
            raise

    def file_complete(self, file_size: int) -> SealedUpload:
        self._incoming.close()
        return SealedUpload(self._incoming, field=self.field_name or "", too_large=self._too_large)

    def upload_interrupted(self) -> None:
        incoming = getattr(self, "_incoming", None)
        if incoming is not None:
            incoming.discard()


RESUMED = "envoi"
"""The field that names an upload made piece by piece."""


def sent_files(request: HttpRequest, actor: Actor, field: str) -> list[SealedUpload]:
    """The files of a request, those that came piece by piece too. They stand in ``request.FILES`` afterwards.

    Raises Http404 for an upload that is not there, not the person's own, or not whole.
    """
    person = actor.collaborator
    for named in request.POST.getlist(RESUMED):
        try:
            if person is None:
                raise Http404
            whole = uploading.hand_over(person, UUID(named))
        except (ValueError, uploading.UploadGone, uploading.WrongPlace):
            raise Http404 from None
        request.FILES.appendlist(field, SealedUpload(whole, field=field, too_large=False))
    return [one for one in request.FILES.getlist(field) if isinstance(one, SealedUpload)]
