"""Encryption: round trip, tampering, cutting, and the rotation of master keys."""

import base64
import io
import secrets

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import example, given
from hypothesis import strategies as st

from cabinet.keys.checks import master_keys_usable
from cabinet.keys.pseudonyms import pseudonym_key
from cabinet.keys.ring import Purpose, UnknownMasterKey, derive, master_keys, new_salt
from cabinet.keys.streams import HEADER, SEGMENT, TAG, Damaged, EncryptingWriter, open_clear, seal, unseal

SALT = b"s" * 32


def new_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def sealed_in_pieces(pieces: list[bytes]) -> bytes:
    target = io.BytesIO()
    writer = EncryptingWriter(target, purpose=Purpose.RAW, salt=SALT)
    for piece in pieces:
        writer.write(piece)
    writer.close()
    return target.getvalue()


@given(st.lists(st.binary(max_size=200), max_size=5))
@example([])
@example([b"a" * SEGMENT])
@example([b"a" * (SEGMENT + 1)])
@example([b"a" * SEGMENT, b"b" * SEGMENT, b"c"])
@example([b"a" * (3 * SEGMENT - 1)])
def test_what_goes_in_comes_out(pieces: list[bytes]) -> None:
    assert unseal(sealed_in_pieces(pieces), purpose=Purpose.RAW, salt=SALT) == b"".join(pieces)


@given(st.data())
def test_any_place_can_be_read(data: st.DataObject) -> None:
    clear = bytes(range(256)) * 600  # a little over two segments
    sealed = seal(clear, purpose=Purpose.RAW, salt=SALT)
    start = data.draw(st.integers(0, len(clear)))
    size = data.draw(st.integers(0, 2 * SEGMENT))
    with open_clear(io.BytesIO(sealed), purpose=Purpose.RAW, salt=SALT) as stream:
        stream.seek(start)
        assert stream.read(size) == clear[start : start + size]
        assert stream.tell() == min(len(clear), start + size)


@given(st.integers(min_value=0))
def test_one_altered_bit_is_found(position: int) -> None:
    sealed = bytearray(seal(b"confidentiel " * 20, purpose=Purpose.RAW, salt=SALT))
    sealed[position % len(sealed)] ^= 1
    with pytest.raises((Damaged, UnknownMasterKey)):
        unseal(bytes(sealed), purpose=Purpose.RAW, salt=SALT)


@given(st.integers(0, HEADER + 2 * (SEGMENT + TAG) + TAG + 99))
@example(0)
@example(HEADER)
@example(HEADER + SEGMENT + TAG)
@example(HEADER + 2 * (SEGMENT + TAG))
def test_a_cut_file_is_refused_at_once(length: int) -> None:
    sealed = seal(b"x" * (2 * SEGMENT + 100), purpose=Purpose.RAW, salt=SALT)
    assert length < len(sealed)
    with pytest.raises(Damaged):
        open_clear(io.BytesIO(sealed[:length]), purpose=Purpose.RAW, salt=SALT)


def test_segments_cannot_be_exchanged() -> None:
    sealed = seal(b"a" * SEGMENT + b"b" * SEGMENT + b"c", purpose=Purpose.RAW, salt=SALT)
    step = SEGMENT + TAG
    first, second = sealed[HEADER : HEADER + step], sealed[HEADER + step : HEADER + 2 * step]
    exchanged = sealed[:HEADER] + second + first + sealed[HEADER + 2 * step :]
    with (
        open_clear(io.BytesIO(exchanged), purpose=Purpose.RAW, salt=SALT) as stream,
        pytest.raises(Damaged),
    ):
        stream.read()


def test_nothing_clear_is_written() -> None:
    assert b"confidentiel" not in seal(b"confidentiel" * 10, purpose=Purpose.RAW, salt=SALT)


def test_the_same_clear_bytes_never_look_alike_twice() -> None:
    once, twice = (seal(b"x" * 100, purpose=Purpose.RAW, salt=SALT) for _ in range(2))
    assert once[HEADER:] != twice[HEADER:]


@pytest.mark.parametrize(("purpose", "salt"), [(Purpose.DRAFT, SALT), (Purpose.RAW, b"t" * 32)])
def test_another_purpose_or_another_owner_opens_nothing(purpose: Purpose, salt: bytes) -> None:
    with pytest.raises(Damaged):
        unseal(seal(b"x", purpose=Purpose.RAW, salt=SALT), purpose=purpose, salt=salt)


def test_an_erased_salt_opens_nothing() -> None:
    with pytest.raises(ValueError, match="deleted"):
        unseal(seal(b"x", purpose=Purpose.RAW, salt=SALT), purpose=Purpose.RAW, salt=b"")


def test_after_a_rotation_old_files_open_and_new_ones_take_the_first_key(settings: "pytest.FixtureRequest") -> None:
    old, new = new_key(), new_key()
    settings.BOCAGE_MASTER_KEYS = [old]  # type: ignore[attr-defined]
    sealed = seal(b"ancien", purpose=Purpose.RAW, salt=SALT)
    old_name = master_keys()[0].name
    settings.BOCAGE_MASTER_KEYS = [new, old]  # type: ignore[attr-defined]
    assert unseal(sealed, purpose=Purpose.RAW, salt=SALT) == b"ancien"
    fresh = seal(b"nouveau", purpose=Purpose.RAW, salt=SALT)
    settings.BOCAGE_MASTER_KEYS = [new]  # type: ignore[attr-defined]
    assert unseal(fresh, purpose=Purpose.RAW, salt=SALT) == b"nouveau"
    with pytest.raises(UnknownMasterKey, match=old_name.hex()):
        unseal(sealed, purpose=Purpose.RAW, salt=SALT)


def test_pseudonyms_survive_a_rotation(settings: "pytest.FixtureRequest") -> None:
    old, new = new_key(), new_key()
    settings.BOCAGE_MASTER_KEYS = [old]  # type: ignore[attr-defined]
    name, before = master_keys()[0].name, pseudonym_key(SALT, kept=master_keys()[0].name)
    settings.BOCAGE_MASTER_KEYS = [new, old]  # type: ignore[attr-defined]
    assert pseudonym_key(SALT, kept=name) == before


def test_each_purpose_and_each_salt_has_its_own_key() -> None:
    master = master_keys()[0]
    keys = {derive(master, purpose, salt) for purpose in Purpose for salt in (SALT, new_salt(), new_salt())}
    assert len(keys) == 3 * len(Purpose)
    assert {len(key) for key in keys} == {32}


@pytest.mark.parametrize(
    ("keys", "words"),
    [([], "empty"), ([""], "empty"), (["é"], "base64"), (["YWJj"], "16 bytes")],
)
def test_a_ring_that_cannot_be_used_stops_the_process(
    settings: "pytest.FixtureRequest", keys: list[str], words: str
) -> None:
    settings.BOCAGE_MASTER_KEYS = keys  # type: ignore[attr-defined]
    with pytest.raises(ImproperlyConfigured, match=words):
        master_keys()
    assert [error.id for error in master_keys_usable()] == ["bocage.E001"]
