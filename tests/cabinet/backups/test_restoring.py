"""A backup made while people work, restored on an empty machine: the same rows and files, whole, and readable."""

import hashlib
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cabinet.clients.models import Client
from cabinet.imports.models import Import
from cabinet.management.backups import database, making
from cabinet.storage import door
from tests.cabinet.backups import telling
from tests.cabinet.backups.machine import empty_machine

pytestmark = pytest.mark.django_db(transaction=True)
SCRIPT = Path(telling.__file__)
NEW = "bmV3LW1hc3Rlci1rZXktMDEyMzQ1Njc4OTAxMjM0NTY"
KINDS = [pytest.param("own", id="own"), pytest.param("portable", id="portable")]


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_machine_becomes_the_same(
    inhabited: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, capsys: Any
) -> None:
    if kind == "portable":
        if connection.vendor == "sqlite":
            pytest.skip("SQLite needs no tool")
        monkeypatch.setattr(database.shutil, "which", lambda name: None)
    call_command("backup", tmp_path / "copy")
    said = capsys.readouterr().out
    assert ("portable dump" in said) == (kind == "portable")
    assert "move them offline" in said
    assert telling.agrees("journal_verify") == ""
    expected = {"rows": telling.rows(), "files": telling.files(), "opened": telling.opened()}
    with empty_machine(tmp_path / "there", tmp_path / "copy.keys") as machine:
        restored = machine.manage("restore", tmp_path / "copy")
        assert restored.returncode == 0, restored.stderr
        told = machine.tell(SCRIPT)
        assert {name: told[name] for name in expected} == expected
        assert (told["journal"], told["storage"], told["page"]) == ("", "", 200)
        if kind == "portable":  # a row made after is numbered after those that were restored
            assert "1 migrations" in machine.manage("shell", "-c", NEXT_NUMBER).stdout


NEXT_NUMBER = """
from django.db.migrations.recorder import MigrationRecorder as R
M = R.Migration
print(sum(1 for one in [M.objects.create(app="x", name="y")] if one.pk > max(M.objects.exclude(app="x")
      .values_list("pk", flat=True))), "migrations")
"""


def test_a_restore_is_refused_before_it_touches_anything(
    inhabited: Client, tmp_path: Path, settings: Any, capsys: Any
) -> None:
    copy, keys = tmp_path / "copy", tmp_path / "copy.keys"
    call_command("backup", copy)
    assert (copy.stat().st_mode & 0o777, keys.stat().st_mode & 0o777) == (0o700, 0o700)
    assert not any(b"test-only-master" in path.read_bytes() for path in copy.rglob("*") if path.is_file())
    with pytest.raises(CommandError, match="already holds a firm"):
        call_command("restore", copy)
    before = telling.rows()
    ring, settings.BOCAGE_MASTER_KEYS = settings.BOCAGE_MASTER_KEYS, [NEW]
    with pytest.raises(CommandError, match="not in the ring"):
        call_command("restore", copy, force=True)
    settings.BOCAGE_MASTER_KEYS = ring
    original = next((copy / "storage" / "originals").iterdir())
    content = original.read_bytes()
    original.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(CommandError, match="Nothing was restored"):
        call_command("restore", copy, force=True)
    assert f"damaged  originals/{original.name}" in capsys.readouterr().out
    original.write_bytes(content)
    manifest = copy / "manifest.json"
    said = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(said | {"migrations": said["migrations"] | {"imports": ["0999_later"]}}))
    with pytest.raises(CommandError, match=r"from a later version of Bocage \(imports.0999_later"):
        call_command("restore", copy, force=True)
    manifest.unlink()
    with pytest.raises(CommandError, match="interrupted"):
        call_command("restore", copy, force=True)
    assert telling.rows() == before
    with pytest.raises(CommandError, match="is not empty"):
        call_command("backup", copy)
    with pytest.raises(CommandError, match="kept apart"):
        call_command("backup", tmp_path / "other", keys=tmp_path / "other" / "keys")


def test_what_goes_while_it_is_copied_is_asked_for_again(
    inhabited: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """The import loses its original between the moment of the snapshot and the copy of the file."""
    fleeting = Import.objects.get(kind="fec", state="to_check")
    name = f"originals/{fleeting.id}.sealed"
    assert door.exists(name)
    copied = making._Copies.take

    def lose_it(copies: making._Copies, wanted: set[str]) -> set[str]:
        door.remove(name)
        lost = copied(copies, wanted)
        _elsewhere(f"UPDATE imports_import SET has_original = {_false()} WHERE id = '{_key(fleeting)}'")
        return lost

    monkeypatch.setattr(making._Copies, "take", lose_it)
    call_command("backup", tmp_path / "copy")
    assert "once more, from a later moment" in capsys.readouterr().out
    listed = (tmp_path / "copy" / "files.sha256").read_text()
    assert name not in listed
    for line in listed.splitlines():
        digest, _, path = line.partition("  ")
        assert hashlib.sha256((tmp_path / "copy" / path).read_bytes()).hexdigest() == digest
    fleeting.refresh_from_db()
    assert not fleeting.has_original


def test_a_file_that_was_lost_before_is_told_and_stops_nothing(inhabited: Client, tmp_path: Path) -> None:
    lost = next(file.name for file in door.everything("attachments"))
    door.remove(lost)
    with pytest.raises(CommandError, match="1 files were missing already"):
        call_command("backup", tmp_path / "copy")
    assert json.loads((tmp_path / "copy" / "manifest.json").read_text())["missing"] == [lost]


def test_an_older_dump_is_migrated(inhabited: Client, tmp_path: Path) -> None:
    try:
        # A version that kept nothing of the registry.
        call_command("migrate", "registry", "zero", verbosity=0)
        call_command("backup", tmp_path / "copy")
    finally:
        call_command("migrate", verbosity=0)
    assert "registry" not in json.loads((tmp_path / "copy" / "manifest.json").read_text())["migrations"]
    with empty_machine(tmp_path / "there", tmp_path / "copy.keys") as machine:
        done = machine.manage("restore", tmp_path / "copy")
        assert done.returncode == 0, done.stderr
        assert machine.manage("migrate", "--check").returncode == 0
        forced = machine.manage("restore", tmp_path / "copy", "--force")
        assert forced.returncode == 0, forced.stderr


def _false() -> str:
    return "0" if connection.vendor == "sqlite" else "false"


def _key(imported: Import) -> str:
    return imported.id.hex if connection.vendor == "sqlite" else str(imported.id)


def _elsewhere(statement: str) -> None:
    """Run a statement on a connection of its own, as another process would."""
    if connection.vendor == "sqlite":
        with sqlite3.connect(connection.settings_dict["NAME"], timeout=20) as other:
            other.execute(statement)
        other.close()
        return
    import psycopg

    with psycopg.connect(**{**connection.get_connection_params(), "cursor_factory": psycopg.Cursor}) as outside:
        outside.execute(statement)
