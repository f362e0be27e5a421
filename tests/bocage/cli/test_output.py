import io
import json

import pytest

from bocage.cli import output
from bocage.findings import Finding, Place, Severity, Verdict


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


FINDING = Finding(
    code="missing_digits",
    severity=Severity.ERROR,
    count=12,
    where=tuple(Place(line=line, column="Debit", value="12.5") for line in range(2, 10)),
    verdict=Verdict.CONFORME,
    params={"gap": "2", "s": "s", "kind": "SIREN", "wanted": "9", "found": "7"},
)


def test_a_finding_in_json() -> None:
    document = output.finding_json("identifiers", FINDING)
    assert list(document) == ["code", "severity", "verdict", "count", "where", "message", "remedy"]
    assert (document["severity"], document["verdict"], document["count"]) == ("error", "conforme", 12)
    where = document["where"]
    assert isinstance(where, list)
    assert where[0] == {"line": 2, "column": "Debit", "value": "12.5"}
    assert str(document["message"]).startswith("Il manque 2 chiffres")


def test_a_finding_of_a_dsn_in_json() -> None:
    finding = Finding("empty", Severity.INFO, 1, (Place(3, "S21.G00.30.001"),), norm_severity="S")
    document = output.finding_json("identifiers", finding, column_key="rubrique")
    assert "verdict" not in document
    assert document["norm_severity"] == "S"
    assert document["where"] == [{"line": 3, "rubrique": "S21.G00.30.001", "value": None}]


def test_a_finding_for_people_shows_the_first_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", io.StringIO())
    lines = output.finding_lines("identifiers", FINDING)
    assert lines[0].startswith("  erreur missing_digits Il manque 2 chiffres")
    assert lines[0].endswith("(12 fois)")
    assert lines[1] == "    ligne 2, Debit\u00a0: «\u00a012.5\u00a0»"
    assert len([line for line in lines if "ligne" in line]) == 5
    assert lines[-1].startswith("    → ")


def test_a_finding_without_a_place_concerns_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", io.StringIO())
    lines = output.finding_lines("identifiers", Finding("empty", Severity.INFO, 1, (Place(),)))
    assert lines[1] == "    fichier"


def test_colours_only_on_a_terminal_that_wants_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr("sys.stdout", Terminal())
    assert output.paint("x", "red", "bold") == "\x1b[31;1mx\x1b[0m"
    monkeypatch.setenv("NO_COLOR", "1")
    assert output.paint("x", "red") == "x"
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert output.paint("x", "red") == "x"
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stdout", io.StringIO())
    assert output.paint("x", "red") == "x"


def test_progress_only_on_a_terminal() -> None:
    quiet, screen = io.StringIO(), Terminal()
    for stream in (quiet, screen):
        with output.progress_bar("Lecture", stream) as progress:
            for share in (0.0, 0.004, 0.5, 2.0):
                progress(share, "read")
    assert quiet.getvalue() == ""
    drawn = screen.getvalue()
    assert [text for text in ("  0", " 50", "100") if text in drawn] == ["  0", " 50", "100"]
    assert drawn.count("Lecture") == 3, "the same percentage is not drawn twice"
    assert drawn.endswith("\r\x1b[K"), "the line is left clean"


def test_json_refuses_what_json_cannot_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", stream := io.StringIO())
    output.print_json({"nom": "écritures", "rien": None})
    assert json.loads(stream.getvalue()) == {"nom": "écritures", "rien": None}
    assert "écritures" in stream.getvalue()
    with pytest.raises(ValueError):
        output.print_json({"x": float("nan")})
