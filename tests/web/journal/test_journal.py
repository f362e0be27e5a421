"""The journal of the firm, in French."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django.fixtures import DjangoAssertNumQueries

from cabinet.audit.actions import ACTIONS
from cabinet.audit.models import LogEntry
from cabinet.audit.selectors import KINDS, actions_of
from cabinet.audit.services import Subject, record
from cabinet.clients.services import change_client, erase_client, set_active
from cabinet.web.journal.entries import describe
from tests.cabinet.clients.test_services import details_of, organisation_of
from tests.cabinet.factories import PASSWORD, make_client
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


def toggle(people: People, times: int) -> None:
    for _ in range(times):
        set_active(actor=people.actor("administrator"), client=people.client, active=False)
        set_active(actor=people.actor("administrator"), client=people.client, active=True)


def test_pages_follow_each_other_both_ways(people: People) -> None:
    toggle(people, 60)
    browser, seen, url = people.browser("administrator"), [], ""
    pages = []
    while True:
        page = browser.get(reverse("journal") + url).context["journal"].page
        pages.append(page)
        seen += [line.at for line in page.lines]
        if not page.older:
            break
        url = page.older
    assert len(seen) == LogEntry.objects.filter(firm_id=people.firm.id).count()
    assert seen == sorted(seen, reverse=True)
    assert len(pages) == 3
    assert not pages[0].newer
    back = browser.get(reverse("journal") + pages[2].newer).context["journal"].page
    assert back.lines == pages[1].lines
    first = browser.get(reverse("journal") + back.newer).context["journal"].page
    assert (first.lines, first.newer) == (pages[0].lines, "")


@pytest.mark.parametrize("place", ["x", "1-x", "9" * 40 + "-" + "0" * 32, "-"])
def test_a_place_that_is_none_is_the_start(people: People, place: str) -> None:
    assert "Client créé" in html(people, f"?avant={place}")


def shown(people: People, query: str) -> list[str]:
    response = people.browser("administrator").get(reverse("journal") + query)
    assert response.status_code == 200
    return [f"{line.what}/{line.about}" for line in response.context["journal"].page.lines]


def test_filters(people: People) -> None:
    other = make_client(people.firm, people.expert, name="Scierie du Gué")
    set_active(actor=people.actor("administrator"), client=other, active=False)
    set_active(actor=people.actor("manager"), client=people.client, active=False)
    gone, kept = "Client désactivé/Scierie du Gué", "Client désactivé/Biscuiterie Ternanteau"
    assert {gone, kept} <= set(shown(people, ""))
    for query in ("?q=scierie+gué", "?dossier=scierie", f"?qui={people.administrator.id}&sorte=clients"):
        assert gone in shown(people, query), query
        assert kept not in shown(people, query), query
    assert "Cabinet créé" not in str(shown(people, "?sorte=clients"))
    assert shown(people, "?dossier=introuvable") == []
    assert shown(people, "?dossier=Garage") == []  # another firm's
    assert shown(people, "?du=2999-01-01") == []
    assert shown(people, "?au=2001-01-01") == []
    today = f"{timezone.localdate():%Y-%m-%d}"
    assert gone in shown(people, f"?du={today}&au={today}")
    assert len(shown(people, "?qui=x&sorte=x&du=hier&au=9999-12-31")) == len(shown(people, ""))
    page = html(people, "?q=introuvable&sorte=clients")
    assert "Aucune ligne ne correspond" in page
    assert 'href="?sorte=clients"' in page


def test_each_action_is_of_a_kind() -> None:
    assert {action for kind in KINDS for action in actions_of(kind)} == set(ACTIONS)


def test_where_is_shown_to_who_reads_the_journal_of_the_firm(people: People) -> None:
    person = people.administrator
    Browser(REMOTE_ADDR="192.0.2.9").post("/compte/connexion/", {"login": person.email, "password": PASSWORD})
    assert "depuis 192.0.2.9, session " in html(people)
    toggle(people, 1)
    inside = people.browser("inside").get(reverse("dossier_journal", args=[people.client.id])).content.decode()
    assert "Client désactivé" in inside
    assert "depuis" not in inside


def export(people: People, kind: str, query: str = "") -> bytes:
    response = people.browser("administrator").post(reverse("journal_export", args=[kind]) + query)
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_the_export_holds_what_is_filtered_and_is_written_down(people: People) -> None:
    change_client(
        actor=people.actor("administrator"),
        client=people.client,
        details=replace(details_of(people.client), name="=CMD()", town="Mayenne"),
        organisation=organisation_of(people.client, manager_id=people.manager.id),
    )
    toggle(people, 30)
    rows = list(csv.reader(io.StringIO(export(people, "csv", "?sorte=clients").decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:4] == ["Date", "Personne", "Action", "Objet"]
    kept = LogEntry.objects.filter(action__in=actions_of("clients"), firm_id=people.firm.id)
    assert len(rows) == 1 + kept.count()
    assert {row[3] for row in rows if row[2] == "Client désactivé"} == {"'=CMD()"}
    assert "Commune : Ernée → Mayenne" in str(rows)
    book = load_workbook(io.BytesIO(export(people, "xlsx", "?sorte=telechargements")))
    told = [row[3] for row in book.worksheets[0].iter_rows(values_only=True)]
    assert told == ["Objet", "Journal (XLSX)", "Journal (CSV)"]
    assert people.browser("administrator").post(reverse("journal_export", args=["pdf"])).status_code == 404


def test_a_workbook_too_large_is_refused(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cabinet.web.journal.views.MOST_ROWS", 1)
    toggle(people, 1)
    response = people.browser("administrator").post(reverse("journal_export", args=["xlsx"]), follow=True)
    assert "Un classeur ne tient pas autant de lignes" in response.content.decode()


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
        (1842, 3, [("1\u00a0842", "3")]),
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


def test_queries_do_not_grow(people: People, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for rank in range(20):
        make_client(people.firm, people.expert, name=f"C{rank}")
    browser = people.browser("administrator")
    with django_assert_max_num_queries(9):
        browser.get(reverse("journal"))


def test_words_are_looked_for_a_stretch_at_a_time(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cabinet.web.journal.entries.STRETCH", 4)
    author = people.actor("administrator").author
    for label in ("Scierie Guéhenno", *(f"Atelier {rank}" for rank in range(9))):
        record("client.changed", author=author, subject=Subject(label=label))
    page, reads = html(people, "?q=scierie"), 1
    while "Scierie Guéhenno" not in page.split("</form>", 2)[2]:
        assert "Aucune ligne ne correspond" not in page
        older = re.search(r'href="\?([^"]+)">Chercher plus loin', page)
        assert older is not None
        page, reads = html(people, "?" + older[1].replace("&amp;", "&")), reads + 1
    assert reads == 3
    assert "Plus récentes" in page


def test_what_is_found_in_a_stretch_is_shown_with_where_it_ends(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cabinet.web.journal.entries.STRETCH", 2)
    author = people.actor("administrator").author
    for label in ("Ancienne", "Scierie", "Atelier"):
        record("client.changed", author=author, subject=Subject(label=label))
    page = html(people, "?q=scierie")
    assert "Scierie" in page.split("</form>", 2)[2]
    assert "Rien d’autre parmi les 50&nbsp;000 lignes lues" in page


def test_sizes_and_counts_are_written_as_everywhere() -> None:
    entry = LogEntry(
        action="import.received", origin="web", changes={"octets": [None, 1_234_567], "lignes": [None, 12_345]}
    )
    entry.at = timezone.now()
    (line,) = describe([entry])
    assert [(one.label, one.after) for one in line.changes] == [("Taille", "1,2\u00a0Mo"), ("Lignes", "12\u00a0345")]
