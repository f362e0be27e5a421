"""Small pieces: a module is read in one sitting, a function on one screen."""

from pathlib import Path

import pytest

from tests.consistency.tree import ROOT, SOURCE, functions, length, short, under

WEB = SOURCE / "cabinet" / "web"
MODULE_LINES = 500
FUNCTION_LINES = 60
VIEW_LINES = 25
TEST_MODULE_LINES = 1_000

EXCEPTIONS: dict[str, str] = {}
"""What is longer all the same: ``path`` or ``path:function``, and since when and why."""


def is_view(path: Path) -> bool:
    return path.is_relative_to(WEB) and (path.stem == "views" or path.parent.name == "views")


@pytest.mark.parametrize(("folder", "limit"), [(SOURCE, MODULE_LINES), (ROOT / "tests", TEST_MODULE_LINES)])
def test_modules_are_short(folder: Path, limit: int) -> None:
    counts = {short(path): len(path.read_text(encoding="utf-8").splitlines()) for path in under(folder, ".py")}
    assert {name: lines for name, lines in counts.items() if lines > limit and name not in EXCEPTIONS} == {}


def test_functions_are_short() -> None:
    long = {}
    for path in under(SOURCE, ".py"):
        limit = VIEW_LINES if is_view(path) else FUNCTION_LINES
        for function in functions(path):
            name = f"{short(path)}:{function.name}"
            if length(function) > limit and name not in EXCEPTIONS:
                long[name] = length(function)
    assert long == {}


def test_exceptions_are_still_needed() -> None:
    names = {short(path) for path in under(SOURCE, ".py")}
    names |= {f"{short(path)}:{function.name}" for path in under(SOURCE, ".py") for function in functions(path)}
    assert set(EXCEPTIONS) <= names
