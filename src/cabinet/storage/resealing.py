"""Files sealed anew under the first master key, in their place."""

from collections.abc import Callable

from cabinet.keys.ring import Purpose
from cabinet.keys.rotation import file_anew, first_key, name_of
from cabinet.keys.streams import HEADER
from cabinet.storage import door


def key_of(name: str) -> bytes | None:
    """The name of the master key of a file; None when the file is not there. Raises Damaged."""
    try:
        with door.open_stored(name) as file:
            return name_of(file.read(HEADER))
    except FileNotFoundError:
        return None


def reseal(name: str, *, purpose: Purpose, salt: bytes, is_named: Callable[[], bool]) -> bool:
    """Seal a file anew; False when it was done already, or is gone. Raises Damaged, UnknownMasterKey, OSError.

    ``is_named`` is asked at the end: a file removed meanwhile does not come back.
    """
    if key_of(name) in {None, first_key()}:
        return False
    with door.open_stored(name) as source, file_anew(source, purpose=purpose, salt=salt) as made:
        door.put(name, made)
    if not is_named():
        door.remove(name)
    return True
