"""Keys exchanged: killed in the middle, nothing is lost; started again, the old key may leave and all still opens."""

import io
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from cabinet.clients.models import Client
from cabinet.connectors.models import Connection
from cabinet.connectors.vault import open_access, seal_secrets
from cabinet.imports.models import Import, Upload
from cabinet.imports.storage import read_pieces
from cabinet.imports.uploading import append, begin
from cabinet.keys.pseudonyms import pseudonym_key
from cabinet.keys.rotation import first_key, name_of
from cabinet.onboarding.models import ClientSheet, Draft, SheetRow
from cabinet.onboarding.sheets.sealing import open_row, seal_row
from cabinet.storage import door
from tests.cabinet.backups import telling
from tests.cabinet.people import People

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "bmV3LW1hc3Rlci1rZXktMDEyMzQ1Njc4OTAxMjM0NTY"
STALLS_IN_A_FILE = """
import sys, time
import django
from django.conf import settings
django.setup()
settings.STORAGE_DIR, settings.WORK_DIR = sys.argv[1:3]
settings.BOCAGE_MASTER_KEYS = sys.argv[4:]
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[3]
from django.core.management import call_command
from cabinet.storage import door
copy = door.shutil.copyfileobj
def stall(source, target, size):
    target.write(source.read(100))
    target.flush()
    print("half written", flush=True)
    time.sleep(60)
door.shutil = type("Stalling", (), {"copyfileobj": staticmethod(stall)})
call_command("rotate_keys", stdout=open("/dev/null", "w"))
"""


def subject_keys() -> list[bytes]:
    rows: list[Any] = [
        *Client.objects.values_list("salt", "master_name"),
        *Draft.objects.values_list("salt", "master_name"),
    ]
    rows += Import.objects.values_list("subject_salt", "subject_master")
    return sorted(pseudonym_key(bytes(salt), kept=bytes(kept)) for salt, kept in rows)


def a_row_of_a_list(people: People) -> None:
    sheet = ClientSheet.objects.create(
        firm=people.firm, owner=people.manager, manager=people.manager, file_name="x.csv"
    )
    SheetRow.objects.create(sheet=sheet, number=2, sealed=seal_row(sheet, {"siret": "00001234400016"}, ()))


def a_connection(people: People) -> None:
    Connection.objects.create(
        firm=people.firm,
        tool="pennylane",
        name="Pennylane",
        sealed=seal_secrets(people.firm, "pennylane", {"token": "very-secret-token"}),
        saved_at=timezone.now(),
    )


def a_piece(people: People) -> None:
    upload = begin(people.manager, file_name="grand.txt", size=10, modified=1)
    append(people.manager, upload.id, 0, io.BytesIO(b"a piece"))


def everything() -> dict[str, Any]:
    row = SheetRow.objects.select_related("sheet").get()
    content = open_row(row.sheet, row)
    secrets = open_access(Connection.objects.select_related("firm").get()).secrets
    upload = Upload.objects.get()
    return {
        "opened": telling.opened(),
        "subjects": subject_keys(),
        "row": content and content.values,
        "connection": dict(secrets),
        "piece": b"".join(read_pieces(upload.id, bytes(upload.salt))),
    }


def kill_in_a_file(keys: list[str]) -> None:
    database = str(connection.settings_dict["NAME"])
    arguments = [str(django_settings.STORAGE_DIR), str(django_settings.WORK_DIR), database, *keys]
    rotation = subprocess.Popen(
        [sys.executable, "-c", STALLS_IN_A_FILE, *arguments],
        stdout=subprocess.PIPE,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test", "PYTHONWARNINGS": "ignore"},
    )
    try:
        assert rotation.stdout is not None
        assert rotation.stdout.readline().strip() == b"half written"
        rotation.send_signal(signal.SIGKILL)
        assert rotation.wait() == -signal.SIGKILL
    finally:
        rotation.kill()
        rotation.wait()
        if rotation.stdout is not None:
            rotation.stdout.close()


def test_a_rotation_killed_in_the_middle_goes_on(
    people: People, inhabited: Client, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    a_row_of_a_list(people)
    a_connection(people)
    a_piece(people)
    before, (old,) = everything(), settings.BOCAGE_MASTER_KEYS
    settings.BOCAGE_MASTER_KEYS = [NEW, old]
    call_command("rotate_keys", dry_run=True)
    assert "0 in use, seals" in capsys.readouterr().out
    kill_in_a_file([NEW, old])
    assert everything() == before
    call_command("rotate_keys", dry_run=True)
    counted = capsys.readouterr().out
    assert " 0 in use" not in counted  # both are, in the middle
    assert "must stay" in counted

    settings.BOCAGE_MASTER_KEYS = [NEW]
    with pytest.raises(CommandError, match="give the missing keys back"):
        call_command("rotate_keys", dry_run=True)
    settings.BOCAGE_MASTER_KEYS = [NEW, old]
    call_command("rotate_keys")
    assert name_of(bytes(Connection.objects.get().sealed)) == first_key()
    assert "0 in use, may leave the ring" in capsys.readouterr().out
    settings.BOCAGE_MASTER_KEYS = [NEW]
    assert everything() == before
    call_command("rotate_keys")
    half_written = [file.name for file in door.everything() if file.name.endswith(".part")]
    assert len(half_written) == 1  # what storage_check removes a day later
    Path(door.place_of(half_written[0])).unlink()
    call_command("storage_check")


def test_a_file_removed_while_it_is_sealed_anew_does_not_come_back(
    inhabited: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BOCAGE_MASTER_KEYS = [NEW, *settings.BOCAGE_MASTER_KEYS]
    put = door.put

    def remove_meanwhile(name: str, content: Any) -> None:
        if name.startswith("originals/"):
            Import.objects.filter(id=UUID(Path(name).stem)).update(has_original=False)
            door.remove(name)
        put(name, content)

    monkeypatch.setattr(door, "put", remove_meanwhile)
    assert any(door.everything("originals"))
    call_command("rotate_keys")
    assert [file.name for file in door.everything("originals")] == []
