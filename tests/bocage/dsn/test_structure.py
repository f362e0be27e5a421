"""Line syntax, encoding, tree, order, cardinality, usage, formats: the checks that bear our own ids."""

import pytest

from bocage.findings import MAX_PLACES
from bocage.formats.base import BytesSource
from bocage.formats.dsn import DsnReport, check
from bocage.referentials.dsn import nearest_version
from tests.bocage.dsn.messages import NATURES, Message, codes_of, findings_of, message


def checked(data: bytes | str, name: str = "test.dsn") -> DsnReport:
    content = data.encode("latin-1") if isinstance(data, str) else data
    return check([BytesSource(name, content)]).files[0]


def told(text: str) -> dict[str, tuple[str | None, int | None, str | None]]:
    """Code → severity, line and subject of its first place, informations aside."""
    return {
        one.code: (one.norm_severity, one.where[0].line, one.where[0].column)
        for one in findings_of(text)
        if one.norm_severity != "I" and "CST" not in one.code
    }


def line_of(text: str, start: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if line.startswith(start))


def replaced(old: str, new: str, count: int = 1) -> str:
    text = message("01").text()
    assert old in text
    return text.replace(old, new, count)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("S21.G00.40.006,'Operateur'", "S21.G00.40.006,''", "CSL-VID"),
        ("S21.G00.40.006,'Operateur'", "S21.G00.40.006,'   '", "CSL-VID"),
        ("S21.G00.40.006,'Operateur'", "S21.G00.40.006,'Operateur '", "CSL-BLC"),
        ("S21.G00.40.006,'Operateur'", "S21.G00.40.006,' Operateur'", "CSL-BLC"),
        ("S21.G00.40.006,'Operateur'", "S21.G00.40.006,'Op\x92rateur'", "CSL-CAR"),
        ("S21.G00.40.006,'Operateur'", "S21.G00.40.006,'Op\tr'", "CSL-CAR"),
        ("S21.G00.11.003,'1 RUE'", "S21.G00.11.003,'---'", "CSL-SPE"),
        ("S21.G00.40.004,'628b'", "S21.G00.40.004,'628bb'", "CSL-LON"),
        ("S21.G00.40.013,'151.67'", "S21.G00.40.013,'151,67'", "CSL-REG"),
        ("S21.G00.40.014,'10'", "S21.G00.40.014,'11'", "CSL-LST"),
        ("S21.G00.40.001,'01022016'", "S21.G00.40.001,'30022016'", "CSL-DAT"),
        ("S21.G00.40.004,'628b'", "S21.G00.40.004,628b", "FIC-LIG-01"),
        ("S21.G00.40.004,'628b'", 'S21.G00.40.004,"628b"', "FIC-LIG-01"),
        ("S21.G00.40.004,'628b'", "S21.G00.40.004;'628b'", "FIC-LIG-01"),
        ("S21.G00.40.004,'628b'", "S21.G00.40.004, '628b'", "FIC-LIG-01"),
        ("S21.G00.40.004,'628b'", "bonjour\r\nS21.G00.40.004,'628b'", "FIC-LIG-01"),
        ("S21.G00.40.004,'628b'", "\r\nS21.G00.40.004,'628b'", "FIC-LIG-01"),
        ("S21.G00.40.004,'628b'", "S21.G00.40.004,'628b'\r\nS21.G00.40.777,'X'", "STR-INC"),
        ("S21.G00.40.006,'Operateur'", f"S21.G00.40.006,'{'AB' * 120}'", "FIC-LIG-02"),
    ],
)  # fmt: skip
def test_one_line(old: str, new: str, code: str) -> None:
    text = replaced(old, new)
    found = told(text)
    assert code in found
    assert set(found) - {code, "CSL-LON"} == set()
    assert found[code][0] == "D"


def test_inner_apostrophes_are_legal() -> None:
    assert findings_of(replaced("'Operateur'", "'Aide d'atelier de l'usine'")) == ()


def test_a_block_in_the_wrong_place() -> None:
    text = replaced(
        "S21.G00.40.001",
        "S21.G00.86.001,'06'\r\nS21.G00.86.002,'02'\r\nS21.G00.86.003,'5'\r\nS21.G00.86.005,'00001'\r\nS21.G00.40.001",
    )
    assert told(text)["STR-ORD-B"] == ("D", line_of(text, "S21.G00.40.001"), "S21.G00.40")


def test_a_rubrique_in_the_wrong_place() -> None:
    text = replaced("S21.G00.40.002,'07'\r\nS21.G00.40.003,'04'", "S21.G00.40.003,'04'\r\nS21.G00.40.002,'07'")
    assert told(text) == {"STR-ORD-R": ("D", line_of(text, "S21.G00.40.002"), "S21.G00.40.002")}


def test_a_block_without_its_parent() -> None:
    text = replaced("S21.G00.78.001,'02'", "S21.G00.81.001,'076'\r\nS21.G00.78.001,'02'")
    assert told(text)["STR-PAR"] == ("D", line_of(text, "S21.G00.81.001"), "S21.G00.81")


def test_a_block_of_another_nature() -> None:
    text = message("04").text().replace("S90.", "S21.G00.86.001,'07'\r\nS90.", 1)
    assert told(text)["STR-BLO"] == ("D", line_of(text, "S21.G00.86.001"), "S21.G00.86")


@pytest.mark.parametrize(
    ("nature", "edits", "code", "severity", "subject"),
    [
        ("01", "-71", "STR-CAR-MIN", "D", "S21.G00.71"),
        ("01", "-50", "STR-CAR-MIN", "D", "S21.G00.50"),
        ("01", "-11", "STR-CAR-MIN", "D", "S21.G00.11"),
        ("04", "-S20.07", "STR-CAR-MIN", "D", "S20.G00.07"),
        ("04", "-30", "STR-CAR-MIN", "D", "S21.G00.30"),
        ("01", "-S10.02", "STR-CAR-MIN", "E", "S10.G00.02"),
        ("01", "$end $end", "STR-CAR-MAX", "D", "S21.G00.62"),
        ("04", "$person", "STR-CAR-MAX", "D", "S21.G00.30"),
        ("01", "40.003-", "STR-USA-O", "D", "S21.G00.40.003"),
        ("01", "S10.00.001-", "STR-USA-O", "E", "S10.G00.00.001"),
        ("04", "30.018=a@exemple.invalid", "STR-USA-I", "D", "S21.G00.30.018"),
        ("01", "S20.05.002=02", "STR-SANS-IND", "D", "S20.G00.05.002"),
    ],
)  # fmt: skip
def test_tree_and_usage(nature: str, edits: str, code: str, severity: str, subject: str) -> None:
    found = {
        (one.code, one.norm_severity, place.column) for one in message(nature, edits).findings() for place in one.where
    }
    assert (code, severity, subject) in found


@pytest.mark.parametrize("block", ["S10.G00.00", "S90.G00.90"])
def test_an_envelope_twice_in_one_envoi(block: str) -> None:
    """As when a file holds several envois, each with its own."""
    lines = message("01").text().splitlines()
    own = [rank for rank, line in enumerate(lines) if line.startswith(block)]
    twice = [*lines[: own[-1] + 1], *(lines[rank] for rank in own), *lines[own[-1] + 1 :]]
    text = "\r\n".join(twice) + "\r\n"
    again = next(rank for rank in range(own[-1] + 1, len(twice)) if twice[rank].startswith(block)) + 1
    assert told(text)["STR-CAR-MAX"] == ("E", again, block)


def test_a_declaration_without_individual_is_clean() -> None:
    edits = "S10.00.008=02 S20.05.002=02 -30 15.004=02"
    assert codes_of(message("01", edits).findings()) == set()
    assert "STR-BLO" in codes_of(message("01", f"{edits} $place").findings())


def test_blocks_that_repeat_open_by_position_not_by_their_first_rubrique() -> None:
    # Block 70 has no rubrique 001, and a 58 may begin at its third one.
    twice = message("01", "58.001- 58.002- +58:003=01,004=5.00")
    assert codes_of(twice.findings()) == set()


def test_no_end_of_file_and_no_beginning() -> None:
    text = message("01").text()
    cut = text[: text.index("S90.G00.90.001")]
    assert told(cut) == {"STR-CAR-MIN": ("E", 1, "S90.G00.90")}
    assert told(text[text.index("S20.G00.05.001") :])["STR-CAR-MIN"] == ("E", 1, "S10.G00.00")


def test_counters() -> None:
    text = message("01").text().replace("S90.G00.90.002,'1'", "S90.G00.90.002,'2'")
    assert [(one.code, one.params["counted"]) for one in findings_of(text)] == [("S90.G00.90.002/CST-11", "1")]


def test_line_ends() -> None:
    text = message("01").text()
    assert findings_of(text.replace("\r\n", "\n")) == ()
    assert [one.code for one in findings_of(text.replace("\r\n", "\r"))] == ["FIC-LIG-03"]
    assert findings_of(text.rstrip("\r\n")) == ()


@pytest.mark.parametrize(
    ("encoding", "codes"), [("latin-1", set()), ("utf-8", {"FIC-ENC-02"}), ("utf-8-sig", {"FIC-ENC-01", "FIC-ENC-02"})]
)
def test_encodings(encoding: str, codes: set[str]) -> None:
    text = replaced("'Operateur'", "'Opérateur découpe'")
    report = checked(text.encode(encoding))
    assert {one.code for one in report.findings} == codes
    assert report.usable


def test_a_file_with_one_latin_accent_among_ascii_is_not_utf8() -> None:
    assert findings_of(replaced("'Operateur'", "'Opérateur'")) == ()


def test_windows_punctuation_is_reported_where_it_is() -> None:
    text = replaced("'Operateur'", "'L\x92atelier'")
    assert told(text) == {"CSL-CAR": ("D", line_of(text, "S21.G00.40.006"), "S21.G00.40.006")}


def test_an_unknown_version_is_read_with_a_known_one() -> None:
    report = checked(replaced("P25V01", "P27V01"))
    assert report.norm == "P27V01"
    assert report.usable
    [version] = report.findings
    assert (version.code, version.where[0].line, version.params["used"]) == ("FIC-VER-01", 5, "P26V01")


@pytest.mark.parametrize(
    ("stated", "used"),
    [
        ("P23V01", "P24V01"),
        ("P24V01", "P24V01"),
        ("P25V02", "P25V01"),
        ("P99V01", "P26V01"),
        ("", "P26V01"),
        ("V", "P26V01"),
    ],
)
def test_the_version_used(stated: str, used: str) -> None:
    assert nearest_version(stated) == used


def test_envois_put_end_to_end() -> None:
    text = message("01").text()
    found = {(one.code, one.where[0].column) for one in findings_of(text + text)}
    assert found == {("STR-CAR-MAX", "S10.G00.00"), ("STR-CAR-MAX", "S90.G00.90")}


@pytest.mark.parametrize("nature", ["10", "99", ""])
def test_a_nature_without_a_tree_is_read(nature: str) -> None:
    line = f"S20.G00.05.001,'{nature}'"
    report = checked(replaced("S20.G00.05.001,'01'", line))
    assert [one.individuals for one in report.declarations] == [1]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "unknown"),
        (b"JournalCode|JournalLib\r\n", "unknown"),
        (b"<?xml version='1.0'?><x><S21_G00_30_001>1</S21_G00_30_001></x>", "dsn_xml"),
        (b"<?xml version='1.0'?><rapport type=\"AEE\"></rapport>", "dsn_return"),
    ],
)
def test_what_is_not_a_dsn_is_said(content: bytes, kind: str) -> None:
    report = checked(content)
    assert (report.kind, report.usable, report.norm) == (kind, False, None)
    assert [one.code for one in report.findings] == ["FIC-CNT-01"]


def test_findings_are_capped_and_counts_exact() -> None:
    text = replaced("S21.G00.40.001", "\r\n" * 50 + "S21.G00.40.001")
    [blank] = [one for one in findings_of(text) if one.code == "FIC-LIG-01"]
    assert (blank.count, len(blank.where)) == (50, MAX_PLACES)
    many = replaced(
        "S21.G00.40.001",
        "".join(f"S77.G00.{n // 500:02d}.{n % 500:03d},'X'\r\n" for n in range(5000)) + "S21.G00.40.001",
    )
    unknown = [one for one in findings_of(many) if one.code == "STR-INC"]
    assert len(unknown) <= 201
    assert sum(one.count for one in unknown) == 5000


def test_a_bad_value_is_told_once() -> None:
    # The end before the start would be another fault, if the start were a date.
    found = told(replaced("S21.G00.40.001,'01022016'", "S21.G00.40.001,'XX022016'"))
    assert set(found) == {"CSL-REG"}


@pytest.mark.parametrize("version", ["P24V01", "P26V01"])
def test_other_versions(version: str) -> None:
    text = Message("01", NATURES["01"].replace("P25V01", version), version).text()
    codes = codes_of(findings_of(text))
    assert codes <= {"CSL-LST"}
