"""The pages of a dossier: what they say of real files, and what they cost."""

from typing import Any

from django.test import Client as Browser
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from cabinet.clients.models import Client
from cabinet.dossiers.models import Dossier
from cabinet.imports.models import Import
from tests.cabinet.factories import make_portfolio
from tests.cabinet.imports.samples import Deliver, fec, make_sample_client
from tests.cabinet.people import People

QUERIES = 15
"""None grows with the files: five are the session and the shell, the rest one a table."""
TABS = ("dossier_overview", "dossier_data", "dossier_indicators", "dossier_missions", "dossier_journal")


def text(people: People, url: str, name: str = "administrator") -> str:
    response = people.browser(name).get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def test_a_tab_costs_few_queries(
    people: People, whole: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for route in TABS:
        browser = people.browser("administrator")
        with django_assert_max_num_queries(QUERIES, info=route):
            assert browser.get(reverse(route, args=[whole.id])).status_code == 200


def test_an_empty_dossier_stands(people: People, empty: Client) -> None:
    for route in TABS:
        text(people, reverse(route, args=[empty.id]))


def test_the_overview_asks_for_what_is_missing_and_shows_figures(people: People, whole: Client) -> None:
    html = text(people, reverse("dossier_overview", args=[whole.id]))
    assert "DSN de octobre 2025" not in html
    assert "DSN d’octobre 2025" in html
    assert "Chiffre d’affaires" in html
    assert "Achats et services par famille" in html


def test_unknown_is_unknown(people: People, empty: Client) -> None:
    html = text(people, reverse("dossier_overview", args=[empty.id]))
    assert html.count("à compléter") >= 5


def test_every_figure_opens(people: People, whole: Client) -> None:
    for family in ("economie", "social"):
        html = people.browser("administrator").get(reverse("dossier_indicators", args=[whole.id]), {"famille": family})
        shown = html.context["page"].figures
        assert len(shown) > 15
        for figure in shown:
            assert "Formule" in text(people, figure.url)


def test_the_farm_shows_its_own_year(people: People, farm: Client) -> None:
    html = text(people, reverse("dossier_overview", args=[farm.id]))
    assert "2021-2022" in html or "2021/2022" in html or "31/08/2022" in html


def test_every_report_stands(people: People, troubled: Client) -> None:
    for imported in Import.objects.filter(client=troubled):
        html = text(people, reverse("import_report", args=[imported.id]))
        assert imported.file_name in html
        sheet = people.browser("administrator").get(reverse("import_findings_csv", args=[imported.id]))
        assert b"".join(sheet.streaming_content).startswith(b"\xef\xbb\xbfCode;")


def test_a_person_who_may_not_send_gets_no_door(people: People, whole: Client) -> None:
    whole.is_active = False
    whole.save()
    html = text(people, reverse("dossier_data", args=[whole.id]))
    assert "Déposez les fichiers" not in html
    assert "Ce dossier est désactivé." in html


def test_the_header_names_only_the_portfolios_that_the_reader_sees(people: People) -> None:
    hidden = make_portfolio(people.firm, "Cession confidentielle", responsables=[people.administrator])
    people.client.portfolios.add(hidden)
    Dossier.objects.get_or_create(client=people.client)
    url = reverse("dossier_overview", args=[people.client.id])
    assert hidden.name in text(people, url)
    seen = text(people, url, "inside")
    assert people.portfolio.name in seen
    assert hidden.name not in seen


def test_the_findings_of_a_fec_are_narrowed(people: People, farm: Client) -> None:
    url = reverse("import_report", args=[Import.objects.get(client=farm).id])
    browser = people.browser("administrator")
    page = browser.get(url).context["page"]
    every = {one.code: one for section in page.sections for one in section.findings}
    assert page.severities[0].count == len(every)
    assert page.verdicts == []  # they are all of one verdict: nothing to choose
    _narrow(browser, url, page.severities)
    code = next(iter(every))
    found = browser.get(url, {"q": code.lower()}).context["page"]
    assert [one.code for section in found.sections for one in section.findings] == [code]
    assert "Aucun constat ne répond" in browser.get(url, {"q": "introuvable"}).content.decode()
    assert browser.get(url, {"verdict": "controle"}).context["page"].verdicts  # what was chosen can be undone
    # A severity that the search leaves empty keeps its chip: it tells why nothing is shown, and the others lead out.
    empty = browser.get(url, {"gravite": every[code].severity, "q": "introuvable"}).context["page"]
    assert [(chip.word, chip.count, chip.current) for chip in empty.severities] == [
        ("Tout", 0, False),
        (every[code].word, 0, True),
    ]
    assert browser.get(url, {"gravite": "x", "verdict": "y"}).context["page"].severities[0].count == len(every)


def test_a_fec_is_taken_away_printed_and_corrected(people: People, deliver: Deliver) -> None:
    content = fec().replace(b"\t", b";")
    imported = deliver(make_sample_client(people.firm, people.manager), "000012344FEC20251231.txt", content)
    assert "Voir le FEC corrigé" in text(people, reverse("import_report", args=[imported.id]))
    assert "point-virgule devient tabulation" in text(people, reverse("import_correction", args=[imported.id]))
    browser = people.browser("administrator")
    file = browser.get(reverse("import_corrected", args=[imported.id]))
    assert file["Content-Disposition"] == 'attachment; filename="000012344FEC20251231.txt"'
    assert b"".join(file.streaming_content) == fec()
    for name in ("check", "description"):
        pdf = browser.get(reverse(f"import_{name}_pdf", args=[imported.id]))
        assert pdf.content.startswith(b"%PDF-")
        assert pdf["Content-Type"] == "application/pdf"


def test_the_findings_of_several_verdicts_are_narrowed(people: People, troubled: Client) -> None:
    browser, narrowed = people.browser("administrator"), 0
    for imported in Import.objects.filter(client=troubled):
        url = reverse("import_report", args=[imported.id])
        page = browser.get(url).context["page"]
        narrowed += _narrow(browser, url, page.verdicts) > 2
    assert narrowed


def _narrow(browser: Browser, url: str, chips: Any) -> int:
    """Each filter keeps as many findings as it says; how many filters there are."""
    for chip in chips:
        shown = browser.get(url + chip.url).context["page"]
        assert sum(len(section.findings) for section in shown.sections) == chip.count
    return len(chips)
