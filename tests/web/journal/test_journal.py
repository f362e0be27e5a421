"""The journal of the firm, in French."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from cabinet.audit.models import LogEntry
from cabinet.audit.services import Subject, record
from cabinet.clients.services import change_client, erase_client, set_active
from cabinet.web.journal.entries import describe
from tests.cabinet.clients.test_services import details_of, organisation_of
from tests.cabinet.factories import make_client
from tests.cabinet.people import People


def html(people: People, query: str = "") -> str:
    response = people.browser("administrator").get(reverse("journal") + query)
    assert response.status_code == 200
    return re.sub(r"[ \n]+", " ", response.content.decode())


def test_a_change_is_told_before_and_after(people: People) -> None:
    details = replace(details_of(people.client), town="Mayenne", is_head_office=True, legal_form="5710")
    change_client(
        actor=people.actor("administrator"),
        client=people.client,
        details=details,
        organisation=organisation_of(people.client, manager_id=people.manager.id),
    )
    found = html(people)
    for words in (
        "Client modifié",
        "Inès Benamara",
        "Commune&nbsp;: Ernée",
        "Mayenne",
        "Siège social",
        "oui",
        "Forme juridique",
    ):
        assert words in found, words
    assert "5710" not in found


def test_lines_link_to_dossiers_that_are_there(people: People) -> None:
    gone = make_client(people.firm, people.expert, name="Scierie")
    erase_client(actor=people.actor("administrator"), client=gone, counts="3 fichiers")
    found = html(people)
    assert f'href="{reverse("dossier_overview", args=[people.client.id])}">Biscuiterie Ternanteau</a>' in found
    assert "Client supprimé&nbsp;: 3 fichiers" in found
    assert "Scierie" not in found


def test_another_firm_s_lines_are_not_here(people: People) -> None:
    assert "Garage Pellouin" not in html(people)


def test_pages_of_fifty(people: People) -> None:
    for _ in range(30):
        set_active(actor=people.actor("administrator"), client=people.client, active=False)
        set_active(actor=people.actor("administrator"), client=people.client, active=True)
    total = LogEntry.objects.filter(firm_id=people.firm.id).count()
    assert f"1 à 50 sur {total}" in html(people)
    assert f"51 à {total} sur {total}" in html(people, "?page=2")


def test_what_workers_and_operators_do_says_so(people: People) -> None:
    assert "Exploitation, en ligne de commande" in html(people)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (None, None, []),
        ("", "", []),
        (None, "2025-03-01", [("", "01/03/2025")]),
        (False, True, [("non", "oui")]),
        ("x", None, [("x", "vide")]),
        (None, "2025-99-99", [("", "2025-99-99")]),
        (1842, 3, [("1842", "3")]),
    ],
)
def test_values(people: People, before: object, after: object, shown: list[tuple[str, str]]) -> None:
    entry = record(
        "firm.changed",
        author=people.actor("administrator").author,
        subject=Subject(label="x"),
        changes={"clôture": (before, after)},
    )
    entry.refresh_from_db()
    (line,) = describe([entry])
    assert [(change.before, change.after) for change in line.changes] == shown


def test_an_old_line_says_its_hour(people: People) -> None:
    entry = LogEntry.objects.filter(firm_id=people.firm.id)[0]
    entry.at = datetime(2024, 11, 9, 17, 4, tzinfo=UTC)
    assert describe([entry])[0].when == "le 9\u00a0novembre\u00a02024 à 18\u00a0h\u00a004"


def test_queries_do_not_grow(people: People, django_assert_max_num_queries: "pytest.FixtureRequest") -> None:
    for rank in range(20):
        make_client(people.firm, people.expert, name=f"C{rank}")
    browser = people.browser("administrator")
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        browser.get(reverse("journal"))
