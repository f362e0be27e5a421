"""Drafts: sealed, for their owner, given up with their files, purged."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import Http404
from django.utils import timezone

from bocage.errors import SourceUnreadable
from cabinet.imports.access import draft_imports
from cabinet.imports.storage import source_of
from cabinet.onboarding import drafts
from cabinet.onboarding.models import Draft
from cabinet.onboarding.selectors import drafts_of
from cabinet.onboarding.services import keep_company, keep_organisation
from cabinet.onboarding.steps import CompanyStep, OrganisationStep, Step
from tests.cabinet.files import fec_name, make_fec
from tests.cabinet.onboarding.drafting import CANNERY, begin, drop
from tests.cabinet.people import People


def test_what_a_draft_holds_is_sealed(people: People) -> None:
    draft_id = begin(people.actor("manager"), contact_name="Gwenaëlle Lestrohan")
    row = Draft.objects.get(id=draft_id)
    for word in ("Lestrohan", CANNERY, "Gwenaëlle"):
        assert word.encode() not in bytes(row.sealed)
    assert drafts.access_draft(people.actor("manager"), draft_id).payload.company.contact_name == "Gwenaëlle Lestrohan"


@pytest.mark.parametrize("name", ["administrator", "inside", "stranger"])
def test_somebody_else_finds_nothing(people: People, name: str) -> None:
    draft_id = begin(people.actor("manager"))
    with pytest.raises(Http404):
        drafts.access_draft(people.actor(name), draft_id)
    with pytest.raises(Http404):
        keep_company(people.actor(name), draft_id, CompanyStep(typed="1"))
    with pytest.raises(Http404):
        drafts.discard(people.actor(name), draft_id)
    assert drafts_of(people.actor(name)) == []


def test_a_draft_that_is_not_there(people: People) -> None:
    with pytest.raises(drafts.DraftGone):
        drafts.access_draft(people.actor("manager"), uuid4())


def test_the_client_to_come_has_the_draft_s_identity(people: People) -> None:
    draft_id = begin(people.actor("manager"))
    assert Draft.objects.get(id=draft_id).client_id == draft_id


def test_two_steps_of_one_draft_do_not_lose_each_other(people: People) -> None:
    actor = people.actor("manager")
    draft_id = begin(actor)
    keep_organisation(actor, draft_id, OrganisationStep(manager_id="x"))
    keep_company(actor, draft_id, CompanyStep(typed=CANNERY, file_code="A1"))
    payload = drafts.access_draft(actor, draft_id).payload
    assert (payload.organisation.manager_id, payload.company.file_code) == ("x", "A1")


def test_the_step_reached_never_goes_back(people: People) -> None:
    actor = people.actor("manager")
    draft_id = begin(actor)
    keep_organisation(actor, draft_id, OrganisationStep(manager_id="x"), reached=Step.DATA)
    keep_company(actor, draft_id, CompanyStep(typed=CANNERY), reached=Step.ORGANISATION)
    assert Draft.objects.get(id=draft_id).step == Step.DATA


def test_drafts_to_resume(people: People) -> None:
    actor = people.actor("manager")
    named, empty = begin(actor), uuid4()
    numbered = uuid4()
    keep_company(actor, numbered, CompanyStep(typed="000 012"))
    keep_company(actor, empty, CompanyStep(file_code="A1"))
    lines = {line.id: line for line in drafts_of(actor)}
    assert set(lines) == {named, numbered}
    assert lines[named].name == "Conserverie Lestrohan"
    assert lines[named].step is Step.ORGANISATION
    assert (lines[numbered].name, lines[numbered].number) == ("", "000 012")


def test_a_damaged_draft_is_gone_and_breaks_no_list(people: People) -> None:
    actor = people.actor("manager")
    draft_id = begin(actor)
    Draft.objects.filter(id=draft_id).update(sealed=b"BCG1 nothing of ours")
    assert drafts_of(actor) == []
    with pytest.raises(drafts.DraftGone):
        drafts.access_draft(actor, draft_id)


@pytest.mark.django_db(transaction=True)
def test_giving_up_destroys_the_files(people: People) -> None:
    actor = people.actor("manager")
    draft_id = begin(actor)
    imported = drop(actor, draft_id, fec_name("000047290"), make_fec())
    source_of(imported).open().close()
    drafts.discard(actor, draft_id)
    assert not draft_imports(people.firm, draft_id).exists()
    with pytest.raises(SourceUnreadable):
        source_of(imported).open()
    with pytest.raises(drafts.DraftGone):
        drafts.discard(actor, draft_id)


@pytest.mark.django_db(transaction=True)
def test_drafts_without_use_for_fourteen_days_are_purged(people: People) -> None:
    actor = people.actor("manager")
    old, recent = begin(actor), begin(actor, "00001234400016")
    imported = drop(actor, old, fec_name("000047290"), make_fec())
    now = timezone.now()
    Draft.objects.filter(id=old).update(updated_at=now - timedelta(days=14, minutes=1))
    Draft.objects.filter(id=recent).update(updated_at=now - timedelta(days=13, hours=23))
    assert drafts.purge_drafts() == 1
    assert [line.id for line in drafts_of(actor)] == [recent]
    with pytest.raises(SourceUnreadable):
        source_of(imported).open()
    assert drafts.purge_drafts() == 0
