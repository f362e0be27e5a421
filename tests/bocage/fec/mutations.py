"""Damage done to a file on purpose, the same for the same seed."""

import random

_PIECES = (
    b"\t", b"|", b";", b"\r", b"\n", b"\r\n", b"'", b'"', b"\x00", b",", b".", b"-", b"\xff\xfe", b"\xef\xbb\xbf",
    b"\x1a", b"9" * 400, b"\xc3", b"\xa0", b"E9", b"<", b"&", b"20240230", b" " * 300, b"FEC",
)  # fmt: skip


def mutate(content: bytes, seed: int) -> bytes:
    """One to eight changes: cut, insert, replace, repeat, swap, truncate."""
    rng = random.Random(seed)
    data = bytearray(content)
    for _ in range(rng.randint(1, 8)):
        kind, at = rng.randrange(6), rng.randrange(len(data) + 1)
        if kind == 0:
            del data[at : at + rng.randint(1, 400)]
        elif kind == 1:
            data[at:at] = rng.randbytes(rng.randint(1, 40))
        elif kind == 2:
            data[at : at + 1] = rng.choice(_PIECES)
        elif kind == 3:
            data[at:at] = data[: rng.randint(1, 2000)]
        elif kind == 4:
            other = rng.randrange(len(data) + 1)
            data[at : at + 30], data[other : other + 30] = data[other : other + 30], data[at : at + 30]
        elif rng.random() < 0.2:
            del data[at:]
    return bytes(data)
