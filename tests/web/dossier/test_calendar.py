"""The coverage calendar of a fiscal year that is not the calendar year, with two établissements of one company."""

from typing import Any

from django.urls import reverse

from cabinet.clients.models import Client
from tests.cabinet.people import People

SEAT, ANNEX = "00016", "00024"


def context(people: People, client: Client, route: str, **query: Any) -> Any:
    response = people.browser("administrator").get(reverse(route, args=[client.id]), query)
    assert response.status_code == 200
    return response.context["page"]


def test_the_months_of_an_offset_year_by_establishment(people: People, offset: Client) -> None:
    year, after = offset.years.get(start="2024-10-01"), offset.years.get(start="2025-10-01")
    page = context(people, offset, "dossier_data", exercice=year.id)
    calendar = page.calendar
    assert [month.short for month in calendar.months][:5] == ["oct. 24", "nov.", "déc.", "janv. 25", "févr."]
    assert [month.dsn for month in calendar.months] == ["missing"] * 2 + ["present"] * 6 + ["missing"] * 4
    # The seat came first in December; the annex was open before its first DSN, and its March is not there.
    assert [(row.label, [state for state, _ in row.cells]) for row in calendar.establishments] == [
        (SEAT, [*["missing"] * 2, *["present"] * 6, *["missing"] * 4]),
        (ANNEX, [*["missing"] * 3, *["present"] * 2, "missing", *["present"] * 2, *["missing"] * 4]),
    ]
    # 15 people at the seat and 2 at the annex, one of them at both.
    assert {month.month: month.people for month in calendar.months}["janvier 2025"] == 16
    assert any("mars 2025" in note and "000\u00a0012\u00a0344\u00a000024" in note for note in calendar.notes)
    (gap,) = [one for one in page.between.findings if one.code == "INT-MOIS" and "00024" in one.finding.siret]
    assert "03/2025" in gap.finding.message

    social = context(people, offset, "dossier_indicators", famille="social", exercice=year.id)
    assert [flow.month for flow in social.flows.flows][:4] == [
        "octobre 2024", "novembre 2024", "décembre 2024", "janvier 2025",
    ]  # fmt: skip
    assert social.missing[:3] == ["octobre 2024", "novembre 2024", "juin 2025"]
    following = context(people, offset, "dossier_data", exercice=after.id)
    assert next(month.dsn for month in following.calendar.months) == "present"
