"""Screens of collaborators: found, created, invited by a real letter, sent away."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

from cabinet.accounts.models import Collaborator, Invitation
from cabinet.accounts.permissions import Role
from tests.cabinet.factories import PASSWORD, make_client, make_collaborator, make_group, make_portfolio
from tests.cabinet.people import People
from tests.web.postman import Postman, free_port, link_in, text_of

NEW = "trois-chênes-au-matin"
SIGN_IN = "/compte/connexion/"


def get(people: People, route: str, *args: object, query: str = "", who: str = "administrator") -> HttpResponse:
    return people.browser(who).get(reverse(route, args=args) + query)


def post(people: People, route: str, /, *args: object, who: str = "administrator", **sent: object) -> HttpResponse:
    return people.browser(who).post(reverse(route, args=args), sent, follow=True)


def described(people: People, **changed: object) -> dict[str, object]:
    given = {
        "first_name": "Jonas",
        "last_name": "Quéméner",
        "email": "jonas@cabinet.test",
        "position": "trainee",
        "group": str(people.inside.group_id),
    }
    return given | changed


def names(response: HttpResponse) -> list[str]:
    return [row.person.full_name for row in response.context["list"].rows]


# The list


def test_the_list_shows_the_firm_and_nobody_else(people: People) -> None:
    response = get(people, "collaborator_list")
    assert names(response) == [
        "Inès Benamara",
        "Claire Dubreuil",
        "Solène Hautbois",
        "Thomas Lavergne",
        "Mathis Le Goff",
    ]
    assert people.stranger.email not in response.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=INES", ["Inès Benamara"]),
        ("?q=goff math", ["Mathis Le Goff"]),
        ("?q=zz", []),
        ("?poste=trainee", ["Élise Zola"]),
        ("?acces=none", ["Élise Zola"]),
        ("?etat=desactives", ["Anne Roy"]),
        ("?portefeuille={portfolio}", ["Solène Hautbois", "Mathis Le Goff"]),
        ("?groupe={expert}", ["Claire Dubreuil"]),
        ("?groupe=drop table&q=le goff", ["Mathis Le Goff"]),
    ],
)
def test_the_list_is_searched_and_filtered(people: People, query: str, found: list[str]) -> None:
    trainee = make_collaborator(people.firm, first_name="Élise", last_name="Zola", with_login=False)
    gone = make_collaborator(people.firm, first_name="Anne", last_name="Roy")
    Collaborator.objects.filter(id=trainee.id).update(position="trainee")
    Collaborator.objects.filter(id=gone.id).update(is_active=False)
    asked = query.format(portfolio=people.portfolio.id, expert=people.expert.group_id)
    assert names(get(people, "collaborator_list", query=asked)) == found


def test_the_list_is_sorted_and_cut_into_pages(people: People) -> None:
    assert names(get(people, "collaborator_list", query="?tri=-nom"))[0] == "Mathis Le Goff"
    for _ in range(25):
        make_collaborator(people.firm)
    assert len(names(get(people, "collaborator_list", query="?page=2"))) == 5


def test_queries_of_the_list_do_not_grow(people: People, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(8):
        person = make_collaborator(people.firm)
        make_portfolio(people.firm, responsables=[person], members=[people.inside])
    browser = people.browser("administrator")
    with django_assert_num_queries(11):
        browser.get(reverse("collaborator_list"))


# Creating, inviting


def test_a_new_collaborator_is_welcomed_and_signs_in(people: People, postman: Postman) -> None:
    portfolio = str(people.portfolio.id)
    response = post(people, "collaborator_create", **described(people, login="on", portfolios=portfolio))
    made = Collaborator.objects.get(email="jonas@cabinet.test")
    assert response.redirect_chain[-1][0] == reverse("collaborator", args=[made.id])
    assert "L’invitation est envoyée à jonas@cabinet.test" in response.content.decode()
    assert made in people.portfolio.members.all()
    (letter,) = postman.letters
    assert (letter["To"], letter["Subject"]) == (
        "jonas@cabinet.test",
        "Bocage\u00a0: votre accès au cabinet Hautbois & Associés",
    )
    assert "Solène Hautbois vous ouvre un accès" in text_of(letter)
    assert "7\u00a0jours" in text_of(letter)
    path = link_in(letter, "/compte/bienvenue/")
    newcomer = Browser()
    assert "Bienvenue, Jonas" in newcomer.get(path).content.decode()
    assert newcomer.get(path).status_code == 200  # a mail scanner that opens the link uses nothing up
    weak = newcomer.post(path, {"password1": "jonas", "password2": "jonas"})
    assert weak.status_code == 422
    assert newcomer.post(path, {"password1": NEW, "password2": "autre"}).status_code == 422
    opened = newcomer.post(path, {"password1": NEW, "password2": NEW}, follow=True)
    assert opened.redirect_chain[-1][0] == "/"
    assert newcomer.get(reverse("portfolio", args=[people.portfolio.id])).status_code == 200
    again = Browser().get(path)
    assert (again.status_code, "ne sert plus" in again.content.decode()) == (410, True)
    assert Browser().post(SIGN_IN, {"login": "jonas@cabinet.test", "password": NEW}).status_code == 302


def test_without_the_box_no_account_and_no_letter(people: People, postman: Postman) -> None:
    post(people, "collaborator_create", **described(people))
    made = Collaborator.objects.get(email="jonas@cabinet.test")
    assert made.user is None
    assert postman.letters == []
    page = post(people, "collaborator_edit", made.id, **described(people, login="on"))
    assert "L’invitation est envoyée" in page.content.decode()
    assert len(postman.letters) == 1


def test_sending_again_kills_the_first_link_and_revoking_kills_all(people: People, postman: Postman) -> None:
    post(people, "collaborator_create", **described(people, login="on"))
    made = Collaborator.objects.get(email="jonas@cabinet.test")
    post(people, "collaborator_invite", made.id)
    first, second = (link_in(letter, "/compte/bienvenue/") for letter in postman.letters)
    assert (Browser().get(first).status_code, Browser().get(second).status_code) == (410, 200)
    assert "Révoquer l’invitation" in get(people, "collaborator", made.id).content.decode()
    assert "révoquée" in post(people, "collaborator_revoke", made.id).content.decode()
    assert Browser().get(second).status_code == 410
    postman.letters.clear()
    Browser().post("/compte/mot-de-passe/oubli/", {"email": made.email})
    assert postman.letters == []
    assert "n’attend pas d’invitation" in post(people, "collaborator_invite", people.inside.id).content.decode()


def test_a_corrected_address_gets_a_link_of_its_own(people: People, postman: Postman) -> None:
    post(people, "collaborator_create", **described(people, login="on", email="jonsa@cabinet.test"))
    made = Collaborator.objects.get(email="jonsa@cabinet.test")
    post(people, "collaborator_edit", made.id, **described(people))
    wrong, right = postman.letters
    assert right["To"] == "jonas@cabinet.test"
    assert Browser().get(link_in(wrong, "/compte/bienvenue/")).status_code == 410


def test_a_silent_mail_server_is_told_and_loses_nothing(people: People, settings: Settings) -> None:
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": free_port(), "timeout": 2},
        }
    }
    page = post(people, "collaborator_create", **described(people, login="on")).content.decode()
    assert "n’est pas parti. Renvoyez l’invitation" in page
    assert Invitation.objects.filter(collaborator__email="jonas@cabinet.test", revoked_at=None).exists()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"email": "x"}, "pas complète"),
        ({"email": "MATHIS"}, "sert déjà"),
        ({"last_name": " "}, "Saisissez le nom"),
        ({"group": "stranger"}, "Sélectionnez un choix valide"),
        ({"position": "roi"}, "Sélectionnez un choix valide"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(people: People, sent: dict[str, str], words: str) -> None:
    if sent.get("email") == "MATHIS":
        sent = {"email": people.inside.email.upper()}
    if sent.get("group"):
        sent = {"group": str(people.stranger.group_id)}
    response = people.browser("administrator").post(reverse("collaborator_create"), described(people, **sent))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Collaborator.objects.filter(last_name="Quéméner").exists()


def test_a_delegate_is_offered_only_what_they_may_give(people: People) -> None:
    people.inside.group = make_group(people.firm, "collaborators.manage", "dossier.view", name="Ressources")
    people.inside.save()
    small = make_group(people.firm, "dossier.view", name="Lecture")
    form = get(people, "collaborator_create", who="inside").context["form"]
    assert set(form.groups) == {str(people.inside.group_id), str(small.id)}
    assert form.offered == {}
    forged = described(people, group=str(people.expert.group_id), portfolios=str(people.portfolio.id))
    assert people.browser("inside").post(reverse("collaborator_create"), forged).status_code == 422
    for route in ("collaborator_edit", "collaborator_deactivate", "collaborator_delete"):
        assert get(people, route, people.administrator.id, who="inside").status_code == 403
    html = get(people, "collaborator_list", who="inside").content.decode()
    assert reverse("collaborator_edit", args=[people.administrator.id]) not in html
    assert "Désactiver" not in html


# Leaving


def test_a_deactivated_person_is_out_at_once_and_for_good(people: People) -> None:
    inside = Browser()
    inside.post(SIGN_IN, {"login": people.inside.email, "password": PASSWORD})
    assert inside.get("/").status_code == 200
    key = inside.cookies["sessionid"].value
    post(people, "collaborator_deactivate", people.inside.id)
    assert not Session.objects.filter(session_key=key).exists()
    post(people, "collaborator_reactivate", people.inside.id)
    assert inside.get("/").status_code == 302  # the old session does not come back with the person
    assert Browser().post(SIGN_IN, {"login": people.inside.email, "password": PASSWORD}).status_code == 302


def test_dossiers_are_handed_over_on_the_same_page(people: People) -> None:
    page = get(people, "collaborator_deactivate", people.manager.id).content.decode()
    assert "1\u00a0dossier" in page
    refused = people.browser("administrator").post(reverse("collaborator_deactivate", args=[people.manager.id]))
    assert refused.status_code == 422
    assert "Choisissez qui reprend" in refused.content.decode()
    post(people, "collaborator_deactivate", people.manager.id, successor=str(people.outside.id))
    people.client.refresh_from_db()
    assert people.client.manager == people.outside
    foreign = {"successor": str(people.stranger.id)}
    url = reverse("collaborator_deactivate", args=[people.outside.id])
    assert people.browser("administrator").post(url, foreign).status_code == 422


def test_deleting_asks_for_the_name(people: People) -> None:
    url = reverse("collaborator_delete", args=[people.outside.id])
    refused = people.browser("administrator").post(url, {"name": "Thomas"})
    assert refused.status_code == 422
    assert "n’est pas celui du collaborateur" in refused.content.decode()
    post(people, "collaborator_delete", people.outside.id, name="thomas  lavergne")
    assert not Collaborator.objects.filter(id=people.outside.id).exists()


def test_nobody_sends_themselves_or_the_last_administrator_away(people: People) -> None:
    url = reverse("collaborator_deactivate", args=[people.administrator.id])
    answer = people.browser("administrator").post(url)
    assert (answer.status_code, "votre propre accès" in answer.content.decode()) == (422, True)
    sent = {"first_name": "Solène", "last_name": "Hautbois", "email": people.administrator.email, "position": "expert"}
    edit = reverse("collaborator_edit", args=[people.administrator.id])
    answer = people.browser("administrator").post(edit, sent | {"group": str(people.expert.group_id)})
    assert (answer.status_code, "dernier administrateur" in answer.content.decode()) == (422, True)
    assert Collaborator.objects.get(id=people.administrator.id).group.role == Role.ADMINISTRATOR


def test_the_page_of_a_person_says_what_they_carry(people: People) -> None:
    make_client(people.firm, people.manager)
    page = get(people, "collaborator", people.manager.id).content.decode()
    assert "2\u00a0dossiers" in page
    assert "Se connecte" in page
    other = get(people, "collaborator", people.administrator.id).content.decode()
    assert "Agroalimentaire" in other
    assert "Désactiver" not in other.split("<main")[1]  # nobody is offered to leave by themselves


def test_a_successor_who_is_needed_is_never_called_optional(people: People) -> None:
    for answer in (
        people.browser("administrator").get(reverse("collaborator_deactivate", args=[people.manager.id])),
        people.browser("administrator").post(reverse("collaborator_deactivate", args=[people.manager.id])),
    ):
        html = answer.content.decode()
        assert "Qui reprend" in html
        assert "facultatif" not in html


def test_without_a_mail_server_the_link_is_shown_whole_where_it_runs(
    people: People, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.MAILERS = {"default": {"BACKEND": "config.mail.ShownMail"}}
    settings.MAIL_IS_SHOWN = True
    person = make_collaborator(people.firm)
    person.user.set_unusable_password()
    person.user.save()
    answer = people.browser("administrator").post(reverse("collaborator_invite", args=[person.id]), follow=True)
    assert "dans la fenêtre où tourne Bocage" in answer.content.decode()
    shown = re.search(r"http://testserver(/compte/bienvenue/\S+)", capsys.readouterr().out)
    assert shown is not None
    assert Browser().get(shown[1]).status_code == 200
