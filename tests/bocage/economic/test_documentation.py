"""docs/indicators: one page a figure, whose worked example is what the library answers."""

import re
from pathlib import Path

import pytest

from bocage.formats.base import FileSource
from bocage.indicators import economic
from bocage.indicators.result import Result
from bocage.ingest.fec import write_facts
from bocage.wording import sentence

PAGES = Path(__file__).parents[3] / "docs" / "indicators"
FARM = Path(__file__).parents[2] / "data" / "fec" / "neolegal" / "0000000001FEC20220831.txt"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    work = tmp_path_factory.mktemp("facts")
    tables = write_facts([FileSource(FARM)], work / "out", work_dir=work)[0].tables
    return {result.code: result for result in economic.compute(tables)}


@pytest.mark.parametrize("code", economic.CODES)
def test_the_page_says_what_the_library_does(code: str, results: dict[str, Result]) -> None:
    text, result = (PAGES / f"{code}.md").read_text(encoding="utf-8"), results[code]
    assert result.formula in text
    assert all(f"`{source}`" in text for source in result.sources)
    assert sentence("economic", code).message in text
    found = re.search(r"^Result: \*\*(.+?)\*\*", text, re.MULTILINE)
    assert found is not None
    assert found[1] == (f"{result.value:f}" if result.value is not None else f"unknown ({result.reason})")
