"""The clients list: what it shows, to whom, and what it costs."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from cabinet.imports.enums import ImportKind, ImportState, Refusal
from cabinet.onboarding.services import keep_company
from cabinet.onboarding.steps import CompanyStep
from cabinet.portfolios.models import Portfolio
from tests.cabinet.factories import (
    make_client,
    make_declared_months,
    make_firm,
    make_import,
    make_portfolio,
    make_year,
)
from tests.cabinet.people import People

WHOLE_YEAR = [f"2025-{month:02d}" for month in range(1, 13)]
QUERIES = 12
"""What a whole page may ask of the database, session and menu included."""

ADDRESSES = (
    "?q=c1",
    "?section=C",
    "?donnees=dsn",
    "?donnees=fec",
    "?donnees=refused",
    "?etat=tous",
    "?tri=-responsable",
    "?page=2",
    "?q=c&donnees=dsn&tri=commune",
)
"""A search, filters, a sort, another page."""


def page(people: People, name: str = "administrator", query: str = "", **headers: str) -> str:
    response = people.browser(name).get(reverse("client_list") + query, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def names(people: People, query: str = "", name: str = "administrator") -> list[str]:
    response = people.browser(name).get(reverse("client_list") + query)
    return [row.client.name for row in response.context["list"].rows]


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("administrator", {"Biscuiterie Ternanteau", "Scierie"}),
        ("expert", {"Biscuiterie Ternanteau", "Scierie"}),
        ("manager", {"Biscuiterie Ternanteau"}),
        ("inside", {"Biscuiterie Ternanteau"}),
        ("outside", set()),
        ("stranger", {"Garage Pellouin"}),
    ],
)
def test_each_sees_their_own(people: People, name: str, seen: set[str]) -> None:
    make_client(people.firm, people.expert, name="Scierie")
    assert set(names(people, name=name)) == seen
    html = page(people, name)
    for hidden in {"Biscuiterie Ternanteau", "Scierie", "Garage Pellouin"} - seen:
        assert hidden not in html


def test_a_row_says_everything(people: People) -> None:
    make_import(people.client, year=make_year(people.client))
    make_declared_months(people.client, WHOLE_YEAR[:11])
    past = make_year(people.client, 2024)
    make_import(people.client, year=past)
    make_declared_months(people.client, [month.replace("2025", "2024") for month in WHOLE_YEAR])
    html = page(people)
    siret = people.client.siret
    grouped = f"{siret[:3]}\u00a0{siret[3:6]}\u00a0{siret[6:9]}\u00a0{siret[9:]}"
    for words in (
        "T0412",
        grouped,
        "10.72Z",
        "Ernée",
        "Agroalimentaire",
        "Inès Benamara",
        "11/12",
        "2024 complet",
        "Actif",
    ):
        assert words in html, words


def test_portfolios_out_of_sight_are_not_named(people: People) -> None:
    people.client.portfolios.add(make_portfolio(people.firm, "Secret"))
    assert "Secret" in page(people)
    assert "Secret" not in page(people, "inside")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=ternanteau", {"Biscuiterie Ternanteau"}),
        ("?q=TERNAN BISC", {"Biscuiterie Ternanteau"}),
        ("?q=electricite", {"Électricité Brossinier"}),
        ("?q=ÉLEC", {"Électricité Brossinier"}),
        ("?q=t04", {"Biscuiterie Ternanteau"}),
        ("?q=zzz", set()),
        ("?q=%25", set()),
        ("?section=F", {"Électricité Brossinier"}),
        ("?section=C", {"Biscuiterie Ternanteau"}),
        ("?section=%C3%A9", {"Biscuiterie Ternanteau", "Électricité Brossinier"}),
        ("?etat=desactives", {"Ancien"}),
        ("?etat=tous", {"Biscuiterie Ternanteau", "Électricité Brossinier", "Ancien"}),
        ("?etat=x&donnees=x&responsable=x&portefeuille=x", {"Biscuiterie Ternanteau", "Électricité Brossinier"}),
        ("?donnees=fec", {"Biscuiterie Ternanteau", "Électricité Brossinier"}),
        ("?donnees=refused", {"Électricité Brossinier"}),
        ("?donnees=running", set()),
    ],
)
def test_search_and_filters(people: People, query: str, found: set[str]) -> None:
    electrician = make_client(people.firm, people.expert, name="Électricité Brossinier", ape="43.21A")
    make_import(electrician, ImportKind.FEC, ImportState.REFUSED, refusal=Refusal.UNREADABLE)
    make_client(people.firm, people.expert, name="Ancien", ape="10.71C", active=False)
    assert set(names(people, query)) == found


def test_numbers_are_found_as_people_type_them(people: People) -> None:
    make_client(people.firm, people.expert)
    siret = people.client.siret
    for typed in (siret, siret[:9], f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}", siret[:8]):
        assert "Biscuiterie Ternanteau" in names(people, f"?q={typed}"), typed
    assert names(people, "?q=99999999999999") == []


def test_filters_by_portfolio_and_manager(people: People) -> None:
    other = make_client(people.firm, people.expert, name="Scierie")
    assert names(people, f"?portefeuille={people.portfolio.id}") == ["Biscuiterie Ternanteau"]
    assert names(people, f"?responsable={people.expert.id}") == [other.name]
    assert names(people, f"?responsable={people.expert.id}&portefeuille={people.portfolio.id}") == []


def test_a_portfolio_that_is_not_theirs_filters_nothing(people: People) -> None:
    hidden = make_portfolio(people.firm, "Secret")
    assert names(people, f"?portefeuille={hidden.id}", "inside") == ["Biscuiterie Ternanteau"]
    assert "Secret" not in page(people, "inside", f"?portefeuille={hidden.id}")


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("nom", "Abattoir"),
        ("-nom", "Zinguerie"),
        ("commune", "Zinguerie"),
        ("-commune", "Abattoir"),
        ("rien", "Abattoir"),
    ],
)
def test_sorting(people: People, sort: str, first: str) -> None:
    make_client(people.firm, people.expert, name="Abattoir", town="Voutré")
    make_client(people.firm, people.expert, name="Zinguerie", town="Ambrières")
    assert names(people, f"?tri={sort}")[0] == first


def test_pages_of_twenty_five(people: People) -> None:
    for rank in range(30):
        make_client(people.firm, people.manager, name=f"Client {rank:02d}")
    assert len(names(people)) == 25
    rest = names(people, "?page=2")
    assert len(rest) == 6
    assert names(people, "?page=99") == rest
    assert names(people, "?page=x") == names(people)
    html = page(people, query="?q=client&page=1")
    assert "q=client&amp;page=2" in html


def test_htmx_gets_the_rows_alone_and_a_page_by_its_history(people: People) -> None:
    part = page(people, query="?q=ter", **{"HX-Request": "true"})
    assert "Biscuiterie Ternanteau" in part
    assert "<html" not in part
    whole = page(people, query="?q=ter", **{"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in whole
    response = people.browser("administrator").get(reverse("client_list"))
    assert "HX-Request" in response.headers["Vary"]


def test_the_part_says_the_same_as_the_page(people: People) -> None:
    query = "?q=ter&etat=tous"
    browser = people.browser("administrator")
    whole = browser.get(reverse("client_list") + query).context["list"]
    part = browser.get(reverse("client_list") + query, headers={"HX-Request": "true"}).context["list"]
    assert [row.client for row in whole.rows] == [row.client for row in part.rows]
    assert whole.chips == part.chips


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?q=terneau", ("Aucun client ne correspond", "«\u00a0terneau\u00a0»", "Effacer la recherche")),
        ("?section=A", ("Aucun client ne correspond", "Effacer les filtres")),
    ],
)
def test_nothing_found(people: People, query: str, words: tuple[str, ...]) -> None:
    html = page(people, query=query)
    for word in words:
        assert word in html


def test_a_search_is_escaped(people: People) -> None:
    html = page(people, query="?q=<script>alert(1)</script>")
    assert "<script>alert" not in html


def test_an_empty_firm(db: None) -> None:
    _firm, person = make_firm()
    from django.test import Client as Browser

    browser = Browser()
    browser.force_login(person.user)
    html = browser.get(reverse("client_list")).content.decode()
    assert "Aucun client pour l’instant" in html


def test_who_sees_nobody_is_told_whom_to_ask(people: People) -> None:
    assert "Aucun client pour l’instant" in page(people, "outside")


def test_the_menu_follows_the_permissions(people: People) -> None:
    everything = page(people)
    for act in ("Ouvrir le dossier", "Modifier", "Désactiver", "Supprimer…"):
        assert act in everything
    some = page(people, "inside")
    assert "Modifier" in some
    for act in ("Désactiver", "Supprimer…"):
        assert act not in some


def test_a_deactivated_client_can_only_come_back(people: People) -> None:
    people.client.is_active = False
    people.client.save()
    html = page(people, query="?etat=desactives")
    assert "Réactiver" in html
    assert "Modifier" not in html


@pytest.mark.parametrize(
    ("states", "label"),
    [
        ((ImportState.READING,), "Import en cours"),
        ((ImportState.TO_CHECK,), "À vérifier"),
        ((ImportState.READING, ImportState.REFUSED), "Import refusé"),
    ],
)
def test_the_state_is_the_worst(people: People, states: tuple[ImportState, ...], label: str) -> None:
    for state in states:
        make_import(people.client, state=state, refusal=Refusal.UNREADABLE if state == ImportState.REFUSED else "")
    response = people.browser("administrator").get(reverse("client_list"))
    body = response.content.decode().split("<tbody>")[1]
    assert label in body


def test_drafts_are_their_owner_s(people: People) -> None:
    keep_company(people.actor("inside"), uuid4(), CompanyStep(typed="00001234400016", name="Conserverie Lestrohan"))
    assert "Conserverie Lestrohan" in page(people, "inside")
    assert "Reprendre" in page(people, "inside")
    for other in ("administrator", "manager", "stranger"):
        assert "Conserverie Lestrohan" not in page(people, other)


def test_the_number_of_queries_is_pinned(people: People, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    """Session, user, actor, and what the page reads: the same for one client and for a full page."""
    btp: Portfolio = make_portfolio(people.firm)
    for rank in range(26):
        client = make_client(people.firm, people.expert, name=f"C{rank}", portfolios=[people.portfolio, btp])
        make_import(client, year=make_year(client))
        make_declared_months(client, WHOLE_YEAR[:2])
    browser = people.browser("administrator")
    headers = {"HX-Request": "true"}
    with django_assert_max_num_queries(9):
        browser.get(reverse("client_list"), headers=headers)
    for name, address in (
        (name, query) for name in ("administrator", "inside") for query in ("", "?page=99", *ADDRESSES)
    ):
        browser = people.browser(name)
        with django_assert_max_num_queries(QUERIES, info=f"{name} {address}"):
            browser.get(reverse("client_list") + address)


def test_deactivating_from_the_list_and_undoing_it(people: People) -> None:
    browser = people.browser("administrator")
    response = browser.post(reverse("client_deactivate", args=[people.client.id]), follow=True)
    assert "Biscuiterie Ternanteau est désactivé." in response.content.decode()
    assert reverse("client_reactivate", args=[people.client.id]) in response.content.decode()
    assert names(people) == []
    response = browser.post(reverse("client_reactivate", args=[people.client.id]))
    assert response.headers["Location"] == reverse("dossier_overview", args=[people.client.id])
    assert names(people) == ["Biscuiterie Ternanteau"]


def test_today_decides_what_is_missing(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    make_import(people.client, year=make_year(people.client, 2026))
    make_declared_months(people.client, ["2026-01"])
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 2, 16))
    assert names(people, "?donnees=dsn") == []
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 3, 16))
    assert names(people, "?donnees=dsn") == ["Biscuiterie Ternanteau"]
