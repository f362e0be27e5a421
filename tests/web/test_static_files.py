"""What is served to browsers: our files, a few named ones of npm, and all of it under hashed names."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from pytest_django import Settings

from cabinet.web.npm import NAMED_FILES, NamedFilesFinder


def test_named_files_are_found_and_nothing_else() -> None:
    for name in NAMED_FILES:
        assert finders.find(f"npm/{name}")
    assert finders.find("npm/@tabler/core/package.json") is None
    assert finders.find("npm/../pyproject.toml") is None
    assert finders.find(NAMED_FILES[0]) is None


def test_what_is_missing_is_said_at_start(settings: Settings, tmp_path: Path) -> None:
    settings.NODE_MODULES = tmp_path
    finder = NamedFilesFinder()
    assert [message.id for message in finder.check()] == ["web.W001"]
    assert list(finder.list(None)) == []


def test_nothing_is_said_when_all_is_there() -> None:
    assert NamedFilesFinder().check() == []


@pytest.fixture
def collected(settings: Settings, tmp_path: Path) -> Path:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_every_address_in_a_style_sheet_gets_its_hashed_name(collected: Path) -> None:
    (tabler,) = collected.glob("bocage/tabler.*.css")
    assert "tabler.min." in tabler.read_text()
    assert "/tabler.min.css" not in tabler.read_text()
    (base,) = collected.glob("bocage/base.*.css")
    assert "wght-normal.woff2" not in base.read_text()
    size = sum(file.stat().st_size for file in (collected / "npm").rglob("*") if file.suffix not in {".gz", ".map"})
    assert size < 3_000_000
