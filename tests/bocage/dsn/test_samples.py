"""The sample set: conformant files say nothing, each defect says exactly what it should."""

import csv
from pathlib import Path
from typing import Any

import pytest

from bocage.formats.base import BytesSource, FileSource
from bocage.formats.dsn import Limits, check, opened, read
from tests.bocage.dsn.samples import CONFORMANT, DATA, expected, report_of

DEFECTS: dict[str, dict[str, Any]] = expected("expected_defects.json")
TOLERANT: dict[str, dict[str, Any]] = expected("expected_tolerant.json")


@pytest.mark.parametrize("path", CONFORMANT, ids=lambda path: path.name)
def test_a_conformant_file_gives_nothing_above_information(path: Path) -> None:
    report = report_of(path)
    assert [one.code for one in report.findings if one.norm_severity != "I"] == []
    assert report.usable
    assert "FIC-ESS-01" in {one.code for one in report.findings}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_gives_its_control_and_nothing_else(name: str) -> None:
    wanted = DEFECTS[name]
    findings = [one for one in report_of(DATA / "defauts" / name).findings if one.norm_severity != "I"]
    found = {(one.code, one.where[0].column, one.where[0].line, one.norm_severity) for one in findings}
    must = {(one["id"], one["rubrique"], one["line"], one["severity"]) for one in wanted["must"]}
    assert must <= found
    assert {code for code, *_ in found - must} <= set(wanted["may"])


@pytest.mark.parametrize("name", TOLERANT["files"])
def test_what_is_outside_the_norm_is_read_all_the_same(name: str) -> None:
    source = FileSource(DATA / "tolerant" / name)
    report = check([source]).files[0]
    assert report.usable
    told = {one.code for one in report.findings} - {"FIC-ESS-01"}
    assert told == set(TOLERANT["files"][name]["report"])
    facts = TOLERANT["facts"]
    assert [(one.individuals, one.contracts) for one in report.declarations] == [
        (facts["individus"], facts["contrats"])
    ]
    gross = hours = 0.0
    for member in opened(source, Limits()):
        for declaration in read(member):  # type: ignore[arg-type]
            for person in declaration.individuals():
                pays = person.of("S21.G00.51")
                gross += sum(float(pay.values["013"]) for pay in pays if pay.get("011") == "001")
                hours += sum(
                    float(activity.values["002"])
                    for activity in person.of("S21.G00.53")
                    if activity.get("001") == "01" and activity.get("003") != "40"
                )
    assert gross == pytest.approx(facts["somme_51_001"])
    assert hours == pytest.approx(facts["somme_53_01_hors_unite_40"])


def test_declarations_of_one_file_are_compared() -> None:
    months = [path.read_bytes() for path in sorted((DATA / "annee").glob("*etab1.dsn"))]
    apart = check([BytesSource(f"{rank}.dsn", data) for rank, data in enumerate(months[:3])])
    joined = check([BytesSource("trimestre.dsn", b"".join(months[:3]))])
    assert joined.together.employers == apart.together.employers
    assert [one.finding.code for one in joined.together.findings] == [
        one.finding.code for one in apart.together.findings
    ]


@pytest.mark.parametrize("path", CONFORMANT, ids=lambda path: path.name)
def test_a_lone_declaration_has_nothing_to_compare(path: Path) -> None:
    assert check([FileSource(path)]).together.findings == () or path.name.startswith("envoi_2")


def test_the_manifest_agrees() -> None:
    with (DATA / "manifest.tsv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            if row["file"].startswith(("defauts", "tolerant")):
                continue
            report = report_of(DATA / row["file"])
            assert report.norm == row["version"]
            assert ",".join(one.nature or "" for one in report.declarations) == row["natures"]
            assert ",".join(one.type or "" for one in report.declarations) == row["types"]
            assert sum(one.individuals for one in report.declarations) == int(row["individuals"])
            assert report.lines == int(row["lines"])
