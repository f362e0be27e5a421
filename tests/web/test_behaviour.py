"""What the small scripts do, by keyboard and by mouse, and what stands without them."""

import re
import time
from threading import Event

import pytest
from django.http import HttpResponse
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from tests.cabinet.people import People
from tests.web.browser import Surfer, assert_accessible, shoot
from tests.web.in_flight import InFlight

pytestmark = pytest.mark.browser
GALLERY = "/composants/"


@pytest.fixture
def page(people: People, surfer: Surfer) -> Page:
    opened = surfer.page(people.administrator)
    opened.goto(GALLERY)
    return opened


def test_a_row_menu_works_by_keyboard(page: Page) -> None:
    trigger = page.locator("summary[aria-label='Garage Pellouin']")
    trigger.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    menu = page.get_by_role("group", name="Garage Pellouin")
    expect(menu.get_by_role("link", name="Ouvrir le dossier")).to_be_focused()
    page.keyboard.press("End")
    expect(menu.get_by_role("link", name="Supprimer…")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(menu.get_by_role("link", name="Ouvrir le dossier")).to_be_focused()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(trigger).to_be_focused()


def test_one_menu_is_open_at_a_time(page: Page) -> None:
    page.locator("summary[aria-label='Garage Pellouin']").click()
    page.locator("summary[aria-label='Imprimerie Sauldrel']").click()
    expect(page.locator(".bo-menu[open]")).to_have_count(1)
    page.get_by_role("heading", level=1).click()
    expect(page.locator(".bo-menu[open]")).to_have_count(0)


def test_an_open_menu_stays_in_the_window(people: People, surfer: Surfer) -> None:
    page = surfer.page(people.administrator, 390)
    page.goto(GALLERY)
    page.locator("summary[aria-label='Garage Pellouin']").click()
    box = page.locator(".bo-menu[open] .bo-menu__list").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_the_drawer_keeps_focus_and_gives_it_back(page: Page) -> None:
    link = page.get_by_role("link", name="Ouvrir le tiroir")
    link.click()
    drawer = page.get_by_role("dialog", name="Farines, sucre, cacao")
    expect(drawer).to_be_visible()
    assert_accessible(page)
    shoot(page, "gallery_drawer", whole=False)
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(link).to_be_focused()


def test_the_drawer_is_a_page_without_scripts(people: People, surfer: Surfer) -> None:
    page = surfer.page(people.administrator, java_script_enabled=False)
    page.goto(GALLERY)
    page.get_by_role("link", name="Ouvrir le tiroir").click()
    expect(page).to_have_url(re.compile("/composants/tiroir/$"))
    expect(page.get_by_role("heading", level=1, name="Farines, sucre, cacao")).to_be_visible()


def test_slash_leads_to_the_search_field_of_the_page(people: People, surfer: Surfer) -> None:
    page = surfer.page(people.administrator)
    page.goto("/clients/")
    page.keyboard.press("/")
    field = page.locator("[data-shortcut='/']")
    expect(field).to_be_focused()
    page.keyboard.type("a/b")
    expect(field).to_have_value("a/b")


def test_deleting_waits_for_the_exact_name(page: Page) -> None:
    form = page.locator("form[data-confirm-typing]")
    button = form.get_by_role("button", name="Supprimer")
    expect(button).to_be_disabled()
    form.get_by_label("Tapez le nom du client pour confirmer").fill("Garage Pell")
    expect(button).to_be_disabled()
    form.get_by_label("Tapez le nom du client pour confirmer").fill("Garage Pellouin")
    expect(button).to_be_enabled()


def test_a_corrected_value_is_restored(page: Page) -> None:
    page.get_by_role("button", name="Rétablir Adresse postale").click()
    expect(page.get_by_label("Adresse postale")).to_have_value("14 che du Vivier, 53160 Bais")
    expect(page.get_by_text("Corrigée par vous")).to_have_count(0)


def test_a_list_of_people_is_filtered_without_accents(page: Page) -> None:
    people = page.get_by_role("group", name="Responsable de dossier")
    people.get_by_label("Filtrer les collaborateurs").fill("quemen")
    expect(people.get_by_label("Jonas Quéméner")).to_be_visible()
    expect(people.get_by_label("Inès Benamara")).to_be_hidden()
    people.get_by_label("Jonas Quéméner").check()
    people.get_by_label("Filtrer les collaborateurs").fill("zzz")
    expect(people.get_by_text("Aucun nom ne correspond à «\u00a0zzz\u00a0».")).to_be_visible()
    expect(people.get_by_label("Jonas Quéméner")).to_be_checked()
    people.get_by_label("Filtrer les collaborateurs").fill("jonas")
    expect(people.get_by_text("Aucun nom ne correspond")).to_have_count(0)  # the only one found is ticked


def test_files_go_up_one_by_one(page: Page) -> None:
    rows = page.locator("#fichiers > li")
    before = rows.count()
    page.locator("[data-drop] input[type=file]").set_input_files(
        [
            {"name": "a.txt", "mimeType": "text/plain", "buffer": b"JournalCode"},
            {"name": "<b>.txt", "mimeType": "text/plain", "buffer": b""},
            {"name": "c.txt", "mimeType": "text/plain", "buffer": b"x" * 20_000},
        ]
    )
    expect(page.locator("[data-drop-status]")).to_have_text("Envoi terminé.")
    expect(rows).to_have_count(before + 3)
    expect(rows.nth(before)).to_contain_text("a.txt")
    expect(rows.nth(before)).to_contain_text("Reçu")
    expect(rows.nth(before + 1)).to_contain_text("Ce fichier est vide")
    expect(rows.nth(before + 2)).to_contain_text("20 Ko")


def test_files_are_dropped(page: Page) -> None:
    transfer = page.evaluate_handle(
        "() => { const d = new DataTransfer(); d.items.add(new File(['abc'], 'fec.txt')); return d; }"
    )
    page.dispatch_event("[data-drop]", "dragenter", {"dataTransfer": transfer})
    expect(page.locator("[data-drop]")).to_have_class(re.compile("bo-drop--over"))
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": transfer})
    expect(page.locator("#fichiers")).to_contain_text("fec.txt")
    expect(page.locator("[data-drop]")).not_to_have_class(re.compile("bo-drop--over"))


def test_a_cut_upload_is_sent_again(page: Page) -> None:
    cut = {"left": 1}

    def answer(route: Route) -> None:
        if cut["left"]:
            cut["left"] -= 1
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/composants/fichiers/", answer)
    file = {"name": "fec.txt", "mimeType": "text/plain", "buffer": b"abc"}
    page.locator("[data-drop] input[type=file]").set_input_files([file])
    expect(page.locator("#fichiers")).to_contain_text("L’envoi s’est interrompu")
    page.get_by_role("button", name="Envoyer de nouveau").click()
    expect(page.locator("#fichiers > li").last).to_contain_text("Reçu")


def test_the_phone_menu_opens_and_closes(people: People, surfer: Surfer) -> None:
    page = surfer.page(people.administrator, 390)
    page.goto(GALLERY)
    button = page.get_by_role("button", name="Menu", exact=True)
    menu = page.get_by_role("navigation", name="Menu principal")
    expect(menu).to_be_hidden()
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(menu.get_by_role("link", name="Accueil")).to_be_focused()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()


def test_pages_are_read_without_scripts(people: People, surfer: Surfer) -> None:
    page = surfer.page(people.administrator, 390, java_script_enabled=False)
    page.goto(GALLERY)
    expect(page.get_by_role("navigation", name="Menu principal").get_by_role("link", name="Accueil")).to_be_visible()
    page.locator("summary[aria-label='Garage Pellouin']").click()
    expect(page.get_by_role("link", name="Supprimer…").first).to_be_visible()


def test_nothing_is_lost_at_320_pixels(people: People, surfer: Surfer) -> None:
    page = surfer.page(people.administrator, 320)
    page.goto(GALLERY)
    assert_accessible(page)


def test_a_window_that_closes_waits_for_what_it_asked(
    people: People, surfer: Surfer, in_flight: InFlight, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended = Event(), Event()

    def slow(*_given: object, **_named: object) -> HttpResponse:
        begun.set()
        time.sleep(0.5)
        ended.set()
        return HttpResponse()

    monkeypatch.setattr("cabinet.web.gallery.views.render", slow)
    page = surfer.page(people.administrator)
    page.goto(reverse("home"))
    page.evaluate("url => { fetch(url); }", GALLERY)
    assert begun.wait(10)
    in_flight.wait()
    assert ended.is_set()
