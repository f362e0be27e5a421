"""What a person reads of a FEC in a terminal."""

import re

import pytest

from bocage.cli import output
from bocage.cli.fec_report import report_lines
from bocage.formats.fec import FecReport
from tests.bocage.fec.books import book, changed, read, text

PLAIN = re.compile("\x1b\\[[0-9;]*m")


def said(report: FecReport) -> list[str]:
    return [line.replace("\u00a0", " ") for line in report_lines(report)]


def test_the_file_then_its_findings_then_three_verdicts() -> None:
    lines = said(read(text(changed(2, Debit="100.00", EcritureLib=""))))
    assert lines[:4] == [
        "100000009FEC20241231.txt",
        "  8 lignes, 4 écritures, exercice du 01/01/2024 au 31/12/2024",
        "  débit 1 500,00 €, crédit 1 500,00 €",
        "  UTF-8, tabulation",
    ]
    titles = [line for line in lines if line.startswith(("Lecture", "Conformité :", "Contrôle :"))]
    assert titles == [
        "Conformité : ce que le testeur officiel refuserait",
        "Contrôle : ce qu’un vérificateur relèverait",
    ]
    assert [line.split("  ")[0] for line in lines[-4:]] == ["Exploitable", "Conforme", "Contrôle", ""]
    assert "oui" in lines[-4]
    assert "non, 2 motifs" in lines[-3]


def test_the_heaviest_findings_come_first() -> None:
    rows = [*book(), book()[0]]
    lines = said(read(text(rows)))
    under = lines[lines.index("Contrôle : ce qu’un vérificateur relèverait") :]
    order = [line.split()[0] for line in under if re.match("  [a-z]", line)]
    ranks = [("bloquant", "erreur", "avertissement", "information").index(word) for word in order]
    assert len(set(ranks)) > 1
    assert ranks == sorted(ranks)


def test_a_file_that_cannot_be_read_says_why() -> None:
    lines = said(read("", "vide.txt"))
    assert any("FILE-01" in line for line in lines)
    assert "non" in lines[-4]
    assert "non" in lines[-3]


def test_colours_say_nothing_that_words_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    report = read(text(changed(2, Debit="100.00")))
    plain = said(report)
    monkeypatch.setattr(output.sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured = said(report)
    assert coloured != plain
    assert [PLAIN.sub("", line) for line in coloured] == plain
