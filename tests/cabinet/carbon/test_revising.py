"""A newer release of the factors: never taken silently, compared factor by factor, taken by somebody."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from cabinet.audit.models import LogEntry
from cabinet.carbon.estimating import refresh
from cabinet.carbon.models import Estimate, FactorRevision
from cabinet.carbon.quantities import Terms, give
from cabinet.carbon.revising import NothingCompared, compare, compare_later, take
from cabinet.clients.models import Client
from cabinet.reference_updates.models import FactorRelease
from tests.cabinet.carbon.releases import NEWER, obtain_release
from tests.cabinet.imports.samples import GENERATED_FEC, Deliver, make_sample_client
from tests.cabinet.people import People
from tests.web.dossier.conftest import deliver as deliver

pytestmark = pytest.mark.django_db


@pytest.fixture
def estimated(people: People, deliver: Deliver, settings: Any) -> Client:
    """A year of books with 100,000 kWh, estimated with the release that is shipped."""
    settings.IMPORT_FOLLOWERS = []
    client = make_sample_client(people.firm, people.manager)
    deliver(client, GENERATED_FEC.name, GENERATED_FEC.read_bytes())
    terms = Terms("electricity", "ademe:43642", Decimal(100_000), "kWh", "billed", "", None, "Factures")
    give(actor=people.actor("administrator"), year=client.years.get(), terms=terms)
    refresh(client)
    return client


def kept() -> tuple[str, Decimal]:
    return Estimate.objects.values_list("factors_version", "total").get()


def test_a_newer_release_changes_no_figure_until_somebody_takes_it(
    estimated: Client, people: People, tmp_path: Path, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    version, total = kept()
    assert version == "V23.6"
    obtain_release(tmp_path)
    estimated.refresh_from_db()
    refresh(estimated)
    assert kept() == ("V23.6", total)
    with django_capture_on_commit_callbacks(execute=True):
        compare_later(estimated)
    assert kept() == ("V23.6", total)
    proposal = FactorRevision.objects.get()
    # 100,000 kWh × (0.0619 − 0.0519) = 1,000 kg, and nothing else moves
    assert proposal.after - proposal.before == 1000
    (change,) = proposal.changes
    assert (change["factor"], change["cause"]) == ("ademe:43642", "revised")
    with django_capture_on_commit_callbacks(execute=True):
        take(actor=people.actor("administrator"), proposal_id=proposal.id, year=estimated.years.get())
    assert kept() == (NEWER, total + 1000)
    line = LogEntry.objects.get(action="carbon.factors_updated")
    assert line.changes["facteurs"] == ["V23.6", NEWER]
    assert line.client_id == estimated.id


def test_a_comparison_that_is_out_of_date_is_not_taken(estimated: Client, people: People, tmp_path: Path) -> None:
    obtain_release(tmp_path)
    year = estimated.years.get()
    proposal = compare(year, NEWER)
    assert proposal is not None
    terms = Terms("water", "ademe:24283", Decimal(120), "m3", "billed", "", None, "Facture")
    give(actor=people.actor("administrator"), year=year, terms=terms)
    with pytest.raises(NothingCompared):
        take(actor=people.actor("administrator"), proposal_id=proposal.id, year=year)
    estimated.is_active = False
    estimated.save()
    with pytest.raises(PermissionDenied):
        take(actor=people.actor("administrator"), proposal_id=proposal.id, year=estimated.years.get())


def test_a_year_never_estimated_takes_the_newest(estimated: Client, tmp_path: Path) -> None:
    obtain_release(tmp_path)
    Estimate.objects.all().delete()
    refresh(estimated)
    assert kept()[0] == NEWER


def test_the_operator_brings_a_whole_firm_to_the_newest(
    estimated: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    obtain_release(tmp_path)
    capsys.readouterr()
    call_command("factors_apply", firm=estimated.firm.name)
    assert "1 estimates would" in capsys.readouterr().out
    assert kept()[0] == "V23.6"
    call_command("factors_apply", firm=estimated.firm.name, apply=True)
    shown = capsys.readouterr()
    assert "1 / 1" in shown.err
    assert kept()[0] == NEWER
    assert FactorRevision.objects.exclude(taken_at=None).count() == 1
    call_command("factors_apply", firm=estimated.firm.name, apply=True)
    assert "0 estimates" in capsys.readouterr().out


def test_a_release_that_was_altered_on_disk_is_not_used(estimated: Client, tmp_path: Path, settings: Any) -> None:
    obtain_release(tmp_path)
    path = Path(settings.STORAGE_DIR) / "referentials" / "base_carbone" / f"{NEWER}.csv.gz"
    assert path.stat().st_mode & 0o222 == 0
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(Exception, match="not the one that was obtained"):
        compare(estimated.years.get(), NEWER)
    assert FactorRelease.objects.get().licence.startswith("Licence Ouverte")
