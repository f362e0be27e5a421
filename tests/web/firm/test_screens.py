"""The screens of the firm in Chromium: accessible, whole at both widths, and kept as pictures when asked."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client as HttpClient
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from cabinet.clients.models import Client, NewsKind, RegistryNews
from cabinet.clients.watch import note_outcome
from cabinet.imports.enums import ImportKind, ImportState, Refusal
from cabinet.jobs import services as jobs
from cabinet.registry.services import look_up
from tests.cabinet.factories import (
    make_client,
    make_declared_months,
    make_firm,
    make_import,
    make_mission,
    make_portfolio,
    make_year,
)
from tests.cabinet.onboarding.drafting import MOVED
from tests.cabinet.people import People
from tests.web.browser import WIDTHS, Surfer, assert_accessible, shoot, visit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def firm(people: People) -> dict[str, Client]:
    """A firm with something in each state."""
    today = timezone.localdate()
    last_year = today.year - 1
    months = [f"{last_year}-{month:02d}" for month in range(1, 13)]
    first = people.client
    make_import(first, year=make_year(first, last_year))
    make_declared_months(first, [month for month in months if not month.endswith("-10")])
    past = make_year(first, last_year - 1)
    make_import(first, year=past)
    make_declared_months(first, [month.replace(str(last_year), str(last_year - 1)) for month in months])
    btp = make_portfolio(people.firm, "Artisanat et BTP", responsables=[people.expert], members=[people.inside])
    make_portfolio(people.firm, "Mayenne Nord", responsables=[people.administrator, people.expert])

    def client(name: str, manager: object, *, place: str, ape: str, code: str, portfolios: object = ()) -> Client:
        return make_client(
            people.firm,
            manager,
            portfolios=portfolios,
            name=name,
            town=place,
            ape=ape,
            file_code=code,  # type: ignore[arg-type]
        )

    electrician = client(
        "Électricité Brossinier", people.inside, place="Craon", ape="43.21A", code="E0203", portfolios=[btp]
    )
    make_import(electrician, year=make_year(electrician, last_year))
    make_declared_months(electrician, months)
    dairy = client(
        "Fromagerie du Ménil-Blot", people.administrator, place="Lassay-les-Châteaux", ape="10.51C", code="F0377"
    )
    make_year(dairy, last_year)
    make_declared_months(dairy, months)
    make_mission(dairy, deadline=today + timedelta(days=17))
    garage = client(
        "Garage Pellouin", people.administrator, place="Mayenne", ape="45.20A", code="G0118", portfolios=[btp]
    )
    make_import(garage, year=make_year(garage, last_year))
    make_declared_months(garage, [month for month in months if not month.endswith("-08")])
    august = date(last_year, 8, 1)
    make_import(
        garage,
        ImportKind.DSN,
        ImportState.REFUSED,
        refusal=Refusal.UNREADABLE,
        period_start=august,
        period_end=august.replace(day=31),
    )
    printer = client("Imprimerie Sauldrel", people.expert, place="Laval", ape="18.12Z", code="I0056")
    make_mission(printer, people.expert, deadline=today - timedelta(days=6))
    joiner = client("Menuiserie Aubrizeau", people.expert, place="Craon", ape="43.32A", code="M0087", portfolios=[btp])
    make_year(joiner, last_year)
    reading = make_import(joiner, state=ImportState.READING)
    job = jobs.open_job(firm_id=people.firm.id, kind="read_import", object_id=reading.id)
    jobs.claim(job.id)
    jobs.beat(job.id, tries=1, share=0.62, step="checks")
    make_client(people.firm, people.expert, name="Scierie des Trois Chênes", active=False)
    tell(garage, NewsKind.CHANGED, found={"street": "9 rue Neuve", "town": "Mayenne"})
    tell(printer, NewsKind.CLOSED, closed_on=date(2026, 9, 30), follows="00007326200016")
    return {"garage": garage, "dairy": dairy}


def tell(client: Client, kind: NewsKind, **news: Any) -> None:
    RegistryNews.objects.create(client=client, kind=kind, source="demo", read_at=timezone.now(), **news)


def addresses(people: People) -> dict[str, str]:
    client, portfolio = people.client.id, people.portfolio.id
    return {
        "home": reverse("home") + "?vue=tous",
        "client_list": reverse("client_list"),
        "client_list-filtree": reverse("client_list") + "?donnees=dsn&etat=tous",
        "client_list-rien": reverse("client_list") + "?q=terneau",
        "client_edit": reverse("client_edit", args=[client]),
        "client_delete": reverse("client_delete", args=[client]),
        "portfolio_list": reverse("portfolio_list"),
        "portfolio": reverse("portfolio", args=[portfolio]) + "?client=gar&personne=th",
        "portfolio_create": reverse("portfolio_create"),
        "portfolio_edit": reverse("portfolio_edit", args=[portfolio]),
        "portfolio_delete": reverse("portfolio_delete", args=[portfolio]),
        "journal": reverse("journal"),
        "connections": reverse("connections"),
    }


def test_every_screen_of_the_firm(people: People, firm: dict[str, Client], surfer: Surfer) -> None:
    visit(surfer.page(people.administrator), addresses(people))


def test_an_empty_firm(surfer: Surfer) -> None:
    _firm, person = make_firm()
    visit(surfer.page(person), {f"{name}-vide": reverse(name) for name in ("home", "client_list", "portfolio_list")})


@pytest.mark.parametrize("width", WIDTHS)
def test_the_row_menu(people: People, firm: dict[str, Client], surfer: Surfer, width: int) -> None:
    page = surfer.page(people.administrator, width=width)
    page.goto(reverse("client_list"))
    page.get_by_label("Actions pour Garage Pellouin").first.press("Enter")
    expect(page.get_by_role("link", name="Ouvrir le dossier").and_(page.locator(":visible"))).to_be_visible()
    assert_accessible(page)


def test_the_differences_with_the_registry(people: People, surfer: Surfer) -> None:
    client = make_client(people.firm, people.manager, siret="00001234400016", name="Mécanique Atelier", town="Ailleurs")
    page = surfer.page(people.administrator)
    page.goto(reverse("client_edit", args=[client.id]))
    page.get_by_label("Personne de contact").fill("Yann Le Bris")
    page.get_by_role("button", name="Mettre à jour depuis le registre").click()
    expect(page.get_by_role("heading", name="Ce que dit le registre")).to_be_visible()
    assert_accessible(page)
    shoot(page, "client_edit-registre")
    page.get_by_label("Commune").first.check()
    page.get_by_role("button", name="Reprendre les valeurs cochées").click()
    expect(page.get_by_label("Commune")).to_have_value("Bourg-en-Bresse")
    expect(page.get_by_label("Personne de contact")).to_have_value("Yann Le Bris")
    page.get_by_role("button", name="Enregistrer").first.click()
    page.wait_for_url(f"**{reverse('dossier_overview', args=[client.id])}")
    client.refresh_from_db()
    assert (client.town, client.name, client.contact_name) == ("Bourg-en-Bresse", "Mécanique Atelier", "Yann Le Bris")


def test_what_the_scheduled_work_found(people: People, surfer: Surfer) -> None:
    details = {"name": "Biscuiterie Ternanteau", "ape": "10.72Z", "registry_source": "demo"}
    client = make_client(people.firm, people.manager, siret=MOVED, street="4 rue du Four", **details)
    note_outcome(client.id, client.siret, look_up(client.siret))
    page = surfer.page(people.administrator)
    page.goto(reverse("home"))
    page.get_by_role("listitem").filter(has_text="suivi par le").get_by_role("link").click()
    expect(page.get_by_text("fermé depuis le 30/06/2019")).to_be_visible()
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        assert_accessible(page)
    shoot(page, "client_edit-ferme")
    page.get_by_role("button", name="Prendre le numéro").click()
    expect(page.get_by_label("Numéro de SIRET")).to_have_value(re.compile("00028$"))


def test_searching_as_one_types(people: People, firm: dict[str, Client], surfer: Surfer) -> None:
    page = surfer.page(people.administrator)
    page.goto(reverse("client_list"))
    search = page.get_by_role("searchbox", name="Nom, SIREN, SIRET, code dossier")
    search.press_sequentially("gara")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(search).to_be_focused()
    assert "q=gara" in page.url
    page.get_by_label("État", exact=True).select_option("desactives")
    expect(page.get_by_text("Aucun client ne correspond")).to_be_visible()
    page.go_back()
    page.go_back()
    expect(page.locator("tbody tr").first).to_be_visible()
    assert page.title().startswith("Clients")


def test_the_list_works_without_scripts(people: People, firm: dict[str, Client], surfer: Surfer) -> None:
    page = surfer.page(people.administrator, java_script_enabled=False)
    page.goto(reverse("client_list"))
    page.get_by_role("searchbox", name="Nom, SIREN, SIRET, code dossier").fill("brossinier")
    page.get_by_role("button", name="Appliquer").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_label("Actions pour Électricité Brossinier").first.click()
    page.get_by_role("button", name="Désactiver").click()
    expect(page.get_by_text("Électricité Brossinier est désactivé.")).to_be_visible()


def test_the_name_typed_wakes_the_button(people: People, surfer: Surfer) -> None:
    page = surfer.page(people.administrator, width=390)
    page.goto(reverse("client_delete", args=[people.client.id]))
    button = page.get_by_role("button", name="Supprimer", exact=True)
    expect(button).to_be_disabled()
    page.get_by_label("Tapez le nom du client pour confirmer").fill("Biscuiterie Ternanteau")
    expect(button).to_be_enabled()
    button.click()
    page.wait_for_url(f"**{reverse('client_list')}")
    assert not Client.objects.filter(id=people.client.id).exists()


def test_a_portfolio_is_filled_from_its_page(people: People, firm: dict[str, Client], surfer: Surfer) -> None:
    page = surfer.page(people.administrator)
    page.goto(reverse("portfolio", args=[people.portfolio.id]))
    page.get_by_role("searchbox", name="Ajouter un client").press_sequentially("gara")
    page.get_by_role("button", name="Ajouter Garage Pellouin").click()
    expect(page.get_by_role("link", name="Garage Pellouin")).to_be_visible()
    page.get_by_role("searchbox", name="Ajouter un collaborateur").press_sequentially("lave")
    page.get_by_role("button", name="Ajouter Thomas Lavergne").click()
    expect(page.get_by_role("button", name="Retirer Thomas Lavergne du portefeuille")).to_be_visible()
    outside = HttpClient()
    outside.force_login(people.outside.user)
    assert outside.get(reverse("dossier_overview", args=[firm["garage"].id])).status_code == 200
