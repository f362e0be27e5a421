"""A FEC, from its first byte to the figures of its year."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from cabinet.accounts.actors import operator
from cabinet.clients.models import Client
from cabinet.dossiers.models import IndicatorSnapshot
from cabinet.imports import services, storage
from cabinet.imports.enums import Doubt, ImportKind, ImportState, Refusal
from cabinet.imports.facts import accounting_facts, tables_of
from cabinet.imports.models import Import
from tests.cabinet.imports.samples import FARM_FEC, GENERATED_FEC, PURCHASE, SALE, Deliver, fec

NAME = "000012344FEC20251231.txt"


def figure(client: Client, code: str) -> Decimal | None:
    return IndicatorSnapshot.objects.get(dossier__client=client, code=code).value


def test_a_fec_is_accepted_opens_its_year_and_gives_figures(company: Client, deliver: Deliver) -> None:
    imported = deliver(company, NAME, fec())
    assert (imported.kind, imported.state, imported.doubts) == (ImportKind.FEC, ImportState.ACCEPTED, [])
    assert (imported.lines, imported.entries, imported.siren) == (6, 2, "000012344")
    assert imported.year is not None
    assert (imported.year.start, imported.year.end) == (date(2025, 1, 1), date(2025, 12, 31))
    assert figure(company, "turnover") == Decimal(1000)
    assert figure(company, "purchases") == Decimal(400)


def test_the_original_of_a_fec_is_kept_sealed(company: Client, deliver: Deliver) -> None:
    content = fec()
    imported = deliver(company, NAME, content)
    assert imported.has_original
    with storage.source_of(imported).open() as stream:
        assert stream.read() == content
    assert all(b"JournalCode" not in path.read_bytes() for path in storage._root("originals").iterdir())


def test_the_fec_of_another_company_is_refused(company: Client, deliver: Deliver) -> None:
    imported = deliver(company, "000056788FEC20251231.txt", fec())
    assert (imported.state, imported.refusal) == (ImportState.REFUSED, Refusal.OTHER_COMPANY)
    assert imported.report["findings"] is not None
    assert not imported.has_original
    assert not storage.facts_dir(imported.id).exists()
    assert not company.years.exists()


def test_a_name_without_siren_waits_for_a_person(company: Client, deliver: Deliver, committed: Any) -> None:
    imported = deliver(company, FARM_FEC.name, FARM_FEC.read_bytes())
    assert (imported.state, imported.doubts) == (ImportState.TO_CHECK, [Doubt.COMPANY_UNNAMED])
    assert not IndicatorSnapshot.objects.exists()
    with committed():
        services.confirm_company(actor=operator(company.firm), imported=imported)
    imported.refresh_from_db()
    assert imported.state == ImportState.ACCEPTED
    assert imported.year is not None
    assert (imported.year.start, imported.year.end) == (date(2021, 9, 1), date(2022, 8, 31))
    assert (figure(company, "turnover") or 0) > 0


def test_the_same_bytes_twice_are_read_once(company: Client, deliver: Deliver) -> None:
    first, second = deliver(company, NAME, fec()), deliver(company, "copie.txt", fec())
    assert first.state == ImportState.ACCEPTED
    assert (second.state, second.refusal) == (ImportState.REFUSED, Refusal.SAME_FILE)
    assert not second.has_original


def test_a_second_fec_of_the_year_asks_before_it_replaces(company: Client, deliver: Deliver, committed: Any) -> None:
    first = deliver(company, NAME, fec())
    second = deliver(company, NAME, fec((*SALE, *PURCHASE, *(("3", *line[1:]) for line in SALE))))
    assert (second.state, second.doubts) == (ImportState.TO_CHECK, [Doubt.REPLACES])
    assert figure(company, "turnover") == Decimal(1000)
    with committed():
        services.accept(actor=operator(company.firm), imported=second)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.replaced_by, second.state) == (ImportState.REPLACED, second, ImportState.ACCEPTED)
    assert figure(company, "turnover") == Decimal(2000)
    assert all(path.exists() for path in tables_of(first).values())


def test_a_replacement_can_be_turned_down(company: Client, deliver: Deliver, committed: Any) -> None:
    deliver(company, NAME, fec())
    second = deliver(company, NAME, fec(SALE))
    with committed():
        services.refuse(actor=operator(company.firm), imported=second)
    second.refresh_from_db()
    assert (second.state, second.refusal) == (ImportState.REFUSED, Refusal.BY_PERSON)
    assert not storage.facts_dir(second.id).exists()
    with pytest.raises(services.NotSettled):
        services.accept(actor=operator(company.firm), imported=second)


def test_a_year_that_overlaps_waits(company: Client, deliver: Deliver) -> None:
    deliver(company, NAME, fec())
    shifted = fec((number, day.replace("20250115", "20250715"), *rest) for number, day, *rest in SALE)  # type: ignore[misc]
    imported = deliver(company, "000012344FEC20260630.txt", shifted)
    assert (imported.state, imported.doubts) == (ImportState.TO_CHECK, [Doubt.YEAR_OVERLAPS])


def test_an_unbalanced_fec_is_accepted_with_its_warning(company: Client, deliver: Deliver) -> None:
    lines = (*SALE, *PURCHASE[:2], ("2", "20251210", "401000", "0,00", "470,00"))
    imported = deliver(company, NAME, fec(lines))
    assert imported.state == ImportState.ACCEPTED
    assert {"ENT-01", "ENT-02"} <= {finding["code"] for finding in imported.report["findings"]}


def test_half_a_file_is_refused_and_says_where_it_stops(company: Client, deliver: Deliver) -> None:
    imported = deliver(company, NAME, GENERATED_FEC.read_bytes()[:240_000])
    assert (imported.state, imported.refusal) == (ImportState.REFUSED, Refusal.UNREADABLE)
    cut = next(finding for finding in imported.report["findings"] if finding["severity"] == "blocking")
    assert cut["where"][0]["line"] > 1000
    assert cut["remedy"]
    assert not IndicatorSnapshot.objects.exists()


def test_deleting_removes_files_facts_and_figures(company: Client, deliver: Deliver, committed: Any) -> None:
    imported = deliver(company, NAME, fec())
    with committed():
        services.delete(actor=operator(company.firm), imported=imported)
    imported.refresh_from_db()
    assert (imported.state, imported.report, imported.tables) == (ImportState.DELETED, {}, {})
    assert not storage.facts_dir(imported.id).exists()
    assert not storage._original_path(imported.id).exists()
    assert not IndicatorSnapshot.objects.exists()


def test_a_deactivated_client_is_read_only(company: Client, deliver: Deliver) -> None:
    imported = deliver(company, NAME, fec())
    company.is_active = False
    company.save()
    imported = Import.objects.select_related("client").get(id=imported.id)
    with pytest.raises(PermissionDenied):
        deliver(company, "autre.txt", fec(SALE))
    with pytest.raises(PermissionDenied):
        services.delete(actor=operator(company.firm), imported=imported)
    assert Import.objects.count() == 1
    assert list(storage._root("incoming").iterdir()) == []


def test_reading_twice_gives_the_same_facts(company: Client, deliver: Deliver) -> None:
    imported = deliver(company, NAME, GENERATED_FEC.read_bytes())
    assert imported.year is not None
    facts = accounting_facts(imported.year)
    assert facts is not None
    before = {name: path.read_bytes() for name, path in facts.tables.items()}
    other = Client.objects.exclude(id=company.id).filter(firm=company.firm).get()
    other.siret, other.siren = "00001234400024", "000012344"
    other.save()
    again = deliver(other, NAME, GENERATED_FEC.read_bytes())
    assert {name: path.read_bytes() for name, path in tables_of(again).items()} == before


@pytest.mark.parametrize("accept", [services.accept, services.refuse])
def test_an_accepted_file_no_longer_asks(company: Client, deliver: Deliver, accept: Callable[..., None]) -> None:
    imported = deliver(company, NAME, fec())
    with pytest.raises(services.NotSettled):
        accept(actor=operator(company.firm), imported=imported)


def test_a_file_of_two_years_is_never_added_up_by_itself(company: Client, deliver: Deliver, committed: Any) -> None:
    earlier = [(f"9{number}", f"2023{day[4:]}", *rest) for number, day, *rest in SALE]
    imported = deliver(company, NAME, fec([*earlier, *SALE, *PURCHASE]))
    assert (imported.state, imported.doubts) == (ImportState.TO_CHECK, [Doubt.SEVERAL_YEARS])
    assert not company.years.exists()
    with committed():
        services.accept(actor=operator(company.firm), imported=imported)
    assert imported.state == ImportState.ACCEPTED
