"""The wizard as a person lives it: typing, tabs, the back button, the keyboard, a phone, no script."""

import re
from collections.abc import Callable
from datetime import date
from time import sleep
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from cabinet.clients.models import Client
from cabinet.onboarding import services
from cabinet.onboarding.models import Draft
from tests.cabinet.factories import make_siret
from tests.cabinet.files import dsn_files, fec_name, make_fec, unbalanced
from tests.cabinet.onboarding.drafting import (
    CANNERY,
    CEDEX,
    CLOSED,
    FOREIGN,
    HIDDEN,
    MOVED,
    OLD_OFFICE,
    OVERSEAS,
    SEVERAL,
    THOUSANDS,
    TWICE,
    WORKSHOP,
    begin,
    organise,
)
from tests.cabinet.people import People
from tests.web.browser import Surfer, assert_accessible, shoot

expect.set_options(timeout=20_000)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FEC = fec_name("000012344")
STEP_URLS = {1: "**/entreprise/", 2: "**/organisation/", 3: "**/donnees/", 4: "**/recapitulatif/"}


def type_number(page: Page, number: str) -> None:
    page.get_by_label("Numéro de SIRET").fill(number)


def state(page: Page, name: str) -> None:
    """Wait until the page says this of the number."""
    page.wait_for_selector(f'#reponse > [data-state="{name}"]')


def forward(page: Page, step: int) -> None:
    page.get_by_role("button", name="Suivant").click()
    page.wait_for_url(STEP_URLS[step])


def send(page: Page, name: str, content: bytes) -> None:
    page.get_by_label("Déposez les fichiers FEC/DSN").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": content}
    )
    expect(page.locator("#fichiers li").filter(has_text=name).first).to_be_visible()


@pytest.fixture
def at_data(people: People, surfer: Surfer) -> Callable[..., Page]:
    """A window on step 3 of a draft that is new."""

    def open_step(name: str = "manager", **options: Any) -> Page:
        actor = people.actor(name)
        draft_id = begin(actor, WORKSHOP)
        organise(actor, draft_id, getattr(people, name))
        page = surfer.page(getattr(people, name), **options)
        page.goto(reverse("wizard_data", args=[draft_id]))
        return page

    return open_step


def both_widths(page: Page, name: str) -> None:
    """axe at both widths, and the picture of the page."""
    page.evaluate("window.scrollTo(0, 0)")
    for width, height in ((390, 844), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        assert_accessible(page)
    shoot(page, name)


# Step 1

OTHER_CASES = (
    (OLD_OFFICE, "Le siège de l’entreprise est aujourd’hui le", "siege"),
    (TWICE, "l’Insee a gardé le SIREN", "doublon"),
    (THOUSANDS, "4\u00a0213 établissements ouverts", "reseau"),
    (CANNERY, "Conserverie Lestrohan", "nomenclatures"),
    (OVERSEAS, "Distillerie du Piton Fictif", "outre-mer"),
    (CEDEX, "Logistique des Trois Vallées", "cedex"),
    (FOREIGN, "Sample Consulting Limited", "etranger"),
)


# Types as soon as the field of a number taken from an answer is in the page, before htmx has begun to listen to it.
TYPE_AT_ONCE = """(number) => new MutationObserver((changes, observer) => {
  const added = changes.flatMap((change) => [...change.addedNodes]);
  const field = added.find((node) => node.id === "numero")?.querySelector("input");
  if (!field) return;
  observer.disconnect();
  field.value = number;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}).observe(document.body, { childList: true, subtree: true })"""


def test_a_number_typed_while_the_field_is_drawn_again_is_asked_for(people: People, surfer: Surfer) -> None:
    page = surfer.page(people.manager)
    page.goto(reverse("wizard_start"))
    type_number(page, MOVED)
    taken = page.get_by_role("button", name="Le prendre")
    expect(taken).to_be_visible()
    page.evaluate(TYPE_AT_ONCE, CLOSED)
    taken.click()
    expect(page.get_by_label("Numéro de SIRET")).to_have_value(CLOSED)
    expect(page.locator("#reponse")).to_contain_text("fermé depuis le 31/03/2024")


def test_every_case_of_a_number(people: People, surfer: Surfer) -> None:
    page = surfer.page(people.manager)
    page.goto(reverse("wizard_start"))
    both_widths(page, "wizard_company")
    said = page.locator("#reponse")
    field = page.get_by_label("Numéro de SIRET")

    type_number(page, "000 047 290 0001")
    expect(said).to_contain_text("Il manque 1 chiffre")
    expect(field).to_have_attribute("aria-invalid", "false")
    type_number(page, "000 047 290 00011")
    expect(said).to_contain_text("ne respecte pas sa clé de contrôle")
    expect(field).to_have_attribute("aria-invalid", "true")
    both_widths(page, "wizard_company-cle")

    type_number(page, SEVERAL)
    expect(said).to_contain_text("Interrogation du registre.")
    state(page, "sites")
    both_widths(page, "wizard_company-siren")
    page.get_by_role("button", name=re.compile("00024$")).click()
    expect(field).to_have_value(re.compile("00024$"))
    state(page, "found")

    type_number(page, MOVED)
    expect(page.get_by_role("button", name="Le prendre")).to_be_visible()
    both_widths(page, "wizard_company-ferme")
    page.get_by_role("button", name="Le prendre").click()
    expect(field).to_have_value(re.compile("00028$"))
    expect(page.get_by_text("Établissement ouvert", exact=True)).to_be_visible()

    type_number(page, CLOSED)
    expect(said).to_contain_text("fermé depuis le 31/03/2024")
    page.get_by_role("button", name="Suivant").click()
    expect(page.locator("#blocages")).to_contain_text("la case de l’établissement fermé")
    page.locator("#blocages a").click()
    expect(page.get_by_label("Créer quand même (liquidation, historique)")).to_be_focused()

    for number, words, name in OTHER_CASES:
        type_number(page, number)
        expect(said).to_contain_text(words)
        if name in {"nomenclatures", "outre-mer", "cedex", "etranger"}:
            state(page, "found")
            page.locator("#fiche:not([open]) > summary").click()
        if name == "doublon":
            both_widths(page, "wizard_company-doublon")
        else:
            shoot(page, f"wizard_company-{name}")

    type_number(page, HIDDEN)
    expect(said).to_contain_text("diffusion partielle")
    expect(page.get_by_label("Nom de l’entreprise")).to_have_value("")
    both_widths(page, "wizard_company-masque")

    type_number(page, make_siret(8888))
    expect(said).to_contain_text("Le registre ne connaît pas ce numéro.")
    both_widths(page, "wizard_company-inconnu")

    type_number(page, people.client.siret)
    expect(said).to_contain_text("déjà suivi par le cabinet")
    expect(said.get_by_role("link", name=people.client.name)).to_be_visible()
    both_widths(page, "wizard_company-suivi")


def test_the_arrow_unfolds_and_a_correction_says_so(people: People, surfer: Surfer) -> None:
    page = surfer.page(people.manager)
    page.goto(reverse("wizard_start"))
    type_number(page, "000 047 290 00010")
    state(page, "found")
    name = page.get_by_label("Nom de l’entreprise")
    expect(name).to_be_hidden()
    page.locator("#fiche > summary").click()
    expect(name).to_have_value("Conserverie Lestrohan")
    expect(page.get_by_label("Code APE")).to_have_value("10.39A")
    expect(page.get_by_role("group", name="Adresse postale")).to_be_visible()

    street = page.get_by_label("Numéro et voie")
    street.fill("15 chemin du Vivier")
    street.press("Tab")
    corrected = page.locator(".bo-field__corrected")
    expect(corrected).to_contain_text("Corrigée par vous. Valeur du registre")
    expect(page.get_by_label("Code postal")).to_be_focused()
    both_widths(page, "wizard_company-corrige")
    page.get_by_role("button", name="Rétablir Numéro et voie").click()
    expect(corrected).to_have_count(0)
    expect(page.get_by_label("Numéro et voie")).to_have_value("14 chemin du Vivier")


def test_a_number_typed_before_the_scripts_are_there_is_asked_for(people: People, surfer: Surfer) -> None:
    page = surfer.page(people.manager)
    page.route("**/*htmx*.js", lambda route: (page.wait_for_timeout(1_500), route.continue_()))
    page.goto(reverse("wizard_start"), wait_until="commit")
    type_number(page, CANNERY)
    assert page.evaluate("typeof window.htmx") == "undefined"
    state(page, "found")


def test_the_registry_that_answers_late_is_waited_for_in_sight(
    people: People, surfer: Surfer, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = services.look_up
    monkeypatch.setattr(services, "look_up", lambda text, again=False: (sleep(1.2), real(text, again=again))[1])
    page = surfer.page(people.manager)
    page.goto(reverse("wizard_start"))
    type_number(page, CANNERY)
    expect(page.locator("#reponse")).to_contain_text("Interrogation du registre.")
    type_number(page, WORKSHOP)
    state(page, "found")
    expect(page.locator("#fiche")).to_contain_text("Mécanique de l’Atelier")
    page.wait_for_timeout(1_500)
    expect(page.locator("#fiche")).to_contain_text("Mécanique de l’Atelier")


def test_a_closed_browser_loses_nothing(people: People, surfer: Surfer) -> None:
    page = surfer.page(people.manager)
    page.goto(reverse("wizard_start"))
    type_number(page, CANNERY)
    state(page, "found")
    page.get_by_label("Personne de contact").fill("Gwenaëlle Lestrohan")
    page.get_by_label("Personne de contact").press("Tab")
    expect(page.locator("#brouillon")).to_contain_text("Brouillon enregistré à")
    page.context.close()

    page = surfer.page(people.manager)
    page.goto(reverse("client_list"))
    page.get_by_role("link", name="Reprendre Conserverie Lestrohan").click()
    expect(page.get_by_label("Personne de contact")).to_have_value("Gwenaëlle Lestrohan")


# The whole


def test_two_tabs_are_two_drafts(people: People, surfer: Surfer) -> None:
    one = surfer.page(people.manager)
    two = one.context.new_page()
    for page, number in ((one, CANNERY), (two, WORKSHOP)):
        page.goto(reverse("wizard_start"))
        type_number(page, number)
        state(page, "found")
    forward(one, 2)
    forward(two, 2)
    expect(one.locator("main")).to_contain_text("Conserverie Lestrohan")
    expect(two.locator("main")).to_contain_text("Mécanique de l’Atelier")
    assert Draft.objects.count() == 2
    for page in (one, two):
        forward(page, 3)
        page.get_by_role("button", name="Ignorer cette étape").click()
        page.wait_for_url(STEP_URLS[4])
        page.get_by_role("button", name="Enregistrer").last.click()
        page.wait_for_url(re.compile(r"/clients/[0-9a-f-]{36}/$"))
    assert set(Client.objects.filter(manager=people.manager).values_list("siret", flat=True)) >= {CANNERY, WORKSHOP}


def test_the_back_button(people: People, surfer: Surfer) -> None:
    page = surfer.page(people.manager)
    page.goto(reverse("wizard_start"))
    type_number(page, CANNERY)
    state(page, "found")
    forward(page, 2)
    forward(page, 3)
    page.go_back()
    page.wait_for_url(STEP_URLS[2])
    page.go_back()
    page.wait_for_url(STEP_URLS[1])
    expect(page.get_by_label("Numéro de SIRET")).to_have_value(re.compile("00010$"))
    type_number(page, WORKSHOP)
    expect(page.locator("#fiche")).to_contain_text("Mécanique de l’Atelier")
    forward(page, 2)
    forward(page, 3)
    page.get_by_role("button", name="Ignorer cette étape").click()
    page.wait_for_url(STEP_URLS[4])
    page.get_by_role("button", name="Enregistrer").last.click()
    page.wait_for_url(re.compile(r"/clients/[0-9a-f-]{36}/$"))
    dossier = page.url
    page.go_back()
    page.reload()
    assert page.url == dossier
    assert Client.objects.filter(siret=WORKSHOP).count() == 1
    assert not Client.objects.filter(siret=CANNERY).exists()


def test_with_the_keyboard_alone(people: People, surfer: Surfer) -> None:
    page = surfer.page(people.inside)
    page.goto(reverse("wizard_start"))

    def reach(role: str, name: str) -> None:
        """Tab until the focus is there."""
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.get_by_role(role, name=name).evaluate_all("all => all.includes(document.activeElement)"):  # type: ignore[arg-type]
                return
        raise AssertionError(f"{name} is never focused")

    reach("textbox", "Numéro de SIRET")
    page.keyboard.type("00004729000010")
    state(page, "found")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("Nom de l’entreprise")).to_be_visible()
    page.get_by_label("Numéro de SIRET").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(STEP_URLS[2])
    reach("checkbox", "Agroalimentaire")
    page.keyboard.press("Space")
    reach("combobox", "Responsable de dossier")
    page.keyboard.type("Inès")
    reach("button", "Suivant")
    page.keyboard.press("Enter")
    page.wait_for_url(STEP_URLS[3])
    reach("button", "Ignorer cette étape")
    page.keyboard.press("Space")
    page.wait_for_url(STEP_URLS[4])
    reach("button", "Enregistrer")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/clients/[0-9a-f-]{36}/$"))
    client = Client.objects.get(siret=CANNERY)
    assert (client.manager, list(client.portfolios.all())) == (people.manager, [people.portfolio])


def test_without_scripts(people: People, surfer: Surfer) -> None:
    page = surfer.page(people.manager, java_script_enabled=False)
    page.goto(reverse("client_list"))
    page.get_by_role("link", name="Nouveau client").first.click()
    type_number(page, "000 012 344 00016")
    page.get_by_role("button", name="Vérifier").click()
    expect(page.locator("#fiche")).to_contain_text("Mécanique de l’Atelier")
    forward(page, 2)
    forward(page, 3)
    page.get_by_label("Déposez les fichiers FEC/DSN").set_input_files(
        {"name": FEC, "mimeType": "text/plain", "buffer": make_fec()}
    )
    page.get_by_role("button", name="Suivant").click()
    expect(page.locator("#fichiers")).to_contain_text("FEC, Mécanique de l’Atelier")
    page.get_by_label("Date de fin").fill("2025-06-30")
    page.get_by_role("button", name="Suivant").click()
    expect(page.locator("main")).to_contain_text("Ces dates ne sont pas celles du FEC.")
    page.get_by_role("button", name="Prendre les dates du FEC").click()
    expect(page.get_by_label("Date de fin")).to_have_value("2025-12-31")
    forward(page, 4)
    page.get_by_role("button", name="Enregistrer").last.click()
    page.wait_for_url(re.compile(r"/clients/[0-9a-f-]{36}/$"))
    assert Client.objects.get(siret=WORKSHOP).years.count() == 1


# Step 2, 3, 4


def test_organisation(people: People, surfer: Surfer) -> None:
    draft_id = begin(people.actor("inside"), CANNERY)
    page = surfer.page(people.inside)
    page.goto(reverse("wizard_organisation", args=[draft_id]))
    both_widths(page, "wizard_organisation")
    page.get_by_label("Responsable de dossier").select_option("")
    page.get_by_role("button", name="Suivant").click()
    expect(page.locator("#blocages")).to_contain_text("le responsable de dossier")
    both_widths(page, "wizard_organisation-bloque")


def test_files_of_every_kind(at_data: Callable[..., Page]) -> None:
    page = at_data()
    both_widths(page, "wizard_data")
    files = page.locator("#fichiers")
    send(page, FEC, unbalanced(make_fec()))
    expect(files).to_contain_text("non équilibré")
    send(page, "paie.dsn", dsn_files()[0].read_bytes())
    expect(files).to_contain_text("DSN mensuelle, Mécanique de l’Atelier, janvier 2025, 15")
    send(page, "photo.txt", b"\x89PNG\r\n\x1a\n" + bytes(400))
    expect(files).to_contain_text("C’est une image.")
    send(page, fec_name("000047290"), make_fec())
    expect(files).to_contain_text("celui d’une autre entreprise")
    send(page, "copie.txt", unbalanced(make_fec()))
    expect(files).to_contain_text("a déjà été déposé")
    expect(page.locator("#annonce")).to_contain_text("2")
    both_widths(page, "wizard_data-fichiers")
    for name in ("photo.txt", "copie.txt"):
        page.get_by_role("button", name=f"Retirer {name}").click()
        expect(files.get_by_text(name)).to_have_count(0)
    replace = page.get_by_role("link", name="Remplacer 000047290FEC20251231.txt")
    alone = page.context.new_page()
    alone.goto(replace.get_attribute("href") or "")
    both_widths(alone, "wizard_replace_file")
    alone.close()
    replace.click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("Remplacer un fichier")
    drawer.get_by_label("Nouveau fichier").set_input_files(
        {"name": "mars.dsn", "mimeType": "text/plain", "buffer": dsn_files()[4].read_bytes()}
    )
    drawer.get_by_role("button", name="Remplacer le fichier").click()
    expect(files).to_contain_text("mars 2025")
    expect(files.get_by_text("000047290FEC20251231.txt")).to_have_count(0)
    forward(page, 4)
    both_widths(page, "wizard_summary")


def test_dates_that_do_not_match(at_data: Callable[..., Page]) -> None:
    page = at_data()
    page.get_by_label("Date de début").fill("2024-10-01")
    page.get_by_label("Date de fin").fill("2025-09-30")
    expect(page.locator("#brouillon")).to_contain_text("Brouillon enregistré")
    page.wait_for_timeout(500)
    send(page, FEC, make_fec())
    alert = page.locator(".bo-year__verdict")
    expect(alert).to_contain_text("Ces dates ne sont pas celles du FEC.")
    expect(page.get_by_label("Date de fin")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Suivant").click()
    expect(page.locator("#blocages")).to_contain_text("les dates de l’exercice")
    both_widths(page, "wizard_data-dates")
    page.get_by_role("button", name="Prendre les dates du FEC").click()
    expect(page.get_by_label("Date de début")).to_have_value("2025-01-01")
    expect(page.locator("#blocages")).to_be_empty()
    page.get_by_label("Date de fin").fill("2025-11-30")
    expect(alert).to_contain_text("Ces dates ne sont pas celles du FEC.")
    page.get_by_label("Date de fin").fill("2025-12-31")
    expect(alert).to_contain_text("Dates du FEC")
    expect(page.get_by_label("Date de fin")).to_have_attribute("aria-invalid", "false")
    forward(page, 4)


def test_files_are_dragged_and_dropped(at_data: Callable[..., Page]) -> None:
    page = at_data()
    texts = [make_fec().decode("iso8859-15"), dsn_files()[0].read_text("iso8859-15")]
    transfer = page.evaluate_handle(
        """(texts) => { const carried = new DataTransfer(); const names = ["000012344FEC20251231.txt", "paie.dsn"];
        const latin = (text) => Uint8Array.from(text, (char) => char.charCodeAt(0));
        texts.forEach((text, rank) => carried.items.add(new File([latin(text)], names[rank])));
        return carried; }""",
        texts,
    )
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": transfer})
    files = page.locator("#fichiers")
    expect(files.locator("li")).to_have_count(2)
    expect(files.get_by_text("Accepté")).to_have_count(2)
    expect(page.get_by_label("Date de fin")).to_have_value("2025-12-31")


def test_the_draft_is_given_up(people: People, at_data: Callable[..., Page]) -> None:
    page = at_data(width=390)
    page.locator("main summary").first.click()
    page.get_by_role("link", name="Supprimer le brouillon…").click()
    both_widths(page, "wizard_discard")
    page.get_by_role("button", name="Supprimer le brouillon").click()
    page.wait_for_url(f"**{reverse('client_list')}")
    expect(page.get_by_role("status").filter(has_text="Le brouillon est supprimé.")).to_be_visible()
    assert not Draft.objects.exists()


def test_a_year_from_the_first_of_october(at_data: Callable[..., Page]) -> None:
    page = at_data()
    start, end = date(2024, 10, 1), date(2025, 9, 30)
    send(page, fec_name("000012344", end), make_fec(start=start, end=end))
    expect(page.get_by_label("Date de début")).to_have_value("2024-10-01")
    expect(page.get_by_label("Date de fin")).to_have_value("2025-09-30")
