"""Each social indicator is documented, and its worked example is what the code computes."""

import re
from pathlib import Path

import pytest

from bocage.formats.base import FileSource
from bocage.identifiers import Period
from bocage.indicators.result import Result
from bocage.indicators.workforce import DEFINITIONS, compute
from bocage.ingest.dsn import write_facts
from bocage.wording import sentence
from tests.bocage.workforce.payslips import KEY

ROOT = Path(__file__).parents[3]
PAGES = ROOT / "docs" / "indicators"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    files = sorted((ROOT / "tests" / "data" / "dsn" / "annee").glob("*.dsn"))
    imported = write_facts([FileSource(path) for path in files], tmp_path_factory.mktemp("facts"), pseudonym_key=KEY)
    return {result.code: result for result in compute([imported.tables], Period.year(2025))}


@pytest.mark.parametrize("code", DEFINITIONS)
def test_the_page_of_an_indicator(code: str, results: dict[str, Result]) -> None:
    page = (PAGES / f"{code}.md").read_text("utf-8")
    result = results[code]
    found = re.search(r"^Result: \*\*(.+)\*\*$", page, re.MULTILINE)
    assert found is not None
    assert found.group(1) == ("yes" if result.value is True else str(result.value))
    assert sentence("workforce", code).message in page
    assert all(f"`{source}`" in page for source in result.sources)
    assert f"unit: {result.unit} " in page
