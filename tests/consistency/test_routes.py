"""Every page stands in the tables that prove it: who may open it, and what it looks like."""

from collections.abc import Iterator
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

from tests.consistency.tree import ROOT, module, texts

PERMISSION_TABLE = ROOT / "tests" / "web" / "permission_table.py"
SCREEN_TABLE = ROOT / "tests" / "web" / "screens.py"
SCREENS = ROOT / "docs" / "screens"


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """The name of every route, with its namespaces."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from routes(pattern.url_patterns, space)
        else:
            assert pattern.name, f"a route without a name: {pattern.pattern}"
            yield prefix + pattern.name


def written(path: Path) -> set[str]:
    return set(texts(module(path)))


def test_every_route_stands_in_the_permission_table() -> None:
    names = set(routes(get_resolver().url_patterns))
    assert names
    assert names - written(PERMISSION_TABLE) == set()


def test_every_screen_of_the_table_is_kept_at_both_widths() -> None:
    names = {path.name for path in SCREENS.glob("*.png")}
    pages = {name.removesuffix(f"-{width}.png") for name in names for width in (1440, 390) if str(width) in name}
    assert {f"{page}-{width}.png" for page in pages for width in (1440, 390)} == names
    assert pages <= written(SCREEN_TABLE)
