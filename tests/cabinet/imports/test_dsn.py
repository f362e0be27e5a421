"""DSN: accepted month by month, superseded by the norm's rule, destroyed once read."""

from datetime import date
from typing import Any

from cabinet.accounts.actors import operator
from cabinet.clients.models import Client
from cabinet.dossiers.models import IndicatorSnapshot
from cabinet.dossiers.snapshots import recompute
from cabinet.imports import services, storage
from cabinet.imports.coverage import Cell, declarations_of
from cabinet.imports.enums import ImportKind, ImportState, Refusal
from cabinet.imports.models import DeclaredMonth, Import
from tests.cabinet.imports.samples import Deliver, dsn, fec, year_of_dsn
from tests.cabinet.people import People

JULY = "annee/mensuelle_2025-07_P25_etab1.dsn"
JULY_AGAIN = "variantes/mensuelle_2025-07_P25_etab1_annule_remplace.dsn"


def test_a_dsn_is_accepted_and_its_original_destroyed(company: Client, deliver: Deliver) -> None:
    imported = deliver(company, "janvier.dsn", dsn("annee/mensuelle_2025-01_P25_etab1.dsn"))
    assert (imported.kind, imported.state) == (ImportKind.DSN, ImportState.ACCEPTED)
    assert (imported.period_start, imported.siren) == (date(2025, 1, 1), "000012344")
    assert not imported.has_original
    assert not storage._original_path(imported.id).exists()
    month = DeclaredMonth.objects.get()
    assert (month.month, month.siret, month.counts) == (date(2025, 1, 1), "00001234400016", True)
    assert month.individuals == imported.people


def test_a_month_without_year_opens_an_assumed_one_that_a_fec_moves(company: Client, deliver: Deliver) -> None:
    deliver(company, "janvier.dsn", dsn("annee/mensuelle_2025-01_P25_etab1.dsn"))
    year = company.years.get()
    assert (year.start, year.end, year.assumed) == (date(2025, 1, 1), date(2025, 12, 31), True)
    lines = (
        ("1", "20241001", "411000", "10,00", "0,00"),
        ("1", "20241001", "707000", "0,00", "10,00"),
        ("2", "20250930", "607000", "5,00", "0,00"),
        ("2", "20250930", "401000", "0,00", "5,00"),
    )
    imported = deliver(company, "000012344FEC20250930.txt", fec(lines))
    year.refresh_from_db()
    assert imported.state == ImportState.ACCEPTED
    assert imported.year == year
    assert (year.start, year.end, year.assumed) == (date(2024, 10, 1), date(2025, 9, 30), False)
    assert {one.month for one in declarations_of(company) if one.cell is Cell.PRESENT} == {date(2025, 1, 1)}


def test_a_replacing_dsn_supersedes_the_other(company: Client, deliver: Deliver, committed: Any) -> None:
    first, second = deliver(company, "juillet.dsn", dsn(JULY)), deliver(company, "juillet-bis.dsn", dsn(JULY_AGAIN))
    first.refresh_from_db()
    assert (first.state, first.replaced_by, second.state) == (ImportState.REPLACED, second, ImportState.ACCEPTED)
    assert [month.counts for month in first.months.all()] == [False]
    assert [month.counts for month in second.months.all()] == [True]
    with committed():
        services.delete(actor=operator(company.firm), imported=second)
    first.refresh_from_db()
    assert (first.state, first.replaced_by) == (ImportState.ACCEPTED, None)
    assert [month.counts for month in first.months.all()] == [True]


def test_the_order_of_arrival_does_not_matter(company: Client, deliver: Deliver) -> None:
    later, earlier = deliver(company, "juillet-bis.dsn", dsn(JULY_AGAIN)), deliver(company, "juillet.dsn", dsn(JULY))
    later.refresh_from_db()
    earlier.refresh_from_db()
    assert (later.state, earlier.state, earlier.replaced_by) == (ImportState.ACCEPTED, ImportState.REPLACED, later)


def test_the_dsn_of_another_company_is_refused_and_destroyed(people: People, deliver: Deliver) -> None:
    imported = deliver(people.client, "janvier.dsn", dsn("annee/mensuelle_2025-01_P25_etab1.dsn"))
    assert (imported.state, imported.refusal) == (ImportState.REFUSED, Refusal.OTHER_COMPANY)
    assert not storage._original_path(imported.id).exists()
    assert not storage.facts_dir(imported.id).exists()


def test_a_cut_dsn_is_refused_and_destroyed(company: Client, deliver: Deliver) -> None:
    imported = deliver(company, "tronquee.dsn", dsn("defauts/defaut_tronquee.dsn"))
    assert (imported.state, imported.refusal) == (ImportState.REFUSED, Refusal.UNREADABLE)
    assert any(finding["severity"] == "blocking" for finding in imported.report["findings"])
    assert not storage._original_path(imported.id).exists()
    assert not imported.months.exists()


def test_a_whole_year_gives_its_headcounts(company: Client, deliver: Deliver, settings: Any) -> None:
    settings.IMPORT_FOLLOWERS = []  # the figures are computed once, at the end
    for name, content in year_of_dsn():
        deliver(company, name, content)
    assert Import.objects.filter(client=company, state=ImportState.ACCEPTED).count() == 24
    recompute(company)
    counts = IndicatorSnapshot.objects.get(dossier__client=company, code="headcount_by_month").breakdown
    assert [cell["by"]["month"] for cell in counts] == [f"2025-{month:02d}" for month in range(1, 13)]
    assert all(int(cell["value"]) > 0 for cell in counts)


def test_an_envoi_of_two_declarations_counts_both(company: Client, deliver: Deliver) -> None:
    imported = deliver(company, "juin.dsn", dsn("variantes/envoi_2_declarations_2025-06_P25.dsn"))
    assert imported.state == ImportState.ACCEPTED
    assert imported.months.filter(counts=True).count() == 2


def test_a_signal_has_no_month_and_does_not_count(company: Client, deliver: Deliver) -> None:
    imported = deliver(company, "arret.dsn", dsn("signalements/signal04_arret_AT_P25.dsn"))
    assert imported.state == ImportState.ACCEPTED
    assert not imported.months.filter(month__isnull=False).exists()
    assert not company.years.exists()
