"""A module is named after what it does, a migration after what it changes."""

import re

from tests.consistency.tree import SOURCE, short, under

MIGRATION = re.compile(r"\d{4}_[a-z][a-z0-9_]*")
SHAPELESS = {"utils", "util", "helpers", "helper", "misc", "common"}


def test_no_module_is_a_drawer() -> None:
    found = [short(path) for path in under(SOURCE, ".py") if {path.stem, path.parent.name} & SHAPELESS]
    assert found == []


def test_migrations_are_named() -> None:
    migrations = [path for path in under(SOURCE, ".py") if path.parent.name == "migrations" and path.stem != "__init__"]
    unnamed = [short(path) for path in migrations if not MIGRATION.fullmatch(path.stem) or "_auto_" in path.stem]
    assert unnamed == []
    assert migrations
