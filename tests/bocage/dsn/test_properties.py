"""Whatever the bytes, an answer; and what is written is what is read."""

import json
import random

from hypothesis import given
from hypothesis import strategies as st

from bocage.formats.base import BytesSource
from bocage.formats.dsn import check, check_as_json, read
from bocage.formats.dsn.sniffing import kind_of
from bocage.referentials.dsn import load_norm
from tests.bocage.dsn.messages import MACROS, MONTHLY, Message, message
from tests.bocage.dsn.samples import CONFORMANT, DATA

SEEDS = [
    path.read_bytes() for path in (*CONFORMANT[-6:], *DATA.glob("tolerant/*"), *sorted(DATA.glob("defauts/*"))[:6])
]
CODES = sorted(load_norm("P25V01").rubriques)
JUNK = [b"\t", b"|", b"\r", b"\n", b"'", b'"', b"\x00", b",", b"\xff\xfe", b"\x1a", b"9" * 400, b"S21.G00.30.001,'"]


def answers(data: bytes) -> None:
    done = check([BytesSource("x.dsn", data)])
    json.dumps(check_as_json(done))
    kind_of(data)
    for report in done.files:
        for finding in report.findings:
            assert finding.count >= 1
            assert all(place.line is None or 1 <= place.line <= max(report.lines, 1) for place in finding.where)


@given(st.binary(max_size=2_000))
def test_any_bytes(data: bytes) -> None:
    answers(data)


@given(st.lists(st.tuples(st.sampled_from(CODES), st.text(st.characters(max_codepoint=255), max_size=20)), max_size=60))
def test_any_rubriques_in_any_order(rows: list[tuple[str, str]]) -> None:
    answers("".join(f"{code},'{value}'\r\n" for code, value in rows).encode("latin-1"))


@given(st.sampled_from(SEEDS), st.integers(0, 2**32))
def test_mutations(seed: bytes, number: int) -> None:
    generator = random.Random(number)
    data = bytearray(seed[: generator.choice([3_000, 20_000, len(seed)])])
    for _ in range(generator.randint(1, 8)):
        at, kind = generator.randrange(len(data) + 1), generator.random()
        if kind < 0.3:
            del data[at : at + generator.randint(1, 400)]
        elif kind < 0.6:
            data[at:at] = generator.randbytes(generator.randint(1, 40))
        elif kind < 0.8:
            data[at:at] = generator.choice(JUNK)
        else:
            data[at:at] = data[: generator.randint(1, 2_000)]
    answers(bytes(data))


@given(st.permutations(message("01").lines()[40:90]))
def test_shuffled_lines(lines: list[str]) -> None:
    original = message("01").lines()
    answers("\r\n".join([*original[:40], *lines, *original[90:]]).encode("latin-1"))


names = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZÉÈ'", min_size=1, max_size=20)
amounts = st.integers(0, 10**8).map(lambda cents: f"{cents // 100}.{cents % 100:02d}")
people = st.lists(st.tuples(names, st.integers(1, 3), amounts, st.booleans()), max_size=6)


@given(people, st.sampled_from(["\r\n", "\n", "\r"]), st.sampled_from(["latin-1", "utf-8"]))
def test_what_is_written_is_what_is_read(people: list[tuple[str, int, str, bool]], end: str, encoding: str) -> None:
    """Names, contracts and amounts come back, whatever the line ends and the encoding."""
    built = Message("01", MONTHLY).edit("-30")
    for rank, (name, contracts, amount, provisional) in enumerate(people, 1):
        identity = f"020=1000012344{rank:03d}" if provisional else f"001=18501019990{rank:02d}"
        built.edit(f"+30:{identity},002={name}")
        for number in range(1, contracts + 1):
            built.edit(MACROS["$contract"].replace("+40:", f"+40@{rank}:").replace("009=00002", f"009=0000{number}"))
        built.edit(f"+50@{rank}:001=31032025,002={amount}")
    text = built.text().replace("\r\n", end)
    declaration = next(read(BytesSource("x.dsn", text.encode(encoding))))
    found = [
        (
            person.root.values["002"],
            len(person.contracts),
            person.of("S21.G00.50")[0].values["002"],
            "020" in person.root.values,
        )
        for person in declaration.individuals()
    ]
    assert found == people
