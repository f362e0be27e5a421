"""Static files taken from npm, by name: a handful of files, never a whole package."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.checks import CheckMessage, Warning
from django.core.files.storage import FileSystemStorage

PREFIX = "npm"
_FONTS = ("source-sans-3", "source-code-pro")
NAMED_FILES: tuple[str, ...] = (
    "@tabler/core/dist/css/tabler.min.css",
    # Named by the style sheet itself: collecting static files fails without it.
    "@tabler/core/dist/css/tabler.min.css.map",
    *(
        f"@fontsource-variable/{font}/files/{font}-{subset}-wght-normal.woff2"
        for font in _FONTS
        for subset in ("latin", "latin-ext")
    ),
)


class NodeModules(FileSystemStorage):
    """The folder of npm; ``prefix`` is where collectstatic and WhiteNoise put its files."""

    prefix = PREFIX


class NamedFilesFinder(BaseFinder):
    """Serves ``NAMED_FILES`` of ``NODE_MODULES`` under ``/static/npm/…``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.root = Path(settings.NODE_MODULES)
        self.storage = NodeModules(location=self.root)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        missing = [name for name in NAMED_FILES if not (self.root / name).is_file()]
        if not missing:
            return []
        return [
            Warning(
                f"{len(missing)} files are missing under {self.root}, {missing[0]} first.",
                hint="Run “make setup”, or point BOCAGE_NODE_MODULES at the folder that holds them.",
                id="web.W001",
            )
        ]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        name = path.removeprefix(f"{PREFIX}/")
        if path == name or name not in NAMED_FILES or not (self.root / name).is_file():
            return []  # even for one: Django takes anything else, None included, for a file
        found = str(self.root / name)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        patterns = [*(ignore_patterns or ())]
        for name in NAMED_FILES:
            if (self.root / name).is_file() and not matches_patterns(name, patterns):
                yield name, self.storage
