"""Screens of portfolios: who runs them, who is in them, what a deletion would take."""

import re

import pytest
from django.http import HttpResponse
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from cabinet.clients.access import visible_clients
from cabinet.portfolios.models import Portfolio
from tests.cabinet.factories import make_client, make_collaborator, make_firm, make_portfolio
from tests.cabinet.people import People


def get(people: People, who: str, name: str, *args: object, query: str = "", **headers: str) -> HttpResponse:
    return people.browser(who).get(reverse(name, args=args) + query, headers=headers)


def post(people: People, who: str, route: str, /, *args: object, **sent: object) -> HttpResponse:
    return people.browser(who).post(reverse(route, args=args), sent)


@pytest.fixture
def run(people: People) -> Portfolio:
    """A portfolio that ``outside`` runs."""
    return make_portfolio(people.firm, "Mayenne Nord", responsables=[people.outside])


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("administrator", ["Agroalimentaire", "Mayenne Nord"]),
        ("expert", ["Agroalimentaire", "Mayenne Nord"]),
        ("inside", ["Agroalimentaire"]),
        ("outside", ["Mayenne Nord"]),
        ("manager", []),
        ("stranger", []),
    ],
)
def test_each_sees_their_own(people: People, run: Portfolio, who: str, seen: list[str]) -> None:
    response = get(people, who, "portfolio_list")
    assert [line.portfolio.name for line in response.context["list"].lines] == seen
    html = response.content.decode()
    assert [name for name in ("Agroalimentaire", "Mayenne Nord") if name in html.split("<main")[1]] == seen or not seen


def test_a_line_counts(people: People) -> None:
    make_client(people.firm, people.expert, portfolios=[people.portfolio])
    make_client(people.firm, people.expert, portfolios=[people.portfolio], active=False)
    people.portfolio.members.add(people.outside)
    (line,) = get(people, "administrator", "portfolio_list").context["list"].lines
    assert (line.clients, line.members, line.responsables) == (2, 2, "Solène Hautbois")


def test_only_who_may_create_is_offered_it(people: People) -> None:
    assert "Nouveau portefeuille" in get(people, "administrator", "portfolio_list").content.decode()
    assert "Nouveau portefeuille" not in get(people, "expert", "portfolio_list").content.decode()


def test_an_empty_firm_is_told_to_begin(db: None) -> None:
    from django.test import Client as Browser

    _firm, person = make_firm()
    browser = Browser()
    browser.force_login(person.user)
    assert "Aucun portefeuille pour l’instant" in browser.get(reverse("portfolio_list")).content.decode()


def test_creating_leads_to_its_page(people: People) -> None:
    ids = [str(people.expert.id), str(people.manager.id)]
    response = post(people, "administrator", "portfolio_create", name="Santé", responsables=ids)
    made = Portfolio.objects.get(name="Santé")
    assert response.headers["Location"] == reverse("portfolio", args=[made.id])
    assert set(made.responsables.all()) == {people.expert, people.manager}


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"name": "", "responsables": "me"}, "Donnez un nom"),
        ({"name": "Santé"}, "Choisissez au moins une personne"),
        ({"name": "agroalimentaire", "responsables": "me"}, "Un autre portefeuille du cabinet porte ce nom"),
        ({"name": "Santé", "responsables": "stranger"}, "pas"),
    ],
)
def test_what_is_wrong_is_said(people: People, sent: dict[str, str], words: str) -> None:
    who = {"me": people.administrator, "stranger": people.stranger}
    given = sent | ({"responsables": str(who[sent["responsables"]].id)} if "responsables" in sent else {})
    response = post(people, "administrator", "portfolio_create", **given)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert Portfolio.objects.filter(firm=people.firm).count() == 1


def test_renaming_and_handing_over(people: People) -> None:
    response = post(
        people, "administrator", "portfolio_edit", people.portfolio.id, name="Agro", responsables=str(people.expert.id)
    )
    assert response.status_code == 302
    people.portfolio.refresh_from_db()
    assert (people.portfolio.name, list(people.portfolio.responsables.all())) == ("Agro", [people.expert])


def test_a_responsable_runs_their_own_and_no_other(people: People, run: Portfolio) -> None:
    mine = make_client(people.firm, people.outside, name="Ferme Aubin")
    assert post(people, "outside", "portfolio_add_client", run.id, id=str(mine.id)).status_code == 302
    assert post(people, "outside", "portfolio_add_member", run.id, id=str(people.inside.id)).status_code == 302
    assert mine in visible_clients(people.actor("inside"))
    assert post(people, "outside", "portfolio_remove_member", run.id, id=str(people.inside.id)).status_code == 302
    assert mine not in visible_clients(people.actor("inside"))
    assert post(people, "outside", "portfolio_remove_client", run.id, id=str(mine.id)).status_code == 302
    assert post(people, "outside", "portfolio_edit", run.id, name="X").status_code == 403
    assert post(people, "outside", "portfolio_delete", run.id, name="Mayenne Nord").status_code == 403
    assert post(people, "outside", "portfolio_add_client", people.portfolio.id, id=str(mine.id)).status_code == 404


def test_a_responsable_cannot_add_a_client_that_they_do_not_see(people: People, run: Portfolio) -> None:
    for hidden in (people.client, people.other_client):
        assert post(people, "outside", "portfolio_add_client", run.id, id=str(hidden.id)).status_code == 404
    found = get(people, "outside", "portfolio", run.id, query="?client=biscuiterie").context["page"].clients_found
    assert found == ()
    assert not run.clients.exists()


@pytest.mark.parametrize("route", ["portfolio_add_client", "portfolio_add_member", "portfolio_remove_member"])
@pytest.mark.parametrize("sent", [{}, {"id": "x"}, {"id": "00000000-0000-0000-0000-000000000000"}])
def test_what_does_not_exist_is_not_found(people: People, route: str, sent: dict[str, str]) -> None:
    assert post(people, "administrator", route, people.portfolio.id, **sent).status_code == 404


def test_people_of_another_firm_or_gone_cannot_be_added(people: People) -> None:
    gone = make_collaborator(people.firm)
    gone.is_active = False
    gone.save()
    for person in (people.stranger, gone):
        response = post(people, "administrator", "portfolio_add_member", people.portfolio.id, id=str(person.id))
        assert response.status_code == 404


def test_searching_what_to_add(people: People) -> None:
    other = make_client(people.firm, people.expert, name="Biscuiterie Aubry")
    make_client(people.firm, people.expert, name="Biscuiterie fermée", active=False)
    page = get(people, "administrator", "portfolio", people.portfolio.id, query="?client=bisc&personne=lavergne th")
    assert page.context["page"].clients_found == (other,)
    assert page.context["page"].people_found == (people.outside,)
    html = page.content.decode()
    assert "Ajouter Biscuiterie Aubry" in html
    assert "Ajouter Thomas Lavergne" in html


@pytest.mark.parametrize(
    ("query", "there", "absent"),
    [("?client=zz", "aucun client", "collaborateur à"), ("?personne=zz", "aucun collab", "aucun client")],
)
def test_htmx_gets_the_answer_alone(people: People, query: str, there: str, absent: str) -> None:
    response = get(people, "administrator", "portfolio", people.portfolio.id, query=query, **{"HX-Request": "true"})
    html = response.content.decode()
    assert "<html" not in html
    assert there in html
    assert absent not in html


def test_who_only_belongs_to_it_reads_it(people: People) -> None:
    html = get(people, "inside", "portfolio", people.portfolio.id, query="?client=a").content.decode()
    assert "Biscuiterie Ternanteau" in html
    for act in ("Ajouter", "Retirer", "Modifier"):
        assert act not in html.split("<main")[1]


def test_a_deletion_says_who_loses_what(people: People) -> None:
    html = get(people, "administrator", "portfolio_delete", people.portfolio.id).content.decode()
    assert "Mathis Le Goff" in html
    assert "ne verra plus Biscuiterie Ternanteau" in html
    assert "Inès Benamara" not in html
    people.portfolio.members.clear()
    assert (
        "Personne ne perd l’accès"
        in get(people, "administrator", "portfolio_delete", people.portfolio.id).content.decode()
    )


def test_a_deletion_asks_for_the_name_and_keeps_the_clients(people: People) -> None:
    refused = post(people, "administrator", "portfolio_delete", people.portfolio.id, name="Autre")
    assert refused.status_code == 422
    assert "n’est pas celui du portefeuille" in refused.content.decode()
    done = post(people, "administrator", "portfolio_delete", people.portfolio.id, name="agroalimentaire")
    assert done.headers["Location"] == reverse("portfolio_list")
    people.client.refresh_from_db()
    assert not people.client.portfolios.exists()


def test_queries_do_not_grow(people: People, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(6):
        make_portfolio(people.firm, responsables=[people.expert, people.manager], members=[people.inside])
    browser = people.browser("administrator")
    with django_assert_max_num_queries(8):
        browser.get(reverse("portfolio_list"))


def test_a_large_portfolio_comes_by_pages(
    people: People, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for rank in range(30):
        make_client(people.firm, people.expert, portfolios=[people.portfolio], name=f"Atelier {rank:02d}")
        people.portfolio.members.add(make_collaborator(people.firm, last_name=f"Membre {rank:02d}"))
    browser = people.browser("administrator")
    address = reverse("portfolio", args=[people.portfolio.id])
    with django_assert_max_num_queries(12):
        html = browser.get(address).content.decode()
    assert "Atelier 24" in html
    assert "Atelier 25" not in html
    assert "Membre 24" not in html
    html = browser.get(address + "?page=2&membres=2").content.decode()
    assert "Atelier 25" in html
    assert "Membre 29" in html


def test_a_deletion_counts_what_it_does_not_name(
    people: People, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for rank in range(11):
        make_client(people.firm, people.expert, portfolios=[people.portfolio], name=f"Atelier {rank:02d}")
        people.portfolio.members.add(make_collaborator(people.firm, last_name=f"Membre {rank:02d}"))
    browser = people.browser("administrator")
    with django_assert_max_num_queries(11):
        html = browser.get(reverse("portfolio_delete", args=[people.portfolio.id])).content.decode()
    assert "12\u00a0personnes" in html  # the eleven, and inside
    assert "ne verra plus 12\u00a0clients, dont Atelier 00, Atelier 01" in html
    assert "Atelier 09" not in html


def crowd(people: People, count: int) -> list[str]:
    """That many more collaborators who sign in; their ids."""
    names = [f"Lemoine {rank:02d}" for rank in range(count)]
    return [str(make_collaborator(people.firm, last_name=name, first_name="Élodie").id) for name in names]


def offered(html: str) -> list[str]:
    return re.findall(r'<label class="bo-picker__option"[^>]*>.*?<span>(.*?)</span>', html)


def test_responsables_are_searched_on_the_server(people: People) -> None:
    crowd(people, 40)
    edit = reverse("portfolio_edit", args=[people.portfolio.id])
    html = people.browser("administrator").get(edit).content.decode()
    assert offered(html)[0].startswith("Solène Hautbois")  # who runs it is drawn, and ticked, before the others
    assert len(offered(html)) == 31
    assert "Et 14\u00a0autres" in html
    asked = {"chercher-responsables": "ELODIE 3", "responsables": str(people.expert.id)}
    html = people.browser("administrator").get(edit, asked, headers={"HX-Request": "true"}).content.decode()
    assert offered(html)[0].startswith("Claire Dubreuil")
    assert {name.split(",")[0][-10:] for name in offered(html)[1:]} >= {"Lemoine 30", "Lemoine 39", "Lemoine 03"}
    assert not [name for name in offered(html) if "Lavergne" in name]
    assert html.count("checked") == 1


def test_responsables_are_searched_without_javascript(people: People) -> None:
    ids = crowd(people, 40)
    asked = {"name": "Santé", "responsables": ids[39], "chercher-responsables": "lavergne", "chercher": "1"}
    response = post(people, "administrator", "portfolio_create", **asked)
    html = response.content.decode()
    assert response.status_code == 200
    assert [name.split(",")[0] for name in offered(html)] == ["Élodie Lemoine 39", "Thomas Lavergne"]
    assert 'value="Santé"' in html
    assert "bo-field__error" not in html
    assert not Portfolio.objects.filter(name="Santé").exists()


def test_the_search_of_responsables_shows_nobody_of_another_firm(people: People) -> None:
    crowd(people, 10)
    asked = {"chercher-responsables": people.stranger.last_name, "responsables": str(people.stranger.id)}
    html = people.browser("administrator").get(reverse("portfolio_create"), asked).content.decode()
    assert f'value="{people.administrator.id}"' in html  # of the same name
    assert f'value="{people.stranger.id}"' not in html
    assert get(people, "expert", "portfolio_create", query="?chercher-responsables=a").status_code == 403


def test_queries_of_the_form_do_not_grow_with_the_people(
    people: People, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    crowd(people, 40)
    browser = people.browser("administrator")
    with django_assert_max_num_queries(8):
        browser.get(reverse("portfolio_edit", args=[people.portfolio.id]) + "?chercher-responsables=lemoine")
