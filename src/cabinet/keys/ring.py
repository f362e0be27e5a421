"""The key ring: master keys from the settings, sub-keys by purpose.

Nothing is encrypted with a master key itself. HKDF-SHA-256 derives a sub-key from the purpose and a random salt, kept
with the firm, the client or the file: erasing the salt destroys the key. The first master key encrypts, all decrypt.
"""

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass
from enum import StrEnum

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SALT_BYTES = 32
KEY_BYTES = 32
MASTER_MINIMUM_BYTES = 16


class Purpose(StrEnum):
    """What a sub-key is for; two purposes never share a key."""

    RAW = "raw"
    DRAFT = "draft"
    ATTACHMENT = "attachment"
    CONNECTOR = "connector"
    PSEUDONYM = "pseudonym"
    SECOND_FACTOR = "second-factor"


class UnknownMasterKey(LookupError):
    """A ciphertext names a master key that the ring no longer holds."""


@dataclass(frozen=True, slots=True)
class MasterKey:
    """One key of the ring and the short public name that ciphertexts carry."""

    name: bytes
    secret: bytes


def new_salt() -> bytes:
    """A salt to keep with a firm, a client or a draft."""
    return secrets.token_bytes(SALT_BYTES)


def _decode(text: str) -> bytes:
    try:
        secret = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error):
        raise ImproperlyConfigured("BOCAGE_MASTER_KEYS: each key is URL-safe base64") from None
    if len(secret) < MASTER_MINIMUM_BYTES:
        raise ImproperlyConfigured("BOCAGE_MASTER_KEYS: each key holds 16 bytes at least")
    return secret


def master_keys() -> list[MasterKey]:
    """The ring, first one first. Raises ImproperlyConfigured when it is empty or malformed."""
    secrets_ = [_decode(text) for text in settings.BOCAGE_MASTER_KEYS if text]
    if not secrets_:
        raise ImproperlyConfigured("BOCAGE_MASTER_KEYS is empty")
    return [MasterKey(hashlib.sha256(b"bocage-key-name" + secret).digest()[:4], secret) for secret in secrets_]


def master_key(name: bytes) -> MasterKey:
    """The key of that name. Raises UnknownMasterKey."""
    for key in master_keys():
        if key.name == name:
            return key
    raise UnknownMasterKey(name.hex())


def derive(master: MasterKey, purpose: Purpose, salt: bytes) -> bytes:
    """The 32-byte sub-key of one purpose for the owner of ``salt``."""
    if len(salt) < SALT_BYTES:
        raise ValueError("the salt is missing: its owner was deleted")
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=b"bocage/" + purpose.encode()).derive(
        master.secret
    )
