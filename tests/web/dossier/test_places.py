"""Every place of a finding is reached from the report, with its line, its entry and its account at that line."""

import csv
import re
from io import StringIO
from typing import Any

import pytest
from django.urls import reverse

from cabinet.imports.models import Import
from tests.cabinet.imports.samples import SALE, Deliver, fec, make_sample_client
from tests.cabinet.people import People
from tests.web.dossier.test_pages import text

SALES = 130
NAME = "000012344FEC20251231.txt"


@pytest.fixture
def sales(people: People, deliver: Deliver, settings: Any) -> Import:
    """Sales without a third party (AUX-03, of lines), two months validated before their date (DATE-04, of entries)."""
    settings.IMPORT_FOLLOWERS = []
    lines = [(str(rank), *rest) for rank in range(1, SALES + 1) for _, *rest in SALE]
    content = fec(lines).replace(b"\t20250115\t\t\r\n", b"\t20250114\t\t\r\n")
    imported: Import = deliver(make_sample_client(people.firm, people.manager), NAME, content)
    assert imported.state == "accepted"
    return imported


def counts(imported: Import) -> dict[str, int]:
    return {one["code"]: one["count"] for one in imported.report["findings"]}


def pages(people: People, url: str) -> list[Any]:
    """Every page of a list, by its own links."""
    browser, found = people.browser("administrator"), list[Any]()
    while url:
        response = browser.get(url)
        assert response.status_code == 200
        found.append(response)
        following = re.search(r'href="(\?[^"]*)" rel="next"', response.content.decode())
        url = response.wsgi_request.path + following[1].replace("&amp;", "&") if following else ""
    return found


def test_all_the_lines_of_a_finding_are_reached(people: People, sales: Import) -> None:
    assert counts(sales)["AUX-03"] == SALES
    report = text(people, reverse("import_report", args=[sales.id]) + "?gravite=info&q=AUX-03")
    url = reverse("import_places", args=[sales.id, "AUX-03"])
    assert f'href="{url}?gravite=info&amp;q=AUX-03"' in report
    seen = pages(people, f"{url}?gravite=info&q=AUX-03")
    lines = [place["line"] for page in seen for place in page.context["page"].page]
    assert lines == [2 + 3 * rank for rank in range(SALES)]
    for page in seen:  # the filters of the report are those one comes back to
        assert '/?gravite=info&amp;q=AUX-03">Revenir au rapport' in page.content.decode()
    last = seen[-1].context["page"].page[-1]
    assert last["raw"].startswith(f"OD\tOpérations\t{SALES}\t20250115\t411000")
    assert (last["column"], last["value"], last["account"]) == ("CompteNum", "411000", "411000")


def test_a_place_leads_to_its_entry_and_to_its_account_at_that_line(people: People, sales: Import) -> None:
    browser = people.browser("administrator")
    place = pages(people, reverse("import_places", args=[sales.id, "AUX-03"]))[-1].context["page"].page[-1]
    entry = browser.get(place["entry_url"]).context["page"].entry
    assert entry.number == str(SALES)
    assert place["line"] in {line.line for line in entry.lines}
    book = browser.get(place["account_url"]).context["page"]
    assert book.page.number == 2
    assert [shown.line.line for shown in book.lines if shown.sought] == [place["line"]]
    shown = browser.get(reverse("import_report", args=[sales.id])).context["page"]
    firsts = [one.places[0] for section in shown.sections for one in section.findings if one.code == "AUX-03"]
    assert firsts[0]["account"] == "411000"


def test_a_check_of_entries_gives_one_place_an_entry(people: People, sales: Import) -> None:
    assert counts(sales)["DATE-04"] == 3 * SALES
    seen = pages(people, reverse("import_places", args=[sales.id, "DATE-04"]))
    places = [place for page in seen for place in page.context["page"].page]
    assert sum(1 + place["others"] for place in places) == 3 * SALES
    assert len(places) == SALES
    assert f"{3 * SALES}\u00a0endroits, dans {SALES}\u00a0écritures" in seen[0].content.decode()
    assert places[0]["value"] == "14/01/2025"


def sheet(people: People, imported: Import, code: str) -> list[dict[str, str]]:
    """The rows of a finding in the CSV."""
    answer = people.browser("administrator").get(reverse("import_findings_csv", args=[imported.id]))
    told = b"".join(answer.streaming_content).decode("utf-8-sig")
    return [row for row in csv.DictReader(StringIO(told), delimiter=";") if row["Code"] == code]


def test_the_csv_holds_every_place(people: People, sales: Import) -> None:
    rows = sheet(people, sales, "AUX-03")
    assert [int(row["Ligne"]) for row in rows] == [2 + 3 * rank for rank in range(SALES)]
    assert {(row["Colonne"], row["Valeur lue"], row["Remarque"]) for row in rows} == {("CompteNum", "411000", "")}
    entries = sheet(people, sales, "DATE-04")
    assert [int(row["Ligne"]) for row in entries] == [2 + 3 * rank for rank in range(SALES)]
    assert {(row["Valeur lue"], row["Remarque"]) for row in entries} == {("14/01/2025", "et 2 de plus dans l’écriture")}


def test_the_csv_says_when_only_the_first_places_are_kept(people: People, sales: Import) -> None:
    sales.tables = {}
    sales.save()
    *first, said = sheet(people, sales, "AUX-03")
    assert [int(row["Ligne"]) for row in first] == [2 + 3 * rank for rank in range(20)]
    assert (said["Ligne"], said["Remarque"]) == ("", f"Les 20 premiers endroits sur {SALES} sont gardés.")


def test_a_finding_that_the_report_lacks_has_no_page(people: People, sales: Import) -> None:
    assert "AUX-01" not in counts(sales)
    assert people.browser("administrator").get(reverse("import_places", args=[sales.id, "AUX-01"])).status_code == 404


def test_without_facts_the_places_of_the_report_are_shown(people: People, sales: Import) -> None:
    sales.tables = {}
    sales.save()
    page = people.browser("administrator").get(reverse("import_places", args=[sales.id, "AUX-03"]))
    shown = page.context["page"]
    assert len(shown.page) == 20
    assert shown.first_only
    assert shown.page[0]["account_url"] == ""
    assert "Les 20 premiers sont gardés." in page.content.decode()
