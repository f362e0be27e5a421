"""``bocage fec``: exit codes, and every key of the JSON for files that can be read and files that cannot."""

import json
from pathlib import Path
from typing import Any

import pytest

from bocage.cli.main import main
from tests.bocage.fec.books import NAME, book, text

KEYS = [
    "file", "kind", "regime", "layout", "siren", "closing_date", "checks_run", "period", "lines", "entries", "totals",
    "verdicts", "findings",
]  # fmt: skip


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, list[dict[str, Any]]]:
    try:
        code = main(["fec", *(str(each) for each in arguments), "--json"])
    except SystemExit as left:
        code = int(left.code or 0)
    out = capsys.readouterr().out
    return code, json.loads(out)["files"] if out else []


def test_a_file_read_and_files_that_cannot_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / NAME).write_text(text(), encoding="utf-8", newline="")
    (tmp_path / "vide.txt").write_bytes(b"")
    (tmp_path / "paie.dsn").write_bytes(b"S10.G00.00.001,'x'\r\nS10.G00.00.002,'y'\r\nS10.G00.00.003,'1'\r\n" * 3)
    (tmp_path / "notice.pdf").write_bytes(b"%PDF-1.4")
    code, files = run(capsys, "check", *(tmp_path / name for name in (NAME, "vide.txt", "paie.dsn", "notice.pdf")))
    assert code == 1
    assert [each["kind"] for each in files] == ["fec", "empty", "dsn", "pdf"]
    good, *others = files
    assert [key for key in good if key != "official_tester"] == KEYS
    assert good["totals"] == {"debit": "1500.00", "credit": "1500.00"}
    assert good["period"] == {
        "start": "2024-01-01", "end": "2024-12-31", "first_entry": "2024-01-15", "last_entry": "2024-12-16",
    }  # fmt: skip
    for each in others:
        assert list(each) == KEYS
        assert all(each[key] is None for key in KEYS[2:-2])
        assert each["verdicts"]["exploitable"] is each["verdicts"]["conforme"] is False
        assert "blocking" in [one["severity"] for one in each["findings"]]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], 0),
        (["--siren", "100000009", "--start", "2024-01-01", "--end", "2024-12-31"], 0),
        (["--siren", "100000008"], 2),
        (["--start", "2024-01-01"], 2),
        (["--start", "2024-12-31", "--end", "2024-01-01"], 2),
        (["--start", "2024-13-01", "--end", "2024-12-31"], 2),
        (["--regime", "BNC"], 2),
    ],
)
def test_calls(options: list[str], code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / NAME).write_text(text(), encoding="utf-8", newline="")
    assert run(capsys, "check", tmp_path / NAME, *options)[0] == code
    assert run(capsys, "check", tmp_path, *options)[0] == 2
    assert run(capsys, "check", tmp_path / "rien.txt", *options)[0] == 2


def test_the_dates_and_the_company_expected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / NAME).write_text(text(), encoding="utf-8", newline="")

    def mismatch(*options: str) -> bool:
        (found,) = run(capsys, "check", tmp_path / NAME, *options)[1]
        return "FILE-05" in [each["code"] for each in found["findings"]]

    assert not mismatch("--siren", "100000009", "--start", "2023-07-01", "--end", "2024-12-31")
    assert mismatch("--siren", "732829320")
    assert mismatch("--start", "2024-02-01", "--end", "2024-12-31")
    assert mismatch("--start", "2024-01-01", "--end", "2025-03-31")


def test_facts_of_two_years_in_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    later = [{**row, **{key: row[key].replace("2024", "2025") for key in row}} for row in book()]
    for row in later:
        row["EcritureNum"] = str(int(row["EcritureNum"]) + 4)
    name = NAME.replace("2024", "2025")
    (tmp_path / name).write_text(text([*book(), *later]), encoding="utf-8", newline="")
    code, (found,) = run(capsys, "facts", tmp_path / name, "--out", tmp_path / "out")
    assert code == 0
    assert [(year["start"], year["end"]) for year in found["fiscal_years"]] == [
        ("2024-01-01", "2024-12-31"),
        ("2025-01-01", "2025-12-31"),
    ]
    assert all(Path(path).stat().st_size for path in found["tables"].values())
    assert run(capsys, "facts", tmp_path / name, "--out", tmp_path / name)[0] == 2
