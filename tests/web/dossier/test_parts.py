"""The parts of one FEC as pages show them: one line, what lacks, and the part beside each place."""

import pytest
from django.urls import reverse

from cabinet.clients.models import Client
from tests.cabinet.imports.samples import Deliver, make_sample_client
from tests.cabinet.imports.test_parts import PARTS, living, name
from tests.cabinet.people import People
from tests.web.dossier.test_pages import text


@pytest.fixture
def company(people: People) -> Client:
    client: Client = make_sample_client(people.firm, people.manager)
    return client


def test_the_line_of_a_part_leaves_when_another_stands_for_it(
    people: People, company: Client, deliver: Deliver
) -> None:
    first = deliver(company, name(1), PARTS[1])
    joined = deliver(company, name(2), PARTS[2])
    line = reverse("import_line", args=[first.id])
    browser = people.browser("administrator")
    answer = browser.get(line)
    assert (answer.status_code, answer.content) == (200, b"")
    assert people.browser("stranger").get(line).status_code == 404
    said = browser.get(reverse("import_line", args=[joined.id])).content.decode()
    assert f'<li id="fichier-{first.id}" hx-swap-oob="delete"></li>' in said


def test_what_lacks_is_asked_for_and_may_be_done_without(people: People, company: Client, deliver: Deliver) -> None:
    waiting = deliver(company, name(2), PARTS[2])
    said = text(people, reverse("dossier_data", args=[company.id]))
    assert "Ce FEC est en plusieurs fichiers\u00a0: il manque la partie 1. Déposez ce qui manque" in said
    accept = reverse("import_accept", args=[waiting.id])
    assert accept in said
    people.browser("manager").post(accept)
    assert [one.state for one in living(company)] == ["accepted"]


def test_a_place_names_its_part_and_leads_to_its_own_line(people: People, company: Client, deliver: Deliver) -> None:
    for rank in (1, 3, 2):
        deliver(company, name(rank), PARTS[rank])
    (kept,) = living(company)
    report = text(people, reverse("import_report", args=[kept.id]))
    assert ", ".join(name(rank) for rank in (1, 2, 3)) in report
    browser = people.browser("administrator")
    page = browser.get(reverse("import_places", args=[kept.id, "AUX-03"]))
    places = page.context["page"].page.object_list
    assert [(place["part"], place["line"], place["account"]) for place in places] == [
        (1, 2, "411000"), (2, 4, "401000"), (3, 2, "411000"),
    ]  # fmt: skip
    assert places[1]["raw"].split("\t")[4] == "401000"
    assert '<span class="bo-table__second">partie 2</span>' in page.content.decode()
    for place in places:
        shown = browser.get(place["account_url"].split("#")[0])
        (sought,) = [line for line in shown.context["page"].lines if line.sought]
        assert (sought.line.part, sought.line.line) == (place["part"], place["line"])
        assert place["account_url"].endswith(f"#{sought.anchor}")
    rows = b"".join(browser.get(reverse("import_findings_csv", args=[kept.id])).streaming_content).decode()  # type: ignore[attr-defined]
    assert "partie 1 du fichier" in rows
    entry = browser.get(places[1]["entry_url"]).content.decode()
    assert PARTS[2].decode().split("\r\n")[1] in entry


def test_a_report_claims_no_more_than_what_was_read(people: People, company: Client, deliver: Deliver) -> None:
    empty = deliver(company, name(1), PARTS[1].split(b"\r\n", 1)[0] + b"\r\n")
    said = text(people, reverse("import_report", args=[empty.id]))
    assert "Non regardé" in said
    assert "Rien à expliquer" not in said
    assert "Description à joindre" not in said
    other = deliver(company, "000056788FEC20251231.txt", PARTS[2])
    said = text(people, reverse("import_report", args=[other.id]))
    assert "3\u00a0lignes lues. " in said
    assert "Les indicateurs en" not in said
