"""The frame: what each person finds in the menu, and what it costs."""

import re

from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from cabinet.web.shell import Shell, build_shell
from tests.cabinet.people import People


def labels(shell: Shell) -> list[str]:
    return [entry.label for group in shell.groups for entry in group.entries]


def current(shell: Shell) -> list[str]:
    return [entry.label for group in shell.groups for entry in group.entries if entry.current]


def test_a_menu_shows_what_may_be_used(people: People) -> None:
    assert labels(build_shell(people.actor("inside"), "/")) == ["Accueil", "Clients", "Portefeuilles"]
    administrator = build_shell(people.actor("administrator"), "/")
    assert {"Accueil", "Clients", "Portefeuilles", "Connexions API", "Journal"} <= set(labels(administrator))
    assert [group.title for group in administrator.groups] == ["", "Gestion du cabinet"]


def test_counts_are_those_of_the_person(people: People) -> None:
    def clients(name: str) -> int | None:
        shell = build_shell(people.actor(name), "/")
        return next(entry.count for group in shell.groups for entry in group.entries if entry.label == "Clients")

    assert (clients("inside"), clients("outside"), clients("stranger")) == (1, 0, 1)


def test_the_entry_of_the_page_is_marked(people: People) -> None:
    actor = people.actor("administrator")
    dossier = reverse("dossier_overview", args=[people.client.id])
    assert current(build_shell(actor, "/")) == ["Accueil"]
    assert current(build_shell(actor, dossier)) == ["Clients"]
    assert current(build_shell(actor, "/portefeuilles/")) == ["Portefeuilles"]
    assert current(build_shell(actor, "/composants/")) == []


def test_a_frame_costs_one_query(people: People, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    actor = people.actor("inside")
    with django_assert_num_queries(1):
        build_shell(actor, "/")


def test_nobody_gets_an_empty_frame() -> None:
    assert build_shell(None, "/") == Shell()


def test_what_scripts_close_is_closed_before_anything_is_drawn(people: People) -> None:
    """Said by a module, it would be after the first drawing: the menu of a phone was seen sliding out of each page."""
    html = people.browser("inside").get(reverse("home")).content.decode()
    tag = re.search(r"<script ([^>]*scripts-work[^>]*)>", html)
    assert tag is not None
    assert not {"defer", "async", "module"} & set(re.findall(r"\w+", tag[1]))
    assert tag.start() < html.index('rel="stylesheet"')
