"""A large file from the browser: cut, taken up again, given up, refused."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from cabinet.imports import uploading
from cabinet.imports.models import Import, Upload
from tests.cabinet.people import People
from tests.web.browser import Surfer

CONTENT = b"JournalCode\tJournalLib\n" * 1000


def begin(browser: Any, **data: Any) -> Any:
    return browser.post(reverse("upload_begin"), {"name": "a.txt", "size": 3, "modified": 0, **data})


def test_pieces_then_the_form_that_names_them(people: People) -> None:
    browser = people.browser("inside")
    opened = begin(browser, name="grand.txt", size=len(CONTENT)).json()
    assert opened["received"] == 0
    for place in (0, 1000):
        rest = CONTENT[place : place + 1000] if not place else CONTENT[place:]
        sent = browser.patch(
            opened["url"], rest, content_type="application/octet-stream", headers={"Upload-Offset": str(place)}
        )
    assert sent.json()["received"] == len(CONTENT)
    assert browser.get(opened["url"]).json()["received"] == len(CONTENT)
    answer = browser.post(reverse("dossier_upload", args=[people.client.id]), {"envoi": opened["id"]})
    assert answer.status_code == 302
    imported = Import.objects.get(client=people.client)
    assert (imported.file_name, imported.sha256) == ("grand.txt", sha256(CONTENT).hexdigest())


def test_a_piece_of_the_wrong_place_says_the_right_one(people: People) -> None:
    browser = people.browser("inside")
    url = begin(browser).json()["url"]
    answer = browser.patch(url, b"abc", content_type="application/octet-stream", headers={"Upload-Offset": "2"})
    assert (answer.status_code, answer.json()["received"]) == (409, 0)


@pytest.mark.parametrize("wrong", [{"size": "-1"}, {"size": "x"}, {"name": ""}, {"modified": "x"}, {"size": 2**64}])
def test_what_is_no_file_is_refused(people: People, wrong: dict[str, Any]) -> None:
    assert begin(people.browser("inside"), **wrong).status_code == 400


def test_too_large_is_said_before_a_byte_is_sent(people: People, settings: LazySettings) -> None:
    settings.UPLOAD_MAX_FILE_BYTES = 2
    answer = begin(people.browser("inside"))
    assert answer.status_code == 413
    assert "dépasse la taille permise" in json.loads(answer.content)["message"]


def test_a_form_that_names_another_s_upload_keeps_nothing(people: People) -> None:
    upload = uploading.begin(people.manager, file_name="a.txt", size=3, modified=0)
    browser = people.browser("inside")
    for named in (upload.id, "x"):
        assert browser.post(reverse("dossier_upload", args=[people.client.id]), {"envoi": named}).status_code == 404
    assert not Import.objects.exists()


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "PIECE", 4_000_000)


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "000012344FEC20251231.txt"
    path.write_bytes(b"0123456789abcde\n" * 562_500)  # 9 MB: three pieces
    return path


def drop(page: Page, path: Path) -> None:
    page.locator("[data-drop] input[type=file]").set_input_files(path)


def test_a_cut_connection_is_taken_up_again(people: People, surfer: Surfer, small_pieces: None, large: Path) -> None:
    page = surfer.page(people.inside)
    page.goto(reverse("dossier_data", args=[people.client.id]))
    places: list[str] = []

    def cut_once(route: Route) -> None:
        place = route.request.headers.get("upload-offset", "")
        places.append(place)
        if place == "4000000" and places.count(place) == 1:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/envois/*/", cut_once)
    drop(page, large)
    expect(page.locator("#deposes")).to_contain_text("Connexion perdue, nouvel essai dans 1")
    expect(page.locator("[data-drop-status]")).to_have_text("Envoi terminé.")
    assert places == ["0", "4000000", "4000000", "8000000"]
    assert Import.objects.get(client=people.client).sha256 == sha256(large.read_bytes()).hexdigest()
    assert not Upload.objects.exists()


def test_the_file_dropped_again_after_a_cut_sends_the_rest_only(
    people: People, surfer: Surfer, small_pieces: None, large: Path
) -> None:
    page = surfer.page(people.inside)
    page.goto(reverse("dossier_data", args=[people.client.id]))
    page.route("**/envois/*/", lambda route: route.continue_() if _place(route) == "0" else route.fulfill(status=400))
    drop(page, large)
    expect(page.locator("#deposes")).to_contain_text("l’envoi reprendra où il en était")
    page.unroute("**/envois/*/")
    page.reload()
    places: list[str] = []
    page.on("request", lambda request: places.append(request.headers.get("upload-offset", "-")))
    drop(page, large)
    expect(page.locator("[data-drop-status]")).to_have_text("Envoi terminé.")
    assert [place for place in places if place != "-"] == ["4000000", "8000000"]
    assert Import.objects.get(client=people.client).size == 9_000_000


def _place(route: Route) -> str:
    return route.request.headers.get("upload-offset", "")


def test_an_upload_given_up_leaves_nothing(people: People, surfer: Surfer, small_pieces: None, large: Path) -> None:
    page = surfer.page(people.inside)
    page.goto(reverse("dossier_data", args=[people.client.id]))
    page.route("**/envois/*/", lambda route: route.abort() if route.request.method == "PATCH" else route.continue_())
    drop(page, large)
    expect(page.locator("#deposes")).to_contain_text("Connexion perdue")
    with page.expect_response(lambda answer: answer.request.method == "DELETE") as gone:
        page.locator("#deposes").get_by_role("button", name="Annuler").click()
    assert gone.value.status == 204
    expect(page.locator("#deposes > li")).to_have_count(0)
    assert not Upload.objects.exists()
    assert not Import.objects.exists()


def test_the_files_of_a_dropped_folder_are_sent(people: People, surfer: Surfer, tmp_path: Path) -> None:
    for name in ("DSN/janvier.dsn", "DSN/2025/février.dsn", "DSN/.DS_Store"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    page = surfer.page(people.inside)
    page.goto(reverse("dossier_data", args=[people.client.id]))
    box = page.locator("[data-drop]").bounding_box()
    assert box is not None
    drag = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(tmp_path / "DSN")], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        drag.send("Input.dispatchDragEvent", {"type": kind, "x": box["x"] + 20, "y": box["y"] + 20, "data": data})
    expect(page.locator("[data-drop-status]")).to_have_text("Envoi terminé.")
    assert {one.file_name for one in Import.objects.all()} == {"janvier.dsn", "février.dsn"}
