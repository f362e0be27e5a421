"""What the DSN of a year say together, on the pages of the dossier and in the sheet of a file."""

import csv
from io import StringIO

import pytest
from django.urls import reverse

from cabinet.clients.models import Client
from cabinet.dossiers.snapshots import recompute
from cabinet.imports.models import Import
from tests.bocage.dsn_together.troubled import CASES, SECRETS, troubled_year
from tests.cabinet.imports.samples import Deliver, make_sample_client
from tests.cabinet.people import People

NORM_WORDS = ("envoi refusé", "déclaration refusée", "signalement", "information")


def page(people: People, route: str, key: object, **query: str) -> str:
    response = people.browser("administrator").get(reverse(route, args=[key]), query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def uneasy(people: People, deliver: Deliver, settings: object) -> Client:
    """A year with a finding of every kind between its months."""
    settings.IMPORT_FOLLOWERS = []  # type: ignore[attr-defined]
    client = make_sample_client(people.firm, people.manager)
    for name, content in troubled_year():
        deliver(client, f"={name}", content)
    recompute(client)
    return client


def test_what_the_dsn_say_together_is_told_everywhere(people: People, uneasy: Client) -> None:
    files = {one.file_name: one.id for one in Import.objects.filter(client=uneasy)}
    html = page(people, "dossier_data", uneasy.id)
    assert [case for case in CASES if case[0] not in html or case[1] not in html] == []
    assert "constats d’un mois à l’autre" in html  # the corner of a cell of the calendar
    assert "Voir le reste" in html
    assert not [secret for secret in SECRETS if secret in html]

    report = page(people, "import_report", files["=01.dsn"])
    assert "la date de début d’un contrat change" in report
    assert "Norme\u00a0: signalement" in report
    assert "fraction 2 absente" not in report  # that of another file

    answer = people.browser("administrator").get(reverse("import_findings_csv", args=[files["=05.dsn"]]))
    sheet = b"".join(answer.streaming_content).decode("utf-8-sig")
    head, *rows = csv.reader(StringIO(sheet), delimiter=";")
    assert head[:3] == ["Code", "Gravité", "Norme"]
    assert {row[2] for row in rows} <= {f"Norme\u00a0: {word}" for word in NORM_WORDS}
    doubled = next(row for row in rows if row[0] == "INT-DOUBLE")
    assert doubled[1:3] == ["Erreur", "Norme\u00a0: déclaration refusée"]
    # A file may bear the name that it likes: no spreadsheet takes it for a formula.
    assert doubled[9].startswith("'=")
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]

    uneasy.dsn_review.delete()
    assert "D’un mois à l’autre" not in page(people, "dossier_data", uneasy.id)
