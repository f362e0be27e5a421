"""Steps 2 and 4 through the door, and the draft as a whole."""

from typing import Any

import pytest
from django.urls import reverse

from cabinet.clients.models import Client
from cabinet.dossiers.models import Mission
from cabinet.onboarding.models import Draft
from cabinet.onboarding.services import keep_data
from cabinet.onboarding.steps import Step, TypedYear
from cabinet.portfolios.models import Portfolio
from cabinet.web.wizard.recap import agreement
from tests.cabinet.factories import make_collaborator, make_group, make_portfolio
from tests.cabinet.files import dsn_files, fec_name, make_fec
from tests.cabinet.onboarding.drafting import CANNERY, begin
from tests.cabinet.people import People
from tests.web.wizard.visiting import HTMX, DataStep, plain


class OrganisationStep:
    """Step 2 of a draft, in its owner's browser."""

    def __init__(self, people: People, name: str) -> None:
        self.browser = people.browser(name)
        self.id = begin(people.actor(name))
        self.url = reverse("wizard_organisation", args=[self.id])

    def page(self) -> str:
        return plain(self.browser.get(self.url))

    def next(self, expected: int = 302, **data: Any) -> Any:
        answer: Any = self.browser.post(self.url, {"go": "next", **data})
        assert answer.status_code == expected, plain(answer)[:2000]
        return answer


def test_the_current_user_is_proposed(people: People) -> None:
    said = OrganisationStep(people, "inside").page()
    assert f'<option value="{people.inside.id}" selected>' in said
    assert "Responsable de dossier" in said
    assert "Portefeuille(s)" in said
    assert "Un portefeuille segmente les clients du cabinet et gère les accès entre collaborateurs" in said
    assert "Pour voir ce client, soyez-en responsable ou choisissez un de vos portefeuilles." in said


def test_only_usable_portfolios_and_people_who_sign_in_are_offered(people: People) -> None:
    closed = make_portfolio(people.firm, "Réservé", responsables=[people.administrator])
    silent = make_collaborator(people.firm, first_name="Zoé", last_name="Sans-Compte", with_login=False)
    mine, everything = OrganisationStep(people, "inside").page(), OrganisationStep(people, "expert").page()
    assert "Agroalimentaire" in mine
    assert closed.name not in mine
    assert closed.name in everything
    assert silent.full_name not in everything
    assert people.stranger.full_name not in everything or people.stranger.full_name == people.administrator.full_name


@pytest.mark.parametrize(
    ("name", "said", "link"),
    [
        ("administrator", "Aucun portefeuille n’est défini dans le cabinet.", True),
        ("expert", "Un administrateur peut en créer un.", False),
        ("inside", "Aucun portefeuille ne vous est ouvert.", False),
    ],
)
def test_without_any_portfolio(people: People, name: str, said: str, link: bool) -> None:
    people.client.portfolios.clear()
    Portfolio.objects.all().delete()
    page = OrganisationStep(people, name).page()
    assert said in page
    assert (reverse("portfolio_create") in page) is link


def test_somebody_must_be_in_charge(people: People) -> None:
    step = OrganisationStep(people, "expert")
    said = plain(step.next(422, manager_id=""))
    assert "Le responsable de dossier n’est pas choisi." in said
    assert 'href="#id_manager_id"' in said
    assert Draft.objects.get(id=step.id).step == Step.ORGANISATION


def test_nobody_creates_what_they_would_not_see(people: People) -> None:
    step = OrganisationStep(people, "inside")
    said = plain(step.next(422, manager_id=str(people.outside.id)))
    assert "Vous ne verriez pas ce client une fois créé." in said
    assert 'href="#portefeuilles"' in said
    step.next(manager_id=str(people.outside.id), portfolio_ids=[str(people.portfolio.id)])


def test_choices_are_kept_as_they_are_made(people: People) -> None:
    step = OrganisationStep(people, "expert")
    url = reverse("wizard_keep_organisation", args=[step.id])
    data = {"manager_id": str(people.outside.id), "portfolio_ids": [str(people.portfolio.id)]}
    said = plain(step.browser.post(url, data, **HTMX))  # type: ignore[arg-type]
    assert "Brouillon enregistré à" in said
    assert f'<option value="{people.outside.id}" selected>' in step.page()
    assert "checked" in step.page()


def test_going_back_keeps_the_choices_whatever_they_are(people: People) -> None:
    step = OrganisationStep(people, "expert")
    answer = step.next(go="previous", manager_id=str(people.outside.id))
    assert answer.headers["Location"] == reverse("wizard_company", args=[step.id])
    assert f'<option value="{people.outside.id}" selected>' in step.page()


# Step 4


def recap(people: People, name: str = "inside") -> DataStep:
    step = DataStep(people, name, siret=CANNERY)
    step.next()
    return step


def save(step: DataStep, **data: Any) -> Any:
    page: Any = step.browser.get(step.url("wizard_summary"))
    return step.browser.post(step.url("wizard_summary"), {"go": "save", "seen": page.context["seen"], **data})


def test_everything_entered_is_read_back(people: People) -> None:
    step = recap(people)
    said = plain(step.browser.get(step.url("wizard_summary")))
    for word in (
        "Récapitulatif",
        "Conserverie Lestrohan",
        "000 047 290 00010, siège social",
        "10.39A, autre transformation et conservation de légumes",
        "14 chemin du Vivier, 53160 Bais",
        "Mathis Le Goff",
        "Verront ce dossier",
        "Bocage va créer le client et son dossier avec une première mission, en une seule fois.",
    ):
        assert word in said, word
    assert said.count("Enregistrer</span>") == 2
    for route in ("wizard_company", "wizard_organisation", "wizard_data"):
        assert step.url(route) in said
    assert not Client.objects.filter(siret=CANNERY).exists()


def test_saving_leads_to_the_dossier(people: People) -> None:
    step = recap(people)
    answer = save(step)
    client = Client.objects.get(siret=CANNERY)
    assert answer.headers["Location"] == reverse("dossier_overview", args=[client.id])
    assert Mission.objects.filter(dossier__client=client).count() == 1
    assert "Conserverie Lestrohan" in plain(step.browser.get(answer.headers["Location"]))


def test_a_double_click_creates_one_client(people: People) -> None:
    step = recap(people)
    page: Any = step.browser.get(step.url("wizard_summary"))
    data = {"go": "save", "seen": page.context["seen"]}
    answers = [step.browser.post(step.url("wizard_summary"), data) for _ in range(2)]
    assert {answer.headers["Location"] for answer in answers} == {reverse("dossier_overview", args=[step.id])}
    assert Client.objects.filter(siret=CANNERY).count() == 1


def test_back_in_the_browser_after_saving_leads_to_the_dossier(people: People) -> None:
    step = recap(people)
    save(step)
    dossier = reverse("dossier_overview", args=[step.id])
    for route in ("wizard_company", "wizard_organisation", "wizard_data", "wizard_summary", "wizard_resume"):
        assert step.browser.get(step.url(route)).headers["Location"] == dossier
    assert step.browser.post(step.url("wizard_company"), {"typed": CANNERY}).headers["Location"] == dossier
    assert people.browser("outside").get(step.url("wizard_summary")).headers["Location"] != dossier


def test_a_draft_changed_elsewhere_is_read_again_before_it_is_saved(people: People) -> None:
    step = recap(people)
    page: Any = step.browser.get(step.url("wizard_summary"))
    keep_data(step.actor, step.id, {"": TypedYear("2025-01-01", "2025-12-31")}, skipped=False)
    answer: Any = step.browser.post(
        step.url("wizard_summary"), {"go": "save", "seen": page.context["seen"]}, follow=True
    )
    assert answer.redirect_chain == [(step.url("wizard_summary"), 302)]
    said = plain(answer)
    assert "Ce brouillon a changé dans un autre onglet." in said
    assert "du 01/01/2025 au 31/12/2025" in said
    assert not Client.objects.filter(siret=CANNERY).exists()


def test_a_save_that_no_longer_holds_leads_to_its_step(people: People) -> None:
    step = recap(people, "expert")
    page: Any = step.browser.get(step.url("wizard_summary"))
    people.expert.group = make_group(people.firm, "clients.create")
    people.expert.save()
    rival = recap(people, "inside")
    save(rival)
    answer: Any = step.browser.post(
        step.url("wizard_summary"), {"go": "save", "seen": page.context["seen"]}, follow=True
    )
    assert answer.redirect_chain == [(step.url("wizard_company"), 302)]
    assert "adressez-vous à" in plain(answer)


@pytest.mark.django_db(transaction=True)
def test_files_and_missing_months_are_counted(people: People) -> None:
    step = DataStep(people)
    step.drop(fec_name("000012344"), make_fec())
    for path in dsn_files()[:6]:
        step.drop(path.name, path.read_bytes())
    step.drop("vide.txt", b"")
    step.next()
    said = plain(step.browser.get(step.url("wizard_summary")))
    for word in (
        "du 01/01/2025 au 31/12/2025</strong>, 12 mois, dates du FEC",
        "52 lignes",
        "DSN de janvier à mars 2025",
        "ne sera pas repris",
        "DSN d’avril à décembre 2025",
        "9 mois",
        "l’exercice et 7 imports, en une seule fois. Les 9 DSN absentes peuvent venir plus tard.",
    ):
        assert word in said, word


# The draft as a whole


def test_resuming_leads_to_the_step_reached(people: People) -> None:
    step = DataStep(people)
    assert step.browser.get(step.url("wizard_resume")).headers["Location"] == step.url("wizard_data")
    assert step.url("wizard_resume") in plain(step.browser.get(reverse("client_list")))
    assert step.url("wizard_resume") not in plain(people.browser("administrator").get(reverse("client_list")))


def test_a_draft_is_given_up_after_a_question(people: People) -> None:
    step = DataStep(people)
    said = plain(step.browser.get(step.url("wizard_discard")))
    assert "Mécanique de l’Atelier" in said
    assert Draft.objects.filter(id=step.id).exists()
    assert people.browser("inside").post(step.url("wizard_discard")).status_code == 404
    for _ in range(2):
        assert step.browser.post(step.url("wizard_discard")).headers["Location"] == reverse("client_list")
    assert not Draft.objects.filter(id=step.id).exists()


def test_who_may_not_create_finds_every_door_closed(people: People) -> None:
    step = DataStep(people)
    people.manager.group = make_group(people.firm, "dossier.view", "data.import", name="Lecture")
    people.manager.save()
    assert step.browser.get(reverse("wizard_start")).status_code == 403
    for route in ("wizard_company", "wizard_organisation", "wizard_data", "wizard_summary", "wizard_discard"):
        assert step.browser.get(step.url(route)).status_code == 403


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        ("", ""),
        ("3248", "IDCC 3248, libellé inconnu de Bocage"),
        ("3248, 1486", "IDCC 3248, 1486, libellés inconnus de Bocage"),
    ],
)
def test_a_collective_agreement_shows_its_code_and_says_that_its_label_is_unknown(codes: str, said: str) -> None:
    assert agreement(codes) == said
