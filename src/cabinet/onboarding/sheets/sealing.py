"""What a row of a list says, sealed under the key of its list until the list is forgotten."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from cabinet.keys.ring import Purpose, UnknownMasterKey
from cabinet.keys.streams import Damaged, seal, unseal
from cabinet.onboarding.models import ClientSheet, SheetRow
from cabinet.onboarding.sheets.checking import Trouble


@dataclass(frozen=True, slots=True)
class Content:
    """The values of the file by column, and its problems: codes of :mod:`cabinet.onboarding.sheets.checking`, each with
    what was read."""

    values: dict[str, str]
    problems: list[dict[str, str]]


def seal_row(sheet: ClientSheet, values: dict[str, str], troubles: Iterable[Trouble]) -> bytes:
    """The row as it is kept."""
    content = Content(values, [asdict(trouble) for trouble in troubles])
    clear = json.dumps(asdict(content), ensure_ascii=False).encode()
    return seal(clear, purpose=Purpose.DRAFT, salt=bytes(sheet.salt))


def open_row(sheet: ClientSheet, row: SheetRow) -> Content | None:
    """What the row says; None when its key has left the ring or its bytes are damaged."""
    try:
        return Content(**json.loads(unseal(bytes(row.sealed), purpose=Purpose.DRAFT, salt=bytes(sheet.salt))))
    except (Damaged, UnknownMasterKey, ValueError):
        return None
