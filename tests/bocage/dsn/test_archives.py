"""Archives: opened in memory, within limits, and refused with a reason otherwise."""

import gzip
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from bocage.errors import SourceUnreadable
from bocage.formats.base import BytesSource, FileSource
from bocage.formats.dsn import DsnReport, Limits, check, opened
from tests.bocage.dsn.messages import message

TEXT = message("01").text().encode("latin-1")
SMALL = Limits(max_dsn_bytes=20_000, max_unpacked_bytes=50_000, max_members=5)


def zipped(members: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def reports(content: bytes, name: str = "envoi.zip", limits: Limits = SMALL) -> tuple[DsnReport, ...]:
    return check([BytesSource(name, content)], limits=limits).files


def test_each_member_is_a_file() -> None:
    content = zipped({"mars.dsn": TEXT, "dossier/avril.txt": TEXT, "__MACOSX/._mars.dsn": b"x", ".DS_Store": b"x"})
    found = reports(content)
    assert [report.file for report in found] == ["envoi.zip!mars.dsn", "envoi.zip!dossier/avril.txt"]
    assert all(report.usable and report.findings == () for report in found)


def test_gzip() -> None:
    [report] = reports(gzip.compress(TEXT), "mars.dsn.gz")
    assert (report.file, report.usable) == ("mars.dsn.gz", True)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (zipped({f"{n}.dsn": TEXT for n in range(6)}), "FIC-ARC-01"),
        (zipped({"gros.dsn": b"S10.G00.00.001,'X'\n" * 2_000}), "FIC-ARC-01"),
        (zipped({f"{n}.dsn": b" " * 19_000 for n in range(4)}), "FIC-ARC-01"),
        (gzip.compress(b"\0" * 1_000_000), "FIC-ARC-01"),
        (b"x" * 20_001, "FIC-ARC-01"),
        (zipped({"a.dsn": TEXT})[:-30], "FIC-ARC-02"),
        (gzip.compress(TEXT)[:-20], "FIC-ARC-02"),
        (b"PK\x03\x04" + b"\xff" * 100, "FIC-ARC-02"),
        (zipped({"../a.dsn": TEXT}), "FIC-ARC-04"),
        (zipped({"/etc/a.dsn": TEXT}), "FIC-ARC-04"),
        (zipped({"C:\\a.dsn": TEXT}), "FIC-ARC-04"),
        (zipped({}), "FIC-ARC-05"),
        (zipped({"__MACOSX/x": b"x"}), "FIC-ARC-05"),
        (zipped({"b.zip": zipped({"a.dsn": TEXT})}), "FIC-ARC-06"),
        (gzip.compress(zipped({"a.dsn": TEXT})), "FIC-ARC-06"),
    ],
)
def test_refused(content: bytes, code: str) -> None:
    found = reports(content, "envoi.bin")
    assert {one.code for report in found for one in report.findings} == {code}
    assert not any(report.usable for report in found)
    assert {report.kind for report in found} <= {"zip", "gzip", "unknown"}
    assert content[:2] != b"PK" or found[0].kind == "zip"


def test_a_whole_company_is_not_refused_by_the_command_line(tmp_path: Path) -> None:
    """50,000 people make 170 MB; the web keeps its own, smaller limit."""
    path = tmp_path / "grande.dsn"
    path.write_bytes(TEXT)
    with path.open("r+b") as stream:
        stream.truncate(1 << 30)
    source = FileSource(path)
    assert list(opened(source, Limits())) == [source]


def test_a_lying_size_is_counted() -> None:
    content = bytearray(zipped({"a.dsn": b"S10.G00.00.001,'X'\n" * 5_000}))
    size = (5_000 * 19).to_bytes(4, "little")
    assert size in content
    content = content.replace(size, (1_000).to_bytes(4, "little"))
    [report] = reports(bytes(content))
    assert not report.usable


def test_an_encrypted_member_is_refused() -> None:
    content = bytearray(zipped({"a.dsn": TEXT}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    [report] = reports(bytes(content))
    assert [one.code for one in report.findings] == ["FIC-ARC-03"]


def test_one_bad_member_leaves_the_others() -> None:
    found = reports(zipped({"a.dsn": TEXT, "b.pdf": b"%PDF-1.7"}))
    assert [(report.file, report.usable) for report in found] == [("envoi.zip!a.dsn", True), ("envoi.zip!b.pdf", False)]


class Pipe(io.BytesIO):
    """A stream that cannot go back, as a decrypting one."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: object) -> int:
        raise io.UnsupportedOperation


class PipeSource(BytesSource):
    def open(self) -> io.BytesIO:
        return Pipe(self.content)


def test_a_source_that_cannot_seek() -> None:
    for name, content in (("a.zip", zipped({"a.dsn": TEXT})), ("a.gz", gzip.compress(TEXT)), ("a.dsn", TEXT)):
        [report] = check([PipeSource(name, content)]).files
        assert report.usable


def test_a_source_without_bytes_is_an_exception(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable):
        check([FileSource(tmp_path / "absent.dsn")])
