"""The key of one client's pseudonyms. It never changes, or the same person would get another pseudonym.

What is kept beside the salt is the name of the master key that it derives from or, once master keys were rotated, the
key itself sealed under the ring: the old master key may then leave.
"""

from cabinet.keys.ring import Purpose, derive, master_key
from cabinet.keys.rotation import name_of
from cabinet.keys.streams import seal, unseal

NAME_BYTES = 4


def pseudonym_key(salt: bytes, *, kept: bytes) -> bytes:
    """The key. Raises UnknownMasterKey, Damaged."""
    if len(kept) == NAME_BYTES:
        return derive(master_key(kept), Purpose.PSEUDONYM, salt)
    return unseal(kept, purpose=Purpose.PSEUDONYM, salt=salt)


def kept_under(kept: bytes) -> bytes:
    """The name of the master key that opens it."""
    return kept if len(kept) == NAME_BYTES else name_of(kept)


def kept_anew(salt: bytes, kept: bytes) -> bytes:
    """The same key, sealed under the first master key of the ring."""
    return seal(pseudonym_key(salt, kept=kept), purpose=Purpose.PSEUDONYM, salt=salt)
