"""Step 1 through the door: every case of a number."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from bocage.registry import UnavailableReason
from cabinet.clients.details import CORRECTABLE
from cabinet.onboarding import services
from cabinet.onboarding.drafts import access_draft
from cabinet.onboarding.models import Draft
from cabinet.onboarding.steps import CompanyStep
from cabinet.registry.enums import LookupCase
from cabinet.registry.services import LookupOutcome
from tests.cabinet.factories import make_siret
from tests.cabinet.onboarding.drafting import (
    CANNERY,
    CEDEX,
    CLOSED,
    FOREIGN,
    HIDDEN,
    MOVED,
    MOVED_TO,
    NEW_OFFICE,
    OLD_OFFICE,
    OVERSEAS,
    SEVERAL,
    THOUSANDS,
    TWICE,
    TWICE_KEPT,
    begin,
)
from tests.cabinet.people import People

HTMX = {"HTTP_HX_REQUEST": "true"}


class Page:
    """Step 1 of one new draft, in one person's browser."""

    def __init__(self, people: People, name: str) -> None:
        self.people, self.name, self.id = people, name, uuid4()
        self.browser: Browser = people.browser(name)
        self.url = reverse("wizard_company", args=[self.id])

    def get(self) -> str:
        return self.text(self.browser.get(self.url))

    def post(self, expected: int = 302, **data: Any) -> HttpResponse:
        answer: Any = self.browser.post(self.url, data)
        assert answer.status_code == expected, answer.content.decode()[:2000]
        return answer

    def ask(self, typed: str) -> str:
        """*Vérifier*, as without JavaScript."""
        self.post(typed=typed, ask="1")
        return self.get()

    def check(self, typed: str) -> str:
        """What is said while one types."""
        url = reverse("wizard_check", args=[self.id])
        return self.text(self.browser.post(url, {"typed": typed}, **HTMX))  # type: ignore[arg-type]

    def kept(self) -> CompanyStep:
        return access_draft(self.people.actor(self.name), self.id).payload.company

    @staticmethod
    def text(answer: Any) -> str:
        assert answer.status_code in {200, 422}
        return str(answer.content.decode()).replace("\u00a0", " ").replace("&nbsp;", " ").replace("&#x27;", "'")


@pytest.fixture
def page(people: People) -> Page:
    return Page(people, "manager")


@pytest.fixture
def page_of(people: People) -> Callable[[str], Page]:
    return lambda name: Page(people, name)


def test_the_start_is_an_address_of_its_own_and_keeps_nothing(people: People) -> None:
    browser = people.browser("manager")
    first, second = (browser.get(reverse("wizard_start")).headers["Location"] for _ in range(2))
    assert first != second
    assert browser.get(first).status_code == 200
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("000 047 290 0001", "Il manque 1 chiffre : 13 saisis, 14 attendus."),
        ("1", "Il manque 13 chiffres : 1 saisi, 14 attendus."),
        ("000 047 290 000100", "Il y a 1 chiffre de trop : 15 saisis, 14 attendus."),
        ("000 047 290 00011", "le SIRET ne respecte pas sa clé de contrôle"),
        ("000 047 291 00010", "Les 9 premiers chiffres (le SIREN) ne respectent pas leur clé de contrôle."),
        ("000 047 29O 00010", "ne contient que des chiffres"),
        ("00000000000000", "uniquement de zéros"),
    ],
)
def test_the_key_is_checked_as_one_types(page: Page, typed: str, said: str) -> None:
    assert said in page.check(typed)
    assert not Draft.objects.exists()
    page.post(422, typed=typed, go="next")
    assert page.kept().typed == typed


def test_a_number_on_its_way_is_not_wrong_yet(page: Page) -> None:
    assert 'data-fault="false"' in page.check("000 047 290 0001")
    assert 'data-fault="true"' in page.check("000 047 290 00011")
    refused = page.text(page.post(422, typed="000 047 290 0001", go="next"))
    assert 'data-fault="true"' in refused
    assert 'aria-invalid="true"' in refused
    assert "Un point à régler avant de continuer" in refused


def test_a_complete_number_announces_the_question_then_asks_it(page: Page) -> None:
    asking = page.check("000 047 290 00010")
    assert "Interrogation du registre." in asking
    assert "load delay:0ms" in asking
    answer: Any = page.browser.post(page.url, {"typed": CANNERY, "ask": "1"}, **HTMX)  # type: ignore[arg-type]
    said = page.text(answer)
    assert "Conserverie Lestrohan" in said
    assert "Rempli automatiquement depuis le registre" in said
    assert said.lstrip().startswith('<div class="bo-stack bo-answer"')


def test_a_siren_being_typed_waits_before_it_is_asked(page: Page) -> None:
    assert "load delay:800ms" in page.check("000 047 290")


def test_found(page: Page) -> None:
    said = page.ask("000 047 290 00010")
    for word in (
        'value="Conserverie Lestrohan"',
        'value="10.39A"',
        "Autre transformation et conservation de légumes",
        'value="14 chemin du Vivier"',
        'value="53160"',
        'value="Bais"',
        'value="1396"',
        "SAS, société par actions simplifiée",
        "Siège social",
        "4 mai 1998",
        "50 à 99 salariés (2023)",
        "Établissement ouvert",
        "Registre de démonstration, mise à jour du 16/11/2026, lue aujourd’hui",
    ):
        assert word in said, word
    assert "Corrigée par vous" not in said
    assert '<details class="bo-disclosure bo-disclosure--arrow" id="fiche" data-disclosure>' in said


def test_a_corrected_field_says_so(page: Page) -> None:
    page.ask(CANNERY)
    page.post(typed=CANNERY, card=CANNERY, ask="again", name="Conserverie Lestrohan", street="14 che du Vivier")
    said = page.get()
    assert "Corrigée par vous. Valeur du registre : 14 chemin du Vivier." in said
    assert "Rétablir" in said
    assert 'id="fiche" open' in said


def test_corrections_are_kept_as_they_are_made(page: Page) -> None:
    page.ask(CANNERY)
    url = reverse("wizard_keep_company", args=[page.id])
    data = {"typed": CANNERY, "card": CANNERY, "street": "15 chemin du Vivier", "file_code": "L0418"}
    sent: Any = page.browser.post(url, data, HTTP_HX_TRIGGER_NAME="street", **HTMX)  # type: ignore[arg-type]
    said = page.text(sent)
    assert said.lstrip().startswith('<div class="bo-field"')
    assert "Valeur du registre : 14 chemin du Vivier." in said
    assert "Brouillon enregistré à" in said
    assert (page.kept().street, page.kept().file_code) == ("15 chemin du Vivier", "L0418")


def test_unknown(page: Page) -> None:
    siret = make_siret(8888)
    said = page.ask(siret)
    assert "Le registre ne connaît pas ce numéro." in said
    refused = page.text(page.post(422, typed=siret, card=siret, name="", go="next"))
    assert "Le nom de l’entreprise manque." in refused
    page.post(typed=siret, card=siret, name="Jeune Pousse Fictive", go="next")
    assert page.kept().details().to_complete


def test_unreachable(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(text: str, *, again: bool = False) -> LookupOutcome:
        return LookupOutcome(LookupCase.UNREACHABLE, real(text).key, reason=UnavailableReason.TIMEOUT, seconds=3.0)

    real = services.look_up
    monkeypatch.setattr(services, "look_up", silent)
    said = page.ask(CANNERY)
    assert "Le registre ne répond pas." in said
    assert "complétée plus tard" in said
    page.post(typed=CANNERY, card=CANNERY, name="Lestrohan", go="next")
    assert page.kept().details().to_complete


def test_closed(page: Page) -> None:
    said = page.ask(CLOSED)
    assert "Cet établissement est fermé depuis le 31/03/2024." in said
    assert "Créer quand même (liquidation, historique)" in said
    refused = page.text(page.post(422, typed=CLOSED, card=CLOSED, name="Bistrot du Vieux Pont", go="next"))
    assert "la case de l’établissement fermé" in refused
    page.post(typed=CLOSED, card=CLOSED, name="Bistrot du Vieux Pont", create_closed="on", go="next")


def test_closed_with_a_successor(page: Page) -> None:
    said = page.ask(MOVED)
    assert "000 074 617 00028" in said
    assert "Le prendre" in said
    page.post(typed=MOVED, take=MOVED_TO)
    assert page.kept().siret == MOVED_TO
    said = page.get()
    assert "Établissement ouvert" in said
    assert "fermé" not in said


def test_taking_another_number_writes_it_in_the_field(page: Page) -> None:
    answer: Any = page.browser.post(page.url, {"typed": MOVED, "take": MOVED_TO}, **HTMX)  # type: ignore[arg-type]
    said = page.text(answer)
    assert 'id="numero" hx-swap-oob="true"' in said
    assert 'value="000 074 617 00028"' in said


def test_closed_when_the_head_office_moved_and_nobody_says_what_follows(page: Page) -> None:
    said = page.ask(OLD_OFFICE)
    assert "Cet établissement est fermé depuis le 31/12/2021." in said
    assert "Le siège de l’entreprise est aujourd’hui le 000 077 115 00038." in said
    page.post(typed=OLD_OFFICE, take=NEW_OFFICE)
    assert "Siège social" in page.get()


def test_registered_twice(page: Page) -> None:
    said = page.ask(TWICE)
    assert "l’Insee a gardé le SIREN 000 069 427" in said
    assert f'value="{TWICE_KEPT}"' in said
    page.post(422, typed=TWICE, go="next")
    page.post(typed=TWICE, take=TWICE_KEPT)
    assert 'value="Hôtel de la Coudraie"' in page.get()


def test_thousands_of_establishments_are_counted_not_listed(page: Page) -> None:
    said = page.ask(THOUSANDS)
    assert "l’entreprise compte 4 213 établissements ouverts." in said
    assert said.count('name="take"') == 1, "the head office"


@pytest.mark.parametrize("siret", ["35600000000048", "35600000049837"])
def test_la_poste_has_a_key_of_its_own(page: Page, siret: str) -> None:
    assert "Interrogation du registre." in page.check(siret)
    assert "Le registre ne connaît pas ce numéro." in page.ask(siret)


@pytest.mark.parametrize(
    ("siret", "words"),
    [
        (CANNERY, ["10.39A", "Autre transformation et conservation de légumes", "Code APE en NAF 2025", "10.39Y",
                   "Code APE en NAF rév. 2", '<p class="bo-caption" lang="en">Other processing and pres']),
        (OVERSEAS, ['value="97400"', "Territoire", "La Réunion"]),
        (CEDEX, ['value="35042"', 'value="Rennes Cedex"', "CS 40012", "<dt>Commune</dt><dd>Rennes</dd>"]),
        (FOREIGN, ['value="Irlande"', 'value="Dublin"']),
    ],
    ids=["two nomenclatures", "overseas", "CEDEX", "foreign"],
)  # fmt: skip
def test_addresses_and_codes_of_every_kind(page: Page, siret: str, words: list[str]) -> None:
    said = page.ask(siret)
    for word in words:
        assert word in said, word
    page.post(typed=siret, card=siret, go="next", **company_fields(page))
    assert page.kept().details().siret == siret


def company_fields(page: Page) -> dict[str, str]:
    return {name: getattr(page.kept(), name) for name in CORRECTABLE}


def test_masked(page: Page) -> None:
    said = page.ask(HIDDEN)
    assert "diffusion partielle" in said
    assert "Masqué dans le registre : à saisir par vous." in said
    assert page.kept().name == ""
    assert "NON-DIFFUSIBLE" not in said
    page.post(typed=HIDDEN, card=HIDDEN, name="Peinture Fictive", street="3 rue du Four", go="next")
    assert page.kept().corrected == {}


def test_siren(page: Page) -> None:
    said = page.ask(SEVERAL)
    assert "Ce numéro est un SIREN : l’entreprise compte 4 établissements ouverts." in said
    assert said.count("Choisir l’établissement") == 4
    assert said.index("000 061 283 00040") < said.index("000 061 283 00024")
    page.post(422, typed=SEVERAL, go="next")
    page.post(typed=SEVERAL, take="00006128300024")
    assert page.kept().siret == "00006128300024"


def test_followed_and_visible(page: Page) -> None:
    said = page.ask(page.people.client.siret)
    assert "Cet établissement est déjà suivi par le cabinet." in said
    assert reverse("dossier_overview", args=[page.people.client.id]) in said
    refused = page.text(page.post(422, typed=page.people.client.siret, go="next"))
    assert "le numéro de SIRET" in refused


def test_followed_out_of_reach(page_of: Callable[[str], Page]) -> None:
    page = page_of("outside")
    said = page.ask(page.people.client.siret)
    assert "dans un dossier qui ne vous est pas ouvert" in said
    assert "adressez-vous à Solène Hautbois" in said
    assert page.people.client.name not in said
    assert page.people.manager.full_name not in said
    assert str(page.people.client.id) not in said


def test_a_client_of_another_firm_is_nobody_s_business(page: Page) -> None:
    said = page.ask(page.people.other_client.siret)
    assert "déjà suivi" not in said
    assert "Garage Pellouin" not in said


def test_next_asks_the_registry_when_nobody_did(page: Page) -> None:
    answer = page.post(typed=CANNERY, go="next", file_code="L0418", contact_name="Gwenaëlle Lestrohan")
    assert answer.headers["Location"] == reverse("wizard_organisation", args=[page.id])
    assert (page.kept().name, page.kept().file_code) == ("Conserverie Lestrohan", "L0418")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("contact_email", "gwenaelle", "Cette adresse e-mail n’est pas complète."),
        ("file_code", "T0412", "Un autre client du cabinet porte déjà ce code dossier."),
        ("ape", "abc", "Un code APE s’écrit avec quatre chiffres et une lettre."),
        ("town", "x" * 101, "Ce texte dépasse 100 caractères."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_kept(page: Page, field: str, value: str, said: str) -> None:
    page.ask(CANNERY)
    refused = page.text(page.post(422, typed=CANNERY, card=CANNERY, name="Lestrohan", go="next", **{field: value}))
    assert said in refused
    assert f'href="#id_{field}"' in refused
    assert getattr(page.kept(), field) == value


def test_somebody_else_s_draft(people: People) -> None:
    draft_id = begin(people.actor("manager"))
    for route in ("wizard_company", "wizard_organisation", "wizard_data", "wizard_summary", "wizard_resume"):
        assert people.browser("administrator").get(reverse(route, args=[draft_id])).status_code == 404
    for route in ("wizard_check", "wizard_keep_company", "wizard_keep_organisation", "wizard_keep_dates"):
        assert people.browser("administrator").post(reverse(route, args=[draft_id])).status_code == 404


def test_two_tabs_are_two_drafts(people: People) -> None:
    one, two = Page(people, "manager"), Page(people, "manager")
    one.post(typed=CANNERY, go="next")
    two.post(typed="00001234400016", go="next")
    assert (one.kept().name, two.kept().name) == ("Conserverie Lestrohan", "Mécanique de l’Atelier")


def test_an_earlier_step_gone_wrong_leads_back_to_it(people: People) -> None:
    page = Page(people, "manager")
    page.post(typed=CANNERY, go="next")
    rival = Page(people, "expert")
    rival.post(typed=CANNERY, go="next")
    url = reverse("wizard_organisation", args=[rival.id])
    rival.browser.post(url, {"manager_id": str(people.expert.id), "go": "next"})
    services.save(people.actor("expert"), rival.id)
    answer: Any = page.browser.get(reverse("wizard_organisation", args=[page.id]), follow=True)
    assert answer.redirect_chain == [(page.url, 302)]
    said = page.text(answer)
    assert "déjà suivi par le cabinet" in said
    assert "Un point à régler avant de continuer" in said


def test_steps_cannot_be_jumped(people: People) -> None:
    page = Page(people, "manager")
    page.ask("000 047")
    for route in ("wizard_organisation", "wizard_data", "wizard_summary"):
        for answer in (
            page.browser.get(reverse(route, args=[page.id])),
            page.browser.post(reverse(route, args=[page.id]), {"go": "save"}),
        ):
            assert (answer.status_code, answer.headers["Location"]) == (302, page.url)
    hurried: Any = page.browser.post(reverse("wizard_keep_organisation", args=[page.id]), {}, **HTMX)  # type: ignore[arg-type]
    assert hurried.headers["HX-Redirect"] == page.url
