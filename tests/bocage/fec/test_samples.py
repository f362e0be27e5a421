"""Every sample of the FEC room: its verdicts, codes, counts and totals, and the official tester's own answers."""

import csv
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bocage.findings import Severity
from bocage.formats.base import BytesSource, FileSource, Source
from bocage.formats.fec import FecReport, check

DATA = Path(__file__).resolve().parents[2] / "data" / "fec"


def manifest() -> Iterator[dict[str, str]]:
    with (DATA / "manifest.tsv").open(encoding="utf-8", newline="") as rows:
        yield from (row for row in csv.DictReader(rows, delimiter="\t") if row["encoding"] != "zip")


def words(cell: str) -> set[str]:
    return {word for word in cell.replace(",", " ").split() if word != "-"}


def read(row: dict[str, str], work: Path) -> list[FecReport]:
    outer, _, member = row["file"].partition("!")
    path = DATA / outer
    paths = sorted(one for one in path.iterdir() if one.is_file()) if path.is_dir() else [path]
    sources: list[Source] = [FileSource(one) for one in paths]
    regime = row["regime"] if row["regime"] not in {"", "-"} else None
    found = check(sources, work_dir=work, regime=regime)
    return [one for one in found if not member or one.file.endswith(member.split("/")[-1])]


@pytest.mark.parametrize("row", [pytest.param(row, id=row["file"]) for row in manifest()])
def test_sample(row: dict[str, str], tmp_path: Path) -> None:
    found = read(row, tmp_path)
    assert found
    assert all(one.verdicts.exploitable for one in found) == (row["exploitable"] == "yes")
    if row["conforme"] in {"yes", "no"}:
        assert all(one.verdicts.conforme for one in found) == (row["conforme"] == "yes")
    every = {finding.code for one in found for finding in one.findings}
    loud = {f.code for one in found for f in one.findings if f.severity is not Severity.INFO}
    assert words(row["codes"]) | words(row["infos"]) <= every
    assert loud <= words(row["codes"]) | words(row["may"]) | words(row["infos"])


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=row["file"]) for row in manifest() if row["exploitable"] == "yes"]
)
def test_sample_figures(row: dict[str, str], tmp_path: Path) -> None:
    (found,) = read(row, tmp_path)
    assert found.totals is not None
    assert found.period is not None
    assert found.lines == int(row["read_lines"])
    assert found.entries == int(row["entries"])
    cent = Decimal("0.01")
    assert found.totals.debit.quantize(cent) == Decimal(row["debit"]).quantize(cent)
    assert found.totals.credit.quantize(cent) == Decimal(row["credit"]).quantize(cent)
    period = found.period
    for day, column in (
        (period.start, "period_start"),
        (period.end, "period_end"),
        (period.first_entry, "first_entry"),
        (period.last_entry, "last_entry"),
    ):
        assert (day.isoformat() if day else "-") == (row[column] or "-")


def cases() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / "tester_cases.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in cases()])
def test_official_verdict(case: dict[str, Any], tmp_path: Path) -> None:
    source = BytesSource(Path(case["name"]).name, case["content"].encode("latin-1"))
    (found,) = check([source], work_dir=tmp_path, regime=case["regime"] or None)
    assert found.verdicts.conforme == (case["verdict"] == "conforme"), case["what"]


def read_bytes(content: bytes) -> FecReport:
    with TemporaryDirectory() as work:
        (found,) = check([BytesSource("100000009FEC20241231.txt", content)], work_dir=Path(work))
    return found


@settings(max_examples=40)
@given(content=st.binary(max_size=400))
def test_reading_never_raises(content: bytes) -> None:
    found = read_bytes(content)
    assert not found.verdicts.exploitable
    assert found.findings


SAMPLE = (DATA / "conforming_tab_utf8" / "100000009FEC20241231.txt").read_bytes()


@settings(max_examples=60)
@given(at=st.integers(0, len(SAMPLE) - 1), put=st.binary(max_size=3))
def test_a_changed_file_never_raises(at: int, put: bytes) -> None:
    read_bytes(SAMPLE[:at] + put + SAMPLE[at + 1 :])
