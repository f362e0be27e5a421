"""What the imports keep sealed: originals, and the keys of pseudonyms."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from uuid import UUID

from cabinet.imports import holdings
from cabinet.imports.models import Import, Part, Upload
from cabinet.keys import pseudonyms
from cabinet.keys.ring import Purpose
from cabinet.storage import door
from cabinet.storage.resealing import key_of, reseal


class Originals:
    """The files as they were received, in as many parts as they came."""

    label = "originals"

    def held(self) -> Iterator[tuple[str, bytes]]:
        for name in holdings.Originals().needed():
            if (key := key_of(name)) is not None:
                yield name, key

    def reseal(self, one: str) -> bool:
        salt = _salt(one)
        if salt is None:
            return False
        return reseal(one, purpose=Purpose.RAW, salt=salt, is_named=lambda: _salt(one) is not None)


def _salt(name: str) -> bytes | None:
    """The salt of an original or of a part; None once no row names it."""
    if not holdings.Originals().named([name]):
        return None
    path = PurePosixPath(name)
    if len(path.parts) == 2:
        return bytes(Import.objects.values_list("file_salt", flat=True).get(id=UUID(path.stem)))
    parts = Part.objects.filter(source_id=UUID(path.parts[1]), rank=int(path.stem))
    salt = parts.values_list("file_salt", flat=True).first()
    return None if salt is None else bytes(salt)


type Subject = tuple[bytes, bytes]
"""A salt and what is kept of its pseudonym key."""


class Pseudonyms:
    """The pseudonym keys of those whom imports speak of: one for all the imports of a client."""

    label = "pseudonym keys of imports"

    def held(self) -> Iterator[tuple[Subject, bytes]]:
        kept = Import.objects.order_by("subject_salt").values_list("subject_salt", "subject_master").distinct()
        for salt, master in kept.iterator():
            yield (bytes(salt), bytes(master)), pseudonyms.kept_under(bytes(master))

    def reseal(self, one: Subject) -> bool:
        salt, kept = one
        made = pseudonyms.kept_anew(salt, kept)
        return bool(Import.objects.filter(subject_salt=salt, subject_master=kept).update(subject_master=made))


class Pieces:
    """The pieces of the large files that are arriving."""

    label = "pieces of large files"

    def held(self) -> Iterator[tuple[str, bytes]]:
        for upload_id in Upload.objects.order_by("id").values_list("id", flat=True).iterator():
            for file in door.everything(holdings.pieces_folder(upload_id)):
                if file.name.endswith(".sealed") and (key := key_of(file.name)) is not None:
                    yield file.name, key

    def reseal(self, one: str) -> bool:
        uploads = Upload.objects.filter(id=UUID(PurePosixPath(one).parts[1]))
        salt = uploads.values_list("salt", flat=True).first()
        return salt is not None and reseal(one, purpose=Purpose.RAW, salt=bytes(salt), is_named=uploads.exists)
