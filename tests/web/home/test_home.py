"""*Accueil*: work, not decoration."""

import re
from datetime import date

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from cabinet.clients.models import NewsKind, RegistryNews
from cabinet.clients.services import set_active
from cabinet.clients.watch import note_outcome
from cabinet.dossiers.worklist import WaitingGroup, Worklist
from cabinet.imports.enums import ImportKind, ImportState, Refusal
from cabinet.jobs import services as jobs
from cabinet.registry.services import look_up
from cabinet.web.home.contexts import _subtitle
from cabinet.web.home.registry_news import latest_news
from cabinet.web.home.worklines import absent_months
from tests.cabinet.factories import (
    make_client,
    make_collaborator,
    make_declared_months,
    make_firm,
    make_import,
    make_mission,
    make_portfolio,
    make_year,
)
from tests.cabinet.onboarding.drafting import CANNERY, MOVED
from tests.cabinet.people import People

TODAY = date(2026, 11, 17)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)


def html(people: People, who: str = "administrator", query: str = "") -> str:
    response = people.browser(who).get(reverse("home") + query)
    assert response.status_code == 200
    return re.sub(r"[ \n]+", " ", response.content.decode())


def test_each_sees_the_work_of_their_own_dossiers(people: People) -> None:
    make_client(people.firm, people.expert, name="Scierie")
    for who, seen in {
        "administrator": {"Biscuiterie Ternanteau", "Scierie"},
        "manager": {"Biscuiterie Ternanteau"},
        "inside": {"Biscuiterie Ternanteau"},
        "outside": set(),
        "expert": {"Scierie"},  # first their own
    }.items():
        found = html(people, who)
        assert {name for name in ("Biscuiterie Ternanteau", "Scierie") if f">{name}</a>" in found} >= seen, who
    assert "Biscuiterie Ternanteau" not in html(people, "stranger", "?vue=tous")
    assert "Scierie" not in html(people, "inside", "?vue=tous")


def test_the_switch(people: People) -> None:
    make_client(people.firm, people.expert, name="Scierie")
    rows = people.browser("expert").get(reverse("home")).context["home"].groups
    assert [row.name for group in rows for row in group.rows] == ["Scierie"]
    rows = people.browser("expert").get(reverse("home") + "?vue=tous").context["home"].groups
    assert {row.name for group in rows for row in group.rows} == {"Scierie", "Biscuiterie Ternanteau"}


def test_what_blocks_is_named_and_leads_somewhere(people: People) -> None:
    year = make_year(people.client)
    make_import(people.client, year=year)
    make_declared_months(people.client, [f"2025-{month:02d}" for month in range(1, 13) if month != 8])
    bad = make_import(
        people.client,
        ImportKind.DSN,
        ImportState.REFUSED,
        refusal=Refusal.UNREADABLE,
        period_start=date(2025, 8, 1),
        period_end=date(2025, 8, 31),
    )
    found = html(people)
    assert "Bloqués" in found
    assert "DSN d’août 2025 refusée\u00a0: il ne peut pas être exploité" in found
    assert reverse("import_report", args=[bad.id]) in found
    assert "absente" not in found


def test_late_missions(people: People) -> None:
    mission = make_mission(people.client, deadline=date(2026, 11, 11))
    found = html(people)
    assert "En retard" in found
    assert "Diagnostic RSE en retard de 6\u00a0jours" in found
    assert reverse("mission_edit", args=[mission.id]) in found


@pytest.mark.parametrize(
    ("months", "words"),
    [
        (range(1, 13), "FEC 2025 absent"),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12], "DSN d’octobre absente"),
        (range(1, 9), "DSN de septembre à décembre absentes"),
        ([], "Aucune DSN pour 2025"),
    ],
)
def test_what_is_missing(people: People, months: object, words: str) -> None:
    make_year(people.client)
    make_declared_months(people.client, [f"2025-{month:02d}" for month in months])  # type: ignore[attr-defined]
    found = html(people)
    assert "À compléter" in found
    assert words in found
    assert reverse("dossier_data", args=[people.client.id]) in found


def test_a_file_to_check(people: People) -> None:
    year = make_year(people.client)
    make_declared_months(people.client, [f"2025-{month:02d}" for month in range(1, 13)])
    make_import(
        people.client,
        state=ImportState.TO_CHECK,
        doubts=["company_unnamed"],
        period_start=year.start,
        period_end=year.end,
    )
    assert "FEC 2025 à vérifier\u00a0: son nom ne porte pas de SIREN valide" in html(people)


def test_a_client_without_a_year(people: People) -> None:
    assert "Aucun exercice\u00a0: ni FEC ni DSN" in html(people)


def test_nothing_waits(people: People) -> None:
    make_import(people.client, year=make_year(people.client))
    make_declared_months(people.client, [f"2025-{month:02d}" for month in range(1, 13)])
    assert "Rien n’attend" in html(people)


def test_the_rest_can_be_shown(people: People) -> None:
    for rank in range(9):
        make_client(people.firm, people.manager, name=f"Atelier {rank}")
    assert "Afficher 4\u00a0autres dossiers" in html(people)
    assert "Atelier 8" in html(people, query="?complet=1")
    assert "autres dossiers" not in html(people, query="?complet=1")


def test_imports_running_now(people: People) -> None:
    running = make_import(people.client, state=ImportState.READING, file_name="lecture.txt")
    job = jobs.open_job(firm_id=people.firm.id, kind="read_import", object_id=running.id)
    jobs.claim(job.id)
    jobs.beat(job.id, tries=1, share=0.62, step="checks")
    waiting = make_import(people.client, state=ImportState.RECEIVED, file_name="attente.txt")
    jobs.open_job(firm_id=people.firm.id, kind="read_import", object_id=waiting.id)
    found = html(people)
    for words in ("lecture.txt", "62&nbsp;%", "attente.txt", "En attente d’un tour de lecture"):
        assert words in found
    assert "lecture.txt" not in html(people, "outside")
    part = people.browser("administrator").get(reverse("home"), headers={"HX-Request": "true"}).content.decode()
    assert "lecture.txt" in part
    assert "À traiter" not in part


def test_last_activity_is_that_of_the_clients_that_one_sees(people: People) -> None:
    hidden = make_client(people.firm, people.expert, name="Scierie")
    set_active(actor=people.actor("administrator"), client=hidden, active=False)
    assert "Client désactivé" in html(people)
    assert "Client désactivé" not in html(people, "inside")
    assert "Client créé" in html(people, "inside")


def test_deadlines(people: People) -> None:
    make_mission(people.client, deadline=date(2026, 12, 4))
    assert "4\u00a0déc.\u00a02026" in html(people)
    assert "déc." not in html(people, "outside")


def test_first_steps_of_an_empty_firm(db: None) -> None:
    firm, person = make_firm("Cabinet neuf")
    browser = Browser()
    browser.force_login(person.user)
    response = browser.get(reverse("home"))
    page = response.content.decode()
    assert "Bienvenue chez Cabinet neuf" in page
    assert [step.done for step in response.context["home"].steps] == [False, False, False]
    make_portfolio(firm)
    after = browser.get(reverse("home")).context["home"]
    assert [step.done for step in after.steps] == [True, False, False]
    assert after.next_step is not None
    assert after.next_step.act == "Nouveau collaborateur"
    make_collaborator(firm)
    last = browser.get(reverse("home")).context["home"]
    assert [step.done for step in last.steps] == [True, True, False]
    assert last.next_step is not None
    assert last.next_step.act == "Nouveau client"


def test_who_sees_nobody_is_offered_what_they_may_do(people: People) -> None:
    steps = people.browser("outside").get(reverse("home")).context["home"].steps
    assert [step.title for step in steps] == ["Créer un client"]


@pytest.mark.parametrize(
    ("months", "words"),
    [
        ([3], "DSN de mars absente"),
        ([4], "DSN d’avril absente"),
        ([3, 5], "DSN de mars et de mai absentes"),
        ([1, 2], "DSN de janvier et de février absentes"),
        ([1, 2, 3], "DSN de janvier à mars absentes"),
        ([1, 3, 8, 10], "DSN de janvier, de mars, d’août et d’octobre absentes"),
        ([1, 3, 5, 7, 9], "5 DSN absentes"),
    ],
)
def test_months_in_words(months: list[int], words: str) -> None:
    assert absent_months(tuple(date(2025, month, 1) for month in months)) == words


def test_months_follow_each_other_across_a_new_year() -> None:
    assert (
        absent_months((date(2024, 12, 1), date(2025, 1, 1), date(2025, 2, 1))) == "DSN de décembre à février absentes"
    )


def test_queries_do_not_grow(people: People, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for rank in range(8):
        client = make_client(people.firm, people.manager, name=f"Atelier {rank}")
        make_year(client)
        make_mission(client, deadline=date(2026, 11, 1))
    browser = people.browser("administrator")
    with django_assert_max_num_queries(25):
        browser.get(reverse("home"))


def test_what_changed_at_the_registry(people: People) -> None:
    assert "Changements au registre" not in html(people)
    closed = make_client(people.firm, people.manager, siret=MOVED, name="Biscuiterie du Four")
    moved = make_client(people.firm, people.manager, siret=CANNERY, name="X", town="Y", registry_source="demo")
    for one in (closed, moved):
        note_outcome(one.id, one.siret, look_up(one.siret))
    seen = html(people)
    assert "Établissement fermé depuis le 30/06/2019, suivi par le 000\u00a0074\u00a0617\u00a000028." in seen
    assert "Nom de l’entreprise, code APE, adresse, code postal, commune." in seen
    assert reverse("client_edit", args=[closed.id]) in seen
    assert "Changements au registre" not in html(people, "outside")
    set_active(actor=people.actor("administrator"), client=closed, active=False)
    assert "Biscuiterie du Four" not in re.sub("Dernière activité.*", "", html(people))


def test_the_block_of_the_registry_costs_two_queries_at_most(
    people: People, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for rank in range(7):
        client = make_client(people.firm, people.manager, name=f"Cliente {rank}")
        RegistryNews.objects.create(
            client=client, kind=NewsKind.CHANGED, found={"town": "Laval"}, source="demo", read_at=timezone.now()
        )
    actor = people.actor("administrator")
    with django_assert_max_num_queries(2):
        rows, count = latest_news(actor, 5)
    assert (len(rows), count) == (5, 7)


def test_the_number_of_dossiers_that_wait_has_its_spaces(people: People) -> None:
    group = WaitingGroup((), 1_234)
    nobody = WaitingGroup((), 0)
    found = Worklist(blocked=nobody, late=nobody, to_complete=group)
    said = _subtitle(people.actor("administrator"), found, date(2026, 11, 24), followed=5_007, mine=True)
    assert said.endswith(
        "Sur les 5\u00a0007\u00a0dossiers dont vous êtes responsable, 1\u00a0234 attendent quelque chose."
    )
