"""The stream of declarations and individuals, and the tree of blocks."""

import tracemalloc
from pathlib import Path

import pytest

from bocage.formats.base import BytesSource, FileSource
from bocage.formats.dsn import Declaration, check, checking, kind_of, lines, read, sniff, values
from bocage.formats.dsn.reader import Individual, Reader
from tests.bocage.dsn.messages import message
from tests.bocage.dsn.samples import DATA

JUNE = DATA / "annee" / "mensuelle_2025-06_P25_etab1.dsn"
MARCH = DATA / "annee" / "mensuelle_2025-03_P25_etab1.dsn"


def source_of(text: str) -> BytesSource:
    return BytesSource("test.dsn", text.encode("latin-1"))


def test_what_a_declaration_says() -> None:
    declaration = next(read(FileSource(MARCH)))
    assert declaration.version == "P25V01"
    assert declaration.test
    assert (declaration.nature, declaration.type, declaration.fraction, declaration.order) == ("01", "01", "11", 3)
    assert (declaration.month, declaration.file_date, declaration.scope) == ("2025-03", "03042025", "01")
    assert (declaration.siren, declaration.nic, declaration.siret) == ("000012344", "00016", "00001234400016")


def test_people_with_a_provisional_number_only_are_not_lost() -> None:
    declaration = next(read(FileSource(JUNE)))
    people = list(declaration.individuals())
    assert len(people) == 19
    assert sum("001" not in person.root.values for person in people) == 1
    [provisional] = [person.root.values["020"] for person in people if "001" not in person.root.values]
    assert provisional[1:10] == declaration.siren


def test_individuals_left_aside_do_not_hide_the_next_declaration() -> None:
    path = DATA / "variantes" / "envoi_2_declarations_2025-06_P25.dsn"
    sirets = [declaration.siret for declaration in read(FileSource(path))]
    counts = [sum(1 for _ in declaration.individuals()) for declaration in read(FileSource(path))]
    first_only = [next(iter(declaration.individuals())).line for declaration in read(FileSource(path))]
    assert len(set(sirets)) == 2
    assert sum(counts) == 21
    assert len(first_only) == 2


def test_blocks_know_their_lines_parents_and_children() -> None:
    text = message("01").text()
    written = text.splitlines()
    declaration = next(read(source_of(text)))
    [person] = declaration.individuals()
    for block in person.blocks:
        for number, value in block.values.items():
            assert written[block.line_of(number) - 1] == f"{block.code}.{number},'{value}'"
    [contract] = person.contracts
    assert [child.code[8:] for child in contract.children] == ["70", "71"]
    payment = person.of("S21.G00.50")[0]
    assert [pay.get("011") for pay in payment.of("S21.G00.51")] == ["001", "002", "003", "010"]
    assert payment.of("S21.G00.51")[1].of("S21.G00.53")[0].parent is payment.of("S21.G00.51")[1]
    assert contract.get("999") is None
    assert contract.line_of("999") == contract.line


def test_the_trailer_is_known_once_the_individuals_are_consumed() -> None:
    declaration = next(read(source_of(message("01", "$place $other").text())))
    assert declaration.trailer == []
    assert len(list(declaration.individuals())) == 1
    assert [run.blocks[0].code for run in declaration.trailer] == ["S21.G00.85", "S89.G00.91"]


def test_bad_values_are_taken_out() -> None:
    text = message("01").text().replace("S21.G00.51.013,'2000.00'", "S21.G00.51.013,'2000,00'", 1)
    faults: list[tuple[int, str, str]] = []
    events = read(source_of(text), on_fault=lambda line, code, _, fault: faults.append((line, code, fault.code)))
    declaration = next(events)
    [person] = declaration.individuals()
    pay = person.of("S21.G00.51")[0]
    assert (pay.get("013"), pay.rejected) == (None, ("013",))
    assert [fault[1:] for fault in faults] == [("S21.G00.51.013", "CSL-REG")]
    assert person.rejected


def test_repeated_blocks_open_by_position() -> None:
    extra = "S21.G00.70.013,'1'\r\n"
    text = message("01").text().replace("S21.G00.70.012,'1'\r\nS21.G00.70.013,'1'\r\n", extra * 3)
    declaration = next(read(source_of(text)))
    [person] = declaration.individuals()
    assert [block.values for block in person.of("S21.G00.70")] == [{"013": "1"}] * 3


@pytest.mark.parametrize("size", [64, 200, 1000, 4096])
def test_chunks_change_nothing(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def seen(path: Path) -> list[tuple[str, int, dict[str, str]]]:
        return [
            (block.code, block.line, block.values)
            for event in Reader(FileSource(path)).events()
            for block in (event.header.blocks if isinstance(event, Declaration) else event.blocks)
        ]

    whole = seen(MARCH)
    monkeypatch.setattr(lines, "CHUNK", size)
    assert seen(MARCH) == whole


def peak_of(people: int) -> int:
    """Bytes held at most while a file of so many people is checked, the file itself aside."""
    text = message("01").text()
    start, end = text.index("S21.G00.30.001"), text.index("S90.G00.90.001")
    one = text[start:end]
    many = "".join(
        one.replace("1850101999001", f"18501{n // 1000:02d}999{n % 999 + 1:03d}") for n in range(1_000, 1_000 + people)
    )
    source = source_of(text[:start] + many + text[end:])
    tracemalloc.start()
    try:
        [report] = check([source]).files
        assert report.declarations[0].individuals == people
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (lines, checking):
        monkeypatch.setattr(module, "CHUNK", 1 << 14)
    monkeypatch.setattr(values, "MAX_REMEMBERED", 200)
    peak_of(5)
    few, many = peak_of(150), peak_of(600)
    assert many < few * 1.7


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"S10.G00.00.001,'X'\r\n", "dsn"),
        (b"\xef\xbb\xbfS10.G00.00.001,'X'\n", "dsn"),
        (b"S10.G00.00.001,X\n", "dsn"),
        (b"bonjour\rS21.G00.30.001;1\r", "dsn"),
        (b"S05.G00.00.001,'X'\nS10.G00.00.001,'X'\n", "dsn_enriched"),
        (b"<a><S21_G00_30_001>1</S21_G00_30_001></a>", "dsn_xml"),
        (b"<?xml version='1.0'?>\n<rapport id='1' type='ARE'>", "dsn_return"),
        (b"JournalCode\tJournalLib\n", None),
        (b"", None),
        (b"%PDF-1.7", None),
    ],
)
def test_kinds(head: bytes, kind: str | None) -> None:
    assert kind_of(head) == kind
    assert (sniff(head, "x.txt") > 0) == (kind is not None)


def test_a_dsn_among_other_text_is_less_sure() -> None:
    prose = b"Voir S21.G00.30.001, puis le reste.\n" * 3 + b"S21.G00.30.001,'X'\n" + b"texte\n" * 200
    assert 0 < sniff(prose, "notes.txt") < sniff(MARCH.read_bytes()[:65536], "notes.txt")


def test_what_was_judged_is_let_go_without_the_collector() -> None:
    """Parents and children hold each other: once released, an individual is freed as soon as nobody names it."""
    [person] = [event for event in Reader(source_of(message("01").text())).events() if isinstance(event, Individual)]
    assert any(block.children for block in person.blocks)
    person.release()
    assert not any(block.children for block in person.blocks)
