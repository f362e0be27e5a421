"""Comments on figures: who writes, resolves and takes back, where they are counted, and where they never go."""

from typing import Any

import pytest
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from cabinet.audit.models import LogEntry
from cabinet.clients.models import Client
from cabinet.dossiers.comments import add_comment
from cabinet.dossiers.models import Comment
from cabinet.vsme.printed import document_of
from tests.cabinet.people import People

pytestmark = pytest.mark.django_db
TOPICS = ("figure:turnover", "figure:headcount_average", "vsme:Turnover", "carbon:3.1", "carbon:total")


def address(client: Client, topic: str = "", route: str = "dossier_comments") -> str:
    return reverse(route, args=[client.id]) + (f"?sujet={topic}" if topic else "")


def say(people: People, client: Client, topic: str, text: str = "À revoir avec le client", who: str = "inside") -> Any:
    return people.browser(who).post(address(client, topic), {"text": text})


@pytest.mark.parametrize("topic", TOPICS)
def test_a_figure_of_each_family_takes_a_thread(people: People, whole: Client, topic: str) -> None:
    assert say(people, whole, topic).status_code == 302
    html = people.browser("manager").get(address(whole, topic)).content.decode()
    assert "À revoir avec le client" in html
    assert "Mathis Le Goff" in html


@pytest.mark.parametrize("topic", ["figure:nothing", "vsme:Nothing", "carbon:9.99", "other:turnover", "figure:"])
def test_what_names_no_figure_takes_none(people: People, whole: Client, topic: str) -> None:
    assert say(people, whole, topic).status_code == 404
    assert not Comment.objects.exists()


def test_what_waits_is_counted_beside_its_figure_until_it_is_resolved(people: People, whole: Client) -> None:
    browser, table = people.browser("inside"), reverse("dossier_indicators", args=[whole.id])
    say(people, whole, "figure:turnover")
    say(people, whole, "figure:turnover", "Vu", who="manager")
    assert '2<span class="visually-hidden"> 2\u00a0commentaires en attente' in browser.get(table).content.decode()
    resolve = reverse("dossier_comments_resolve", args=[whole.id])
    assert browser.post(resolve, {"sujet": "figure:turnover"}).status_code == 302
    assert "commentaires en attente" not in browser.get(table).content.decode()
    assert "Résolu" in browser.get(address(whole, "figure:turnover")).content.decode()
    say(people, whole, "figure:turnover", "Encore")
    assert "1\u00a0commentaire en attente" in browser.get(table).content.decode()
    actions = [one.action for one in LogEntry.objects.filter(action__startswith="comment.").order_by("at", "id")]
    assert actions == ["comment.added", "comment.added", "comment.resolved", "comment.added"]
    assert not any(one.changes for one in LogEntry.objects.filter(action__startswith="comment."))


def test_an_author_takes_back_what_nobody_answered(people: People, whole: Client) -> None:
    say(people, whole, "figure:turnover")
    first = Comment.objects.get()

    def withdraw(who: str, comment: Comment) -> int:
        url = reverse("dossier_comment_delete", args=[whole.id, comment.id])
        return int(people.browser(who).post(url).status_code)

    assert withdraw("administrator", first) == 403
    say(people, whole, "figure:turnover", "Vu", who="manager")
    assert withdraw("inside", first) == 403
    assert withdraw("manager", Comment.objects.exclude(id=first.id).get()) == 302
    assert withdraw("inside", first) == 302
    assert not Comment.objects.exists()


def test_an_empty_comment_is_refused_and_a_deactivated_dossier_takes_none(people: People, whole: Client) -> None:
    assert say(people, whole, "figure:turnover", " ").status_code == 422
    whole.is_active = False
    whole.save()
    assert say(people, whole, "figure:turnover").status_code == 403
    html = people.browser("inside").get(address(whole, "figure:turnover")).content.decode()
    assert 'name="text"' not in html


def test_counts_cost_one_query_whatever_their_number(
    people: People, whole: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    actor, year = people.actor("inside"), whole.years.get()
    for topic in ("figure:turnover", "figure:taxes", "figure:ebitda", "figure:purchases"):
        add_comment(actor=actor, year=year, topic=topic, label=topic, text="?")
    browser = people.browser("administrator")
    with django_assert_max_num_queries(15):
        browser.get(reverse("dossier_indicators", args=[whole.id]))
    with django_assert_max_num_queries(14):
        browser.get(address(whole))


def test_no_comment_is_printed_for_the_client(people: People, whole: Client) -> None:
    say(people, whole, "figure:turnover", "Le client triche peut-être")
    assert "triche" not in repr(document_of(whole, whole.years.get()))
    sheet = people.browser("inside").get(reverse("dossier_social_csv", args=[whole.id])).content.decode()
    assert "triche" not in sheet
