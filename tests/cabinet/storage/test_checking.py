"""What is kept and what the rows name, side by side; and that what is deleted leaves no file."""

import os
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cabinet.clients.models import Client
from cabinet.dossiers.services import delete_client
from cabinet.imports import services, tasks
from cabinet.imports.enums import ImportState
from cabinet.imports.models import DeclaredMonth, Import
from cabinet.jobs.models import Job
from cabinet.onboarding.drafts import discard
from cabinet.storage import door
from tests.cabinet.imports.samples import dsn, make_sample_client, send
from tests.cabinet.onboarding.drafting import WORKSHOP, begin, drop
from tests.cabinet.people import People
from tests.cabinet.storage.whole import MONTH, Committed

pytestmark = pytest.mark.django_db


def names() -> list[str]:
    return sorted(file.name for file in door.everything())


def age(name: str, hours: float = 25) -> Path:
    """Make a file as old as that; it is written when it is not there."""
    path = door.place_of(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_bytes(b"left behind")
    then = time.time() - hours * 3600
    os.utime(path, (then, then))
    return path


def test_a_dossier_in_order(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    for name in names():
        age(name)
    found = {name.split("/")[0] for name in names()} | {Path(name).parts[2] for name in names() if "/carbon/" in name}
    assert found == {"originals", "facts", "attachments", "carbon"}
    assert any("/compared-" in name for name in names())
    call_command("storage_check")
    assert capsys.readouterr().out == "0 orphans, 0 removed, 0 recent files not named yet, 0 missing.\n"


LEFT = [
    "originals/5f0c8d1a-7f0e-4b7a-9d65-000000000000.sealed",
    "originals/notes.txt",
    "facts/5f0c8d1a-7f0e-4b7a-9d65-000000000000/lines.parquet",
    "facts/alone",
    "facts/{fec}/other.parquet",
    "facts/{fec}/compared-half-read-x/summary.json",
    "facts/{fec}/carbon/older.parquet",
    "attachments/5f0c8d1a-7f0e-4b7a-9d65-000000000000.sealed",
    "incoming/5f0c8d1a-7f0e-4b7a-9d65-000000000000.sealed",
    "referentials/base_carbone/99.csv.gz",
    "elsewhere/file",
]


@pytest.mark.parametrize("name", LEFT)
def test_an_orphan_is_told_then_removed_when_asked(
    client: Client, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    accepted = Import.objects.get(kind="fec", state=ImportState.ACCEPTED)
    before = names()
    path = age(name.format(fec=accepted.id))
    with pytest.raises(CommandError, match="do not agree"):
        call_command("storage_check")
    assert path.exists()
    assert "1 orphans, 0 removed" in capsys.readouterr().out
    call_command("storage_check", delete_orphans=True)
    assert names() == before
    call_command("storage_check")


def test_a_file_that_is_being_written_is_left_alone(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    path = age(LEFT[0], hours=2)
    call_command("storage_check", delete_orphans=True)
    assert "0 orphans, 0 removed, 1 recent" in capsys.readouterr().out
    assert path.exists()
    with pytest.raises(CommandError, match="1 hour at least"):
        call_command("storage_check", delete_orphans=True, older_than=0)
    call_command("storage_check", delete_orphans=True, older_than=1)
    assert not path.exists()


def test_each_missing_file_is_told(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    needed = [name for name in names() if "/compared-" not in name]
    for name in needed:
        door.remove(name)
    with pytest.raises(CommandError, match="do not agree"):
        call_command("storage_check")
    assert sorted(line[9:] for line in capsys.readouterr().out.splitlines() if line.startswith("missing")) == needed


def test_a_deleted_import_leaves_no_file(people: People, client: Client, committed: Committed) -> None:
    for imported in Import.objects.order_by("-received_at"):
        with committed():
            services.delete(actor=people.actor("administrator"), imported=imported)
        assert [name for name in names() if str(imported.id) in name] == []


def test_a_deleted_client_leaves_no_file(people: People, client: Client, committed: Committed) -> None:
    assert names()
    with committed():
        delete_client(actor=people.actor("administrator"), client=client, typed_name=client.name)
    assert names() == []


def test_a_draft_given_up_leaves_no_file(people: People, committed: Committed) -> None:
    actor = people.actor("manager")
    draft_id = begin(actor, WORKSHOP)
    with committed():
        drop(actor, draft_id, Path(MONTH).name, dsn(MONTH))
    assert {name.split("/")[0] for name in names()} == {"originals", "facts"}
    with committed():
        discard(actor, draft_id)
    assert names() == []


@pytest.mark.parametrize("row_stays", [True, False])
def test_a_file_removed_while_it_is_read_leaves_nothing(
    people: People, committed: Committed, monkeypatch: pytest.MonkeyPatch, row_stays: bool
) -> None:
    monkeypatch.setattr("cabinet.imports.services.enqueue", lambda job, size: None)
    company = make_sample_client(people.firm, people.manager)
    imported = send(company, Path(MONTH).name, dsn(MONTH))
    keep = tasks.read.__globals__["_keep_tables"]

    def remove_in_the_middle(one: Import, tables: dict[str, Path]) -> dict[str, str]:
        kept: dict[str, str] = keep(one, tables)
        with committed():
            if row_stays:
                services.delete(actor=people.actor("administrator"), imported=Import.objects.get(id=one.id))
            else:
                delete_client(actor=people.actor("administrator"), client=company, typed_name=company.name)
        return kept

    monkeypatch.setattr("cabinet.imports.reading._keep_tables", remove_in_the_middle)
    again: list[object] = []
    monkeypatch.setattr(tasks, "enqueue", lambda job, size: again.append(job))
    with committed():
        tasks.read_import.call(str(Job.objects.get(object_id=imported.id).id))
    assert (names(), list(DeclaredMonth.objects.all()), again) == ([], [], [])
