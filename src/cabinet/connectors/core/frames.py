"""The frame of a DSN around the blocks that a tool gives of it, so that it is read like any other."""

import re
from datetime import date
from typing import Final

from cabinet.connectors.core.errors import ConnectorError, Failure

_RUBRIQUE: Final = re.compile(rb"S\d\d\.G\d\d\.\d\d\.\d{3},'")
_NATURE: Final = re.compile(rb"^S20\.G00\.05\.002,'(\d\d)'", re.MULTILINE)
_NIL_TYPES: Final = frozenset({b"02", b"05"})


def framed_dsn(content: bytes, *, sent_on: date | None) -> bytes:
    """The content between an envelope and its counters; as it is when it has its own envelope.

    ``sent_on`` chooses the version of the norm. Raises ConnectorError for what holds no declaration.
    """
    lines = [line.strip() for line in content.splitlines() if line.strip()]
    if not any(line.startswith(b"S20.G00.05.") for line in lines) or not all(map(_RUBRIQUE.match, lines)):
        raise ConnectorError(Failure.NOT_A_DSN)
    if lines[0].startswith(b"S10.") or lines[-1].startswith(b"S90."):
        return b"\r\n".join(lines) + b"\r\n"
    nature = _NATURE.search(content)
    nil = nature is not None and nature[1] in _NIL_TYPES
    year = (sent_on or date(2026, 1, 1)).year % 100
    head = [
        b"S10.G00.00.001,'Bocage'",
        b"S10.G00.00.002,'Bocage'",
        b"S10.G00.00.003,'1'",
        b"S10.G00.00.005,'02'",
        f"S10.G00.00.006,'P{year:02d}V01'".encode(),
        b"S10.G00.00.007,'01'",
        b"S10.G00.00.008,'02'" if nil else b"S10.G00.00.008,'01'",
    ]
    declarations = sum(line.startswith(b"S20.G00.05.001,") for line in lines)
    whole = len(head) + len(lines) + 2
    tail = [f"S90.G00.90.001,'{whole}'".encode(), f"S90.G00.90.002,'{declarations}'".encode()]
    return b"\r\n".join((*head, *lines, *tail)) + b"\r\n"
