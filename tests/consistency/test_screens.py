"""Every page has its picture at both widths, and every picture its page.

``tests/web/screens.py`` says which: ``SCREENS``, route → names of its pictures in ``docs/screens`` (one for each state
worth looking at), ``FRAGMENTS``, routes that answer a part of a page or a file, ``NOWHERE``, pictures without a route.
"""

import importlib
from pathlib import Path

import pytest

from tests.consistency.tree import ROOT
from tests.web.permission_table import TABLE

WIDTHS = (1440, 390)
SCREEN_TABLE = ROOT / "tests" / "web" / "screens.py"

pytestmark = pytest.mark.skipif(not SCREEN_TABLE.exists(), reason="no table of screens is kept yet")


@pytest.fixture
def screens() -> dict[str, tuple[str, ...]]:
    return importlib.import_module("tests.web.screens").SCREENS


def test_every_page_has_a_picture(screens: dict[str, tuple[str, ...]]) -> None:
    pages = {route for route, method, answers in TABLE if method == "get" and "200" in answers.split()}
    fragments = importlib.import_module("tests.web.screens").FRAGMENTS
    assert pages == set(screens) | set(fragments)
    assert all(screens.values())


def test_pictures_and_names_agree(screens: dict[str, tuple[str, ...]]) -> None:
    names = {name for pictures in screens.values() for name in pictures}
    names |= set(importlib.import_module("tests.web.screens").NOWHERE)
    kept = {path.name for path in Path(ROOT / "docs" / "screens").glob("*.png")}
    assert kept == {f"{name}-{width}.png" for name in names for width in WIDTHS}
