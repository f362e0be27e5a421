"""The social figures as a firm meets them: page, opened figures, sheets; and what a small group may not tell in any."""

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from cabinet.clients.models import Client
from cabinet.dossiers.models import IndicatorSnapshot
from cabinet.dossiers.snapshots import recompute
from tests.bocage.workforce.payslips import Contract, Person, declaration
from tests.cabinet.again import made_once
from tests.cabinet.imports.samples import Deliver, make_sample_client
from tests.cabinet.people import People


def address(client: Client, *, name: str = "dossier_indicators") -> str:
    return reverse(name, args=[client.id])


def page(people: People, client: Client) -> Any:
    response = people.browser("administrator").get(address(client), {"famille": "social"})
    assert response.status_code == 200
    return response


def sheets(people: People, client: Client) -> tuple[str, list[tuple[Any, ...]]]:
    """The CSV as text, the workbook as rows."""
    browser = people.browser("administrator")
    text = browser.get(address(client, name="dossier_social_csv")).content.decode("utf-8-sig")
    book = load_workbook(BytesIO(browser.get(address(client, name="dossier_social_xlsx")).content))
    return text, list(book.worksheets[0].iter_rows(values_only=True))


@pytest.fixture
def small(people: People, deliver: Deliver, settings: Any) -> Client:
    """Two women among managers at 47,77 € an hour, one of them away 137 days for a birth."""
    settings.IMPORT_FOLLOWERS = []
    return made_once("small", lambda: _small(people, deliver), on="people")


def _small(people: People, deliver: Deliver) -> Client:
    client = make_sample_client(people.firm, people.manager)
    client.name = "=1+1 & Cie"
    client.save()
    client.portfolios.set([people.portfolio])
    team = [Person(f"{sex}8003019991{rank:02d}") for sex in (1, 2) for rank in range(7)]
    for rank, chief in enumerate(chiefs := [Person(f"28003019992{rank:02d}") for rank in range(2)]):
        chief.contracts = [Contract(values={"002": "04"}, gross="7245.28", hours="151.67")]
        if not rank:
            chief.contracts[0].stopped("2025-02-03", "2025-06-20", "02")
    for month in (*range(1, 10), 11, 12):
        deliver(client, f"{month}.dsn", declaration(f"2025-{month:02d}", [*team, *chiefs]))
    if not client.years.exists():
        client.years.create(start="2025-01-01", end="2025-12-31")
    recompute(client)
    return client


def test_what_a_small_group_hides_is_written_nowhere(people: People, small: Client) -> None:
    shown = page(people, small)
    text, rows = sheets(people, small)
    opened = [people.browser("administrator").get(one.url).content.decode() for one in shown.context["page"].figures]
    kept = [str(list(IndicatorSnapshot.objects.filter(year__client=small).values_list("value", "breakdown")))]
    written = [shown.content.decode(), text, str(rows), *opened, *kept]
    assert "masqué" in written[0]
    for secret in ("47,77", "47.77", ">137<", "137 jours", "137\xa0jours", "; 137", ": 137,", ";137;"):
        assert not [place for place in written if secret in place], secret
    assert IndicatorSnapshot.objects.get(year__client=small, code="absence_days").breakdown == [
        {"by": {"motif": "02"}, "value": None}
    ]


def test_the_page_says_what_is_missing_and_every_figure_has_its_subject(people: People, small: Client) -> None:
    shown = page(people, small)
    html = shown.content.decode()
    assert "octobre 2025" in html
    assert "portent sur 11&nbsp;mois" in html
    kept = IndicatorSnapshot.objects.filter(year__client=small, family="workforce").exclude(formula="")
    assert {one.code for one in shown.context["page"].figures} == set(kept.values_list("code", flat=True))
    assert html.count("sans octobre\xa02025") >= 20  # each figure that stands on eleven months says which one it lacks
    figure = people.browser("administrator").get(reverse("dossier_figure", args=[small.id, "turnover_vsme"]))
    opened = figure.content.decode()
    assert "Il manque octobre\xa02025\xa0: la valeur porte sur 11 mois." in opened
    for heading in ("Formule", "Exclusions", "Variantes", "Sources", "Fichiers lus"):
        assert f"<dt>{heading}</dt>" in opened
    assert "Date de début du contrat" in opened
    assert "11.dsn" in opened


def test_a_small_team_gets_a_sentence_rather_than_hatching(people: People, small: Client) -> None:
    shown = page(people, small)
    html = shown.content.decode()
    assert [subject.slug for subject in shown.context["page"].subjects] == [
        "effectifs", "mouvements", "sante", "salaires", "handicap", "egalite",
    ]  # fmt: skip
    assert "Le total se lit dans le tableau." in html  # one absence: no bar
    assert "seul l’ensemble s’affiche" in html  # two managers: no category
    assert html.count('<details class="bo-fold"') == 6


def test_sheets_hold_every_figure_its_formula_and_no_formula_of_a_name(people: People, small: Client) -> None:
    text, rows = sheets(people, small)
    assert rows[0][1] == "'=1+1 & Cie"
    lines = list(csv.reader(StringIO(text), delimiter=";"))
    assert lines[0][1] == "'=1+1 & Cie"
    average = next(row for row in rows if row[0] == "headcount_average")
    head = next(row for row in rows if row[0] == "Code")
    assert head[5:11] == ("Statut", "Précision", "Formule", "Exclusions", "Variantes", "Sources")
    assert (average[3], average[5]) == (16, "Partiel")
    assert average[6] == "Il manque octobre\xa02025\xa0: la valeur porte sur 11 mois."
    assert average[7].startswith("Moyenne des effectifs")
    assert average[8].startswith("Stages, mandats")
    assert "S21.G00.40.001" in average[10]
    assert next(row[1:4] for row in rows if row[0] == "Fichier lu") == ("1.dsn", "2025-01", "00001234400016")
    kept = IndicatorSnapshot.objects.filter(year__client=small, family="workforce")
    # Every figure, every list, every cell that is not hidden without a word.
    told = {one.code for one in kept if one.formula or one.breakdown} - {"payroll_coverage"}
    assert told - {row[0] for row in rows} == set()
    lists = {one.code: one.breakdown for one in kept.exclude(formula="")}
    for code, breakdown in lists.items():
        assert sum(row[0] == code for row in rows) == 1 + len(breakdown), code


def test_months_missing_and_replaced_are_told_by_establishment(people: People, small: Client, deliver: Deliver) -> None:
    again = declaration("2025-03", [Person(f"1800301999{rank:03d}") for rank in range(6)], kind="03", ordre=2)
    deliver(small, "mars.dsn", again)
    recompute(small)
    html = people.browser("administrator").get(address(small, name="dossier_data")).content.decode()
    assert "sans DSN pour octobre 2025." in html
    assert "la DSN de mars 2025 en remplace une autre." in html
