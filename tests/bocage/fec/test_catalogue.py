"""Every check has its words, its line in the document, and stands in it with the same weight."""

import re
from pathlib import Path

import pytest

from bocage.formats.fec.catalogue import CHECKS
from bocage.wording import sentence

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "formats" / "fec.md"


@pytest.mark.parametrize("code", list(CHECKS))
def test_every_check_has_its_words(code: str) -> None:
    assert sentence("fec", code).message


def test_the_document_lists_every_check_and_no_other() -> None:
    rows = re.findall(
        r"^\| ([A-Z]{2,4}-\d{2}) \| (\w+) \| (\w+) \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert [row[0] for row in rows] == list(CHECKS)
    for code, severity, verdict in rows:
        assert (severity, verdict) == (CHECKS[code].severity.value, CHECKS[code].verdict.value)
