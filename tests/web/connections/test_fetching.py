"""Files fetched from a connected tool: from the tab « Données » and from step 3 of « Nouveau client »."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from cabinet.clients.models import Client
from cabinet.connectors import pulling
from cabinet.connectors.models import Connection, Pull, PullState, ToolCompany
from cabinet.imports.models import Import
from cabinet.onboarding.services import discard, save
from cabinet.web.components.formats import MONTHS
from tests.cabinet.connectors.conftest import Work
from tests.cabinet.connectors.conftest import naps as naps
from tests.cabinet.connectors.conftest import pennylane as pennylane
from tests.cabinet.connectors.conftest import work as work
from tests.cabinet.connectors.pennylane import FakePennylane
from tests.cabinet.connectors.test_pennylane import connect
from tests.cabinet.factories import make_connection
from tests.cabinet.onboarding.drafting import WORKSHOP
from tests.cabinet.people import People
from tests.web.browser import Surfer, look_at
from tests.web.wizard.visiting import DataStep, plain

YEARS = [
    {"ref": "2", "start": "2026-01-01", "end": "2026-12-31", "closed": False},
    {"ref": "1", "start": "2025-01-01", "end": "2025-12-31", "closed": True},
]


def resume(work: Work) -> None:
    for _ in range(4):
        Pull.objects.filter(state=PullState.LATER).update(next_at=timezone.now() - timedelta(seconds=1))
        work(pulling.resume_due)


@pytest.fixture
def company(people: People, pennylane: FakePennylane, work: Work) -> ToolCompany:
    pennylane.add(48213, "TERNANTEAU SAS", people.client.siren)
    connect(people, work)
    return ToolCompany.objects.get()


def test_from_the_dossier(people: People, company: ToolCompany, work: Work) -> None:
    browser, client = people.browser("inside"), people.client
    data = reverse("dossier_data", args=[client.id])
    assert "Voir les exercices" in plain(browser.get(data))
    chosen = {"company": str(company.id)}
    work(lambda: browser.post(reverse("dossier_tools_years", args=[client.id]), chosen))
    assert "du 01/01/2025 au 31/12/2025, clos" in plain(browser.get(data))
    nothing = browser.post(reverse("dossier_tools_pull", args=[client.id]), chosen, follow=True)
    assert "Choisissez d’abord" in plain(nothing)
    ticked = {**chosen, f"exercice-{company.id}": "2025-01-01"}
    work(lambda: browser.post(reverse("dossier_tools_pull", args=[client.id]), ticked))
    assert "En préparation" in plain(browser.get(data))
    card = browser.get(reverse("dossier_tools", args=[client.id]))
    assert "HX-Refresh" not in card.headers
    resume(work)
    assert browser.get(reverse("dossier_tools", args=[client.id])).headers["HX-Refresh"] == "true"
    said = plain(browser.get(data))
    assert "Pennylane, FEC du 01/01/2025 au 31/12/2025" in said
    assert f"Pennylane, le {timezone.localdate():%d/%m/%Y}" in said
    assert "demandé par Mathis Le Goff" in said


def test_what_is_not_this_clients_is_not_fetched(people: People, company: ToolCompany, work: Work) -> None:
    browser = people.browser("stranger")
    other = reverse("dossier_tools_years", args=[people.other_client.id])
    for value in (str(company.id), "rien", ""):
        assert work(lambda value=value: browser.post(other, {"company": value})).status_code == 302
    company.refresh_from_db()
    assert company.years_at is None


def test_each_night_is_an_option(people: People, company: ToolCompany) -> None:
    browser, client = people.browser("inside"), people.client
    for wanted in (True, False):
        browser.post(reverse("dossier_tools_nightly", args=[client.id]), {"company": str(company.id)})
        company.refresh_from_db()
        assert company.nightly is wanted


def test_a_payroll_tool_gives_months(people: People) -> None:
    company = make_connection(people.firm, "silae", clients=[people.client]).companies.get()
    browser, client = people.browser("inside"), people.client
    assert "Outil de paye : Silae<" in plain(browser.get(reverse("dossier_data", args=[client.id])))
    last = timezone.localdate().replace(day=1) - timedelta(days=1)
    first = last.replace(day=1) - timedelta(days=40)
    for start, end in (
        (f"{first:%Y-%m}", f"{last:%Y-%m}"),
        (f"{last:%Y-%m}", f"{first:%Y-%m}"),
        ("1950-01", "2100-01"),
    ):
        sent = {"company": str(company.id), f"de-{company.id}": start, f"a-{company.id}": end}
        browser.post(reverse("dossier_tools_pull", args=[client.id]), sent)
    months = list(Pull.objects.order_by("start").values_list("start", "end"))
    assert (len(months), months[-1]) == (3, (last.replace(day=1), last))
    assert f"Silae, DSN de {MONTHS[last.month - 1]} {last.year}" in plain(
        browser.get(reverse("dossier_data", args=[client.id]))
    )


@pytest.fixture
def step(people: People, pennylane: FakePennylane, work: Work) -> DataStep:
    """Step 3 of a company that Pennylane knows by its SIREN."""
    pennylane.add(7, "ATELIER", WORKSHOP[:9])
    pennylane.add(8, "AUTRE", people.client.siren)
    connect(people, work)
    return DataStep(people)


def pull_in_the_wizard(step: DataStep, work: Work) -> ToolCompany:
    company = ToolCompany.objects.get(ref="7")
    assert "Outil de production comptable : Pennylane<" in step.page()
    work(lambda: step.browser.post(step.url("wizard_tools_years"), {"company": str(company.id)}))
    assert "du 01/01/2025 au 31/12/2025, clos" in step.page()
    ticked = {"company": str(company.id), f"exercice-{company.id}": "2025-01-01"}
    work(lambda: step.browser.post(step.url("wizard_tools_pull"), ticked))
    return company


def test_from_the_wizard(people: People, step: DataStep, work: Work) -> None:
    pull_in_the_wizard(step, work)
    resume(work)
    said = step.page()
    assert f"Pennylane, le {timezone.localdate():%d/%m/%Y}" in said
    assert 'value="2025-01-01"' in said
    step.next()
    client = work(lambda: save(step.actor, step.id))
    assert Import.objects.get(client=client).source == "Pennylane"
    assert ToolCompany.objects.get(ref="7").client == client


def test_a_client_saved_meanwhile_gets_the_file(people: People, step: DataStep, work: Work) -> None:
    pull_in_the_wizard(step, work)
    step.browser.post(step.url("wizard_data"), {"go": "next", "start": "2025-01-01", "end": "2025-12-31"})
    client: Client = work(lambda: save(step.actor, step.id))
    resume(work)
    imported = Import.objects.get(client=client)
    assert (imported.source, imported.year) == ("Pennylane", client.years.get())


def test_a_draft_given_up_fetches_nothing_more(people: People, step: DataStep, work: Work) -> None:
    pull_in_the_wizard(step, work)
    work(lambda: discard(step.actor, step.id))
    resume(work)
    assert not Pull.objects.exists()
    assert not Import.objects.exists()


def test_only_tested_connections_are_offered(people: People) -> None:
    connection = make_connection(people.firm)
    ToolCompany.objects.create(connection=connection, ref="7", name="ATELIER", siren=WORKSHOP[:9])
    step = DataStep(people)
    assert "ATELIER" in step.page()
    for columns in ({"tested_at": None}, {"enabled": False, "tested_at": timezone.now()}):
        Connection.objects.update(**columns)
        said = step.page()
        assert "ATELIER" not in said
        assert "Aucun outil connecté" in said
    Connection.objects.update(enabled=True)
    ToolCompany.objects.update(siren="")
    assert "Aucun de vos outils n’a de dossier à ce SIRET" in step.page()


def test_queries_do_not_grow(people: People, django_assert_max_num_queries: Any) -> None:
    def count() -> int:
        with django_assert_max_num_queries(60) as seen:
            people.browser("administrator").get(reverse("dossier_data", args=[people.client.id]))
        return len(seen.captured_queries)

    def add(rank: int) -> None:
        connection = make_connection(people.firm, clients=[people.client])
        Pull.objects.create(
            firm=people.firm, connection=connection, company=connection.companies.get(), client=people.client,
            start=date(2020 + rank, 1, 1), end=date(2020 + rank, 12, 31), state=PullState.SAME,
        )  # fmt: skip

    add(1)
    before = count()
    add(2)
    add(3)
    assert count() == before


@pytest.mark.browser
def test_pages(people: People, surfer: Surfer) -> None:
    connection = make_connection(people.firm, clients=[people.client])
    now = timezone.now()
    company = connection.companies.get()
    ToolCompany.objects.update(years=YEARS, years_at=now, nightly=True)
    for state, columns in (
        (PullState.FAILED, {"error": "missing_right", "error_detail": "Export FEC (exports:fec)"}),
        (PullState.DONE, {}),
    ):
        Pull.objects.create(
            firm=people.firm, connection=connection, company=company, client=people.client, start=date(2025, 1, 1),
            end=date(2025, 12, 31), state=state, **columns,
        )  # fmt: skip
    make_connection(people.firm, "silae", clients=[people.client])
    page = surfer.page(people.administrator)
    page.goto(reverse("dossier_data", args=[people.client.id]))
    look_at(page, "dossier_data-outils")
    ToolCompany.objects.create(
        connection=connection, ref="7", name="ATELIER", siren=WORKSHOP[:9], years=YEARS, years_at=now
    )
    step = DataStep(people, "administrator")
    page.goto(step.url("wizard_data"))
    look_at(page, "wizard_data-outils")
