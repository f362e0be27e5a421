"""Every page of a dossier in Chromium, wide and on a phone: accessible, nothing sticks out, and kept as a picture."""

import pytest
from django.urls import reverse

from cabinet.clients.models import Client
from cabinet.dossiers.comments import add_comment
from cabinet.imports.models import Import
from tests.cabinet.factories import make_client
from tests.cabinet.files import fec_name, make_fec
from tests.cabinet.imports.samples import Deliver, fec
from tests.cabinet.people import People
from tests.web.browser import Surfer, visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def look(surfer: Surfer, people: People, pages: dict[str, str]) -> None:
    visit(surfer.page(people.administrator), pages)


def test_a_whole_dossier(people: People, whole: Client, surfer: Surfer) -> None:
    mission, fec = whole.dossier.missions.first(), Import.objects.get(client=whole, kind="fec")
    assert mission is not None
    of, year, inside = [whole.id], whole.years.get(), people.actor("inside")
    add_comment(
        actor=inside, year=year, topic="figure:turnover", label="x", text="Le client attend un avoir de 4 000 €."
    )
    add_comment(actor=inside, year=year, topic="vsme:Turnover", label="x", text="À rapprocher de la liasse.")
    look(
        surfer,
        people,
        {
            "dossier_overview": reverse("dossier_overview", args=of),
            "dossier_data": reverse("dossier_data", args=of),
            "dossier_indicators": reverse("dossier_indicators", args=of),
            "dossier_indicators-social": reverse("dossier_indicators", args=of) + "?famille=social",
            "vsme": reverse("vsme", args=of) + "?etat=to_confirm",
            "vsme_point": reverse("vsme_point", args=[whole.id, "TotalEnergyConsumption"]),
            "dossier_comments": reverse("dossier_comments", args=of),
            "dossier_comments-fil": reverse("dossier_comments", args=of) + "?sujet=figure:turnover",
            "dossier_figure": reverse("dossier_figure", args=[whole.id, "taxes"]),
            "dossier_figure_value": reverse("dossier_figure_value", args=[whole.id, "taxes"]),
            "dossier_missions": reverse("dossier_missions", args=of),
            "mission_create": reverse("mission_create", args=of),
            "mission_edit": reverse("mission_edit", args=[mission.id]),
            "dossier_journal": reverse("dossier_journal", args=of),
            "import_report": reverse("import_report", args=[fec.id]),
            "import_delete": reverse("import_delete", args=[fec.id]),
        },
    )


def test_other_dossiers(
    people: People, farm: Client, empty: Client, troubled: Client, deliver: Deliver, surfer: Surfer
) -> None:
    other = make_client(people.firm, people.manager)
    badly = fec().replace(b"\t", b";").replace(b"JournalCode", b"JOURNALCODE")
    written = deliver(other, f"{other.siren}FEC20251231.txt", badly)
    refused = Import.objects.filter(client=troubled, kind="dsn").get()
    look(
        surfer,
        people,
        {
            "dossier_overview-agricole": reverse("dossier_overview", args=[farm.id]),
            "dossier_overview-vide": reverse("dossier_overview", args=[empty.id]),
            "dossier_data-vide": reverse("dossier_data", args=[empty.id]),
            "dossier_indicators-vide": reverse("dossier_indicators", args=[empty.id]),
            "dossier_overview-a-verifier": reverse("dossier_overview", args=[troubled.id]),
            "dossier_data-a-verifier": reverse("dossier_data", args=[troubled.id]),
            "import_correction": reverse("import_correction", args=[written.id]),
            "import_places": reverse("import_places", args=[written.id, "AUX-03"]),
            "import_report-dsn": reverse("import_report", args=[refused.id]),
        },
    )


def test_a_year_that_is_not_the_calendar_one(people: People, offset: Client, surfer: Surfer) -> None:
    year = offset.years.get(start="2024-10-01")
    look(
        surfer,
        people,
        {
            "dossier_data-decale": reverse("dossier_data", args=[offset.id]) + f"?exercice={year.id}",
            "dossier_figure-social": reverse("dossier_figure", args=[offset.id, "turnover_vsme"])
            + f"?exercice={year.id}",
        },
    )


def test_the_books(people: People, farm: Client, empty: Client, surfer: Surfer) -> None:
    def of(route: str, query: str = "", *args: object) -> str:
        return reverse(route, args=[farm.id, *args]) + query

    look(
        surfer,
        people,
        {
            "books_audit": of("books_audit"),
            "books_audit-chronologie": of("books_audit", "?vue=chronologie"),
            "books_audit-mois": of("books_audit", "?vue=mois"),
            "books_audit-numeros": of("books_audit", "?vue=numeros"),
            "books_audit-vide": reverse("books_audit", args=[empty.id]),
            "books_balance": of("books_balance", "?q=4"),
            "books_thirds": of("books_thirds"),
            "books_ledger": of("books_ledger", "?compte=606600"),
            "books_ledger-recherche": of("books_ledger", "?q=engrais"),
            "books_entry": of("books_entry", "", 40),
        },
    )


def test_a_second_fec(people: People, deliver: Deliver, surfer: Surfer) -> None:
    name = fec_name(people.client.siren)
    deliver(people.client, name, make_fec())
    second = deliver(people.client, name, make_fec(sales=1_200))
    look(surfer, people, {"import_comparison": reverse("import_comparison", args=[second.id])})


def test_a_deactivated_dossier(people: People, farm: Client, surfer: Surfer) -> None:
    farm.is_active = False
    farm.save()
    look(surfer, people, {"dossier_overview-desactive": reverse("dossier_overview", args=[farm.id])})
