import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bocage.cli.main import main

DATA = Path(__file__).parents[2] / "data" / "dsn"


def answer(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, Any]:
    code = main([str(argument) for argument in arguments])
    return code, json.loads(capsys.readouterr().out)


def test_the_shape_of_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    code, document = answer(capsys, "dsn", "check", "--json", DATA / "defauts" / "defaut_siren_luhn.dsn")
    assert code == 0
    [file] = document["files"]
    assert set(file) == {"file", "kind", "norm", "usable", "controls_run", "declarations", "lines", "findings"}
    assert (file["kind"], file["norm"], file["usable"], file["lines"]) == ("dsn", "P25V01", True, 1661)
    assert file["controls_run"] > 500
    assert file["declarations"] == [
        {
            "siret": "00001234500016",
            "month": "2025-03",
            "nature": "01",
            "type": "01",
            "fraction": "11",
            "order": 3,
            "individuals": 16,
            "contracts": 16,
        }
    ]
    [first] = [one for one in file["findings"] if one["code"] == "S21.G00.06.001/CSL-11"]
    assert first == {
        "code": "S21.G00.06.001/CSL-11",
        "severity": "error",
        "norm_severity": "D",
        "count": 1,
        "where": [{"line": 30, "rubrique": "S21.G00.06.001", "value": "000012345"}],
        "message": first["message"],
        "remedy": first["remedy"],
    }
    assert first["message"]
    assert set(document["together"]) == {"employers", "superseded", "findings"}


def test_several_files_are_told_together(capsys: pytest.CaptureFixture[str]) -> None:
    replaced = DATA / "annee" / "mensuelle_2025-07_P25_etab1.dsn"
    by = DATA / "variantes" / "mensuelle_2025-07_P25_etab1_annule_remplace.dsn"
    code, document = answer(capsys, "dsn", "check", "--json", replaced, by)
    assert code == 0
    assert document["together"]["employers"] == [
        {"siren": "000012344", "sirets": ["00001234400016"], "months_present": ["2025-07"], "months_missing": []}
    ]
    assert document["together"]["superseded"] == [
        {"file": replaced.name, "siret": "00001234400016", "month": "2025-07", "by": by.name}
    ]


def test_exit_codes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = tmp_path / "lettre.txt"
    text.write_text("bonjour")
    assert main(["dsn", "check", str(text)]) == 1
    assert "n’est pas une DSN" in capsys.readouterr().out
    assert main(["dsn", "check", str(tmp_path / "absent.dsn")]) == 2


def test_a_report_for_people(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    shutil.copy(DATA / "defauts" / "defaut_cdd_sans_fin.dsn", tmp_path / "mars.dsn")
    assert main(["dsn", "check", str(tmp_path / "mars.dsn")]) == 0
    said = capsys.readouterr().out
    assert "S21.G00.40.010/CCH-12" in said
    assert "16 individus" in said
    assert "SIREN 000012344" in said


def test_the_list_of_controls(capsys: pytest.CaptureFixture[str]) -> None:
    code, document = answer(capsys, "dsn", "controls", "--json")
    assert code == 0
    assert document["total"] == len(document["controls"]) == 654
    assert document["implemented"] >= 590
    assert main(["dsn", "controls"]) == 0
    assert str(document["implemented"]) in capsys.readouterr().out
