"""The folder of a firm: what is dropped there reaches its client, once, and nothing is lost on the way."""

import os
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from cabinet.connectors import dropping, services
from cabinet.connectors.catalogue import BY_SLUG, DROP_FOLDER
from cabinet.connectors.core.errors import Failure
from cabinet.connectors.models import Connection
from cabinet.imports.enums import ImportState, Origin
from cabinet.imports.models import Import
from tests.cabinet.connectors.conftest import Work
from tests.cabinet.factories import make_client, make_siret
from tests.cabinet.files import dsn_files, fec_name, make_fec
from tests.cabinet.people import People


@pytest.fixture
def folder(people: People, settings: Any, tmp_path: Path, work: Work) -> Path:
    """The folder of the firm, which its administrator asked for."""
    settings.DROP_DIR = str(tmp_path)
    tool, actor = BY_SLUG[DROP_FOLDER], people.actor("administrator")
    work(lambda: services.open_connection(actor=actor, tool=tool, name="Dépôt", typed={}))
    return tmp_path / str(people.firm.id)


def drop(folder: Path, name: str, content: bytes, *, age: float = 60) -> Path:
    """A file dropped ``age`` seconds ago."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (time.time() - age,) * 2)
    return path


def left(folder: Path) -> list[str]:
    """What stands in the folder, files only."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def take(work: Work) -> int:
    taken: int = work(dropping.take_dropped_files)
    return taken


def test_the_test_makes_the_folder(people: People, folder: Path) -> None:
    connection = Connection.objects.get()
    assert folder.is_dir()
    assert (connection.is_usable, connection.who) == (True, f"dossier {people.firm.id}")


def test_a_fec_goes_to_the_client_of_its_name(people: People, folder: Path, work: Work) -> None:
    drop(folder, fec_name(people.client.siren), make_fec())
    assert take(work) == 1
    imported = Import.objects.get(client=people.client)
    assert (imported.state, imported.origin, imported.source) == (
        ImportState.ACCEPTED,
        Origin.CONNECTION,
        "Dossier surveillé",
    )
    assert left(folder) == []
    drop(folder, fec_name(people.client.siren), make_fec())
    assert take(work) == 1
    assert (Import.objects.count(), left(folder)) == (1, [])


def test_a_dsn_goes_to_the_establishment_that_it_names(people: People, folder: Path, work: Work) -> None:
    content = dsn_files()[0].read_bytes()
    siren = content.split(b"S21.G00.06.001,'")[1][:9].decode()
    nic = content.split(b"S21.G00.11.001,'")[1][:5].decode()
    client = make_client(people.firm, people.manager, siret=siren + nic)
    drop(folder, "n-importe-quel-nom.edi", content)
    assert take(work) == 1
    assert Import.objects.get(client=client).state == ImportState.ACCEPTED


@pytest.mark.parametrize("named", ["siren", "siret", "code"])
def test_a_sub_folder_names_the_client(people: People, folder: Path, work: Work, named: str) -> None:
    client = people.client
    name = {"siren": client.siren, "siret": client.siret, "code": "t0412"}[named]
    drop(folder, f"{name}/export.txt", make_fec())
    assert take(work) == 1
    assert Import.objects.filter(client=client).exists()


def test_an_archive_in_a_sub_folder(people: People, folder: Path, work: Work, tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as target:
        target.writestr(fec_name(people.client.siren), make_fec())
    drop(folder, f"{people.client.siret}/exports.zip", archive.read_bytes())
    assert take(work) == 1
    assert Import.objects.filter(client=people.client, state=ImportState.ACCEPTED).exists()


def test_what_names_no_client_waits_for_a_person(people: People, folder: Path, work: Work) -> None:
    stranger = fec_name(people.other_client.siren)
    for _ in range(2):
        drop(folder, stranger, make_fec())
        drop(folder, "export.txt", make_fec())
        assert take(work) == 0
    stem = stranger.removesuffix(".txt")
    expected = [f"a-trier/{name}" for name in (f"{stem} (2).txt", stranger, "export (2).txt", "export.txt")]
    assert left(folder) == sorted(expected)
    assert not Import.objects.exists()
    connection = Connection.objects.get()
    page = people.browser("administrator").get(reverse("connection", args=[connection.id])).content.decode()
    assert "export (2).txt" in page


def test_two_establishments_of_one_siren_are_not_guessed(people: People, folder: Path, work: Work) -> None:
    rank = 77
    both = [make_client(people.firm, people.manager, siret=make_siret(rank, place)) for place in (1, 2)]
    drop(folder, fec_name(both[0].siren), make_fec())
    assert take(work) == 0
    drop(folder, f"{both[1].siret}/{fec_name(both[1].siren)}", make_fec())
    assert take(work) == 1
    assert Import.objects.get().client == both[1]


def test_what_is_still_coming_is_left(people: People, folder: Path, work: Work) -> None:
    drop(folder, fec_name(people.client.siren), make_fec(), age=2)
    for name in ("x.part", "x.filepart", ".cache"):
        drop(folder, name, make_fec())
    (folder / "lien.txt").symlink_to("/etc/passwd")
    assert take(work) == 0
    assert len(left(folder)) == 5


def test_a_worker_that_died_leaves_nothing_behind(
    people: People, folder: Path, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(folder, fec_name(people.client.siren), make_fec())

    class Killed(BaseException):
        pass

    def die(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(dropping, "_receive", die)
        with pytest.raises(Killed):
            take(work)
    assert take(work) == 0, "another may be reading it"
    [path] = [path for path in folder.rglob("*") if path.is_file()]
    os.utime(path, (time.time() - 4000,) * 2)
    assert take(work) == 1
    assert (Import.objects.count(), left(folder)) == (1, [])


def test_a_file_too_large_waits_for_a_person(people: People, folder: Path, work: Work, settings: Any) -> None:
    settings.UPLOAD_MAX_FILE_BYTES = 100
    drop(folder, fec_name(people.client.siren), make_fec())
    assert take(work) == 0
    assert left(folder)[0].startswith("a-trier/")


def test_a_folder_that_is_gone_is_told_and_comes_back(people: People, folder: Path, work: Work) -> None:
    (folder).rmdir()
    assert take(work) == 0
    connection = Connection.objects.get()
    assert connection.error == Failure.FOLDER_UNREACHABLE
    folder.mkdir()
    take(work)
    connection.refresh_from_db()
    assert connection.error == ""


def test_nothing_is_taken_for_who_did_not_ask(people: People, folder: Path, work: Work, settings: Any) -> None:
    drop(folder, fec_name(people.client.siren), make_fec())
    Connection.objects.update(enabled=False)
    assert take(work) == 0
    Connection.objects.update(enabled=True)
    settings.DROP_DIR = ""
    assert take(work) == 0
    assert not BY_SLUG[DROP_FOLDER].is_open()
