"""A DSN through the doors of the browser, whole or by pieces: nobody is named in what is kept, logged, or shown."""

import logging
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cabinet.clients.models import Client
from cabinet.imports.enums import ImportState
from cabinet.imports.models import Import
from tests.cabinet.imports.leaks import leaked, personal_values
from tests.cabinet.imports.samples import dsn, make_sample_client
from tests.cabinet.people import People

NAME = "annee/mensuelle_2025-01_P25_etab1.dsn"


@pytest.fixture
def company(people: People) -> Client:
    return make_sample_client(people.firm, people.manager)


@pytest.fixture
def clear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where anything that would be written in clear by the way must fall."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def by_form(browser: Any, company: Client, content: bytes) -> Any:
    return browser.post(
        reverse("dossier_upload", args=[company.id]), {"files": SimpleUploadedFile("janvier.dsn", content)}
    )


def by_pieces(browser: Any, company: Client, content: bytes, secrets: set[bytes]) -> Any:
    opened = browser.post(reverse("upload_begin"), {"name": "janvier.dsn", "size": len(content), "modified": 0}).json()
    middle = len(content) // 2
    for place, piece in ((0, content[:middle]), (middle, content[middle:])):
        if place:
            assert not leaked(secrets)  # half a file waits
        browser.patch(
            opened["url"], piece, content_type="application/octet-stream", headers={"Upload-Offset": str(place)}
        )
    return browser.post(reverse("dossier_upload", args=[company.id]), {"envoi": opened["id"]})


@pytest.mark.parametrize("door", ["form", "pieces"])
def test_nobody_is_named_by_what_a_browser_sends(
    door: str,
    people: People,
    company: Client,
    clear: Path,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Any,
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets, browser, content = personal_values(), people.browser("administrator"), dsn(NAME)

    def nobody(*shown: bytes) -> None:
        left = [path.read_bytes() for path in clear.rglob("*") if path.is_file()]
        assert not leaked(secrets, caplog.text.encode(), *left, *shown)

    with django_capture_on_commit_callbacks(execute=True):
        answer = by_form(browser, company, content) if door == "form" else by_pieces(browser, company, content, secrets)
        assert answer.status_code == 302
        assert Import.objects.get(client=company).state == ImportState.RECEIVED
        nobody()
    imported = Import.objects.get(client=company)
    assert (imported.state, imported.has_original) == (ImportState.ACCEPTED, False)
    pages = [
        reverse("dossier_data", args=[company.id]),
        reverse("import_report", args=[imported.id]),
        reverse("import_findings_csv", args=[imported.id]),
        reverse("dossier_indicators", args=[company.id]) + "?famille=social",
        reverse("dossier_social_csv", args=[company.id]),
        reverse("dossier_journal", args=[company.id]),
    ]
    shown = [browser.get(page) for page in pages]
    assert [page.status_code for page in shown] == [200] * len(pages)
    nobody(*(page.getvalue() for page in shown))
