"""« Enregistrer »: everything or nothing, once."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import Http404
from django.utils import timezone

from bocage.registry import UnavailableReason
from cabinet.audit.models import LogEntry
from cabinet.clients.models import Client, FiscalYear
from cabinet.clients.services import create_client
from cabinet.dossiers.models import Dossier, Mission
from cabinet.imports.enums import ImportKind, ImportState, Refusal
from cabinet.imports.models import Import
from cabinet.imports.services import confirm_company
from cabinet.onboarding import services
from cabinet.onboarding.drafts import DraftGone, access_draft
from cabinet.onboarding.models import Draft
from cabinet.onboarding.steps import CompanyStep, TypedYear, typed_company
from cabinet.registry.enums import LookupCase
from cabinet.registry.services import LookupOutcome
from tests.cabinet.files import dsn_files, fec_name, make_fec, unbalanced
from tests.cabinet.onboarding.drafting import CANNERY, CLOSED, WORKSHOP, arrived, begin, drop, organise, ready
from tests.cabinet.people import People

transaction = pytest.mark.django_db(transaction=True)


def test_saving_creates_client_dossier_and_mission(people: People) -> None:
    actor = people.actor("inside")
    draft_id = begin(actor, file_code="L0418", contact_name="Gwenaëlle Lestrohan", contact_email="g@l.example")
    organise(actor, draft_id, people.manager, people.portfolio)
    draft = Draft.objects.get(id=draft_id)
    client = services.save(actor, draft_id)
    assert (client.id, bytes(client.salt), bytes(client.master_name)) == (
        draft.client_id,
        bytes(draft.salt),
        bytes(draft.master_name),
    )
    assert (client.name, client.siret, client.ape, client.town) == ("Conserverie Lestrohan", CANNERY, "10.39A", "Bais")
    assert (client.file_code, client.contact_name, client.manager) == ("L0418", "Gwenaëlle Lestrohan", people.manager)
    assert list(client.portfolios.all()) == [people.portfolio]
    assert (client.registry_source, client.to_complete, client.corrected) == ("demo", False, {})
    mission = Mission.objects.get(dossier__client=client)
    assert (mission.manager, mission.year) == (people.manager, None)
    assert not Draft.objects.filter(id=draft_id).exists()
    assert set(LogEntry.objects.filter(client_id=client.id).values_list("action", flat=True)) == {
        "client.created",
        "mission.created",
    }


def test_saving_twice_gives_the_same_client(people: People) -> None:
    actor = people.actor("manager")
    draft_id = ready(actor)
    assert services.save(actor, draft_id) == services.save(actor, draft_id)
    assert Client.objects.filter(siret=CANNERY).count() == 1


def test_nobody_else_saves_a_draft_nor_learns_what_became_of_it(people: People) -> None:
    draft_id = ready(people.actor("manager"))
    with pytest.raises(Http404):
        services.save(people.actor("administrator"), draft_id)
    services.save(people.actor("manager"), draft_id)
    with pytest.raises(DraftGone):
        services.save(people.actor("stranger"), draft_id)


def test_every_step_is_checked_again(people: People) -> None:
    actor = people.actor("manager")
    draft_id = begin(actor)
    with pytest.raises(services.StepsWrong) as caught:
        services.save(actor, draft_id)
    assert caught.value.found[0].field == "manager_id"
    draft_id = ready(actor)
    other = ready(people.actor("expert"))
    services.save(people.actor("expert"), other)
    with pytest.raises(services.StepsWrong) as caught:
        services.save(actor, draft_id)
    assert caught.value.found[0].code == "already_followed"
    assert Client.objects.filter(siret=CANNERY).count() == 1
    assert access_draft(actor, draft_id).payload.company.siret == CANNERY


def test_a_person_who_left_meanwhile_is_not_put_in_charge(people: People) -> None:
    actor = people.actor("expert")
    draft_id = begin(actor)
    organise(actor, draft_id, people.manager)
    people.manager.is_active = False
    people.manager.save()
    with pytest.raises(services.StepsWrong) as caught:
        services.save(actor, draft_id)
    assert caught.value.found[0].code == "unknown"


def test_a_siret_taken_at_the_last_moment(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two drafts pass their checks together: the constraint lets one in, the other is told."""
    actor = people.actor("manager")
    draft_id = ready(actor)
    payload = access_draft(actor, draft_id).payload
    monkeypatch.setattr(services, "problems", lambda *args, **kwargs: [])
    create_client(actor=actor, details=payload.company.details(), organisation=payload.organisation_terms())
    with pytest.raises(services.StepsWrong) as caught:
        services.save(actor, draft_id)
    assert caught.value.found[0].code == "already_followed"
    assert Draft.objects.filter(id=draft_id).exists()


def test_nothing_is_created_when_the_end_fails(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(**given: Any) -> None:
        raise RuntimeError("the machine stops")

    actor = people.actor("manager")
    draft_id = ready(actor)
    monkeypatch.setattr(services.imports, "adopt", break_down)
    with pytest.raises(RuntimeError):
        services.save(actor, draft_id)
    assert not Client.objects.filter(siret=CANNERY).exists()
    assert not Dossier.objects.filter(client_id=draft_id).exists()
    assert Draft.objects.filter(id=draft_id).exists()


def test_what_was_not_read_is_not_saved(people: People) -> None:
    actor = people.actor("manager")
    draft_id = ready(actor)
    seen = services.fingerprint(access_draft(actor, draft_id))
    organise(actor, draft_id, people.expert, people.portfolio)
    organise(actor, draft_id, people.manager)
    assert services.fingerprint(access_draft(actor, draft_id)) == seen
    services.keep_data(actor, draft_id, {"": TypedYear("2025-01-01", "2025-12-31")}, skipped=False)
    with pytest.raises(services.DraftChanged):
        services.save(actor, draft_id, seen=seen)
    client = services.save(actor, draft_id, seen=services.fingerprint(access_draft(actor, draft_id)))
    year = FiscalYear.objects.get(client=client)
    assert (year.start, year.end) == (date(2025, 1, 1), date(2025, 12, 31))
    assert Mission.objects.get(dossier__client=client).year == year


def test_a_closed_establishment_is_created_knowingly(people: People) -> None:
    actor = people.actor("manager")
    draft_id = begin(actor, CLOSED)
    company = access_draft(actor, draft_id).payload.company
    organise(actor, draft_id, people.manager)
    with pytest.raises(services.StepsWrong):
        services.save(actor, draft_id)
    ticked = typed_company({"typed": CLOSED, "card": CLOSED, "create_closed": "on"}, company)
    services.keep_company(actor, draft_id, ticked)
    assert services.save(actor, draft_id).closed_on == date(2024, 3, 31)


# Files


@transaction
def test_files_follow_the_client(people: People) -> None:
    actor = people.actor("manager")
    draft_id = ready(actor, WORKSHOP)
    fec = drop(actor, draft_id, fec_name("000012344"), make_fec())
    dsn = drop(actor, draft_id, "janvier.dsn", dsn_files()[0].read_bytes())
    other = drop(actor, draft_id, fec_name("000047290"), make_fec())
    assert (fec.state, dsn.state, other.state) == (ImportState.TO_CHECK, ImportState.TO_CHECK, ImportState.REFUSED)
    client = services.save(actor, draft_id)
    kept = {one.kind: one for one in Import.objects.filter(client=client).exclude(state=ImportState.DELETED)}
    assert set(kept) == {ImportKind.FEC, ImportKind.DSN}
    assert {one.state for one in kept.values()} == {ImportState.ACCEPTED}
    year = FiscalYear.objects.get(client=client)
    assert (year.start, year.end, kept[ImportKind.FEC].year) == (date(2025, 1, 1), date(2025, 12, 31), year)
    assert not Import.objects.filter(draft_id=draft_id).exists()


@transaction
def test_the_typed_year_of_a_fec_is_opened(people: People) -> None:
    actor = people.actor("manager")
    draft_id = ready(actor, WORKSHOP)
    fec = drop(actor, draft_id, fec_name("000012344"), make_fec())
    services.keep_data(actor, draft_id, {str(fec.id): TypedYear("2024-07-01", "2025-12-31")}, skipped=False)
    year = FiscalYear.objects.get(client=services.save(actor, draft_id))
    assert year.start == date(2024, 7, 1)
    assert Import.objects.get(id=fec.id).year == year


@transaction
def test_dates_that_do_not_match_stop_the_save(people: People) -> None:
    actor = people.actor("manager")
    draft_id = ready(actor, WORKSHOP)
    fec = drop(actor, draft_id, fec_name("000012344"), make_fec())
    services.keep_data(actor, draft_id, {str(fec.id): TypedYear("2024-01-01", "2024-12-31")}, skipped=False)
    with pytest.raises(services.StepsWrong) as caught:
        services.save(actor, draft_id)
    assert caught.value.found[0].code == "period"
    services.take_file_dates(actor, draft_id, fec)
    assert services.save(actor, draft_id).years.get().end == date(2025, 12, 31)


@transaction
def test_an_unbalanced_fec_is_kept_with_its_findings(people: People) -> None:
    actor = people.actor("manager")
    draft_id = ready(actor, WORKSHOP)
    fec = drop(actor, draft_id, fec_name("000012344"), unbalanced(make_fec()))
    client = services.save(actor, draft_id)
    fec.refresh_from_db()
    assert (fec.client, fec.state) == (client, ImportState.ACCEPTED)
    assert fec.report["totals"]["debit"] != fec.report["totals"]["credit"]


@transaction
def test_a_fec_without_siren_is_confirmed_first(people: People) -> None:
    actor = people.actor("manager")
    draft_id = ready(actor, WORKSHOP)
    fec = drop(actor, draft_id, "export.txt", make_fec())
    with pytest.raises(services.StepsWrong) as caught:
        services.save(actor, draft_id)
    assert caught.value.found[0].code == "company_unnamed"
    confirm_company(actor=actor, imported=Import.objects.get(id=fec.id))
    services.save(actor, draft_id)
    fec.refresh_from_db()
    assert fec.state == ImportState.ACCEPTED


@transaction
def test_a_skipped_step_leaves_no_file_behind(people: People) -> None:
    actor = people.actor("manager")
    draft_id = ready(actor, WORKSHOP)
    drop(actor, draft_id, fec_name("000012344"), make_fec())
    services.keep_data(actor, draft_id, {}, skipped=True)
    client = services.save(actor, draft_id)
    assert not Import.objects.filter(firm=people.firm, draft_id=draft_id).exists()
    assert not Import.objects.filter(client=client).exists()
    assert not FiscalYear.objects.filter(client=client).exists()


def test_files_still_unread_go_on_in_the_dossier(people: People) -> None:
    """Callbacks do not run here, so that the file waits as it would for a busy worker."""
    actor = people.actor("manager")
    draft_id = ready(actor, WORKSHOP)
    fec = drop(actor, draft_id, fec_name("000012344"), make_fec())
    assert fec.state == ImportState.RECEIVED
    client = services.save(actor, draft_id)
    fec.refresh_from_db()
    assert (fec.client, fec.draft_id, fec.state) == (client, None, ImportState.RECEIVED)


@transaction
def test_another_company_judges_the_files_again(people: People) -> None:
    actor = people.actor("manager")
    draft_id = ready(actor, WORKSHOP)
    fec = drop(actor, draft_id, fec_name("000012344"), make_fec())
    company = access_draft(actor, draft_id).payload.company
    services.ask_registry(actor, draft_id, typed_company({"typed": CANNERY}, company))
    fec.refresh_from_db()
    assert (fec.state, fec.refusal) == (ImportState.REFUSED, Refusal.OTHER_COMPANY)


def test_a_file_for_a_draft_that_is_gone(people: People) -> None:
    with pytest.raises(DraftGone):
        services.receive_file(people.actor("manager"), uuid4(), arrived("a.txt", b"x"))
    draft_id = ready(people.actor("manager"))
    with pytest.raises(Http404):
        services.receive_file(people.actor("inside"), draft_id, arrived("a.txt", b"x"))


@transaction
def test_taking_a_file_back_forgets_its_dates(people: People) -> None:
    actor = people.actor("manager")
    draft_id = ready(actor, WORKSHOP)
    fec = drop(actor, draft_id, fec_name("000012344"), make_fec())
    services.keep_data(actor, draft_id, {str(fec.id): TypedYear("2024-01-01", "2024-12-31")}, skipped=False)
    services.remove_file(actor, draft_id, fec)
    assert access_draft(actor, draft_id).payload.data.years == {}


# The registry


def test_asking_again_keeps_what_was_corrected(people: People) -> None:
    actor = people.actor("manager")
    draft_id = begin(actor)
    company = access_draft(actor, draft_id).payload.company
    typed = typed_company({"typed": CANNERY, "card": CANNERY, "street": "15 chemin du Vivier"}, company)
    again = services.ask_registry(actor, draft_id, typed, again=True).payload.company
    assert again.street == "15 chemin du Vivier"
    assert again.corrected == {"street": "14 chemin du Vivier"}


def test_what_is_not_worth_asking_is_not_asked(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> LookupOutcome:
        raise AssertionError("asked")

    monkeypatch.setattr(services, "look_up", refuse)
    for typed in ("", "0000472900001", "00004729000011", people.client.siret):
        opened = services.ask_registry(people.actor("manager"), uuid4(), CompanyStep(typed=typed))
        assert opened.payload.company.found is None


def unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(text: str, *, again: bool = False, in_background: bool = False) -> LookupOutcome:
        found = real(text)
        return LookupOutcome(LookupCase.UNREACHABLE, found.key, reason=UnavailableReason.TIMEOUT, seconds=3.0)

    real = services.look_up
    monkeypatch.setattr(services, "look_up", silent)


def test_an_unreachable_registry_completes_later(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = people.actor("manager")
    with monkeypatch.context() as down:
        unreachable(down)
        draft_id = begin(actor)
        company = access_draft(actor, draft_id).payload.company
        assert company.answer is not None
        typed = typed_company({"typed": CANNERY, "card": CANNERY, "name": "Lestrohan"}, company)
        services.keep_company(actor, draft_id, typed)
        organise(actor, draft_id, people.manager)
        client = services.save(actor, draft_id)
        assert client.to_complete
        assert services.complete_pending() == 0
    assert services.complete_pending() == 1
    client.refresh_from_db()
    assert (client.name, client.ape, client.town, client.to_complete) == ("Lestrohan", "10.39A", "Bais", False)
    assert services.complete_pending() == 0


def test_a_company_still_unknown_is_asked_about_once_a_day(people: People) -> None:
    Client.objects.filter(id=people.client.id).update(to_complete=True)
    assert services.complete_pending() == 0
    people.client.refresh_from_db()
    assert people.client.to_complete
    first = people.client.registry_at
    services.complete_pending()
    people.client.refresh_from_db()
    assert people.client.registry_at == first
    Client.objects.filter(id=people.client.id).update(registry_at=timezone.now() - timedelta(days=1))
    services.complete_pending()
    people.client.refresh_from_db()
    assert people.client.registry_at is not None
    assert first is not None
    assert people.client.registry_at > first
