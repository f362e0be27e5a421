"""A large file, sent piece by piece."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings, settings
from django.utils import timezone

from cabinet.accounts.models import Collaborator
from cabinet.imports import storage, uploading
from cabinet.imports.models import Import, Upload
from cabinet.imports.services import receive
from tests.cabinet.factories import make_collaborator
from tests.cabinet.people import People

CONTENT = bytes(range(256)) * 100


@pytest.fixture
def sender(people: People) -> Collaborator:
    return people.inside


def begun(sender: Collaborator, size: int = len(CONTENT)) -> Upload:
    return uploading.begin(sender, file_name="000012344FEC20251231.txt", size=size, modified=7)


def pieces() -> list[Path]:
    return [path for path in (Path(settings.STORAGE_DIR) / "pieces").rglob("*") if path.is_file()]


def send(upload: Upload, place: int, content: bytes) -> int:
    return uploading.append(upload.sender, upload.id, place, BytesIO(content))


def test_pieces_make_the_file_again(sender: Collaborator) -> None:
    upload = begun(sender)
    assert send(upload, 0, CONTENT[:1000]) == 1000
    assert send(upload, 1000, CONTENT[1000:1001]) == 1001
    assert send(upload, 1001, CONTENT[1001:]) == len(CONTENT)
    assert all(CONTENT[:64] not in path.read_bytes() for path in pieces())
    whole = uploading.hand_over(sender, upload.id)
    assert (whole.size, whole.sha256) == (len(CONTENT), sha256(CONTENT).hexdigest())
    assert len(pieces()) == 3  # until an import holds the file


def test_what_an_import_holds_leaves_no_piece(
    people: People, sender: Collaborator, committed: Callable[[], Any]
) -> None:
    upload = begun(sender)
    send(upload, 0, CONTENT)
    with committed():
        imported = receive(
            actor=people.actor("inside"), incoming=uploading.hand_over(sender, upload.id), to=people.client
        )
    assert Import.objects.get(id=imported.id).sha256 == sha256(CONTENT).hexdigest()
    assert pieces() == []
    assert not Upload.objects.exists()


def test_the_same_file_goes_on_where_it_was(sender: Collaborator) -> None:
    send(begun(sender), 0, CONTENT[:5000])
    again = begun(sender)
    assert again.received == 5000
    assert begun(sender, size=len(CONTENT) + 1).received == 0  # another file


def test_a_piece_at_another_place_is_refused(sender: Collaborator) -> None:
    upload = begun(sender)
    send(upload, 0, CONTENT[:10])
    for place in (0, 9, 11):
        with pytest.raises(uploading.WrongPlace) as wrong:
            send(upload, place, b"x")
        assert wrong.value.received == 10
    assert [path.name for path in pieces()] == ["000000000000000.sealed"]


def test_two_pieces_of_one_place_count_once(sender: Collaborator, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = begun(sender)
    stale = Upload.objects.get(id=upload.id)
    send(upload, 0, CONTENT[:10])
    monkeypatch.setattr(uploading, "find", lambda *_given: stale)  # what the slower of two requests has seen
    with pytest.raises(uploading.WrongPlace):
        send(upload, 0, CONTENT[:400])
    assert Upload.objects.get(id=upload.id).received == 10
    assert len(pieces()) == 1


def test_no_more_than_the_file_and_a_piece_is_taken(sender: Collaborator, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = begun(sender, size=30)
    monkeypatch.setattr(uploading, "PIECE", 20)
    assert send(upload, 0, b"x" * 100) == 20
    assert send(upload, 20, b"x" * 100) == 30


def test_a_sender_who_goes_away_in_a_piece_leaves_nothing_of_it(sender: Collaborator) -> None:
    class Cut(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise OSError("gone")
            return super().read(min(size or 5, 5))

    upload = begun(sender)
    with pytest.raises(OSError, match="gone"):
        uploading.append(sender, upload.id, 0, Cut(CONTENT))
    assert Upload.objects.get(id=upload.id).received == 0
    assert pieces() == []
    assert list((Path(settings.STORAGE_DIR) / "incoming").glob("*")) == []


def test_a_file_that_is_not_whole_is_not_handed_over(sender: Collaborator) -> None:
    upload = begun(sender)
    send(upload, 0, CONTENT[:10])
    with pytest.raises(uploading.WrongPlace):
        uploading.hand_over(sender, upload.id)


def test_an_upload_is_its_sender_s_alone(people: People, sender: Collaborator) -> None:
    upload = begun(sender)
    colleague = make_collaborator(people.firm, first_name="Nadia", last_name="Perrin")
    for act in (uploading.find, uploading.forget, uploading.hand_over):
        with pytest.raises(uploading.UploadGone):
            act(colleague, upload.id)
    with pytest.raises(uploading.UploadGone):
        uploading.append(colleague, upload.id, 0, BytesIO(b"x"))
    with pytest.raises(uploading.UploadGone):
        uploading.find(sender, uuid4())


def test_what_is_too_large_or_too_many_is_refused_before_a_byte(
    sender: Collaborator, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.UPLOAD_MAX_FILE_BYTES = 100
    with pytest.raises(uploading.UploadRefused, match="too_large"):
        begun(sender, size=101)
    monkeypatch.setattr(uploading, "OPEN_AT_ONCE", 2)
    begun(sender, size=1), begun(sender, size=2)
    with pytest.raises(uploading.UploadRefused, match="too_many"):
        begun(sender, size=3)
    assert begun(sender, size=2).received == 0  # one that is there goes on


def test_what_is_given_up_or_old_is_forgotten(sender: Collaborator) -> None:
    given_up, old, fresh = begun(sender, 10), begun(sender, 20), begun(sender, 30)
    for upload in (given_up, old, fresh):
        send(upload, 0, b"12345")
    uploading.forget(sender, given_up.id)
    Upload.objects.filter(id=old.id).update(begun_at=timezone.now() - timedelta(days=1, minutes=1))
    assert uploading.forget_old_uploads() == 1
    assert [path.parent.name for path in pieces()] == [str(fresh.id)]
    assert storage.remove_orphans() == 0
